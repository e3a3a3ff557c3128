import random
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.discovery import (
    Window,
    find_feeds,
    looks_like_source,
    period_in_name,
    read_source,
    read_source_date,
)
from pipelines.match import Match
from pipelines.planning import PlanRules, plan_pages
from pipelines.records import Candidate, Fate, Hints, Reason, Via
from pipelines.revisit import Visits
from pipelines.sitemaps import SitemapChild

SINCE = datetime(2024, 1, 28, tzinfo=UTC)
UNTIL = datetime(2024, 2, 16, tzinfo=UTC)
NOW = datetime(2024, 2, 20, tzinfo=UTC)
WINDOW = Window(SINCE, UNTIL)
RULES = PlanRules(WINDOW, 500, NOW, {})


def fed(url: str, published: str | None = None, source: str = "http://a.example/feed") -> Candidate:
    return Candidate(url, Via.FEED, source, Hints(published_raw=published))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Mon, 29 Jan 2024 08:15:00 +0300", datetime(2024, 1, 29, 5, 15, tzinfo=UTC)),
        ("2024-01-29T08:15:00+03:00", datetime(2024, 1, 29, 5, 15, tzinfo=UTC)),
        ("2024-01-29T08:15:00Z", datetime(2024, 1, 29, 8, 15, tzinfo=UTC)),
        ("2024-01-29", datetime(2024, 1, 29, tzinfo=UTC)),
        ("2023-13-45", None),
        ("29/01/2024", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_of_sources(raw: str | None, expected: datetime | None) -> None:
    assert read_source_date(raw) == expected


@pytest.mark.parametrize(
    ("hints", "is_out"),
    [
        (Hints(published_raw="2024-01-26T23:00:00Z"), True),
        (Hints(published_raw="2024-01-27T01:00:00Z"), False),  # within a day: the zone may be off
        (Hints(published_raw="2024-02-16T12:00:00Z"), False),
        (Hints(published_raw="2024-02-17T12:00:00Z"), True),
        (Hints(modified_raw="2024-03-01"), False),  # changed later, may have appeared in the window
        (Hints(modified_raw="2023-03-01"), True),
        (Hints(published_raw="2024-02-01", modified_raw="2025-01-01"), False),
        (Hints(published_raw="yesterday"), False),
        (Hints(), False),
    ],
)
def test_only_a_date_outside_the_window_excludes(hints: Hints, is_out: bool) -> None:
    assert WINDOW.excludes(hints) is is_out


@pytest.mark.parametrize(
    ("name", "is_out"),
    [
        ("/sitemap-2024-01.xml", False),
        ("/sitemap-2024-02.xml.gz", False),
        ("/sitemap-2023-12.xml", True),
        ("/sitemap/2024/03/05.xml", True),
        ("/sitemap-202401.xml", False),
        ("/sitemap-2019.xml", True),
        ("/sitemap-news.xml", False),
        ("/sitemap.xml?from=2023-01-01&to=2023-02-01", False),  # two dates: no telling
        ("/sitemap-20241.xml", False),
    ],
)
def test_a_period_in_a_sitemaps_name_counts(name: str, is_out: bool) -> None:
    assert WINDOW.excludes_child(SitemapChild(f"http://a.example{name}")) is is_out


def test_a_month_in_a_name_ends_with_the_month() -> None:
    assert period_in_name("http://a.example/2023-12.xml") == (
        datetime(2023, 12, 1, tzinfo=UTC),
        datetime(2024, 1, 1, tzinfo=UTC),
    )


def test_a_sitemap_last_changed_before_the_window_is_excluded() -> None:
    assert WINDOW.excludes_child(SitemapChild("http://a.example/s.xml", "2023-06-01"))


def test_pages_are_planned_seeds_first_then_newest_first() -> None:
    plan = plan_pages(
        [
            fed("http://a.example/undated"),
            fed("http://a.example/older", "2024-01-29"),
            fed("http://a.example/newer", "2024-02-10"),
            Candidate("http://a.example/seed", Via.SEED),
        ],
        RULES,
    )

    assert [page.url.rpartition("/")[2] for page in plan] == ["seed", "newer", "older", "undated"]


def test_a_page_found_twice_is_one_page_and_keeps_what_each_source_says() -> None:
    by_sitemap = Candidate(
        "http://A.example/x#top", Via.SITEMAP, "http://a.example/s.xml", Hints(modified_raw="2024-02-02")
    )

    (page,) = plan_pages([by_sitemap, fed("http://a.example/x?utm_source=f", "2024-02-01")], RULES)

    assert page.url == "http://a.example/x"
    assert page.candidate.via is Via.FEED
    assert page.candidate.hints == Hints(published_raw="2024-02-01", modified_raw="2024-02-02")


def test_the_plan_does_not_depend_on_the_order_of_arrival() -> None:
    candidates = [
        Candidate(f"http://a.example/{number % 7}", via, f"http://b.example/{via}", Hints(title=str(number)))
        for number in range(20)
        for via in (Via.FEED, Via.SITEMAP, Via.SEED)
    ]
    expected = plan_pages(candidates, RULES)

    random.Random(7).shuffle(candidates)

    assert plan_pages(candidates, RULES) == expected


def test_seeds_are_exempt_from_the_window() -> None:
    seed = Candidate("http://a.example/x", Via.SEED)

    (page,) = plan_pages([seed, fed("http://a.example/x", "2020-01-01")], RULES)

    assert page.fate is None


def test_an_entry_outside_the_window_is_skipped_with_its_date() -> None:
    (page,) = plan_pages([fed("http://a.example/x", "2020-01-01")], RULES)

    assert (page.fate, page.reason, page.detail) == (Fate.SKIPPED, Reason.OUT_OF_WINDOW, "dated 2020-01-01")


def test_a_known_page_that_is_not_due_is_skipped() -> None:
    visits = {"http://a.example/x": Visits(NOW - timedelta(days=10), NOW - timedelta(days=1))}

    (page,) = plan_pages([fed("http://a.example/x")], PlanRules(WINDOW, 500, NOW, visits))

    assert (page.fate, page.reason) == (Fate.SKIPPED, Reason.NOT_DUE)


def test_a_host_has_a_budget_and_the_newest_pages_get_it() -> None:
    days = [f"2024-02-{day:02d}" for day in range(1, 6)]
    candidates = [fed(f"http://a.example/{day}", day) for day in days] + [fed("http://b.example/x")]

    plan = plan_pages(candidates, PlanRules(WINDOW, 2, NOW, {}))

    asked = [page.url for page in plan if page.fate is None]
    assert asked == ["http://a.example/2024-02-05", "http://a.example/2024-02-04", "http://b.example/x"]
    assert {page.reason for page in plan if page.fate} == {Reason.OVER_BUDGET}


def test_skipped_pages_cost_no_budget() -> None:
    candidates = [fed("http://a.example/old", "2020-01-01"), fed("http://a.example/new", "2024-02-01")]

    plan = plan_pages(candidates, PlanRules(WINDOW, 1, NOW, {}))

    assert [page.reason for page in plan] == [None, Reason.OUT_OF_WINDOW]


def test_a_url_that_cannot_be_fetched_is_refused_and_kept() -> None:
    (page,) = plan_pages([fed("mailto:desk@a.example")], RULES)

    assert (page.url, page.fate, page.reason) == ("mailto:desk@a.example", Fate.REFUSED, Reason.BAD_URL)


def test_a_source_is_read_as_what_it_is() -> None:
    sitemap = b"<urlset><url><loc>http://a.example/1</loc></url></urlset>"
    feed = b'<rss version="2.0"><channel><item><link>http://a.example/2</link></item></channel></rss>'

    assert read_source(sitemap, "http://a.example/s", Via.FEED).summary == "sitemap (urlset), 1 entries"
    assert read_source(feed, "http://a.example/f", Via.SITEMAP).summary == "feed (rss20), 1 entries"
    assert read_source(b"<html>", "http://a.example/h", Via.FEED).fault == "neither a feed nor a sitemap"


def test_feeds_announced_by_a_home_page_are_found() -> None:
    home = """<link rel="stylesheet" href="/a.css"><LINK href='/rss?a=1&amp;b=2' type="application/rss+xml"
        rel='alternate' title="All"><link rel=alternate type=application/atom+xml href=http://a.example/atom>
        <link rel="alternate" hreflang="fr" href="/fr"><link rel="alternate" type="application/rss+xml" href="http://[">"""

    assert find_feeds(home, "http://a.example/") == ("http://a.example/rss?a=1&b=2", "http://a.example/atom")


@pytest.mark.parametrize(
    ("body", "is_source"),
    [
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --><rss version="2.0">', True),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', True),
        (b'<rdf:RDF xmlns="http://purl.org/rss/1.0/">', True),
        (b'{"version": "https://jsonfeed.org/version/1.1"', True),
        (b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">', True),
        (b"<!DOCTYPE html><html><body>an <rss> tag", False),
        (b"<!-- c -->" * 400 + b"<html>", False),
        (b"<!--" * 1000, False),
        (b"", False),
    ],
)
def test_feeds_and_sitemaps_are_told_from_pages(body: bytes, is_source: bool) -> None:
    assert looks_like_source(body) is is_source


def test_a_budget_goes_to_pages_that_speak_of_the_story_first() -> None:
    match = Match(all=("Harbourtown",), any=("dockers",))
    rules = PlanRules(WINDOW, 2, NOW, {}, match)
    titled = Candidate("http://a.example/7", Via.FEED, None, Hints("Harbourtown dockers walk out"))
    others = [fed(f"http://a.example/{number}", "2024-02-01") for number in range(3)]

    planned = plan_pages([*others, fed("http://a.example/dockers-vote", "2024-01-28"), titled], rules)

    asked = [page.url for page in planned if page.fate is None]
    assert asked == ["http://a.example/7", "http://a.example/dockers-vote"]
