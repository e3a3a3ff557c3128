"""Whole crawls in this process, of a web that is a dictionary: what happens between the requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.http import Response

from pipelines.match import Match
from pipelines.story import FetchRules, Sources, Story
from spiders.fetcher import Fetcher
from spiders.gates import Gates
from spiders.jobs import CrawlJob
from spiders.journal import UrlOutcome, journal_notes, url_outcomes
from spiders.story_spider import crawl_with

Answer = Callable[[Request], Response]
SINCE = datetime(2024, 1, 28, tzinfo=UTC)
UNTIL = datetime(2024, 2, 16, tzinfo=UTC)
NOW = datetime(2024, 3, 1, tzinfo=UTC)


def found(body: bytes | str = b"<p>text", status: int = 200, **headers: str) -> Answer:
    """An answer; header names are written with underscores."""
    sent = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: Response(request.url, status=status, body=sent, headers=named)


def turns(*answers: Answer) -> Answer:
    """One answer after the other, the last one for ever."""
    rest = list(answers)
    return lambda request: (rest.pop(0) if len(rest) > 1 else rest[0])(request)


def make_desk_story(sources: Sources, **rules: Any) -> Story:
    fetch = FetchRules(**{"delay_seconds": 0.0, **rules})
    return Story("strike", "Strike", SINCE, UNTIL, Match(any=("strike",)), sources, fetch)


@dataclass
class Desk:
    """A web and an archive. A URL without its query stands for all its queries; the rest is 404."""

    folder: Path
    web: Mapping[str, Answer]
    asked: list[str] = field(default_factory=list)

    def crawl(self, story: Story, run_id: str = "r1", now: datetime = NOW, **job: Any) -> None:
        journal = self.folder / "runs" / run_id / "frontier.jsonl"
        journal.parent.mkdir(parents=True, exist_ok=True)
        fetcher = Fetcher(self._download, "wirecopy/0", Gates(0.0), 5.0)
        crawl = CrawlJob(run_id, story, self.folder / "archive", journal, now, "wirecopy/0", **job)
        asyncio.run(crawl_with(fetcher, crawl))

    def outcomes(self, run_id: str = "r1") -> dict[str, UrlOutcome]:
        return {outcome.url: outcome for outcome in url_outcomes(self._journal(run_id))}

    def notes(self, run_id: str = "r1") -> tuple[str, ...]:
        return journal_notes(self._journal(run_id))

    def asked_of(self, origin: str) -> list[str]:
        """The URLs asked for under an origin, in order, robots.txt left out."""
        return [url for url in self.asked if url.startswith(origin) and not url.endswith("/robots.txt")]

    def _journal(self, run_id: str) -> Path:
        return self.folder / "runs" / run_id / "frontier.jsonl"

    async def _download(self, request: Request) -> Response:
        await asyncio.sleep(0)
        self.asked.append(request.url)
        answer = self.web.get(request.url) or self.web.get(request.url.partition("?")[0])
        return (answer or found("", 404))(request)
