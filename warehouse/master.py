"""The private master, made whole or not at all and brought up to date before use; and what is published."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.connection import journal_of, naming_errors, open_for_reading, open_for_writing, writing
from warehouse.copy_index import complete_index, is_complete
from warehouse.errors import DamagedWarehouse, ForeignFile
from warehouse.files import copy_durably, sync_file, sync_folder
from warehouse.paths import WarehousePaths
from warehouse.schema import (
    Migration,
    edition,
    migrate,
    newest_version,
    require_schema,
    schema_version,
)

MASTER_MODE = 0o644
UNFINISHED = "master.new.tmp"


def prepare_master(paths: WarehousePaths) -> tuple[Migration, ...]:
    """Make or migrate the master and complete its index; the caller holds the lock.

    Returns the migrations applied.

    A master that is gone while snapshots are there is restored from the newest of them.

    Raises:
        WarehouseError: one of its kinds; the master is as it was.
    """
    if paths.master.exists() or restore_master(paths):
        with open_for_writing(paths.master) as connection:
            applied = migrate(connection, paths.master)
            complete_index(connection)
            return applied
    return _create(paths)


@contextmanager
def open_master(paths: WarehousePaths, most_mb: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The master, there and up to date, read-write; the caller holds the lock.

    `most_mb` bounds its memory, as in `open_for_writing`.
    """
    if not paths.master.exists():
        prepare_master(paths)
    with open_for_writing(paths.master, most_mb) as connection:
        migrate(connection, paths.master)
        yield connection


@contextmanager
def read_master(paths: WarehousePaths) -> Iterator[duckdb.DuckDBPyConnection]:
    """The master, there and up to date, read-only; the caller holds the lock."""
    if paths.master.exists() and not journal_of(paths.master).exists():
        with open_for_reading(paths.master) as connection:
            if schema_version(connection) == newest_version() and is_complete(connection):
                yield connection
                return
    prepare_master(paths)
    with open_for_reading(paths.master) as connection:
        yield connection


@contextmanager
def open_published(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """What readers see: the snapshot behind the user's path, or a copy of one; never blocks anybody.

    Raises:
        MissingWarehouse: nothing is published there.
        SchemaTooNew, SchemaTooOld, ForeignFile: it isn't what this release reads.
        WarehouseError: one of its other kinds.
    """
    with open_for_reading(path) as connection:
        require_schema(connection, path)
        yield connection


def restore_master(paths: WarehousePaths) -> Path | None:
    """Put the newest readable snapshot in the master's place; the caller holds the lock.

    Returns that snapshot; None if there is none, and the master is as it was.

    Raises:
        WarehouseUnwritable, DiskFull: the copy can't be made.
    """
    for snapshot in paths.all_snapshots():
        try:
            with open_for_reading(snapshot) as connection:
                edition(connection)
        except (DamagedWarehouse, ForeignFile):
            continue  # the one before it may be whole
        with naming_errors(paths.master):
            journal_of(paths.master).unlink(missing_ok=True)
            copy_durably(snapshot, paths.master.with_name(UNFINISHED), paths.master, MASTER_MODE)
        return snapshot
    return None


def _create(paths: WarehousePaths) -> tuple[Migration, ...]:
    unfinished = paths.master.with_name(UNFINISHED)
    with writing(paths.folder):
        paths.folder.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        journal_of(unfinished).unlink(missing_ok=True)
    with open_for_writing(unfinished) as connection:
        applied = migrate(connection, unfinished)
        connection.execute("checkpoint")
    with naming_errors(paths.master):
        sync_file(unfinished)
        unfinished.rename(paths.master)
        sync_folder(paths.folder)
    return applied
