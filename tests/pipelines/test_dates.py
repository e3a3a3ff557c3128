"""Dates: what a raw string says, which signal is believed, and what it leaves open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.date_choice import choose_modified, choose_published, publication_interval
from pipelines.dates import read_time, read_url_date
from pipelines.records import Precision, TimeSignal

NOON = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)


def signal(name: str, raw: str) -> TimeSignal:
    return read_time(raw, name)


@pytest.mark.parametrize(
    ("raw", "iso", "precision", "zone"),
    [
        ("2024-05-03T10:15:30+02:00", "2024-05-03T10:15:30+02:00", "second", "+02:00"),
        ("2024-05-03T10:15:30.123Z", "2024-05-03T10:15:30+00:00", "second", "Z"),
        ("2024-05-03T10:15:30+0530", "2024-05-03T10:15:30+05:30", "second", "+05:30"),
        ("2024-05-03 10:15", "2024-05-03T10:15:00+00:00", "minute", None),
        ("2024-05-03", "2024-05-03T00:00:00+00:00", "day", None),
        ("2024-05-03T00:00:00Z", "2024-05-03T00:00:00+00:00", "day", "Z"),
        ("2024-05-03T00:00:00+02:00", "2024-05-03T00:00:00+02:00", "second", "+02:00"),
        ("2024-05", "2024-05-01T00:00:00+00:00", "month", None),
        ("20240503T101530Z", "2024-05-03T10:15:30+00:00", "second", "Z"),
        ("20240503", "2024-05-03T00:00:00+00:00", "day", None),
        ("2024/05/03 10:15:30", "2024-05-03T10:15:30+00:00", "second", None),
        ("Fri, 03 May 2024 10:15:30 GMT", "2024-05-03T10:15:30+00:00", "second", "Z"),
        ("Fri, 3 May 2024 10:15:30 -0400", "2024-05-03T10:15:30-04:00", "second", "-04:00"),
        ("Fri May 03 10:15:30 UTC 2024", "2024-05-03T10:15:30+00:00", "second", "Z"),
        ("Fri May 03 2024 10:15:30 GMT+0200 (CEST)", "2024-05-03T10:15:30+02:00", "second", "+02:00"),
        ("1714731330", "2024-05-03T10:15:30+00:00", "second", "Z"),
        ("1714731330000", "2024-05-03T10:15:30+00:00", "second", "Z"),
        ("3 May 2024", "2024-05-03T00:00:00+00:00", "day", None),
    ],
)
def test_date_is_read_with_precision_and_zone(raw: str, iso: str, precision: str, zone: str | None) -> None:
    found = signal("meta:date", raw)
    assert (found.value and found.value.isoformat(), found.precision, found.zone) == (iso, precision, zone)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "yesterday",
        "2024-13-45",
        "2024-02-30",
        "0000-00-00",
        "9999999999999999",
        "2024-05-03T25:00:00Z",
        "1969-01-01",
        "2024-05-03T10:00:00+99:99",
        "03/04/2024",
    ],
)
def test_string_that_is_no_date_or_ambiguous_has_no_value(raw: str) -> None:
    found = signal("meta:date", raw)
    assert (found.value, found.value_raw) == (None, raw)


@given(st.text(max_size=100))
def test_any_string_gives_a_signal_that_keeps_it(raw: str) -> None:
    found = signal("time", raw)
    assert found.value is None or found.value.tzinfo is not None


@pytest.mark.parametrize(
    ("url", "day", "precision"),
    [
        ("http://post.example/2024/05/03/strike", "2024-05-03", "day"),
        ("http://post.example/news/2024-05-03-strike.html", "2024-05-03", "day"),
        ("http://post.example/news/strike-20240503.html", "2024-05-03", "day"),
        ("http://post.example/2024/05/strike", "2024-05-01", "month"),
    ],
)
def test_date_in_a_path_is_read(url: str, day: str, precision: str) -> None:
    found = read_url_date(url)
    assert found is not None and found.value is not None
    assert (found.value.date().isoformat(), found.precision) == (day, precision)


@pytest.mark.parametrize(
    "url",
    [
        "http://post.example/strike-1234567890",
        "http://post.example/a?d=2024/05/03",
        "http://post.example/20241399",
        "file:2024-05.txt",
    ],
)
def test_path_without_a_date_has_none(url: str) -> None:
    assert read_url_date(url) is None


def test_structured_data_goes_before_time_elements() -> None:
    signals = [signal("time", "2024-05-09T08:00:00Z"), signal("jsonld:datePublished", "2024-05-03T08:00:00Z")]
    assert choose_published(signals) == signals[1]


def test_two_agreeing_places_outweigh_one() -> None:
    signals = [
        signal("jsonld:datePublished", "2024-05-20T08:00:00Z"),
        signal("meta:article:published_time", "2024-05-03T08:00:00Z"),
        signal("url", "2024-05-03"),
    ]
    assert choose_published(signals) == signals[1]


def test_finest_statement_of_the_same_moment_is_chosen() -> None:
    signals = [signal("jsonld:datePublished", "2024-05-03"), signal("time", "2024-05-03T08:00:00+02:00")]
    assert choose_published(signals) == signals[1]


def test_modification_is_never_preferred_to_a_publication() -> None:
    signals = [signal("meta:article:modified_time", "2024-05-03T08:00:00Z"), signal("url", "2024-05-01")]
    assert choose_published(signals) == signals[1]
    assert choose_modified(signals) == signals[0]


def test_page_that_states_its_change_only_had_appeared_by_then() -> None:
    changed = signal("meta:article:modified_time", "2024-05-03T12:00:00Z")
    assert choose_published([changed]) == changed
    assert publication_interval(changed, None) == (None, NOON)


def test_future_is_never_chosen() -> None:
    late = signal("jsonld:datePublished", "2024-05-09T08:00:00Z")
    assert choose_published([late], not_after=NOON) is None
    assert choose_modified([signal("jsonld:dateModified", "2024-05-09T08:00:00Z")], not_after=NOON) is None


def test_signal_without_value_is_never_chosen() -> None:
    assert choose_published([signal("jsonld:datePublished", "03/04/2024")]) is None


def test_exact_time_with_zone_leaves_nothing_open() -> None:
    assert publication_interval(signal("feed", "2024-05-03T12:00:00Z"), None) == (NOON, NOON)


def test_day_without_zone_may_be_the_day_anywhere_on_earth() -> None:
    interval = publication_interval(signal("time", "2024-05-03"), None)
    midnight = NOON - timedelta(hours=12)
    assert interval == (midnight - timedelta(hours=14), midnight + timedelta(hours=36))


def test_interval_ends_when_the_page_was_seen() -> None:
    earliest, latest = publication_interval(signal("time", "2024-05-03"), NOON)
    assert latest == NOON and earliest is not None and earliest < NOON


def test_month_leaves_the_month_open() -> None:
    zoned = TimeSignal("url", "2024/02", datetime(2024, 2, 1, tzinfo=UTC), Precision.MONTH, "Z")
    assert publication_interval(zoned, None) == (
        datetime(2024, 2, 1, tzinfo=UTC),
        datetime(2024, 3, 1, tzinfo=UTC),
    )


def test_page_without_date_is_open_to_the_past() -> None:
    assert publication_interval(None, NOON) == (None, NOON)


@given(
    st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2090, 1, 1)),
    st.sampled_from(list(Precision)),
    st.sampled_from([None, "Z", "+02:00"]),
    st.none() | st.just(NOON),
)
def test_interval_is_never_upside_down(
    moment: datetime, precision: Precision, zone: str | None, seen: datetime | None
) -> None:
    offset = timezone(timedelta(hours=2)) if zone == "+02:00" else UTC
    earliest, latest = publication_interval(
        TimeSignal("time", "x", moment.replace(tzinfo=offset), precision, zone), seen
    )
    assert earliest is not None and latest is not None and earliest <= latest


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2024-05-03T24:00:00Z", "2024-05-04T00:00"),
        ("3 May 2024 24:00", "2024-05-04T00:00"),
        ("2024-05-03T10:15:60Z", "2024-05-03T10:15:59"),
        ("1714731330.123", "2024-05-03T10:15:30"),
        ("/Date(1714731330000)/", "2024-05-03T10:15:30"),
        ("2024-05-03T10:15:30+05:30[Asia/Kolkata]", "2024-05-03T10:15:30+05:30"),
        ("3 May 2024 10:15 IST", "2024-05-03T10:15:00+05:30"),
        ("3 мая 2024 г. в 15:15 МСК", "2024-05-03T15:15:00+03:00"),
        ("3 พฤษภาคม 2567", "2024-05-03"),
        ("3 พ.ค. 2567 14:30 น.", "2024-05-03T14:30"),
        ("2567-05-03", "2024-05-03"),
        ("۱۴ اردیبهشت ۱۴۰۳", "2024-05-03"),
        ("1403/02/14", "2024-05-03"),
        ("30 اسفند 1403", "2025-03-20"),
        ("令和6年5月3日 午後3時15分", "2024-05-03T15:15"),
        ("平成31年4月30日", "2019-04-30"),
        ("民國113年5月3日", "2024-05-03"),
        ("٣ مايو ٢٠٢٤", "2024-05-03"),
        ("3 أيار/مايو 2024", "2024-05-03"),
        ("3 كانون الثاني 2024", "2024-01-03"),
        ("3 مايو 2024 3:15 مساءً", "2024-05-03T15:15"),
        ("3 मई 2024, 3:15 अपराह्न", "2024-05-03T15:15"),
        ("শুক্রবার, ৩ মে ২০২৪", "2024-05-03"),
        ("2024년 5월 3일 오후 3시 15분", "2024-05-03T15:15"),
    ],
)
def test_clocks_and_calendars_of_other_places_are_read(raw: str, iso: str) -> None:
    found = signal("time", raw)
    assert found.value is not None and found.value.isoformat().startswith(iso)


@pytest.mark.parametrize(
    "raw", ["31 اسفند 1403", "1404-12-30", "2 hours ago", "vor 3 Stunden", "昨日 10:15", "0001-01-01"]
)
def test_day_that_is_none_or_depends_on_today_has_no_value(raw: str) -> None:
    assert signal("time", raw).value is None


def test_server_zone_of_two_meanings_is_not_believed() -> None:
    assert signal("time", "Fri May 03 10:15:30 CST 2024").zone is None


def test_change_before_the_publication_is_none() -> None:
    published = signal("jsonld:datePublished", "2024-05-03T08:00:00Z")
    changed = signal("jsonld:dateModified", "2023-01-01T08:00:00Z")
    assert choose_modified([published, changed], None, published) is None


def test_same_moment_is_kept_with_its_local_zone() -> None:
    zulu = signal("jsonld:datePublished", "2024-05-03T22:30:00Z")
    local = signal("time", "2024-05-04T00:30:00+02:00")
    assert choose_published([zulu, local]) == local


def test_clock_that_is_called_utc_by_mistake_is_read_with_its_zone() -> None:
    mistaken = signal("jsonld:datePublished", "2024-05-03T10:15:00Z")
    zoned = signal("meta:article:published_time", "2024-05-03T10:15:00+09:00")
    assert choose_published([mistaken, zoned]) == zoned


def test_date_of_a_deployment_is_weaker_than_the_one_shown() -> None:
    signals = [
        signal("jsonld:datePublished", "2024-05-20"),
        signal("jsonld:dateModified", "2024-05-20"),
        signal("text", "3 May 2024"),
    ]
    assert choose_published(signals) == signals[2]
