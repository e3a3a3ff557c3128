"""What runs before this one left: all of them, and the pairs that they found."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from pipelines.records import Copy, CopyKind, Direction
from warehouse.read import StoredRun, read_records
from warehouse.sqlfiles import read_statement


def loaded_runs(connection: duckdb.DuckDBPyConnection) -> tuple[StoredRun, ...]:
    """All loaded runs, in the order of loading."""
    return read_records(connection, StoredRun, read_statement("read_loaded_runs"))


def stored_copies(connection: duckdb.DuckDBPyConnection) -> tuple[Copy, ...]:
    """All stored copies, as the copy finder stated them, in order of the ids."""
    copies = read_records(connection, Copy, read_statement("read_stored_copies"))
    return tuple(
        replace(copy, kind=CopyKind(copy.kind), direction=Direction(copy.direction)) for copy in copies
    )
