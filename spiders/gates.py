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

JITTER = (1.0, 1.3)  # times the delay: no regular beat, and never less than the delay
MAX_WAIT_SECONDS = 120.0  # what a run waits out of Retry-After and Crawl-delay; beyond, it would never end
MIN_BACKOFF_SECONDS = 0.25  # what the first 429 or 503 adds to the pause, or the delay if that is longer
MAX_BACKOFF_SECONDS = 60.0  # what many in a row add
RECOVER_AFTER = 10  # good answers in a row that halve what was added


class HostGate:
    """Lets one request at a time through to an outlet, and the next only after the pause.

    A busy host's pause grows and shrinks again for all of its pages, not only for the one
    that met the 429. `closed_because` is set where it asks for a longer wait than a run has.
    """

    def __init__(self, delay_seconds: float) -> None:
        self.delay_seconds = delay_seconds
        self.backoff_seconds = 0.0
        self.closed_because = ""
        self._good_answers = 0
        self._lock = asyncio.Lock()
        self._free_at = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn; the pause counts from the end of the turn."""
        async with self._lock:
            while not self.closed_because and (wait := self._free_at - monotonic()) > 0:
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                self.defer(self.delay_seconds * random.uniform(*JITTER) + self.backoff_seconds)

    def defer(self, seconds: float) -> None:
        """Let nothing through for some seconds from now."""
        self._free_at = max(self._free_at, monotonic() + seconds)

    def wait_or_close(self, seconds: float, why: str) -> None:
        """Wait as long as the host asks; let nothing through any more if that is too long for a run."""
        if seconds > MAX_WAIT_SECONDS:
            self.closed_because = f"{why}: the host asks to be left alone for {seconds:.0f} s"
        else:
            self.defer(seconds)

    def slow_down(self, delay_seconds: float) -> None:
        """Keep at least this pause from now on, up to the cap."""
        self.delay_seconds = max(self.delay_seconds, min(delay_seconds, MAX_WAIT_SECONDS))

    def back_off(self) -> None:
        """The host is busy: double what is added to the pause."""
        doubled = max(MIN_BACKOFF_SECONDS, self.delay_seconds, 2 * self.backoff_seconds)
        self.backoff_seconds = min(doubled, MAX_BACKOFF_SECONDS)
        self._good_answers = 0

    def recover(self) -> None:
        """The host answers well: after some such answers, halve what was added."""
        self._good_answers += 1
        if self._good_answers >= RECOVER_AFTER:
            halved = self.backoff_seconds / 2
            self.backoff_seconds = halved if halved >= MIN_BACKOFF_SECONDS else 0.0
            self._good_answers = 0


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
    if header.strip().isascii() and header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    wait = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return max(wait, 0.0)
