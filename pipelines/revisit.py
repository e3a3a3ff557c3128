"""When a page that is already in the archive is asked for again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

INTERVAL_SHARE = 0.5  # edits come soon after publication: wait half as long again as we have known the page
STOP_AFTER = timedelta(days=30)  # later edits are rare, and the site owes us no more requests

FULL_FETCH_AFTER = 4  # answers "not modified" in a row: some servers say so whatever was changed


@dataclass(frozen=True, slots=True)
class Visits:
    """The first and the newest time a page was fetched; equal if it was fetched once."""

    first_seen: datetime
    last_visit: datetime

    def __post_init__(self) -> None:
        if self.last_visit < self.first_seen:
            raise ValueError(f"visited {self.last_visit} before first seen {self.first_seen}")


def is_due(visits: Visits, now: datetime) -> bool:
    """Whether a known page is to be fetched again.

    A page seen once is due at the next run, so that an edit between two runs is found;
    then at ever longer intervals; 30 days after it was first seen, never again. A clock
    that went back makes nothing due.
    """
    if now - visits.first_seen > STOP_AFTER or now < visits.last_visit:
        return False
    return now - visits.last_visit >= INTERVAL_SHARE * (visits.last_visit - visits.first_seen)


def is_full_fetch_due(not_modified_in_a_row: int) -> bool:
    """Whether the page is to be asked for whole, though the server would say that it hasn't changed."""
    return not_modified_in_a_row >= FULL_FETCH_AFTER
