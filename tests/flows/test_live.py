"""The live view of a run, drawn from the journal that its crawl writes."""

from __future__ import annotations

import io
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from flows.errors import Failure
from flows.live import LiveView, telling
from flows.runs import begin_run
from pipelines.planning import PlannedPage
from pipelines.records import Candidate, Fate, Via
from spiders.journal import Journal
from spiders.progress import CrawlProgress
from warehouse.paths import WarehousePaths

NOW = datetime(2024, 5, 3, 12, tzinfo=UTC)
URLS = [f"http://www.outlet-{number % 4}.example/{number}" for number in range(12)]


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A warehouse whose first run is at work: twelve pages of four outlets are known."""
    paths = WarehousePaths.of(tmp_path / "coverage.duckdb")
    run = begin_run(paths.runs, "run", None, "", NOW)
    with closing(Journal(paths.runs / run.run_id / "frontier.jsonl")) as journal:
        journal.record_plan([PlannedPage(url, Candidate(url, Via.FEED, None)) for url in URLS])
    return paths.published


def settle(warehouse: Path, url: str, fate: Fate, reason: str | None) -> None:
    path = WarehousePaths.of(warehouse).runs / "run-000001" / "frontier.jsonl"
    with closing(Journal(path)) as journal:
        journal.record_settled(url, Candidate(url, Via.FEED, None), fate, reason)


def drawn(view: LiveView) -> str:
    console = Console(record=True, width=100, file=io.StringIO())
    console.print(view.draw())
    return console.export_text()


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_the_view_follows_the_journal(warehouse: Path) -> None:
    view = LiveView(warehouse, height=40)
    view.say("12 pages to fetch\x1b[2J")
    assert ["waiting", "12"] in lines(drawn(view))

    settle(warehouse, URLS[0], Fate.FAILED, "http_404")

    text = drawn(view)
    assert ["waiting", "11"] in lines(text)
    assert ["failed", "http_404", "1"] in lines(text)
    assert ["outlet-0.example", "3", "0", "1", "2"] in lines(text)
    assert "12 pages to fetch�[2J" in text


def test_a_low_terminal_shows_the_outlets_that_have_most_to_do(warehouse: Path) -> None:
    for url in (URLS[0], URLS[4]):
        settle(warehouse, url, Fate.REFUSED, "robots")

    text = drawn(LiveView(warehouse, height=10))

    assert "outlet-1.example" in text
    assert "outlet-0.example" not in text
    assert "… and 1 more" in text


def test_a_look_reads_only_what_is_new(warehouse: Path) -> None:
    progress = CrawlProgress(WarehousePaths.of(warehouse).runs / "run-000001" / "frontier.jsonl")
    progress.look()
    progress.look()

    assert (progress.known, progress.waiting, progress.fetched) == (12, 12, 0)


def test_before_a_run_is_opened_the_view_says_what_is_done(tmp_path: Path) -> None:
    view = LiveView(tmp_path / "coverage.duckdb", height=40)
    view.say("starting Prefect")

    assert drawn(view).strip().endswith("starting Prefect")


def test_an_interrupt_says_what_is_kept(warehouse: Path) -> None:
    with (
        pytest.raises(Failure, match=r"0 pages are fetched and kept, 12 more are known.*Go on with: "),
        telling(warehouse),
    ):
        raise KeyboardInterrupt
