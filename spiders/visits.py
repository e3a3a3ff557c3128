"""Fetch a URL, keep what came in the archive and its fate in the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pipelines.planning import PlannedPage
from pipelines.records import Candidate, Via
from spiders.answers import Ask
from spiders.archive import ArchiveWriter
from spiders.captures import CorruptRecordError, read_stored
from spiders.commits import GroupCommit
from spiders.errors import Loss
from spiders.fetcher import Fetcher
from spiders.journal import Journal
from spiders.legal import SignalLog, page_signals, robots_signals
from spiders.manifest import ManifestEntry, Role, find_newest, iter_entries
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
        self._newest = find_newest(archive.folder, from_web=True)
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
        visit = self._visit_of(url, candidate, Role.PAGE)
        answer = await self._fetch(visit, Ask(candidate.url))
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

    def recall_source(self, url: str) -> HttpResponse | None:
        """A source's newest response in the archive, of whichever run; None if there is none to read."""
        entry = self._newest.get((Role.SOURCE, url))
        return self._stored_response(entry) if entry is not None and self._is_readable(entry) else None

    async def _fetch(self, visit: Visit, ask: Ask) -> tuple[ManifestEntry, HttpResponse] | Loss:
        earlier = self._newest.get((visit.role, visit.url))
        if earlier is not None and not self._is_readable(earlier):
            earlier = None
        answer = await self.fetcher.fetch(replace(ask, conditions=_conditions(earlier)))
        if isinstance(answer, Loss):
            return answer
        visit = replace(visit, fetched_at=datetime.now(UTC))
        if visit.role is Role.PAGE:
            self._signals.add(page_signals(visit.url, answer, visit.fetched_at))
        if answer.status == 304 and earlier is not None:
            entry = self._archive.add_not_modified(visit, answer, earlier)
        else:
            entry = self._archive.add_response(visit, answer, earlier)
        await self.commit.done()
        return entry, answer

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

    def _is_readable(self, entry: ManifestEntry) -> bool:
        """Whether a 304 could be answered from the archive."""
        try:
            read_stored(self._archive.folder, entry)
        except CorruptRecordError:
            return False
        return True

    def _stored_response(self, entry: ManifestEntry) -> HttpResponse:
        stored = read_stored(self._archive.folder, entry)
        return HttpResponse(entry.final_url, stored.status, stored.headers, stored.body)

    def _load_robots(self, url: str) -> HttpResponse | None:
        entry = self._own.get((Role.ROBOTS, url))
        return self._stored_response(entry) if entry is not None else None

    def _keep_robots(self, url: str, answer: HttpResponse | None, rules: RobotsRules) -> None:
        now = datetime.now(UTC)
        self._signals.add(robots_signals(url, rules, now))
        if answer is not None:
            candidate = Candidate(url, Via.SITE)
            visit = replace(self._visit_of(url, candidate, Role.ROBOTS), fetched_at=now)
            self._archive.add_response(visit, answer, self._newest.get((Role.ROBOTS, url)))


def _conditions(earlier: ManifestEntry | None) -> HttpHeaders:
    """The headers that spare a body which has not changed since."""
    if earlier is None:
        return ()
    conditions = (("If-None-Match", earlier.etag), ("If-Modified-Since", earlier.last_modified))
    return tuple((name, value) for name, value in conditions if value)
