"""Worker processes for parsing: a page that hangs, crashes or eats memory costs that page only."""

from __future__ import annotations

import contextlib
import logging
import math
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.context import BaseContext
from typing import Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from spiders.orphans import leave_with

Item = TypeVar("Item")
Result = TypeVar("Result")

PAGE_SECONDS = 10.0  # of processor time: the slowest honest page measured took under 2
WAITING_FACTOR = 6.0  # a page that sleeps, or a machine this busy, ends it by the clock
WORKER_BYTES = 2 << 30  # address space of a worker; libraries map about 0.5 GiB before the first page
PAGES_PER_WORKER = 2000  # then a fresh process: parsers leak a little
MAX_DETAIL_CHARS = 300
MOST_BREAKS = 3  # of all workers in a row, before any result: then the page at hand is taken to be the cause
PARSERS = ("pipelines.page", "spiders.captures")  # by name: who hands out pages never loads them


@dataclass(frozen=True, slots=True)
class Lost(Generic[Item]):
    """An item whose worker was stopped or died."""

    item: Item
    timed_out: bool
    detail: str


def map_in_workers(
    function: Callable[[Item], Result], items: Sequence[Item], processes: int, seconds: float = PAGE_SECONDS
) -> Iterator[Result | Lost[Item]]:
    """Apply `function` to each item in worker processes; results in the items' order.

    `function` must be importable. What it raises becomes `Lost`, as do more than `seconds` of
    processor time (rounded up) and a worker's death: one bad item never costs the others. What
    counts is processor time, so that a busy machine changes no result. Where all workers are gone at once, as
    on a machine without memory, others take over from there.

    Raises:
        Failure: no worker stays alive.
    """
    first = breaks = 0
    while first < len(items):
        try:
            with open_pool(processes) as pool:
                for result in _take_results(pool, function, items[first:], seconds):
                    yield result
                    first, breaks = first + 1, 0
        except BrokenProcessPool as error:
            breaks += 1
            if breaks == 2 * MOST_BREAKS:
                raise _no_workers(error) from error
            if breaks == MOST_BREAKS:
                yield Lost(
                    items[first], False, f"its worker was gone {MOST_BREAKS} times before it had a result"
                )
                first += 1


def _no_workers(error: BrokenProcessPool) -> Exception:
    from flows.errors import Failure  # here, so that workers never load it

    return Failure(
        f"no process that reads pages stays alive ({error or type(error).__name__}): the machine may be "
        "short of memory. What was fetched is kept, and the same command goes on from there"
    )


@contextmanager
def open_pool(processes: int) -> Iterator[ProcessPool]:
    """Worker processes for several lists of items; at the end nobody waits for work that is left."""
    with ProcessPool(
        max_workers=processes,
        max_tasks=PAGES_PER_WORKER,
        initializer=_prepare_worker,
        initargs=[os.getpid()],
        context=_fork_server(),
    ) as pool:
        try:
            yield pool
        finally:
            pool.stop()  # type: ignore[no-untyped-call]


def map_in_pool(
    pool: ProcessPool,
    function: Callable[[Item], Result],
    items: Sequence[Item],
    seconds: float = PAGE_SECONDS,
) -> Iterator[Result | Lost[Item]]:
    """As `map_in_workers`, in processes that are there; all gone, they cost what is left of `items`."""
    taken = 0
    try:
        for result in _take_results(pool, function, items, seconds):
            yield result
            taken += 1
    except BrokenProcessPool as error:
        yield from (Lost(item, False, f"the parser's processes are gone: {error}") for item in items[taken:])


def _take_results(
    pool: ProcessPool, function: Callable[[Item], Result], items: Sequence[Item], seconds: float
) -> Iterator[Result | Lost[Item]]:
    bounded = partial(_call_bounded, function, seconds)
    results = pool.map(bounded, items, timeout=WAITING_FACTOR * seconds, chunksize=1).result()
    for item in items:
        try:
            yield next(results)
        except FutureTimeout:
            yield Lost(item, True, f"took more than {WAITING_FACTOR * seconds:g} s")
        except ProcessExpired as error:
            yield _lost_with_worker(item, error, seconds)
        except BrokenProcessPool:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a parser raised, in another process
            yield Lost(item, False, f"{type(error).__name__}: {error}"[:MAX_DETAIL_CHARS])


def _lost_with_worker(item: Item, error: ProcessExpired, seconds: float) -> Lost[Item]:
    if error.exitcode == -signal.SIGXCPU:
        return Lost(item, True, f"took more than {seconds:g} s of processor time")
    return Lost(item, False, f"the parser's process died with code {error.exitcode}")


def _call_bounded(function: Callable[[Item], Result], seconds: float, item: Item) -> Result:
    """Call in a process that the system ends when the call takes too much processor time.

    The limit is off again before the result is sent: half a message would stop the whole batch.
    """
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    own = math.ceil(time.process_time() + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (own if hard < 0 else min(own, hard), hard))
    try:
        return function(item)
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))


def processes_for(items: int) -> int:
    """One process for a handful of pages, all cores for many: a process costs about a second to start."""
    return max(1, min(os.cpu_count() or 1, items // 40 + 1))


def _fork_server() -> BaseContext:
    """Workers are forked from a process that has loaded the parsers: a new worker costs no import."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PARSERS))
    return context


def _prepare_worker(user: int) -> None:
    logging.disable(logging.CRITICAL)  # what parsers remark about a page is no news to a user
    with contextlib.suppress(ValueError, OSError):  # not every system can limit address space
        resource.setrlimit(resource.RLIMIT_AS, (WORKER_BYTES, WORKER_BYTES))
    leave_with(user)
