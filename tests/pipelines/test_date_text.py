"""Dates in texts: what is read, what is ambiguous, what is no date."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.calendars import BUDDHIST_YEARS
from pipelines.date_text import DateLabel, read_date_line, read_date_text, read_labelled_date
from pipelines.records import Precision


@pytest.mark.parametrize(
    ("text", "value", "zone"),
    [
        ("30 Jan, 2024 20:22", "2024-01-30T20:22:00+00:00", None),
        ("Published: Tue, 30 Jan 2024 20:22:00 +0000", "2024-01-30T20:22:00+00:00", "+0000"),
        ("Tue Jan 30 20:22:00 CET 2024", "2024-01-30T20:22:00+01:00", "CET"),
        ("2024-01-30T20:22:11.123+01:00", "2024-01-30T20:22:11+01:00", "+01:00"),
        ("2024-01-30T20:22:11Z", "2024-01-30T20:22:11+00:00", "Z"),
        ("2024-01-30 20:22 CET", "2024-01-30T20:22:00+01:00", "CET"),
        ("20240130T202200Z", "2024-01-30T20:22:00+00:00", "Z"),
        ("Updated 8:22 p.m. ET, July 4, 2024", "2024-07-04T20:22:00-04:00", "ET"),
        ("Updated 8:22 p.m. ET, Jan. 30, 2024", "2024-01-30T20:22:00-05:00", "ET"),
        ("12:05 AM, 30 Jan 2024", "2024-01-30T00:05:00+00:00", None),
        ("30. Januar 2024, 14:05 Uhr", "2024-01-30T14:05:00+00:00", None),
        ("Stand: 30.01.2024, 20.22 Uhr MEZ", "2024-01-30T20:22:00+01:00", "MEZ"),
        ("Publié le mardi 30 janvier 2024 à 20h22", "2024-01-30T20:22:00+00:00", None),
        ("30 de enero de 2024 a las 20:22 hs", "2024-01-30T20:22:00+00:00", None),
        ("30 января 2024 года, 20:22", "2024-01-30T20:22:00+00:00", None),
        ("2024年1月30日星期二 下午8:22", "2024-01-30T20:22:00+00:00", None),
        ("입력 2024.01.30. 오후 8:22", "2024-01-30T20:22:00+00:00", None),
        ("2024. január 30. 20:22", "2024-01-30T20:22:00+00:00", None),
        ("30 stycznia 2024, godz. 20.22", "2024-01-30T20:22:00+00:00", None),
        ("Thứ ba, 30/01/2024 20:22 GMT+7", "2024-01-30T20:22:00+07:00", "GMT+7"),
        ("30 Ιανουαρίου 2024, 8:22 μ.μ.", "2024-01-30T20:22:00+00:00", None),
    ],
)
def test_clock_time_is_read_with_the_zone_as_written(text: str, value: str, zone: str | None) -> None:
    time = read_date_text(text, "text")
    assert time is not None and time.value is not None
    assert (time.value.isoformat(), time.zone) == (value, zone)


@pytest.mark.parametrize(
    "text",
    ["January 30, 2024", "30/01/2024", "30.01.2024", "2024-01-30", "2024/1/30", "30-Jan-24", "٣٠ يناير 2024",
     "30 Ocak 2024 Salı", "30 tháng 1 năm 2024", "2024 m. sausio 30 d.", "30. tammikuuta 2024",
     "30 januari 2024", "30 gennaio 2024", "30 janeiro de 2024", "mar. 30 ene. 2024", "30 de gener de 2024",
     "30 ledna 2024", "30. siječnja 2024.", "30 ianuarie 2024", "30 січня 2024", "(30th January, 2024)"],
)  # fmt: skip
def test_day_is_read_in_many_languages(text: str) -> None:
    time = read_date_text(text, "text")
    assert time is not None and time.value is not None
    assert (time.value.date().isoformat(), time.precision, time.zone) == ("2024-01-30", Precision.DAY, None)


@pytest.mark.parametrize("text", ["03/04/2024", "03-04-2024 10:15", "30.01.24"])
def test_ambiguous_numbers_give_a_signal_without_value(text: str) -> None:
    time = read_date_text(text, "text")
    assert time is not None
    assert (time.value_raw, time.value, time.precision) == (text, None, None)


def test_weekday_settles_an_ambiguous_date() -> None:
    time = read_date_text("Wednesday 03/04/2024", "text")
    assert time is not None and time.value is not None
    assert time.value.date().isoformat() == "2024-04-03"


@pytest.mark.parametrize(
    ("text", "month"), [("30 listopada 2024", 11), ("30. listopada 2024.", 10), ("30. listopadu 2024", 11)]
)
def test_full_stop_tells_croatian_october_from_polish_november(text: str, month: int) -> None:
    time = read_date_text(text, "text")
    assert time is not None and time.value is not None
    assert time.value.month == month


@pytest.mark.parametrize(
    "text",
    ["30 Feb 2024", "31/04/2024", "30 Feb, 2024 10:00", "3 Jan 2024 25:00", "He said on 30 January 2024",
     "30 January", "2024", "14:05", "", "May", "two days ago", "1 2 3",
     "30 January 2024 in Wenlow", "x" * 10_000],
)  # fmt: skip
def test_anything_else_is_no_date(text: str) -> None:
    assert read_date_text(text, "text") is None


def test_month_alone_has_month_precision() -> None:
    time = read_date_text("January 2024", "text")
    assert time is not None and time.precision is Precision.MONTH


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Published on 30 Jan 2024", DateLabel.PUBLISHED),
        ("Zuletzt aktualisiert am 30. Januar 2024", DateLabel.MODIFIED),
        ("30 Jan 2024", DateLabel.NONE),
    ],
)
def test_label_is_told(text: str, label: DateLabel) -> None:
    labelled = read_labelled_date(text, "text")
    assert labelled is not None and labelled.label is label


def test_line_with_two_dates_gives_both() -> None:
    dates = read_date_line("Published 30 Jan 2024 Updated 31 Jan 2024, 10:00", "text")
    assert [date.label for date in dates] == [DateLabel.PUBLISHED, DateLabel.MODIFIED]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    time = read_date_text(text, "text")
    assert time is None or time.value is None or time.value.tzinfo is not None


@given(st.datetimes(min_value=datetime(1700, 1, 1)))
def test_iso_times_are_read_back(moment: datetime) -> None:
    time = read_date_text(f"{moment:%Y-%m-%d %H:%M}", "text")
    in_range = moment.year < 2200 or moment.year in BUDDHIST_YEARS
    assert (time is not None) == in_range
