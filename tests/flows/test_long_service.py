"""What a schedule that runs for months rests on: nothing left behind, and a clock that may go back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from itertools import count
from pathlib import Path

import pytest

from flows import run as runs_of_today
from flows.clock import utc_now
from flows.run import Request, execute_with, run_plainly
from flows.runs import iter_runs
from flows.steps import CrawlBroken
from pipelines.match import Match
from pipelines.story import FetchRules, Sources, Story
from tests.flows.test_errors import line
from tests.flows.test_following import ABOUT, article
from tests.spiders.press import Press, feed, page
from warehouse.master import open_published
from warehouse.paths import WarehousePaths

ROUNDS = 3


@pytest.fixture
def request_of_a_story(tmp_path: Path) -> Iterator[Request]:
    """A story with one outlet, whose page changes with every look; the first look kills who looks."""
    with Press() as press:
        looks = count()

        def answer(asked: BaseHTTPRequestHandler) -> None:
            if (look := next(looks)) == 0:
                kill_crawl(tmp_path)
            page(article("Day", f"{ABOUT} {look} ships."))(asked)

        link = press.add("post.example", "/1", answer)
        press.add("post.example", "/rss", feed((link, "Mon, 29 Jan 2024 09:00:00 GMT")))
        rules = FetchRules(0.0, allow_private_hosts=True, resolve=(("post.example", "127.0.0.1"),))
        sources = Sources(feeds=(press.url("post.example", "/rss"),))
        story = Story("strike", "Strike", None, None, Match(all=("Harbourtown",)), sources, rules)
        yield Request(tmp_path / "coverage.duckdb", "run", story, with_prefect=False)


def kill_crawl(folder: Path) -> None:
    """As the system does that has no memory left."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            command = (process / "cmdline").read_bytes()
            if b"spiders.crawl" in command and bytes(folder) in command:
                os.kill(int(process.name), signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
def test_a_crawl_that_is_killed_is_a_line_and_runs_leave_nothing_open_and_no_temporary_file(
    request_of_a_story: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    paths = WarehousePaths.of(request_of_a_story.warehouse)
    with pytest.raises(CrawlBroken, match=r"ended early \(code -9\); what was fetched is kept, and the same"):
        execute_with(request_of_a_story, lambda _: None, run_plainly)
    seen = []
    for _ in range(ROUNDS):
        execute_with(request_of_a_story, lambda _: None, run_plainly)
        behind = [*temporary.iterdir(), *paths.folder.rglob("*.tmp"), *paths.folder.rglob("derived-*")]
        seen.append((len(os.listdir("/proc/self/fd")), behind))  # noqa: PTH208

    assert seen[1:] == [seen[1]] * (ROUNDS - 1)
    assert seen[-1][1] == []


def test_a_clock_that_goes_back_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = tmp_path / "coverage.duckdb"
    for number, moment in enumerate((utc_now(), utc_now() - timedelta(days=365))):
        source = tmp_path / f"{number}.jsonl"
        source.write_text(line(url=f"http://a.example/{number}") + "\n", encoding="utf-8")
        monkeypatch.setattr(runs_of_today, "utc_now", lambda moment=moment: moment)
        execute_with(Request(warehouse, "ingest", None, (source,)), lambda _: None, run_plainly)

    paths = WarehousePaths.of(warehouse)
    assert [(run.run_id, run.status) for run in iter_runs(paths.runs)] == [
        ("run-000001", "finished"),
        ("run-000002", "finished"),
    ]
    with open_published(warehouse) as connection:
        assert connection.execute("select count(*) from articles").fetchall() == [(2,)]
