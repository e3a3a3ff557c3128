"""Searches and the rescue of dead links, against answers in the forms of the real ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError
from scrapy.http import Response

from pipelines.records import Capture, Fate, Reason, Via
from pipelines.story import Sources, Story
from spiders.captures import read_capture, verify_archive
from spiders.manifest import iter_entries
from tests.spiders.desk import Desk, found, make_desk_story, turns

POST, SEARCH = "http://harbour-post.example", "http://search.example"
STRIKE = f"{POST}/strike"
ENDPOINTS = {"gdelt": "/doc", "gdelt-gal": "/gal", "wayback": "/cdx", "wayback-replay": "/web"}
THROTTLED = b"Please limit requests to one every 5 seconds."


def search_story(*searches: str, **sources: tuple[str, ...]) -> Story:
    endpoints = tuple((name, SEARCH + path) for name, path in ENDPOINTS.items())
    return make_desk_story(Sources(searches=searches, search_endpoints=endpoints, **sources))


def listing(*urls: str) -> bytes:
    return json.dumps({"articles": [{"url": url, "seendate": "20240129T081500Z"} for url in urls]}).encode()


def refused(request: Request) -> Response:
    raise DownloadConnectionRefusedError(request.url)


def busy_week(request: Request) -> Response:
    """A full answer for more than four days."""
    asked = parse_qs(urlsplit(request.url).query)
    start, end = (int(asked[name][0][:8]) for name in ("startdatetime", "enddatetime"))
    count = 250 if start == 20240128 and end == 20240204 else 1
    return Response(request.url, body=listing(*(f"{POST}/{start}-{number}" for number in range(count))))


def test_a_search_finds_pages_and_says_how_many(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {f"{SEARCH}/doc": turns(found(listing(STRIKE)), found("{}")), STRIKE: found()})

    desk.crawl(search_story("gdelt"))

    outcome = desk.outcomes()[STRIKE]
    assert (outcome.fate, outcome.via) == (None, Via.SEARCH)
    assert outcome.source_url
    assert outcome.source_url.startswith(f"{SEARCH}/doc?query=strike")
    assert desk.outcomes()[outcome.source_url].fate is Fate.READ
    assert desk.notes() == ("search gdelt: 3 requests, 1 URL",)
    asked = [parse_qs(urlsplit(url).query)["startdatetime"][0] for url in desk.asked_of(SEARCH)]
    assert asked == ["20240128000000", "20240204000000", "20240211000000"]


def test_a_full_week_is_asked_for_again_in_halves(tmp_path: Path) -> None:
    desk = Desk(
        tmp_path, {f"{SEARCH}/doc": busy_week, f"{POST}/robots.txt": found("User-agent: *\nDisallow: /")}
    )

    desk.crawl(search_story("gdelt"))

    windows = [parse_qs(urlsplit(url).query) for url in desk.asked_of(SEARCH)]
    spans = [(window["startdatetime"][0][:10], window["enddatetime"][0][:10]) for window in windows]
    assert spans[:3] == [
        ("2024012800", "2024020400"),
        ("2024012800", "2024013112"),
        ("2024013112", "2024020400"),
    ]
    assert desk.notes() == ("search gdelt: 5 requests, 254 URLs",)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (found("no", 500), "http_500"),
        (refused, "connection"),
        (found(THROTTLED), "Please limit requests"),
        (found("<html>Your query was too short</html>"), "Your query was too short"),
        (found("{}"), "3 requests, 0 URLs"),
    ],
    ids=["down", "gone", "throttled", "refused", "empty"],
)
def test_a_search_that_gives_nothing_costs_a_line_and_nothing_else(
    answer: Callable[[Request], Response], said: str, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, {f"{SEARCH}/doc": answer, STRIKE: found()})

    desk.crawl(search_story("gdelt", seeds=(STRIKE,)))

    assert desk.outcomes()[STRIKE].fate is None
    (note,) = desk.notes()
    assert said in note


def test_a_throttled_search_is_asked_again_after_a_while(tmp_path: Path) -> None:
    answers = turns(found(THROTTLED), found(listing(STRIKE)), found("{}"))
    desk = Desk(tmp_path, {f"{SEARCH}/doc": answers, STRIKE: found()})

    desk.crawl(search_story("gdelt"))

    assert desk.notes() == ("search gdelt: 3 requests, 1 URL",)
    assert desk.outcomes()[STRIKE].fate is None


class Killed(BaseException):
    """The end of the process, at any moment."""


def kill(request: Request) -> Response:
    raise Killed


def test_past_weeks_are_asked_for_once_for_all_runs(tmp_path: Path) -> None:
    answers = turns(found(THROTTLED), found(listing(STRIKE)), found("{}"))
    desk = Desk(tmp_path, {f"{SEARCH}/doc": answers, STRIKE: found()})
    desk.crawl(search_story("gdelt"))
    desk.asked.clear()

    desk.crawl(search_story("gdelt"), "r2")

    assert desk.asked_of(SEARCH) == []
    assert desk.notes("r2") == ("search gdelt: 3 requests, 1 URL",)


def test_a_search_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    answers = turns(found(listing(STRIKE)), kill, found(THROTTLED), kill, found("{}"))
    desk = Desk(tmp_path, {f"{SEARCH}/doc": answers, STRIKE: found()})
    for _ in range(2):
        with pytest.raises(Killed):
            desk.crawl(search_story("gdelt"))

    desk.crawl(search_story("gdelt"))

    assert desk.notes() == ("search gdelt: 3 requests, 1 URL",)
    asked = [parse_qs(urlsplit(url).query)["startdatetime"][0] for url in desk.asked_of(SEARCH)]
    assert asked.count("20240128000000") == 1


def test_article_lists_are_fetched_once_for_all_runs(tmp_path: Path) -> None:
    name = f"{SEARCH}/gal/20240215224600.gal.json.gz"
    line = json.dumps({"url": STRIKE, "title": "The strike begins"})
    desk = Desk(tmp_path, {name: found(gzip.compress(line.encode())), STRIKE: found()})
    story = search_story("gdelt-gal")
    story = replace(story, since=datetime(2024, 2, 15, 22, 45, tzinfo=UTC))

    desk.crawl(story)
    desk.crawl(story, "r2")

    assert desk.outcomes()[STRIKE].fate is None
    assert desk.asked_of(SEARCH).count(name) == 1
    missing = desk.outcomes()[f"{SEARCH}/gal/20240215224700.gal.json.gz"]
    assert (missing.fate, missing.reason) == (Fate.FAILED, Reason.NOT_OFFERED)


GONE, LOST = f"{POST}/gone", f"{POST}/lost"
COPY = f"{SEARCH}/web/20240130090000id_/{GONE}"


def cdx(request: Request) -> Response:
    rows = [["timestamp", "original", "mimetype", "statuscode"], ["20240130090000", GONE, "text/html", "200"]]
    is_gone = parse_qs(urlsplit(request.url).query)["url"] == [GONE]
    return Response(request.url, body=json.dumps(rows if is_gone else []).encode())


@pytest.mark.parametrize("status", [404, 410])
def test_a_dead_link_is_fetched_from_the_web_archive_and_filed_under_its_own_url(
    status: int, tmp_path: Path
) -> None:
    web = {GONE: found("", status), f"{SEARCH}/cdx": cdx, COPY: found("<p>strike, as it was")}
    desk = Desk(tmp_path, web)

    desk.crawl(search_story("wayback", seeds=(GONE, LOST)))

    outcome = desk.outcomes()[GONE]
    assert (outcome.fate, outcome.via, outcome.source_url) == (None, Via.RESCUE, COPY)
    (entry,) = iter_entries(tmp_path / "archive", "r1")
    capture = read_capture(tmp_path / "archive", entry)
    assert isinstance(capture, Capture)
    assert (capture.url, capture.final_url, capture.body) == (GONE, GONE, b"<p>strike, as it was")
    assert capture.fetched_at == datetime(2024, 1, 30, 9, tzinfo=UTC)
    assert (desk.outcomes()[LOST].fate, desk.outcomes()[LOST].reason) == (Fate.FAILED, "http_404")
    assert "search wayback: copies of 1 of 2 dead links" in desk.notes()
    assert verify_archive(tmp_path / "archive") == ()


def test_a_rescued_page_is_not_asked_for_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {f"{SEARCH}/cdx": cdx, COPY: found("<p>strike, as it was")})
    story = search_story("wayback", seeds=(GONE,))
    desk.crawl(story)
    desk.asked.clear()

    desk.crawl(story, "r2")

    assert desk.asked_of(POST) == []
    assert desk.outcomes("r2")[GONE].reason == Reason.NOT_DUE


def test_a_rescue_that_is_killed_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    web = {f"{SEARCH}/cdx": cdx, COPY: turns(kill, found("<p>strike, as it was"))}
    desk = Desk(tmp_path, web)
    story = search_story("wayback", seeds=(GONE, LOST))
    with pytest.raises(Killed):
        desk.crawl(story)

    desk.crawl(story)

    assert (desk.outcomes()[GONE].fate, desk.outcomes()[GONE].via) == (None, Via.RESCUE)
    assert desk.outcomes()[LOST].reason == "http_404"
    assert desk.asked_of(POST).count(GONE) == 1


@pytest.mark.parametrize("answer", [found("", 404), refused, found("<html>down for repairs</html>")])
def test_a_web_archive_that_is_down_leaves_the_failure_as_it_is(
    answer: Callable[[Request], Response], tmp_path: Path
) -> None:
    desk = Desk(tmp_path, {f"{SEARCH}/cdx": answer})

    desk.crawl(search_story("wayback", seeds=(GONE,)))

    assert desk.outcomes()[GONE].reason == "http_404"
    assert any("copies of 0 of 1 dead links" in note for note in desk.notes())


def test_dead_links_stay_dead_where_no_web_archive_is_searched(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {f"{SEARCH}/cdx": cdx, COPY: found("<p>strike")})

    desk.crawl(search_story(seeds=(GONE,)))

    assert desk.asked_of(SEARCH) == []


def test_a_dry_run_leaves_the_searches_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {f"{SEARCH}/doc": found("{}")})

    desk.crawl(search_story("gdelt"), is_preview=True)

    assert desk.asked == []
