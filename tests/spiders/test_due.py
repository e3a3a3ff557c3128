"""Sources that bring nothing new are left alone for a while, and that is their fate."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.polling import PollRules, Polls
from pipelines.records import Fate, Reason, Via
from pipelines.story import Sources
from spiders.archive import ArchiveWriter
from spiders.index import ArchiveIndex, search_source
from spiders.manifest import Role
from spiders.warc import HttpResponse, Visit
from tests.spiders.desk import Desk, found, make_desk_story

HOME = "http://post.example/"
FEED = "http://post.example/rss"
QUIET = "http://quiet.example/rss"
SEARCH = "https://gdelt.example/api"
NOW = datetime(2024, 2, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def write(folder: Path, run_id: str, hours: float, *visits: tuple[str, Role, str | None, Via]) -> None:
    """A run that visited these (URL, role, what named it, how), so many hours before now."""
    with ArchiveWriter(folder / "archive", run_id) as writer:
        for url, role, source_url, via in visits:
            visit = Visit(url, via, NOW - hours * HOUR, source_url=source_url, role=role, story="strike")
            writer.add_response(visit, HttpResponse(url, 200, (), b"<p>text"))


def polls_of(folder: Path, source: str) -> Polls | None:
    with closing(ArchiveIndex(folder / "archive", "next")) as index:
        return index.polls_of("strike", source)


def test_a_page_that_is_new_is_news_of_all_that_led_to_it(tmp_path: Path) -> None:
    source = Role.SOURCE
    write(tmp_path, "r1", 9, (HOME, source, None, Via.SITE), (FEED, source, HOME, Via.SITE))
    page = (f"{HOME}1", Role.PAGE, FEED, Via.FEED)
    write(tmp_path, "r2", 5, (HOME, source, None, Via.SITE), (FEED, source, HOME, Via.SITE), page)
    write(tmp_path, "r3", 1, (HOME, source, None, Via.SITE), (FEED, source, HOME, Via.SITE), page)

    expected = Polls(NOW - 9 * HOUR, NOW - HOUR, NOW - 5 * HOUR)
    assert polls_of(tmp_path, HOME) == polls_of(tmp_path, FEED) == expected
    assert polls_of(tmp_path, QUIET) is None


def test_a_search_is_one_source_whatever_it_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "r1", 9, (f"{SEARCH}?q=1", Role.SOURCE, None, Via.SEARCH))
    found_page = (f"{HOME}1", Role.PAGE, f"{SEARCH}?q=2", Via.SEARCH)
    write(tmp_path, "r2", 5, (f"{SEARCH}?q=2", Role.SOURCE, None, Via.SEARCH), found_page)

    assert polls_of(tmp_path, search_source(SEARCH)) == Polls(NOW - 9 * HOUR, NOW - 5 * HOUR, NOW - 5 * HOUR)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A feed that brought a page six hours ago, and one that never brought any; read an hour ago, both."""
    feeds = ((FEED, Role.SOURCE, None, Via.FEED), (QUIET, Role.SOURCE, None, Via.FEED))
    write(tmp_path, "r1", 100, *feeds)
    write(tmp_path, "r2", 2, *feeds, (f"{HOME}1", Role.PAGE, FEED, Via.FEED))
    rss = '<rss version="2.0"><channel><title>All</title></channel></rss>'
    return Desk(tmp_path, {FEED: found(rss), QUIET: found(rss)})


STORY = make_desk_story(Sources(feeds=(FEED, QUIET)))


def test_a_quiet_source_is_not_asked_and_says_why(desk: Desk) -> None:
    desk.crawl(STORY, "r3", NOW, asks_all_sources=False)

    outcomes = desk.outcomes("r3")
    assert FEED in desk.asked
    assert QUIET not in desk.asked
    assert (outcomes[QUIET].fate, outcomes[QUIET].reason) == (Fate.SKIPPED, Reason.SOURCE_QUIET)
    assert outcomes[QUIET].detail == (
        "read 2024-02-10T10:00+00:00, news never, asked again from 2024-02-11T10:00+00:00"
    )


def test_a_run_by_hand_asks_all_sources(desk: Desk) -> None:
    desk.crawl(STORY, "r3", NOW)

    assert {FEED, QUIET} <= set(desk.asked)


def test_the_storys_bounds_decide(desk: Desk) -> None:
    desk.crawl(replace(STORY, polling=PollRules(max_hours=1.5)), "r3", NOW, asks_all_sources=False)

    assert {FEED, QUIET} <= set(desk.asked)
