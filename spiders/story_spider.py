"""One run of one story: read the sources, plan, fetch the pages, one host beside the other."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Container, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from scrapy import Request, Spider

from pipelines.planning import PlannedPage, PlanRules, plan_pages
from pipelines.records import Candidate, Fate, Reason
from pipelines.urls import host_of, outlet_of
from spiders.archive import ArchiveWriter
from spiders.due import Due
from spiders.errors import Loss
from spiders.fetcher import Fetcher
from spiders.frontier import Frontier
from spiders.gates import Gates
from spiders.guard import GuardResolver
from spiders.jobs import CrawlJob
from spiders.journal import Journal
from spiders.legal import SIGNALS_FILE, SignalLog
from spiders.link_lists import read_links
from spiders.rescue import Rescuer
from spiders.searching import Searcher
from spiders.visits import Visitor

SYNC_SECONDS = 1.0  # how much of the journal a power cut may cost; the archive itself is always synced
# Of a host that answered before: it went away, and each try costs up to three time-outs. A host that was
# never there costs its robots.txt only. Fewer might be a few bad pages side by side.
GIVE_UP_AFTER = 20
GONE_REASONS = frozenset({Reason.DNS, Reason.CONNECTION, Reason.TLS, Reason.TIMEOUT})

NO_REQUESTS: tuple[Request, ...] = ()

logger = logging.getLogger(__name__)


class StorySpider(Spider):
    """Scrapy's part is the downloading; what to ask for, and when, is decided here."""

    name = "story"

    def __init__(self, job: CrawlJob, **arguments: Any) -> None:
        super().__init__(self.name, **arguments)
        self.job = job
        self.failure: Exception | None = None
        self.is_interrupted = False

    async def start(self) -> AsyncIterator[Any]:
        """Run the whole crawl; nothing is handed to Scrapy's scheduler."""
        try:
            crawl = asyncio.ensure_future(crawl_with(self._fetcher(), self.job))
            self.interrupt = crawl.cancel
            await crawl
        except asyncio.CancelledError:
            self.is_interrupted = True
        except Exception as error:  # noqa: BLE001 - Scrapy would log it and end well; `crawl_story` raises it
            self.failure = error
        for request in NO_REQUESTS:
            yield request

    def _fetcher(self) -> Fetcher:
        rules = self.job.story.fetch
        engine = self.crawler.engine
        assert engine is not None
        fetcher = Fetcher(
            engine.download_async, self.job.user_agent, Gates(rules.delay_seconds), rules.timeout_seconds
        )
        fetcher.refused_hosts = _guard().refused
        fetcher.rendered = rules.render
        return fetcher


async def crawl_with(fetcher: Fetcher, job: CrawlJob) -> None:
    """Carry a job out; at its end, whichever that is, what was fetched is in the archive and the journal."""
    with ExitStack() as stack:
        archive = stack.enter_context(ArchiveWriter(job.archive, job.run_id, sync_every=None))
        journal = Journal(job.journal)
        stack.callback(journal.close)
        signals = SignalLog(job.journal.with_name(SIGNALS_FILE))
        stack.callback(signals.close)
        visitor = Visitor(job.story.name, archive, journal, signals)
        stack.callback(visitor.index.close)
        visitor.attach(fetcher)
        syncing = asyncio.ensure_future(_sync_often(journal))
        stack.callback(syncing.cancel)
        try:
            await CrawlRun(job, visitor).carry_out()
        finally:
            await visitor.commit.close()


def _guard() -> GuardResolver:
    from twisted.internet import reactor  # not before Scrapy has chosen the reactor

    resolver: object = reactor.nameResolver
    assert isinstance(resolver, GuardResolver)
    return resolver


async def _sync_often(journal: Journal) -> None:
    while True:
        await asyncio.sleep(SYNC_SECONDS)
        journal.sync()


@dataclass(slots=True)
class _HostTally:
    """What a host gave so far, and how often it failed in a row."""

    counts: Counter[str] = field(default_factory=Counter)
    failures_in_a_row: int = 0
    given_up: Loss | None = None

    def add(self, loss: Loss | None) -> None:
        self.counts["fetched" if loss is None else loss.reason] += 1
        is_gone = loss is not None and loss.reason in GONE_REASONS
        self.failures_in_a_row = self.failures_in_a_row + 1 if is_gone else 0
        if self.failures_in_a_row >= GIVE_UP_AFTER:
            self.given_up = loss

    def __str__(self) -> str:
        lost = [f"{count} {name}" for name, count in sorted(self.counts.items()) if name != "fetched"]
        return ", ".join([f"{self.counts.total()} pages, {self.counts['fetched']} fetched", *lost])


class CrawlRun:
    """The whole of a crawl, whatever downloads for it."""

    def __init__(self, job: CrawlJob, visitor: Visitor) -> None:
        self._job = job
        self._visitor = visitor
        self._journal = visitor.journal

    async def carry_out(self) -> None:
        if self._journal.depth < self._job.depth:
            self._journal.record_depth(self._job.depth)
        if self._journal.is_finished:
            return
        if not self._journal.is_planned:
            await self._plan()
        if self._job.is_preview:
            await asyncio.gather(*(self._ask_robots(page) for page in self._journal.pending))
        else:
            await self._fetch_all()
            await Rescuer(self._job.story, self._visitor).rescue_dead()
        self._journal.settle_losses()
        self._journal.record_finish()

    async def _fetch_all(self) -> None:
        queues: dict[str, list[PlannedPage]] = defaultdict(list)
        for page in self._journal.pending:
            queues[outlet_of(page.url)].append(page)
        async with _FirstErrorGroup() as group:
            for pages in queues.values():
                group.create_task(self._fetch_in_turn(pages))

    async def _ask_robots(self, page: PlannedPage) -> None:
        """Settle a page that robots.txt forbids; the others stay pending."""
        verdict = (await self._visitor.fetcher.robots_of(page.candidate.url)).verdict(page.candidate.url)
        if verdict is not None:
            self._journal.record_settled(
                page.url, page.candidate, verdict.fate, verdict.reason, verdict.detail
            )

    async def _plan(self) -> None:
        job = self._job
        visits = self._visitor.index.visits_of(job.story.name)
        candidates = read_links(job.links) if job.links else await self._discover(visits)
        asked = Counter(host_of(page.url) for page in self._journal.planned)
        rules = replace(PlanRules.of(job.story, job.started_at, visits), asked=asked)
        self._journal.record_plan(plan_pages(candidates, rules))
        logger.info("%d pages to fetch", len(self._journal.pending))

    async def _discover(self, known: Container[str]) -> Iterable[Candidate]:
        """What the sources list and the searches know."""
        job = self._job
        self._journal.record_start(job.run_id, job.story.name)
        due = Due.of(job, self._visitor.index)
        finders: list[Frontier | Searcher] = [Frontier(job.story, self._visitor, known, due)]
        if not job.is_preview:  # a dry run tells what the searches would ask, and leaves them alone
            finders.append(Searcher(job.story, self._visitor, job.started_at, due))
        found = await asyncio.gather(*(finder.find_candidates() for finder in finders))
        return chain.from_iterable(found)

    async def _fetch_in_turn(self, pages: list[PlannedPage]) -> None:
        """The pages of one outlet, one after the other."""
        tallies: dict[str, _HostTally] = defaultdict(_HostTally)
        for page in pages:
            tally = tallies[host_of(page.url)]
            if tally.given_up is not None:
                loss = tally.given_up
                detail = f"not asked for: {tally.failures_in_a_row} pages of this host failed so in a row"
                self._journal.record_settled(page.url, page.candidate, Fate.FAILED, loss.reason, detail)
                tally.counts[loss.reason] += 1
            else:
                tally.add(await self._visitor.visit_page(page.url, page.candidate))
        for host, tally in tallies.items():
            logger.info("%s: %s", host, tally)


class _FirstErrorGroup(asyncio.TaskGroup):
    """A task group that raises the first error itself: a full disk is one error, however many meet it."""

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            await super().__aexit__(kind, error, trace)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
