"""Stories about invented hosts on loopback, and crawls of them."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.match import Match
from pipelines.story import FetchRules, Sources, Story
from spiders.crawl import CrawlJob, CrawlResult, run_crawl
from spiders.journal import UrlOutcome, url_outcomes
from tests.spiders.press import Press

SINCE = datetime(2024, 1, 28, tzinfo=UTC)
UNTIL = datetime(2024, 2, 16, tzinfo=UTC)
IN_WINDOW = "Mon, 29 Jan 2024 08:15:00 GMT"
USER_AGENT = "wirecopy/0.0 (+desk@harbour.example)"


def make_story(press: Press, sources: Sources, **rules: Any) -> Story:
    """A story whose hosts all resolve to the press; no delay, ten seconds of patience."""
    hosts = {host for host, _ in press.answers}
    defaults = {"delay_seconds": 0.0, "timeout_seconds": 10.0, "allow_private_hosts": True}
    fetch = FetchRules(**{**defaults, "resolve": tuple((host, press.address) for host in hosts), **rules})
    return Story("strike", "Strike", SINCE, UNTIL, Match(any=("strike",)), sources, fetch)


def make_job(folder: Path, story: Story, run_id: str = "r1", *, is_preview: bool = False) -> Path:
    """Write a job; archive and runs lie in `folder`."""
    run = folder / "runs" / run_id
    run.mkdir(parents=True, exist_ok=True)
    journal = run / "frontier.jsonl"
    job = CrawlJob(
        run_id, story, folder / "archive", journal, datetime.now(UTC), USER_AGENT, is_preview=is_preview
    )
    job.write(run / "job.json")
    return run / "job.json"


def crawl(folder: Path, story: Story, run_id: str = "r1") -> CrawlResult:
    return run_crawl(make_job(folder, story, run_id))


def outcomes_of(folder: Path, run_id: str = "r1") -> dict[str, UrlOutcome]:
    return {outcome.url: outcome for outcome in url_outcomes(folder / "runs" / run_id / "frontier.jsonl")}


@contextmanager
def full_disk(limit_bytes: int) -> Iterator[None]:
    """No file grows beyond the limit: writing more fails as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
