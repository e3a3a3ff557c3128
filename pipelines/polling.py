"""How often a source is asked: one that brings nothing new ever less often, a busy one in every run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

QUIET_SHARE = 0.5  # of the time that a source has brought nothing: as long as that it is left alone
REGULAR = timedelta(hours=1)  # shorter waits aren't kept: who runs more often than that wants to know


@dataclass(frozen=True, slots=True)
class PollRules:
    """Bounds of the time between two looks at a source; a maximum of 0 lets every run ask every source."""

    min_hours: float = 0.0
    max_hours: float = 24.0


@dataclass(frozen=True, slots=True)
class Polls:
    """When a source was first and last read, and when it last brought a page that was new (None: never)."""

    first_read: datetime
    last_read: datetime
    last_news: datetime | None


def next_poll(polls: Polls, rules: PollRules) -> datetime:
    """From when on the source is asked again; `last_read` itself where every run may ask.

    What a source's news is counts for all that led to it: the index of a sitemap, the home page of a feed.
    """
    quiet = max(polls.last_read - (polls.last_news or polls.first_read), timedelta())
    wait = QUIET_SHARE * quiet
    if wait < REGULAR:
        wait = timedelta()
    longest = timedelta(hours=rules.max_hours)
    shortest = min(timedelta(hours=rules.min_hours), longest)
    return polls.last_read + min(max(wait, shortest), longest)


def is_poll_due(polls: Polls, rules: PollRules, now: datetime) -> bool:
    """Whether the source is to be asked now. A clock that went back makes it due."""
    return now < polls.last_read or now >= next_poll(polls, rules)
