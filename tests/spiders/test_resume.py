"""Crawls that are killed, interrupted, orphaned and repeated."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.records import Capture, Fate, Reason
from pipelines.story import Sources, Story
from spiders.captures import read_capture, verify_archive
from spiders.crawl import CrawlResult, run_crawl
from spiders.journal import Journal, is_finished
from spiders.manifest import iter_entries
from tests.spiders.crawling import IN_WINDOW, crawl, full_disk, make_job, make_story, outcomes_of
from tests.spiders.press import Answer, Press, feed, in_turn, page, sitemap, unless_modified

HOSTS = ("harbour-post.example", "quay-times.example", "tide-weekly.example")
PATIENCE_SECONDS = 60.0
PAGES = 12


def slow(answer: Answer, seconds: float) -> Answer:
    def wait(handler: object) -> None:
        time.sleep(seconds)
        answer(handler)  # type: ignore[arg-type]

    return wait


def build(press: Press, page_seconds: float = 0.02) -> Story:
    feeds = []
    for host in HOSTS:
        for number in range(PAGES):
            press.add(host, f"/{number}", slow(page(f"<p>{host} {number}"), page_seconds))
        items = [(press.url(host, f"/{number}"), IN_WINDOW) for number in range(PAGES)]
        items += [(press.url(host, "/gone"), ""), ("javascript:x", ""), (press.url(HOSTS[0], "/0"), "")]
        feeds.append(press.add(host, "/feed", feed(*items)))
    feeds.append(press.add(HOSTS[0], "/broken-feed", page("no feed")))
    return make_story(press, Sources(feeds=tuple(feeds)))


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


@contextmanager
def started(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def summary(folder: Path) -> list[tuple[object, ...]]:
    return [
        (outcome.url, outcome.via, outcome.source_url, outcome.fate, outcome.reason, outcome.detail)
        for outcome in outcomes_of(folder).values()
    ]


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def test_a_crawl_killed_again_and_again_ends_like_an_undisturbed_one(press: Press, tmp_path: Path) -> None:
    story = build(press)
    assert crawl(tmp_path / "whole", story).is_finished
    job = make_job(tmp_path / "killed", story)
    press.hits.clear()
    for hits_before_kill in (4, 17, 40):
        with started("-m", "spiders.crawl", str(job)):
            wait_until(lambda: len(press.hits) >= hits_before_kill)  # noqa: B023

    result = run_crawl(job)

    assert result == CrawlResult(0, is_finished=True, error=None)
    assert summary(tmp_path / "killed") == summary(tmp_path / "whole")
    pages = Counter(entry.url for entry in iter_entries(tmp_path / "killed/archive", "r1"))
    assert len(pages) == PAGES * len(HOSTS)
    assert set(pages.values()) == {1}
    assert verify_archive(tmp_path / "killed/archive") == ()
    asked = Counter((hit.host, hit.path) for hit in press.hits)
    assert sum(asked.values()) - len(asked) <= 3 * len(HOSTS)  # at most what was under way at each kill
    before = len(press.hits)
    assert run_crawl(job).is_finished
    assert len(press.hits) == before


@pytest.mark.parametrize("killer", [signal.SIGKILL, signal.SIGINT])
def test_no_crawl_outlives_its_parent(press: Press, tmp_path: Path, killer: signal.Signals) -> None:
    story = build(press, page_seconds=0.3)  # so that it isn't over before it is stopped
    job = make_job(tmp_path, story)
    script = (
        "import signal, sys; from pathlib import Path; from spiders.crawl import run_crawl\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it\n"
        "run_crawl(Path(sys.argv[1]))"
    )
    press.hits.clear()
    with started("-c", script, str(job)) as parent:
        wait_until(lambda: len(press.hits) >= 15)
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        os.kill(parent.pid, killer)
        wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))

    assert children
    assert not is_finished(tmp_path / "runs/r1/frontier.jsonl")
    if killer is signal.SIGINT:
        assert verify_archive(tmp_path / "archive") == ()  # a clean end leaves no torn tail
    kept = list(iter_entries(tmp_path / "archive", role=None))
    assert kept
    assert all(isinstance(read_capture(tmp_path / "archive", entry), Capture) for entry in kept)


def test_pages_are_visited_again_when_due_and_only_then(press: Press, tmp_path: Path) -> None:
    host = "b.example"
    press.add(host, "/same", unless_modified("<p>same", '"1"'))
    press.add(host, "/edited", in_turn(page("<p>first"), page("<p>second")))
    press.add(host, "/lying", in_turn(page("<p>l", ETag='"x"'), page("", 304)))
    urls = [press.url(host, path) for path in ("/same", "/edited", "/lying")]
    story = make_story(press, Sources(sitemaps=(press.add(host, "/s.xml", sitemap(*urls)),)))
    archive = tmp_path / "archive"
    crawl(tmp_path, story, "r1")

    crawl(tmp_path, story, "r2")

    second = {entry.final_url: entry for entry in iter_entries(archive, "r2")}
    assert {url.rpartition("/")[2]: second[url].kind for url in urls} == {
        "same": "revisit",
        "edited": "response",
        "lying": "revisit",
    }
    bodies = [read_capture(archive, second[url]) for url in urls]
    assert [capture.body for capture in bodies if isinstance(capture, Capture)] == [
        b"<p>same",
        b"<p>second",
        b"<p>l",
    ]
    crawl(tmp_path, story, "r3")
    fates = {outcome.reason for url, outcome in outcomes_of(tmp_path, "r3").items() if url in urls}
    assert fates <= {Reason.NOT_DUE, None}


SPELLINGS = (
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",
    "localhost",
    "localhost.",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "mapped.example",
)


def test_private_addresses_are_refused_in_every_spelling(tmp_path: Path) -> None:
    with Press() as canary:
        canary.add("mapped.example", "/x", page("secret"))
        seeds = tuple(canary.url(host, "/x") for host in SPELLINGS)
        feeds = (canary.url("127.0.0.1", "/feed"),)
        sources = Sources(seeds=seeds, feeds=feeds, sites=(canary.url("127.0.0.2"),))
        story = make_story(canary, sources, allow_private_hosts=False)

        assert crawl(tmp_path, story).is_finished

        assert canary.hits == []
    outcomes = outcomes_of(tmp_path).values()
    others = [outcome for outcome in outcomes if outcome.reason != Reason.PRIVATE_ADDRESS]
    assert others == []
    assert {outcome.fate for outcome in outcomes} == {Fate.REFUSED}


def test_an_archive_that_cannot_be_written_is_one_clear_error(press: Press, tmp_path: Path) -> None:
    story = make_story(press, Sources(seeds=(press.add("b.example", "/1", page("<p>1")),)))
    job = make_job(tmp_path, story)
    (tmp_path / "archive").write_text("a file where the folder should be")

    result = run_crawl(job)

    assert (result.exit_code, result.is_finished) == (1, False)
    assert result.error is not None
    assert "archive" in result.error


def test_a_dry_run_reads_sources_and_robots_and_asks_for_no_page(press: Press, tmp_path: Path) -> None:
    host = "dry-times.example"
    press.add(host, "/robots.txt", page("User-agent: *\nDisallow: /closed"))
    urls = [press.url(host, path) for path in ("/1", "/2", "/closed/3")]
    story = make_story(press, Sources(sitemaps=(press.add(host, "/s.xml", sitemap(*urls)),)))
    press.hits.clear()

    result = run_crawl(make_job(tmp_path, story, is_preview=True))

    assert result.is_finished
    assert press.paths(host, robots=True) == ["/robots.txt", "/s.xml"]
    journal = Journal(tmp_path / "runs/r1/frontier.jsonl")
    assert [planned.url for planned in journal.pending] == urls[:2]
    assert outcomes_of(tmp_path)[urls[2]].reason == Reason.ROBOTS


def test_a_full_disk_ends_the_crawl_with_one_error_and_loses_nothing(press: Press, tmp_path: Path) -> None:
    host = "full-times.example"
    for number in range(8):
        press.add(host, f"/{number}", page(random.Random(number).randbytes(2000).hex()))
    urls = [press.url(host, f"/{number}") for number in range(8)]
    job = make_job(tmp_path, make_story(press, Sources(seeds=tuple(urls))))

    with full_disk(12_000):
        stopped = run_crawl(job)

    assert (stopped.exit_code, stopped.is_finished) == (1, False)
    assert stopped.error is not None
    assert "make room and run again" in stopped.error
    kept = [entry.url for entry in iter_entries(tmp_path / "archive")]
    assert 0 < len(kept) < len(urls)
    press.hits.clear()
    assert run_crawl(job).is_finished
    assert {url for url, outcome in outcomes_of(tmp_path).items() if outcome.fate is None} == set(urls)
    assert not {press.url(host, path) for path in press.paths(host)} & set(kept)
    assert verify_archive(tmp_path / "archive") == ()
