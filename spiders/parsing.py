"""Feeds and sitemaps are read in a child process: one that hangs or eats memory costs itself only."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import resource
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from types import TracebackType

from pebble import ProcessExpired, ProcessPool

from pipelines.discovery import SourceReading, read_source
from pipelines.records import Via
from spiders.orphans import leave_with

SOURCE_SECONDS = 20.0  # a sitemap of 50,000 entries takes 3, a feed of 10,000 about 6
CHILD_BYTES = 1 << 30  # address space: the largest honest sitemap needs a third of it
CHILDREN = 1  # reading is a hundredth of a crawl's work

ReadSource = Callable[[bytes, str, Via], SourceReading]


class SourceReader:
    """Reads sources in a child that is started with the first of them and ends with the `with` block."""

    def __init__(self, read: ReadSource = read_source, seconds: float = SOURCE_SECONDS) -> None:
        self._read_source = read
        self._seconds = seconds
        self._pool: ProcessPool | None = None

    async def read(self, body: bytes, base_url: str, kind: Via) -> SourceReading:
        """What a feed or sitemap lists; a fault where its reader had to be stopped."""
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=CHILDREN,
                initializer=_prepare_child,
                initargs=[os.getpid()],
                context=multiprocessing.get_context("spawn"),
            )
        future = self._pool.schedule(self._read_source, args=[body, base_url, kind], timeout=self._seconds)
        try:
            reading: SourceReading = await asyncio.wrap_future(future)
        except FutureTimeout:
            return _unread(f"takes more than {self._seconds:g} s to read")
        except ProcessExpired as error:
            return _unread(f"its reader died with code {error.exitcode}")
        except MemoryError:
            return _unread(f"takes more than {CHILD_BYTES >> 20} MiB to read")
        return reading

    def __enter__(self) -> SourceReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()


def _unread(fault: str) -> SourceReading:
    return SourceReading("unknown", (), (), (), fault)


def _prepare_child(parent: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # not every system can limit address space
        resource.setrlimit(resource.RLIMIT_AS, (CHILD_BYTES, CHILD_BYTES))
    leave_with(parent)
