"""A user's table of outlets on its way into the warehouse."""

from __future__ import annotations

from pathlib import Path

from flows.errors import ExitCode, Failure
from pipelines.outlet_table import parse_outlet_table
from warehouse.errors import MissingWarehouse
from warehouse.lock import lock_warehouse
from warehouse.master import prepare_master
from warehouse.outlets import (
    OutletCoverage,
    has_outlets,
    keep_table,
    kept_table,
    outlet_coverage,
    replace_outlets,
)
from warehouse.paths import WarehousePaths
from warehouse.publish import publish, recover

MAX_BYTES = 64 * 1024**2  # a hundred thousand rows with remarks


def import_table(warehouse: Path, table: Path) -> OutletCoverage:
    """Replace the warehouse's `outlets` by a CSV file's rows, and publish.

    Raises:
        Failure: the file can't be read.
        OutletTableError: it is no such table; nothing was touched.
        WarehouseError: one of its kinds; what was published stays.
    """
    try:
        with table.open("rb") as file:
            source = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Failure(
            f"{table} can't be read: {error.strerror}; nothing was touched", ExitCode.WRONG
        ) from error
    if len(source) > MAX_BYTES:
        raise Failure(
            f"{table} is larger than {MAX_BYTES // 1024**2} MB; nothing was touched", ExitCode.WRONG
        )
    rows = parse_outlet_table(source, str(table))
    paths = WarehousePaths.of(warehouse)
    if not paths.folder.exists() and not paths.published.exists():
        raise MissingWarehouse(warehouse)
    with lock_warehouse(paths):
        prepare_master(paths)
        recover(paths)
        replace_outlets(paths, rows)
        keep_table(paths, source)
        publish(paths)
    return outlet_coverage(warehouse)


def restore_outlets(paths: WarehousePaths) -> bool:
    """Import the table that is kept beside the archive into a master that has none; nothing is published.

    The caller holds the lock. Returns whether there was one.
    """
    kept = kept_table(paths)
    if not kept.exists() or has_outlets(paths):
        return False
    replace_outlets(paths, parse_outlet_table(kept.read_bytes(), str(kept)))
    return True
