"""Rows that a worker leaves for the load: Parquet, with the columns and types of the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

from pipelines.records import Copy, CopyKind, Direction, Evidence
from warehouse.exchange import copy_whole, scratch
from warehouse.load import column_types, schema_types
from warehouse.read import read_records
from warehouse.rows import Row
from warehouse.schema import migrate
from warehouse.sqlfiles import read_statement
from warehouse.staging import COLUMNS, STAGED_TABLES, encode_row, longest_line, staged_files


def write_parquet(folder: Path, row_type: type[Row], rows: Sequence[Row], part: str) -> None:
    """Write a part of one table's rows; it is there as a whole or not at all. No rows, no file."""
    if not rows:
        return
    table = STAGED_TABLES[row_type]
    lines = folder / f"{table}-{uuid4().hex}.rows"
    lines.write_bytes(b"".join(encode_row(row) + b"\n" for row in rows))
    with scratch(folder) as connection:
        connection.execute(
            "create temp table written as select * from read_json($file, format = 'newline_delimited', "
            "columns = $types, maximum_object_size = $most)",
            {
                "file": str(lines),
                "types": _types_of(table, COLUMNS[row_type]),
                "most": longest_line([str(lines)]),
            },
        )
        copy_whole(connection, "written", folder / f"{table}.{part}.parquet")
    lines.unlink()


@cache
def _types_of(table: str, columns: tuple[str, ...]) -> dict[str, str]:
    """The types that the schema of this release gives a table's columns."""
    with scratch(Path(gettempdir())) as connection:
        migrate(connection, Path("memory"))
        return column_types(schema_types(connection), table, columns)


def read_near_copies(folder: Path, least_jaccard: float) -> tuple[Copy, ...]:
    """The staged pairs of near-identical articles, in order of their ids."""
    files = staged_files(folder, "copies", "parquet")
    if not files:
        return ()
    with scratch(folder) as connection:
        copies = read_records(
            connection,
            Copy,
            read_statement("read_staged_near_copies"),
            {"files": files, "least_jaccard": least_jaccard},
        )
    return tuple(
        replace(
            copy,
            kind=CopyKind(copy.kind),
            direction=Direction(copy.direction),
            evidence=tuple(map(Evidence, copy.evidence)),
        )
        for copy in copies
    )
