"""Politeness: one request at a time for an outlet, with a pause after each."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from pipelines.urls import outlet_of

JITTER = (0.9, 1.3)  # times the delay: no regular beat, and never under 0.8 as the server sees it
MAX_WAIT_SECONDS = 120.0  # what a site may ask for by Retry-After or Crawl-delay; beyond, a crawl never ends


class HostGate:
    """Lets one request at a time through to an outlet, and the next only after the pause."""

    def __init__(self, delay_seconds: float) -> None:
        self.delay_seconds = delay_seconds
        self._lock = asyncio.Lock()
        self._free_at = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn; the pause counts from the end of the turn."""
        async with self._lock:
            while (wait := self._free_at - monotonic()) > 0:
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                self.defer(self.delay_seconds * random.uniform(*JITTER))

    def defer(self, seconds: float) -> None:
        """Let nothing through for some seconds from now."""
        self._free_at = max(self._free_at, monotonic() + min(seconds, MAX_WAIT_SECONDS))

    def slow_down(self, delay_seconds: float) -> None:
        """Keep at least this pause from now on, up to the cap."""
        self.delay_seconds = max(self.delay_seconds, min(delay_seconds, MAX_WAIT_SECONDS))


class Gates:
    """The gates of all outlets; host names of one registered domain share one."""

    def __init__(self, delay_seconds: float) -> None:
        self._delay_seconds = delay_seconds
        self._gates: dict[str, HostGate] = {}

    def of(self, url: str) -> HostGate:
        return self._gates.setdefault(outlet_of(url), HostGate(self._delay_seconds))


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """The wait that a Retry-After header asks for, in seconds or as a date; None if it says nothing."""
    if not header:
        return None
    if header.strip().isdecimal():
        return min(float(header), MAX_WAIT_SECONDS)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    wait = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return min(max(wait, 0.0), MAX_WAIT_SECONDS)
