"""The first half of a crawl: read all sources, level by level, and find the pages they list."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace

from pipelines.discovery import (
    SourceReading,
    Window,
    find_feeds,
    guess_sources,
    looks_like_source,
    newest_first,
    read_source_date,
)
from pipelines.records import Candidate, Fate, Reason, Via
from pipelines.sitemaps import MAX_SITEMAP_BYTES, SitemapChild
from pipelines.story import Story
from pipelines.urls import canonicalize_url, host_of, is_same_site, requestable_url
from spiders.answers import Ask
from spiders.bodies import decoded_body
from spiders.due import Due
from spiders.errors import Loss
from spiders.parsing import SourceReader
from spiders.visits import Visitor
from spiders.warc import HttpResponse

MAX_LEVELS = 4  # home page, sitemap index, index of indexes, sitemap
MAX_SOURCES_PER_HOST = 100  # three months of daily sitemaps; endless trees end here

MAX_FEED_PAGES = 50  # of one feed; a year of a busy one

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed, sitemap or home page to read; `candidate.via` says how it became known."""

    url: str
    candidate: Candidate
    kind: Via  # what it is expected to be: FEED, SITEMAP or SITE
    level: int = 1  # 1: named by the story
    page: int = 1  # of a paged feed


@dataclass(slots=True)
class Findings:
    """What the sources list; `candidates` includes URLs that can't be fetched."""

    candidates: list[Candidate] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)


class Frontier:
    """Reads a story's sources. The result doesn't depend on which of them answers first.

    `known` are the pages that earlier runs fetched: a paged feed isn't walked back beyond them. `due` says
    which sources are left alone for now.
    """

    def __init__(
        self, story: Story, visitor: Visitor, known: Container[str] = (), due: Due | None = None
    ) -> None:
        self._due = due or Due.always()
        self._story = story
        self._visitor = visitor
        self._known = known
        self._reader = SourceReader()
        self._window = Window(story.since, story.until)
        self._seen: set[str] = set()
        self._per_host: Counter[str] = Counter()

    async def find_candidates(self) -> list[Candidate]:
        """Every URL that the story's seeds and sources name, with what each source says of it."""
        candidates = [Candidate(url, Via.SEED) for url in self._story.sources.seeds]
        level = self._first_level()
        with self._reader:
            while level:
                admitted = [source for source in self._admit(level) if self._is_due(source)]
                findings = await asyncio.gather(*(self._read(source) for source in admitted))
                candidates += [candidate for found in findings for candidate in found.candidates]
                level = [source for found in findings for source in found.sources]
        return candidates

    def _first_level(self) -> list[Source]:
        sources = self._story.sources
        return [
            *self._sources_of(sources.feeds, Via.FEED),
            *self._sources_of(sources.sitemaps, Via.SITEMAP),
            *self._sources_of(sources.sites, Via.SITE),
        ]

    def _sources_of(self, urls: Iterable[str], kind: Via, parent: Source | None = None) -> list[Source]:
        """Sources as the story names them, or as another source does."""
        found = []
        for url in urls:
            candidate = Candidate(url, parent.kind if parent else kind, parent.url if parent else None)
            level = parent.level + 1 if parent else 1
            try:
                asked = replace(candidate, url=requestable_url(url))
                found.append(Source(canonicalize_url(url), asked, kind, level))
            except ValueError as error:
                self._visitor.journal.record_settled(
                    url[:500], candidate, Fate.REFUSED, Reason.BAD_URL, str(error)
                )
        return found

    def _admit(self, level: list[Source]) -> list[Source]:
        """The sources that are new and within the bounds, in a fixed order."""
        admitted = []
        for source in level:
            if source.url in self._seen:
                continue
            self._seen.add(source.url)
            host = host_of(source.url)
            self._per_host[host] += 1
            if self._per_host[host] > MAX_SOURCES_PER_HOST:
                excess = f"more than {MAX_SOURCES_PER_HOST} sources of {host}"
            elif source.level > MAX_LEVELS:
                excess = f"more than {MAX_LEVELS} levels deep"
            elif source.page > MAX_FEED_PAGES:
                excess = f"more than {MAX_FEED_PAGES} pages of a feed"
            else:
                admitted.append(source)
                continue
            self._settle(source, Fate.SKIPPED, Reason.OVER_BUDGET, excess)
        return admitted

    def _is_due(self, source: Source) -> bool:
        """Whether the source is asked in this run; else that is its fate."""
        why_not = self._due.why_not(source.url)
        if why_not is not None:
            self._settle(source, Fate.SKIPPED, Reason.SOURCE_QUIET, why_not)
        return why_not is None

    async def _read(self, source: Source) -> Findings:
        answer = await self._ask(source)
        if answer is None:
            return Findings()
        if isinstance(answer, Loss):
            self._settle(source, answer.fate, answer.reason, answer.detail)
            return Findings()
        if source.kind is Via.SITE and not looks_like_source(decoded_body(answer, MAX_SITEMAP_BYTES)):
            return await self._read_home(source, answer)
        reading = await self._parse(source, answer)
        if reading.fault is None:
            return self._take(source, reading)
        self._settle(source, Fate.FAILED, Reason.BAD_SOURCE, reading.fault)
        return Findings()

    async def _ask(self, source: Source) -> HttpResponse | Loss | None:
        return await self._visitor.visit_source(
            source.url, source.candidate, Ask(source.candidate.url, max_bytes=MAX_SITEMAP_BYTES)
        )

    async def _parse(self, source: Source, answer: HttpResponse) -> SourceReading:
        """In a child: a large sitemap takes seconds, a hostile one for ever."""
        body = decoded_body(answer, MAX_SITEMAP_BYTES)
        return await self._reader.read(body, answer.final_url, source.kind)

    def _take(self, source: Source, reading: SourceReading) -> Findings:
        self._settle(source, Fate.READ, None, reading.summary)
        logger.info("%s: %s", source.url, reading.summary)
        entries = [replace(entry, source_url=source.url) for entry in reading.entries]
        via = entries[0].via if entries else source.kind
        bad = [Candidate(entry.url, via, source.url) for entry in reading.rejected]
        return Findings([*entries, *bad], [*self._children(source, reading), *self._earlier(source, reading)])

    def _children(self, source: Source, reading: SourceReading) -> list[Source]:
        """The sitemaps of an index that may list something of the window, the newest first."""
        parent = replace(source, kind=Via.SITEMAP)
        children = []
        for child in sorted(reading.children, key=newest_first):
            found = self._sources_of((child.url,), Via.SITEMAP, parent)
            if self._window.excludes_child(child):
                for skipped in found:
                    self._settle(skipped, Fate.SKIPPED, Reason.OUT_OF_WINDOW, _date_of(child))
                    self._seen.add(skipped.url)
            else:
                children += found
        return children

    def _earlier(self, source: Source, reading: SourceReading) -> list[Source]:
        """The page of a feed before this one, unless all on this one is too old or known already."""
        following = reading.next_url
        if following is None or not is_same_site(following, source.url):
            return []
        if not any(self._is_news(entry) for entry in reading.entries):
            return []
        pages = self._sources_of((following,), Via.FEED, replace(source, kind=Via.FEED))
        return [replace(page, level=source.level, page=source.page + 1) for page in pages]

    def _is_news(self, entry: Candidate) -> bool:
        stated = (entry.hints.published_raw, entry.hints.modified_raw)
        moment = next((moment for moment in map(read_source_date, stated) if moment), None)
        is_too_old = moment is not None and self._window.is_before(moment)
        return not is_too_old and canonicalize_url(entry.url) not in self._known

    async def _read_home(self, source: Source, answer: HttpResponse) -> Findings:
        """The feeds that a home page announces and the sitemaps in robots.txt, else those at usual places."""
        home = decoded_body(answer).decode("utf-8", "replace")
        feeds = find_feeds(home, answer.final_url)
        sitemaps = (await self._visitor.fetcher.robots_of(answer.final_url)).sitemaps
        found = self._sources_of(feeds, Via.FEED, source) + self._sources_of(sitemaps, Via.SITEMAP, source)
        if found:
            self._settle(source, Fate.READ, None, f"home page, {len(feeds)} feeds, {len(sitemaps)} sitemaps")
            return Findings([], found)
        guessed = [
            await self._guess(source, urls, kind)
            for urls, kind in zip(guess_sources(answer.final_url), (Via.FEED, Via.SITEMAP), strict=True)
        ]
        findings = [findings for findings in guessed if findings is not None]
        if findings:
            detail = f"home page that announces nothing, {len(findings)} sources guessed"
            self._settle(source, Fate.READ, None, detail)
        else:
            detail = "announces no feed, and robots.txt no sitemap, nor is one at the usual addresses"
            self._settle(source, Fate.FAILED, Reason.BAD_SOURCE, f"{detail}: name one in the story")
        return Findings(
            [candidate for one in findings for candidate in one.candidates],
            [child for one in findings for child in one.sources],
        )

    async def _guess(self, home: Source, urls: Iterable[str], kind: Via) -> Findings | None:
        """The first of the usual addresses at which there is a source; the others are nobody's fault."""
        for source in self._admit(self._sources_of(urls, kind, home)):
            answer = await self._ask(source)
            if isinstance(answer, HttpResponse):
                is_source = looks_like_source(decoded_body(answer, MAX_SITEMAP_BYTES))
                reading = await self._parse(source, answer) if is_source else None
                if reading is not None and reading.fault is None:
                    return self._take(source, reading)
                self._settle(source, Fate.FAILED, Reason.NOT_OFFERED, "guessed: no feed or sitemap")
            elif answer is not None:
                is_refused = answer.fate is Fate.REFUSED
                reason = answer.reason if is_refused else Reason.NOT_OFFERED
                self._settle(source, answer.fate, reason, f"guessed: {answer.reason} {answer.detail}".strip())
        return None

    def _settle(self, source: Source, fate: Fate, reason: str | None, detail: str) -> None:
        self._visitor.journal.record_settled(source.url, source.candidate, fate, reason, detail)


def _date_of(child: SitemapChild) -> str:
    return f"last changed {child.modified_raw}" if child.modified_raw else "by the date in its name"
