"""The frontier journal: what a run heard of and what became of it, so that a killed run resumes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.planning import PlannedPage
from pipelines.records import Candidate, Fate, Hints, Reason, Via
from spiders.ledger import Ledger, read_lines
from spiders.manifest import ManifestEntry

SETTLED_EVENTS = (Fate.READ, Fate.FAILED, Fate.REFUSED, Fate.SKIPPED, Fate.REJECTED)
FETCHED = "fetched"
LOST = "lost"


@dataclass(frozen=True, slots=True)
class UrlOutcome:
    """What became of a URL as far as fetching goes; fate None: fetched, the rest decides."""

    url: str
    via: Via
    source_url: str | None
    fate: Fate | None
    reason: str | None  # a Reason, or http_404 and the like
    detail: str
    at: datetime


class Journal:
    """Appends what happens in one run and knows what happened before; a torn tail is cut on opening."""

    def __init__(self, path: Path) -> None:
        self._ledger = Ledger(path)
        self.settled: dict[str, Fate | None] = {}  # None: fetched
        self.failures: dict[str, str | None] = {}  # the reasons of what failed
        self.is_finished = False  # up to `depth`, and so is `is_planned`
        self.depth = 0
        self._planned: dict[str, PlannedPage] = {}
        self._losses: dict[str, UrlOutcome] = {}
        self.is_planned = False
        for values in self._ledger.lines:
            self._replay(values)

    @property
    def planned(self) -> tuple[PlannedPage, ...]:
        """The pages that the plan asks for."""
        return tuple(page for page in self._planned.values() if page.fate is None)

    @property
    def pending(self) -> tuple[PlannedPage, ...]:
        """The planned pages that nothing is known of yet, in the order to ask for them."""
        return tuple(page for page in self._planned.values() if page.url not in self.settled)

    def record_start(self, run_id: str, story: str) -> None:
        self._append("started", run_id=run_id, story=story)

    def record_depth(self, depth: int) -> None:
        """Begin with the links of one depth; they are planned and fetched in their turn."""
        self._append("depth", depth=depth)
        self._begin(depth)

    def record_plan(self, pages: Iterable[PlannedPage]) -> None:
        """Write the whole plan, those pages included that are settled without a request."""
        for page in pages:
            if page.url in self.settled:
                continue
            self._planned[page.url] = page
            candidate = page.candidate
            if page.fate is None:
                self._append(
                    "discovered", url=page.url, request_url=candidate.url, **_origin(candidate, hints=True)
                )
            else:
                self._settle(page.url, candidate, page.fate, page.reason, page.detail)
        self._append("planned")
        self._ledger.sync()
        self.is_planned = True

    def record_settled(
        self, url: str, candidate: Candidate, fate: Fate, reason: str | None, detail: str = ""
    ) -> None:
        """Write a fate; a URL that has one already keeps it."""
        if url not in self.settled:
            self._settle(url, candidate, fate, reason, detail)

    def record_fetched(self, entry: ManifestEntry) -> None:
        """Write that a page is in the archive, and where; that outweighs an earlier failure."""
        if self.settled.get(entry.url, Fate.FAILED) is Fate.FAILED:
            self.record_capture(entry)

    def record_capture(self, entry: ManifestEntry) -> None:
        """Write one of several captures of a page; local material may hold more than one."""
        self.settled[entry.url] = None
        self._append(
            FETCHED,
            url=entry.url,
            via=entry.via,
            source_url=entry.source_url,
            status=entry.status,
            file=entry.span.file,
            offset=entry.span.offset,
            moment=entry.fetched_at,
        )

    def record_loss(self, outcome: UrlOutcome) -> None:
        """Write why local material has no page for a URL; the web may have one still."""
        self._losses.setdefault(outcome.url, outcome)
        self._append(
            LOST,
            url=outcome.url,
            **_origin(Candidate(outcome.url, outcome.via, outcome.source_url)),
            fate=outcome.fate,
            reason=outcome.reason,
            detail=outcome.detail[:1000],
        )

    def settle_losses(self) -> None:
        """Give the URLs that nothing else came of the fate that local material gave them."""
        for url, loss in self._losses.items():
            assert loss.fate is not None
            candidate = Candidate(url, loss.via, loss.source_url)
            self.record_settled(url, candidate, loss.fate, loss.reason, loss.detail)

    def record_note(self, text: str) -> None:
        """Write something that concerns no single URL."""
        self._append("note", text=text)

    def record_finish(self) -> None:
        if not self.is_finished:
            self._append("finished")
            self._ledger.sync()
            self.is_finished = True

    def sync(self) -> None:
        self._ledger.sync()

    def close(self) -> None:
        self._ledger.close()

    def _begin(self, depth: int) -> None:
        self.depth = depth
        self.is_planned = self.is_finished = False

    def _settle(self, url: str, candidate: Candidate, fate: Fate, reason: str | None, detail: str) -> None:
        self.settled[url] = fate
        if fate is Fate.FAILED:
            self.failures[url] = reason
        self._append(fate, url=url, **_origin(candidate), reason=reason, detail=detail[:1000])

    def _append(self, event: str, moment: datetime | None = None, **values: Any) -> None:
        at = (moment or datetime.now(UTC)).isoformat()
        self._ledger.append({"event": event, "at": at, **values})

    def _replay(self, values: Mapping[str, Any]) -> None:
        event = values["event"]
        if event == "discovered":
            candidate = Candidate(
                values["request_url"], Via(values["via"]), values["source_url"], Hints(**values["hints"])
            )
            self._planned[values["url"]] = PlannedPage(values["url"], candidate)
        elif event == FETCHED:
            self.settled[values["url"]] = None
        elif event in SETTLED_EVENTS:
            self.settled[values["url"]] = Fate(event)
            if event == Fate.FAILED:
                self.failures[values["url"]] = values["reason"]
        elif event == LOST:
            self._losses.setdefault(values["url"], _outcome(values))
        elif event == "depth":
            self._begin(values["depth"])
        elif event == "planned":
            self.is_planned = True
        elif event == "finished":
            self.is_finished = True


def url_outcomes(journal: Path) -> tuple[UrlOutcome, ...]:
    """Every URL that a run settled, exactly once, by URL; those still pending are left out.

    The first word counts, except that a page which came in after all outweighs its failure, and one that is
    taken up from the archive that it wasn't due.
    """
    outcomes: dict[str, UrlOutcome] = {}
    for values in read_lines(journal):
        event = values["event"]
        if event != FETCHED and event not in SETTLED_EVENTS:
            continue
        outcome = _outcome(values)
        known = outcomes.setdefault(outcome.url, outcome)
        if outcome.fate is None and (known.fate is Fate.FAILED or known.reason == Reason.NOT_DUE):
            outcomes[outcome.url] = outcome
    return tuple(outcomes[url] for url in sorted(outcomes))


def _outcome(values: Mapping[str, Any]) -> UrlOutcome:
    event = values["event"]
    return UrlOutcome(
        url=values["url"],
        via=Via(values["via"]),
        source_url=values["source_url"],
        fate=None if event == FETCHED else Fate(values["fate"] if event == LOST else event),
        reason=values.get("reason"),
        detail=values.get("detail", ""),
        at=datetime.fromisoformat(values["at"]),
    )


def journal_notes(journal: Path) -> tuple[str, ...]:
    """What the run has to say that concerns no single URL, each once."""
    notes = [values["text"] for values in read_lines(journal) if values["event"] == "note"]
    return tuple(dict.fromkeys(notes))


def is_finished(journal: Path, depth: int = 0) -> bool:
    """Whether the crawl of a run came to the end of a depth."""
    reached, finished = 0, -1
    for values in read_lines(journal):
        if values["event"] == "depth":
            reached = values["depth"]
        elif values["event"] == "finished":
            finished = reached
    return finished >= depth


def _origin(candidate: Candidate, *, hints: bool = False) -> dict[str, Any]:
    origin: dict[str, Any] = {"via": candidate.via, "source_url": candidate.source_url}
    return {**origin, "hints": asdict(candidate.hints)} if hints else origin
