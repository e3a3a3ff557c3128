"""Turns on a warehouse: scheduled runs queue up for it, first come, first served, and none fails for waiting.

A ticket is a file that its process keeps locked, so that a dead process holds up nobody.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from warehouse.connection import writing
from warehouse.errors import WarehouseBusy
from warehouse.lock import lock_warehouse
from warehouse.paths import WarehousePaths

LOOK_SECONDS = 1.0  # between two looks whether it is one's turn; a look costs well under a millisecond
QUEUE_FOLDER = "queue"
TICKET_SUFFIX = ".ticket"
UNFINISHED_SUFFIX = ".tmp"
MAX_TICKET_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place in the queue. `errand` is what the run is for: two with one errand are one too many."""

    path: Path
    errand: str
    holder: str  # who waits, in the words of whoever started the run

    def is_ahead_of(self, other: Ticket) -> bool:
        return self.path.name < other.path.name


@contextmanager
def take_ticket(paths: WarehousePaths, errand: str, holder: str) -> Iterator[Ticket]:
    """Queue up behind all that wait already; the place is given up at the end.

    Raises:
        WarehouseUnwritable: the warehouse's folder can't be made or written.
    """
    folder = paths.folder / QUEUE_FOLDER
    ticket = Ticket(folder / f"{time.time_ns():020d}-{os.getpid()}{TICKET_SUFFIX}", errand, holder)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = ticket.path.with_suffix(UNFINISHED_SUFFIX)
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with writing(folder):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            os.write(descriptor, json.dumps({"errand": errand, "holder": holder}).encode())
            unfinished.rename(ticket.path)  # locked before anybody can see it
        yield ticket
    finally:
        ticket.path.unlink(missing_ok=True)
        os.close(descriptor)


def waiting(paths: WarehousePaths) -> tuple[Ticket, ...]:
    """The tickets whose holders live, the first in the queue first; those of the dead are cleared away."""
    found = sorted((paths.folder / QUEUE_FOLDER).glob(f"*{TICKET_SUFFIX}"))
    return tuple(ticket for ticket in map(_read_live, found) if ticket is not None)


def find_twin_ahead(paths: WarehousePaths, ticket: Ticket) -> Ticket | None:
    """A run that waits for the same: whatever there is to find, it will find."""
    for other in waiting(paths):
        if other.errand == ticket.errand and other.is_ahead_of(ticket):
            return other
    return None


@contextmanager
def warehouse_in_turn(
    paths: WarehousePaths, ticket: Ticket, sleep: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Wait for one's turn, however long, and hold the warehouse; the ticket is torn when the turn comes.

    Raises:
        WarehouseError: one of its kinds, but never `WarehouseBusy`.
    """
    with ExitStack() as held:
        while not _hold(paths, ticket, held):
            sleep(LOOK_SECONDS)
        ticket.path.unlink(missing_ok=True)
        yield


def _hold(paths: WarehousePaths, ticket: Ticket, held: ExitStack) -> bool:
    """Take the warehouse's lock if it is free and nobody waits in front."""
    if any(other.is_ahead_of(ticket) for other in waiting(paths)):
        return False
    try:
        held.enter_context(lock_warehouse(paths))
    except WarehouseBusy:  # a run that somebody started by hand, or the one before us still at work
        return False
    return True


def _read_live(path: Path) -> Ticket | None:
    """The ticket, if its holder lives."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:  # given up meanwhile
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        values = json.loads(os.read(descriptor, MAX_TICKET_BYTES))
        return Ticket(path, values["errand"], values["holder"])
    else:
        path.unlink(missing_ok=True)
        return None
    finally:
        os.close(descriptor)
