"""The SQL reference as Markdown, out of the comments in the database.

`python -m warehouse.reference > docs/sql.md` writes it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb

from warehouse.master import open_published, prepare_master
from warehouse.paths import WarehousePaths
from warehouse.publish import publish
from warehouse.sqlfiles import read_statement

HEAD = """# SQL reference

Made from the comments in the database by `python -m warehouse.reference`; `comment on` in
`warehouse/migrations/` is where to change it. Times are `timestamptz`, read in UTC; ids are short text.
Open the published file with any DuckDB: `duckdb -readonly warehouse/coverage.duckdb`.
"""


def render_reference() -> str:
    """The reference of an empty warehouse of this release."""
    with tempfile.TemporaryDirectory() as folder:
        paths = WarehousePaths.of(Path(folder) / "empty.duckdb")
        prepare_master(paths)
        publish(paths)
        with open_published(paths.published) as connection:
            return "\n".join([HEAD, *_sections(connection)])


def _sections(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(read_statement("read_reference")).fetchall()
    lines: list[str] = []
    table = ""
    for name, kind, about, column, column_type, column_about in rows:
        if name != table:
            table = name
            lines += [f"## {name} ({kind})", "", about, "", "| column | type | |", "| --- | --- | --- |"]
        lines.append(f"| `{column}` | {column_type.lower()} | {column_about} |")
    return _spaced(lines)


def _spaced(lines: list[str]) -> list[str]:
    spaced: list[str] = []
    for line in lines:
        if line.startswith("## ") and spaced:
            spaced.append("")
        spaced.append(line)
    return [*spaced, ""]


if __name__ == "__main__":
    sys.stdout.write(render_reference())
