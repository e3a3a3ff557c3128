"""Fetch a URL, keep what came in the archive and its fate in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipelines.planning import PlannedPage
from pipelines.records import Candidate, LegalSignal, Reason, Via
from pipelines.revisit import is_full_fetch_due
from spiders.answers import Ask, judge_answer
from spiders.archive import ArchiveWriter
from spiders.captures import CorruptRecordError, read_stored
from spiders.commits import GroupCommit
from spiders.errors import Loss
from spiders.fetcher import ROBOTS_MAX_AGE_SECONDS, Fetcher
from spiders.index import ArchiveIndex
from spiders.journal import Journal
from spiders.legal import SignalLog, page_signals, robots_signals, tdmrep_signals, withdrawn_signals
from spiders.manifest import ManifestEntry, Role, iter_entries
from spiders.rights import RightsDesk
from spiders.robots import RobotsRules
from spiders.warc import HttpHeaders, HttpResponse, Visit


class Visitor:
    """Everything that a response passes through on its way into the archive.

    Order matters: legal signals, then the archive, then the journal, so that after a kill
    what the journal says is true and what it misses is found in the manifest.
    """

    def __init__(self, story: str, archive: ArchiveWriter, journal: Journal, signals: SignalLog) -> None:
        self._story = story
        self._archive = archive
        self.commit = GroupCommit(archive)
        self._signals = signals
        self.journal = journal
        self.index = ArchiveIndex(archive.folder, archive.run_id)
        self._rights = RightsDesk(self._load_rights, self._keep_rights)
        self._own = {
            (entry.role, entry.url): entry
            for entry in iter_entries(archive.folder, archive.run_id, role=None)
        }
        for (role, _), entry in self._own.items():
            if role is Role.PAGE:
                journal.record_fetched(entry)  # a kill came between manifest and journal
        self.fetcher: Fetcher

    def attach(self, fetcher: Fetcher) -> None:
        """Let the fetcher find robots.txt answers of this run, and hand over new ones."""
        self.fetcher = fetcher
        fetcher.load_robots = self._load_robots
        fetcher.on_robots = self._keep_robots

    async def visit_page(self, url: str, candidate: Candidate) -> Loss | None:
        """Fetch a page and settle its fate; the loss, if it is one."""
        ask = Ask(candidate.url, is_rendered=candidate.url.startswith(self.fetcher.rendered))
        answer = self._loss_before_kill(url, ask) or await self._fetch_page(url, candidate, ask)
        if isinstance(answer, Loss):
            self.journal.record_settled(url, candidate, answer.fate, answer.reason, answer.detail)
            return answer
        self.journal.record_fetched(answer[0])
        return None

    async def visit_source(self, url: str, candidate: Candidate, ask: Ask) -> HttpResponse | Loss | None:
        """A source's response, from this run's archive if it is there; None: failed before, in this run."""
        stored = self._own.get((Role.SOURCE, url))
        if stored is not None:
            return self._stored_response(stored)
        if url in self.journal.settled:
            return None
        answer = await self._fetch(self._visit_of(url, candidate, Role.SOURCE), ask)
        if isinstance(answer, Loss):
            return answer
        entry, response = answer
        return self._stored_response(entry) if response.status == 304 else response

    async def visit_copy(self, page: PlannedPage, copy_url: str, taken_at: datetime) -> Loss | None:
        """Fetch a web archive's copy and file it as the page itself, as of the time it was taken."""
        answer = await self.fetcher.fetch(Ask(copy_url, obeys_robots=False))
        if isinstance(answer, Loss):
            return answer
        candidate = replace(page.candidate, via=Via.RESCUE, source_url=copy_url)
        visit = replace(self._visit_of(page.url, candidate, Role.PAGE), fetched_at=taken_at)
        self._signals.add(page_signals(visit.url, answer, taken_at))
        entry = self._archive.add_response(visit, replace(answer, final_url=page.candidate.url))
        await self.commit.done()
        self.journal.record_fetched(entry)
        return None

    def forget_source(self, url: str) -> None:
        """Let a source be asked for again in this run, since its answer was none to go by."""
        self._own.pop((Role.SOURCE, url), None)

    def recall_source(self, url: str) -> HttpResponse | None:
        """A source's newest response in the archive, of whichever run; None if there is none to read."""
        return self._readable(self._own.get((Role.SOURCE, url)) or self.index.newest(Role.SOURCE, url))

    async def _fetch_page(
        self, url: str, candidate: Candidate, ask: Ask
    ) -> tuple[ManifestEntry, HttpResponse] | Loss:
        if (await self.fetcher.robots_of(ask.url)).verdict(ask.url) is None:
            await self._rights.rules_of(ask.url, self.fetcher)  # before the site's first page
        return await self._fetch(self._visit_of(url, candidate, Role.PAGE), ask)

    async def _fetch(self, visit: Visit, ask: Ask) -> tuple[ManifestEntry, HttpResponse] | Loss:
        earlier = self.index.newest(visit.role, visit.url)
        before = self._readable(earlier)
        conditions = _conditions(earlier) if before is not None and not ask.is_rendered else ()
        answer = await self.fetcher.fetch(replace(ask, conditions=conditions))
        visit = replace(visit, fetched_at=datetime.now(UTC))
        if isinstance(answer, Loss):
            await self._keep_evidence(visit, answer)
            return answer
        if visit.role is Role.PAGE:
            self._signals.add(await self._page_signals(visit, answer, before))
        if before is None or earlier is None:
            entry = self._archive.add_response(visit, answer)
        elif answer.status == 304:
            entry = self._archive.add_not_modified(visit, answer, earlier)
        else:
            entry = self._archive.add_response(visit, answer, earlier)
        await self.commit.done()
        return entry, answer

    async def _page_signals(
        self, visit: Visit, answer: HttpResponse, before: HttpResponse | None
    ) -> Iterable[LegalSignal]:
        """What holds for a page, and what no longer does."""
        at = visit.fetched_at
        rules = await self._rights.rules_of(answer.final_url, self.fetcher)
        said = [*page_signals(visit.url, answer, at), *tdmrep_signals(visit.url, answer, rules, at)]
        if before is None or answer.status == 304:
            return said  # a 304 says nothing of what the page holds
        return [*said, *withdrawn_signals(page_signals(visit.url, before, at), said, at)]

    async def _keep_evidence(self, visit: Visit, loss: Loss) -> None:
        if loss.answer is not None:
            self._archive.add_response(replace(visit, role=Role.EVIDENCE), loss.answer)
            await self.commit.done()

    def _loss_before_kill(self, url: str, ask: Ask) -> Loss | None:
        """The loss that a kill kept from the journal: its evidence is in the archive."""
        entry = self._own.get((Role.EVIDENCE, url))
        if entry is None:
            return None
        judged = judge_answer(self._stored_response(entry), ask)
        return judged if isinstance(judged, Loss) else None

    def _visit_of(self, url: str, candidate: Candidate, role: Role) -> Visit:
        return Visit(
            url=url,
            via=candidate.via,
            fetched_at=datetime.now(UTC),
            source_url=candidate.source_url,
            hints=candidate.hints,
            role=role,
            story=self._story,
        )

    def _readable(self, entry: ManifestEntry | None) -> HttpResponse | None:
        """The response that a 304 would stand for; None if there is none or it is damaged."""
        if entry is None:
            return None
        try:
            return self._stored_response(entry)
        except CorruptRecordError:
            return None

    def _stored_response(self, entry: ManifestEntry) -> HttpResponse:
        stored = read_stored(self._archive.folder, entry)
        return HttpResponse(entry.final_url, stored.status, stored.headers, stored.body)

    def _load_robots(self, url: str) -> HttpResponse | None:
        entry = self._own.get((Role.ROBOTS, url))
        max_age = timedelta(seconds=ROBOTS_MAX_AGE_SECONDS)
        if entry is None or datetime.now(UTC) - entry.fetched_at > max_age:
            return None
        return self._stored_response(entry)

    async def _keep_robots(self, url: str, answer: HttpResponse | None, rules: RobotsRules) -> None:
        self._signals.add(robots_signals(url, rules, datetime.now(UTC)))
        if answer is not None:
            is_known = rules.refusal is None or rules.refusal.reason is not Reason.ROBOTS_UNREACHABLE
            await self._keep_host_file(url, answer, Role.ROBOTS if is_known else Role.EVIDENCE)

    def _load_rights(self, url: str) -> HttpResponse | None:
        entry = self._own.get((Role.RIGHTS, url))
        return self._stored_response(entry) if entry is not None else None

    async def _keep_rights(self, url: str, answer: HttpResponse) -> None:
        await self._keep_host_file(url, answer, Role.RIGHTS)

    async def _keep_host_file(self, url: str, answer: HttpResponse, role: Role) -> None:
        visit = self._visit_of(url, Candidate(url, Via.SITE), role)
        earlier = self.index.newest(role, url)
        self._archive.add_response(visit, answer, earlier if self._readable(earlier) else None)
        await self.commit.done()


def _conditions(earlier: ManifestEntry | None) -> HttpHeaders:
    """The headers that spare a body which has not changed since."""
    if earlier is None or is_full_fetch_due(earlier.not_modified_in_a_row):
        return ()
    conditions = (("If-None-Match", earlier.etag), ("If-Modified-Since", earlier.last_modified))
    return tuple((name, value) for name, value in conditions if value)
