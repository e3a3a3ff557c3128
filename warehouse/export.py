"""Whole tables as files: Parquet, CSV or JSON lines.

Without full text, `text` is left empty for every article whose site or page reserves its rights by what
`legal_signals` holds last: tdm-reservation 1 (header, meta or tdmrep.json), noai, noarchive, noindex,
nosnippet or none for robots, ai-train or ai-input no.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb

from warehouse.cells import to_json_value
from warehouse.connection import OFFLINE, SESSION, naming_errors
from warehouse.master import open_published
from warehouse.query import QueryResult
from warehouse.sqlfiles import read_statement

# a spreadsheet would run such a cell; the wide signs stand for the plain ones in some languages
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COPY_OPTIONS = {
    "parquet": "format parquet, compression zstd",
    "csv": "format csv, header true",
    "jsonl": "format json",
}
ROW_BYTES = 256 * 1024 * 1024


class ExportFormat(StrEnum):
    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class ExportedTable:
    name: str
    file: Path
    rows: int


def export_tables(path: Path, folder: Path, file_format: ExportFormat) -> tuple[ExportedTable, ...]:
    """Write each table and view of the contract to `folder`, with all texts."""
    return _export(path, folder, file_format, reserved=frozenset())


def export_tables_without_reserved_text(
    path: Path, folder: Path, file_format: ExportFormat
) -> tuple[ExportedTable, ...]:
    """The same, with `text` null wherever the site or the page reserves its rights."""
    with open_published(path) as connection:
        rows = connection.execute(read_statement("read_reserved_articles")).fetchall()
    return _export(path, folder, file_format, reserved=frozenset(row[0] for row in rows))


def write_parquet(result: QueryResult, file: Path) -> None:
    """A query's answer as a Parquet file.

    Raises:
        WarehouseUnwritable, DiskFull: the file can't be written.
    """
    with naming_errors(file), duckdb.connect(config=dict(OFFLINE)) as connection:
        connection.execute(SESSION)
        names = _distinct(result.columns)
        types = {name: _storable(kind) for name, kind in zip(names, result.types, strict=True)}
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as lines:
            for row in result.rows:
                record = dict(zip(names, (to_json_value(cell) for cell in row), strict=True))
                lines.write(json.dumps(record) + "\n")
            lines.flush()
            source = connection.from_query(
                "from read_json($file, format = 'newline_delimited', columns = $types, "
                "maximum_object_size = $row_bytes)",
                params={"file": lines.name, "types": types, "row_bytes": ROW_BYTES},
            )
            source.write_parquet(str(file), compression="zstd")


def defuse_formula(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: an apostrophe before what could start one."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _export(
    path: Path, folder: Path, file_format: ExportFormat, reserved: frozenset[str]
) -> tuple[ExportedTable, ...]:
    with open_published(path) as connection, naming_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        connection.execute(
            "create temp table reserved_articles as select unnest($ids) as article_id",
            {"ids": sorted(reserved)},
        )
        return tuple(
            _export_table(connection, name, folder, file_format) for name in _public_names(connection)
        )


def _public_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(read_statement("read_public_names")).fetchall()
    return [row[0] for row in rows]


def _export_table(
    connection: duckdb.DuckDBPyConnection, name: str, folder: Path, file_format: ExportFormat
) -> ExportedTable:
    file = folder / f"{name}.{file_format}"
    unfinished = folder / f".{file.name}.{os.getpid()}.tmp"
    columns = connection.execute(read_statement("read_public_columns"), {"name": name}).fetchall()
    selected = ", ".join(_selected(column, kind, columns, file_format) for column, kind in columns)
    question = f"select {selected} from main.{name} order by all"
    quoted = str(unfinished).replace("'", "''")  # COPY takes no bound file name
    try:
        connection.execute(f"copy ({question}) to '{quoted}' ({COPY_OPTIONS[file_format]})")
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    rows = connection.execute(f"select count(*) from main.{name}").fetchall()[0][0]
    return ExportedTable(name, file, rows)


def _selected(column: str, kind: str, columns: list[tuple[Any, ...]], file_format: ExportFormat) -> str:
    """The expression that a column is exported as."""
    value = f'"{column}"'
    if column == "text" and any(name == "article_id" for name, _ in columns):
        value = f"if(article_id in (select article_id from reserved_articles), null, {value})"
    if file_format is ExportFormat.CSV and kind == "VARCHAR":
        value = f"regexp_replace({value}, '^([=+@\\t\\r\\n＝＋－＠-])', '''\\1')"
    return f'{value} as "{column}"'


def _distinct(names: tuple[str, ...]) -> list[str]:
    """Column names made distinct, as a file needs them: a, a_2, a_3."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name.lower()] = seen.get(name.lower(), 0) + 1
        count = seen[name.lower()]
        distinct.append(name if count == 1 else f"{name}_{count}")
    return distinct


def _storable(kind: str) -> str:
    return "VARCHAR" if "NULL" in kind else kind
