"""One writer per warehouse: a lock that the operating system drops with the process that holds it."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.connection import writing
from warehouse.errors import UnfinishedRestore, WarehouseBusy
from warehouse.paths import WarehousePaths

ORPHAN_WAIT_SECONDS = 5.0  # a killed run's children notice within this time that they are alone
RETRY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Holder:
    """Who wrote its name into the lock file last; it may be long gone."""

    pid: int
    since: str

    def is_alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:  # it lives, as another user
            return True
        return True


@contextmanager
def lock_warehouse(paths: WarehousePaths) -> Iterator[None]:
    """Hold the warehouse against other runs; makes its folder on first use.

    Raises:
        WarehouseBusy: another run holds it, or a dead run's children still do after five seconds.
        ForeignFile: something that isn't ours is in the way.
        UnfinishedRestore: a restore was cut off.
        WarehouseUnwritable: the folder can't be made or written.
    """
    with lock_for_restore(paths):
        if paths.restore_mark.exists():
            raise UnfinishedRestore(paths.folder)
        yield


@contextmanager
def lock_for_restore(paths: WarehousePaths) -> Iterator[None]:
    """The same for a restore, which mends what another left half done."""
    paths.refuse_foreign()
    with writing(paths.folder):
        paths.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(paths.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _acquire(descriptor, paths.lock)
        with writing(paths.lock):
            _sign(descriptor)
        yield
    finally:
        os.close(descriptor)


def read_holder(lock: Path) -> Holder | None:
    """The last signature in a lock file; None if there is none that can be read."""
    try:
        record = json.loads(lock.read_bytes())
        return Holder(int(record["pid"]), str(record["since"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def is_locked(paths: WarehousePaths) -> bool:
    """Whether some process holds the warehouse at this moment."""
    if not paths.lock.exists():
        return False
    descriptor = os.open(paths.lock, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return not _try_lock(descriptor)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, lock: Path) -> None:
    give_up_at = time.monotonic() + ORPHAN_WAIT_SECONDS
    while not _try_lock(descriptor):
        holder = read_holder(lock)
        if holder is None or holder.is_alive() or time.monotonic() > give_up_at:
            raise WarehouseBusy(lock, holder.pid if holder else None, holder.since if holder else None)
        time.sleep(RETRY_SECONDS)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(descriptor: int) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "since": since}).encode(), 0)
