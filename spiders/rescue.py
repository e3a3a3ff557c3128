"""Dead links: a web archive's copy in place of a page that is gone."""

from __future__ import annotations

import logging

from pipelines.planning import PlannedPage
from pipelines.records import Candidate, Fate, Reason, Via, http_reason
from pipelines.search_wayback import (
    REPLAY_ENDPOINT,
    REPLAY_NAME,
    ArchivedCopy,
    Wayback,
    choose_copy,
    copies_request,
    replay_url,
)
from pipelines.story import Story
from pipelines.urls import canonicalize_url
from spiders.answers import Ask
from spiders.bodies import decoded_body
from spiders.errors import Loss
from spiders.searching import MAX_RETRIES
from spiders.visits import Visitor

DEAD_REASONS = (http_reason(404), http_reason(410), Reason.DNS)  # all else may come back
MAX_RESCUES = 200  # of a run, two requests each: the archive serves everybody
INDEX_LIMIT = 1_000_000  # bytes of an answer about one page

logger = logging.getLogger(__name__)


class Rescuer:
    """Looks up a story's dead pages where it searches a web archive; without that, does nothing."""

    def __init__(self, story: Story, visitor: Visitor) -> None:
        self._story = story
        self._visitor = visitor
        self._endpoint = story.sources.endpoint_of(Wayback.name, Wayback.endpoint)
        self._replay = story.sources.endpoint_of(REPLAY_NAME, REPLAY_ENDPOINT)

    async def rescue_dead(self) -> None:
        """Fetch a copy of each page that is gone; its failure stands where there is none.

        An archive that is down costs a line and the rest of the copies.
        """
        failures = self._visitor.journal.failures
        dead = [page for page in self._visitor.journal.planned if failures.get(page.url) in DEAD_REASONS]
        if not dead or Wayback.name not in self._story.sources.searches:
            return
        for usual, endpoint in ((Wayback.endpoint, self._endpoint), (REPLAY_ENDPOINT, self._replay)):
            if usual == endpoint:
                self._visitor.fetcher.slow_down(endpoint, Wayback.pause_seconds)
        fault = "" if len(dead) <= MAX_RESCUES else f"; stopped after {MAX_RESCUES}"
        for page in dead[:MAX_RESCUES]:
            found = await self._find_copy(page)
            if isinstance(found, Loss):
                fault = f"; stopped: {found.reason}: {found.detail}".rstrip(": ")
                break
            if found is not None:
                await self._visitor.visit_copy(page, replay_url(found, self._replay), found.taken_at)
        rescued = sum(self._visitor.journal.settled[page.url] is None for page in dead)
        note = f"search {Wayback.name}: copies of {rescued} of {len(dead)} dead links{fault}"
        logger.info("%s", note)
        self._visitor.journal.record_note(note)

    async def _find_copy(self, page: PlannedPage) -> ArchivedCopy | Loss | None:
        """The copy to fetch; None if the archive has none, a loss if it doesn't answer."""
        journal = self._visitor.journal
        if journal.settled[page.url] is None:
            return None  # rescued before an interruption
        request = copies_request(page.candidate.url, self._endpoint)
        url, origin = canonicalize_url(request.url), Candidate(request.url, Via.SEARCH)
        ask = Ask(request.url, max_bytes=INDEX_LIMIT, obeys_robots=False, max_retries=MAX_RETRIES)
        answer = await self._visitor.visit_source(url, origin, ask)
        if answer is None:
            return Loss(Fate.FAILED, Reason.SEARCH_DOWN, "failed before the interruption")
        if isinstance(answer, Loss):
            journal.record_settled(url, origin, answer.fate, answer.reason, answer.detail)
            return answer
        chosen = choose_copy(decoded_body(answer), self._story.since, self._story.until)
        if isinstance(chosen, str):
            journal.record_settled(url, origin, Fate.READ, None, chosen)
            return None
        journal.record_settled(url, origin, Fate.READ, None, f"a copy of {chosen.taken_at:%d %b %Y}")
        return chosen
