"""The first half of a crawl: read all sources, level by level, and find the pages they list."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pipelines.discovery import (
    SourceReading,
    Window,
    find_feeds,
    read_source,
    read_source_date,
    requestable_url,
)
from pipelines.records import Candidate, Fate, Reason, Via
from pipelines.sitemaps import MAX_SITEMAP_BYTES, SitemapChild
from pipelines.story import Story
from pipelines.urls import canonicalize_url, host_of
from spiders.answers import Ask, decoded_body
from spiders.errors import Loss
from spiders.visits import Visitor
from spiders.warc import HttpResponse

MAX_LEVELS = 4  # home page, sitemap index, index of indexes, sitemap
MAX_SOURCES_PER_HOST = 100  # three months of daily sitemaps; endless trees end here

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed, sitemap or home page to read; `candidate.via` says how it became known."""

    url: str
    candidate: Candidate
    kind: Via  # what it is expected to be: FEED, SITEMAP or SITE


@dataclass(slots=True)
class Findings:
    """What the sources list; `candidates` includes URLs that can't be fetched."""

    candidates: list[Candidate] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)


class Frontier:
    """Reads a story's sources. The result doesn't depend on which of them answers first."""

    def __init__(self, story: Story, visitor: Visitor) -> None:
        self._story = story
        self._visitor = visitor
        self._window = Window(story.since, story.until)
        self._seen: set[str] = set()
        self._per_host: Counter[str] = Counter()

    async def find_candidates(self) -> list[Candidate]:
        """Every URL that the story's seeds and sources name, with what each source says of it."""
        candidates = [Candidate(url, Via.SEED) for url in self._story.sources.seeds]
        level = self._first_level()
        for _ in range(MAX_LEVELS):
            admitted = self._admit(level)
            findings = await asyncio.gather(*(self._read(source) for source in admitted))
            candidates += [candidate for found in findings for candidate in found.candidates]
            level = [source for found in findings for source in found.sources]
            if not level:
                break
        for source in level:
            self._settle(source, Fate.SKIPPED, Reason.OVER_BUDGET, f"more than {MAX_LEVELS} levels deep")
        return candidates

    def _first_level(self) -> list[Source]:
        sources = self._story.sources
        return [
            *self._sources_of(sources.feeds, Via.FEED),
            *self._sources_of(sources.sitemaps, Via.SITEMAP),
            *self._sources_of(sources.sites, Via.SITE),
        ]

    def _sources_of(self, urls: Iterable[str], kind: Via, found_in: Candidate | None = None) -> list[Source]:
        """Sources as the story names them, or as another source does."""
        found = []
        for url in urls:
            candidate = Candidate(url, found_in.via if found_in else kind, found_in.url if found_in else None)
            try:
                asked = replace(candidate, url=requestable_url(url))
                found.append(Source(canonicalize_url(url), asked, kind))
            except ValueError as error:
                self._visitor.journal.record_settled(
                    url[:500], candidate, Fate.REFUSED, Reason.BAD_URL, str(error)
                )
        return found

    def _admit(self, level: list[Source]) -> list[Source]:
        """The sources of a level that are new and within their host's budget, in a fixed order."""
        admitted = []
        for source in level:
            if source.url in self._seen:
                continue
            self._seen.add(source.url)
            host = host_of(source.url)
            self._per_host[host] += 1
            if self._per_host[host] > MAX_SOURCES_PER_HOST:
                detail = f"more than {MAX_SOURCES_PER_HOST} sources of {host}"
                self._settle(source, Fate.SKIPPED, Reason.OVER_BUDGET, detail)
            else:
                admitted.append(source)
        return admitted

    async def _read(self, source: Source) -> Findings:
        answer = await self._visitor.visit_source(
            source.url, source.candidate, Ask(source.candidate.url, max_bytes=MAX_SITEMAP_BYTES)
        )
        if answer is None:
            return Findings()
        if isinstance(answer, Loss):
            self._settle(source, answer.fate, answer.reason, answer.detail)
            return Findings()
        if source.kind is Via.SITE:
            return await self._read_home(source, answer)
        body = decoded_body(answer, MAX_SITEMAP_BYTES)
        # in a thread: a large sitemap takes seconds, and other hosts wait for their turn meanwhile
        reading = await asyncio.to_thread(read_source, body, answer.final_url, source.kind)
        if reading.fault is not None:
            self._settle(source, Fate.FAILED, Reason.BAD_SOURCE, reading.fault)
            return Findings()
        self._settle(source, Fate.READ, None, reading.summary)
        logger.info("%s: %s", source.url, reading.summary)
        return self._findings(source, reading)

    def _findings(self, source: Source, reading: SourceReading) -> Findings:
        url = source.url
        entries = [replace(entry, source_url=url) for entry in reading.entries]
        bad = [
            Candidate(entry.url, entries[0].via if entries else source.kind, url)
            for entry in reading.rejected
        ]
        children = []
        for child in sorted(reading.children, key=_newest_first):
            found = self._sources_of((child.url,), Via.SITEMAP, Candidate(url, Via.SITEMAP))
            if self._window.excludes_child(child):
                for skipped in found:
                    self._settle(skipped, Fate.SKIPPED, Reason.OUT_OF_WINDOW, _date_of(child))
                    self._seen.add(skipped.url)
            else:
                children += found
        return Findings([*entries, *bad], children)

    async def _read_home(self, source: Source, answer: HttpResponse) -> Findings:
        """The feeds that a home page announces and the sitemaps in its host's robots.txt."""
        home = decoded_body(answer).decode("utf-8", "replace")
        feeds = find_feeds(home, answer.final_url)
        sitemaps = (await self._visitor.fetcher.robots_of(answer.final_url)).sitemaps
        if not feeds and not sitemaps:
            detail = "announces no feed, and robots.txt no sitemap: name its feeds or sitemaps in the story"
            self._settle(source, Fate.FAILED, Reason.BAD_SOURCE, detail)
            return Findings()
        self._settle(source, Fate.READ, None, f"home page, {len(feeds)} feeds, {len(sitemaps)} sitemaps")
        origin = Candidate(source.url, Via.SITE)
        found = self._sources_of(feeds, Via.FEED, origin) + self._sources_of(sitemaps, Via.SITEMAP, origin)
        return Findings([], found)

    def _settle(self, source: Source, fate: Fate, reason: str | None, detail: str) -> None:
        self._visitor.journal.record_settled(source.url, source.candidate, fate, reason, detail)


def _date_of(child: SitemapChild) -> str:
    return f"last changed {child.modified_raw}" if child.modified_raw else "by the date in its name"


def _newest_first(child: SitemapChild) -> tuple[float, str]:
    moment = read_source_date(child.modified_raw)
    return -moment.timestamp() if moment else 0.0, child.url
