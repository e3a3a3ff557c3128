"""How far a crawl is, by what its journal says so far; for whoever looks on from another process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.urls import outlet_of
from spiders.journal import FETCHED, SETTLED_EVENTS
from spiders.ledger import read_lines_from


@dataclass(slots=True)
class OutletProgress:
    """The pages of one outlet; feeds and sitemaps among them once they are read."""

    known: int = 0
    fetched: int = 0
    lost: int = 0  # failed, refused, skipped

    @property
    def waiting(self) -> int:
        return max(0, self.known - self.fetched - self.lost)


class CrawlProgress:
    """Counts of one journal; each look reads on where the last one ended."""

    def __init__(self, journal: Path) -> None:
        self.journal = journal
        self.fates: Counter[tuple[str, str | None]] = Counter()
        self.outlets: dict[str, OutletProgress] = {}
        self._events: dict[str, tuple[str, str | None]] = {}  # by URL
        self._offset = 0

    @property
    def known(self) -> int:
        """URLs that the run has heard of."""
        return len(self._events)

    @property
    def waiting(self) -> int:
        """Pages that are yet to be asked for."""
        return self.fates["discovered", None]

    @property
    def fetched(self) -> int:
        """Pages that are in the archive."""
        return self.fates[FETCHED, None]

    def look(self) -> None:
        """Take in what was written since."""
        for values, end in read_lines_from(self.journal, self._offset):
            self._offset = end
            if values["event"] in ("discovered", FETCHED, *SETTLED_EVENTS):
                self._count(values)

    def _count(self, values: Mapping[str, Any]) -> None:
        url, event = values["url"], (str(values["event"]), values.get("reason"))
        before = self._events.get(url)
        outlet = self.outlets.setdefault(outlet_of(url), OutletProgress())
        if before is None:
            outlet.known += 1
        else:
            self.fates[before] -= 1
            _add(outlet, before[0], -1)
        self._events[url] = event
        self.fates[event] += 1
        _add(outlet, event[0], 1)


def _add(outlet: OutletProgress, event: str, number: int) -> None:
    if event in (FETCHED, "read"):
        outlet.fetched += number
    elif event != "discovered":
        outlet.lost += number
