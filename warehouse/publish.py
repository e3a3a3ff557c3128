"""Publishing: an immutable copy of the master, and the link that users open swapped to it."""

from __future__ import annotations

import time
from pathlib import Path

from warehouse.connection import journal_of, naming_errors, open_for_reading
from warehouse.errors import DamagedWarehouse
from warehouse.files import copy_durably, sync_folder
from warehouse.master import open_master
from warehouse.paths import WarehousePaths
from warehouse.schema import edition

KEPT_SNAPSHOTS = 2  # the published one, and the one before it
KEPT_SECONDS = 600.0  # a reader that has just followed the link must still find the file
SNAPSHOT_MODE = 0o444


def publish(paths: WarehousePaths) -> Path:
    """Publish the master as it is; the caller holds the lock. Returns the snapshot.

    Nothing is copied if the link already shows this edition. Killed at any point, the link shows
    the old snapshot or the new one, each whole; publishing again finishes the work.

    Raises:
        ForeignFile: the path is no link of ours.
        WarehouseError: one of its other kinds; the published snapshot stays.
    """
    paths.refuse_foreign()
    with open_master(paths) as connection:
        connection.execute("checkpoint")
        newest = edition(connection)
    snapshot = paths.snapshot(newest)
    if paths.published_snapshot() != snapshot or not snapshot.exists():
        with naming_errors(snapshot):
            _copy_master(paths, snapshot)
            _swap_link(paths, snapshot)
    with naming_errors(paths.snapshots):
        _remove_leftovers(paths)
        _remove_old_snapshots(paths, snapshot)
    return snapshot


def recover(paths: WarehousePaths) -> bool:
    """Finish what a killed run left undone; the caller holds the lock. Returns whether it published.

    A load that was committed is published; half files go.

    Raises:
        WarehouseError: one of its kinds.
    """
    paths.refuse_foreign()
    if not paths.master.exists():
        return False
    before = paths.published_snapshot()
    return publish(paths) != before


def is_published(paths: WarehousePaths) -> bool:
    """Whether the link shows the newest edition of the master; the caller holds the lock."""
    if not paths.master.exists():
        return paths.published_snapshot() is None
    with open_for_reading(paths.master) as connection:
        newest = edition(connection)
    snapshot = paths.published_snapshot()
    return snapshot == paths.snapshot(newest) and snapshot.exists()


def leftovers(paths: WarehousePaths) -> tuple[Path, ...]:
    """Half files of a killed publish or creation."""
    found = [
        *paths.snapshots.glob("*.tmp"),
        *paths.folder.glob("*.new.tmp*"),
        *paths.published.parent.glob(f".{paths.published.name}.link.tmp"),
    ]
    return tuple(sorted(found))


def _copy_master(paths: WarehousePaths, snapshot: Path) -> None:
    journal = journal_of(paths.master)
    if journal.exists():
        raise DamagedWarehouse(paths.master, f"{journal.name} is still there after a checkpoint")
    if not paths.snapshots.is_dir():
        paths.snapshots.mkdir()
        sync_folder(paths.folder)
    copy_durably(paths.master, snapshot.with_name(snapshot.name + ".tmp"), snapshot, SNAPSHOT_MODE)


def _swap_link(paths: WarehousePaths, snapshot: Path) -> None:
    link = paths.published.with_name(f".{paths.published.name}.link.tmp")
    link.unlink(missing_ok=True)
    link.symlink_to(snapshot.relative_to(paths.published.parent))
    link.replace(paths.published)
    sync_folder(paths.published.parent)


def _remove_leftovers(paths: WarehousePaths) -> None:
    for path in leftovers(paths):
        path.unlink(missing_ok=True)


def _remove_old_snapshots(paths: WarehousePaths, published: Path) -> None:
    """Deleting a file that a reader has open doesn't hurt the reader."""
    old_before = time.time() - KEPT_SECONDS
    for path in paths.all_snapshots()[KEPT_SNAPSHOTS:]:
        if path != published and path.stat().st_mtime < old_before:
            path.unlink()
