"""How far back an article is compared: with what appeared at most so many days before it, or with everything.

Of two articles the later one looks back. When an article appeared is taken to be the moment by which it had
for certain: the end of what its date leaves open, or when it was first seen where it has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol


class Looking(Protocol):
    """What decides how far an article looks back; None: over everything."""

    @property
    def article_id(self) -> str: ...
    @property
    def published_latest(self) -> datetime | None: ...
    @property
    def look_back_days(self) -> int | None: ...


def longest_look_back(days: Iterable[int | None]) -> int | None:
    """How far an article looks back, by its stories: as far as the one that looks back farthest.

    None, everything, where one of them sets no bound, and for an article of no story.
    """
    bounds = list(days)
    known = [one for one in bounds if one is not None]
    return max(known) if known and len(known) == len(bounds) else None


class Reach:
    """Which pairs of articles are compared, by their ids. It doesn't matter which of two is named first."""

    def __init__(self, articles: Iterable[Looking]) -> None:
        known = list(articles)
        is_bounded = any(one.look_back_days is not None for one in known)
        self._articles = {one.article_id: one for one in known} if is_bounded else {}

    def joins(self, one: str, other: str) -> bool:
        """Whether the later of two articles looks back as far as the other; yes where a time isn't known."""
        if not self._articles:
            return True
        first, second = self._articles[one], self._articles[other]
        time, other_time = first.published_latest, second.published_latest
        if time is None or other_time is None:
            return True
        later = second if time < other_time else first
        return later.look_back_days is None or abs(time - other_time) <= timedelta(later.look_back_days)

    def joins_any(self, some: Sequence[str], others: Sequence[str]) -> bool:
        """Whether any of the articles is compared with any of the others."""
        return not self._articles or any(self.joins(one, other) for one in some for other in others)


EVERYTHING = Reach(())  # no look-back: all pairs are compared
