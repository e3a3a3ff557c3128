"""The searches of a story: each asked in turn for its requests, all of them side by side."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.records import Candidate, Fate, Reason, Via, http_reason
from pipelines.search import Query, Search, SearchRequest, SearchStep
from pipelines.searches import SEARCHES
from pipelines.sitemaps import MAX_SITEMAP_BYTES
from pipelines.story import Story
from pipelines.urls import canonicalize_url
from spiders.answers import Ask
from spiders.bodies import decoded_body
from spiders.due import Due
from spiders.errors import Loss
from spiders.index import search_source
from spiders.visits import Visitor
from spiders.warc import HttpResponse

MAX_REQUESTS = 2000  # of one search in a run; newest first where there are more, the next run goes on
MAX_RETRIES = 1  # of a request that fails: a search that is down shall not hold up the run
MAX_TRIES = 3  # of a request that is throttled with status 200
PATIENCE = 3  # times the pause, before a throttled request is made again; doubled with each try

MISSING = (http_reason(404), http_reason(410))

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Tally:
    """What one search gave."""

    requests: int = 0
    candidates: list[Candidate] = field(default_factory=list)
    fault: str | None = None

    def __str__(self) -> str:
        done = f"{_count(self.requests, 'request')}, {_count(len(self.candidates), 'URL')}"
        if self.fault is None:
            return done
        return f"{self.fault} ({done})" if self.requests else f"not asked: {self.fault}"


class Searcher:
    """Asks what a story's `searches` names. None of them can fail the run.

    They are documented interfaces for programs, which their operators bound by a rate, so
    their pauses are kept; robots.txt, which is for crawlers of pages, isn't asked.
    """

    def __init__(self, story: Story, visitor: Visitor, now: datetime, due: Due | None = None) -> None:
        self._due = due or Due.always()
        self._story = story
        self._visitor = visitor
        self._query = Query.of(story, now)

    async def find_candidates(self) -> list[Candidate]:
        """Every URL that the searches know; a line for each of them goes into the journal's notes."""
        searches = [SEARCHES[name] for name in dict.fromkeys(self._story.sources.searches)]
        tallies = await asyncio.gather(*(self._search(search) for search in searches))
        for search, tally in zip(searches, tallies, strict=True):
            note = f"search {search.name}: {tally}"
            logger.info("%s", note)
            self._visitor.journal.record_note(note)
        return [candidate for tally in tallies for candidate in tally.candidates]

    async def _search(self, search: Search) -> _Tally:
        tally = _Tally()
        endpoint = self._story.sources.endpoint_of(search.name, search.endpoint)
        if why_not := self._due.why_not(search_source(endpoint)):
            candidate = Candidate(endpoint, Via.SEARCH)
            self._visitor.journal.record_settled(
                canonicalize_url(endpoint), candidate, Fate.SKIPPED, Reason.SOURCE_QUIET, why_not
            )
            tally.fault = why_not
            return tally
        first = search.start(self._query, endpoint)
        tally.fault = first.fault
        if endpoint == search.endpoint:  # its operator's own rate
            self._visitor.fetcher.slow_down(endpoint, search.pause_seconds)
        queue = deque(first.more)
        while queue and tally.fault is None:
            if tally.requests >= MAX_REQUESTS:
                tally.fault = f"stopped after {MAX_REQUESTS} requests"
                break
            request = queue.popleft()
            tally.requests += 1
            step = await self._ask(search, request)
            tally.candidates += step.candidates
            tally.fault = step.fault
            queue.extendleft(reversed(step.more))
        return tally

    async def _ask(self, search: Search, request: SearchRequest) -> SearchStep:
        """The reading of one answer; its fate is settled."""
        url = canonicalize_url(request.url)
        origin = Candidate(request.url, Via.SEARCH)
        answer: HttpResponse | Loss | None = self._visitor.recall_source(url) if request.is_lasting else None
        step = self._read(search, request, answer) if answer is not None else None
        if step is None or step.fault is not None:
            answer, step = await self._ask_anew(search, request, (url, origin))
        self._settle(search, request, answer, step)
        is_missing = isinstance(answer, Loss) and request.is_optional and answer.reason in MISSING
        return SearchStep() if is_missing else step

    async def _ask_anew(
        self, search: Search, request: SearchRequest, asked: tuple[str, Candidate]
    ) -> tuple[HttpResponse | Loss | None, SearchStep]:
        """The answer and its reading; made again after a while where the search says that it is busy."""
        url, origin = asked
        ask = Ask(request.url, max_bytes=MAX_SITEMAP_BYTES, obeys_robots=False, max_retries=MAX_RETRIES)
        for attempt in range(MAX_TRIES):
            if attempt:
                await asyncio.sleep(self._patience(search) * 2**attempt)
                self._visitor.forget_source(url)
            answer = await self._visitor.visit_source(url, origin, ask)
            step = self._read(search, request, answer)
            if not step.is_throttled:
                break
        return answer, step

    def _settle(
        self,
        search: Search,
        request: SearchRequest,
        answer: HttpResponse | Loss | None,
        step: SearchStep,
    ) -> None:
        url, origin = canonicalize_url(request.url), Candidate(request.url, Via.SEARCH)
        fate: tuple[Fate, str | None, str] = (
            Fate.READ,
            None,
            f"{search.name}, {_count(len(step.candidates), 'URL')}",
        )
        if isinstance(answer, Loss) and request.is_optional and answer.reason in MISSING:
            fate = (Fate.FAILED, Reason.NOT_OFFERED, f"no file: {answer.reason}")
        elif isinstance(answer, Loss):
            fate = (answer.fate, answer.reason, answer.detail)
        elif step.fault is not None:
            fate = (Fate.FAILED, Reason.SEARCH_DOWN, step.fault)
        self._visitor.journal.record_settled(url, origin, *fate)

    def _read(self, search: Search, request: SearchRequest, answer: HttpResponse | Loss | None) -> SearchStep:
        if answer is None:  # failed before this run was interrupted
            return SearchStep() if request.is_optional else SearchStep(fault="failed before the interruption")
        if isinstance(answer, Loss):
            return SearchStep(fault=f"{answer.reason}: {answer.detail}" if answer.detail else answer.reason)
        return search.read(self._query, request, decoded_body(answer, MAX_SITEMAP_BYTES))

    def _patience(self, search: Search) -> float:
        is_usual = self._story.sources.endpoint_of(search.name, search.endpoint) == search.endpoint
        return PATIENCE * (search.pause_seconds if is_usual else self._story.fetch.delay_seconds)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
