"""The user's own table about outlets: into the master, and kept beside it for the day the master is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.outlet_table import OutletRow
from warehouse.connection import writing
from warehouse.files import sync_file, sync_folder
from warehouse.master import open_master, open_published, read_master
from warehouse.paths import WarehousePaths
from warehouse.schema import record_edition
from warehouse.sqlfiles import read_statement

KEPT_FILE = "outlets.csv"


@dataclass(frozen=True, slots=True)
class OutletCoverage:
    """How the user's table meets the warehouse."""

    imported: int
    with_articles: int  # outlets of the table
    without_row: tuple[str, ...]  # outlets with articles that the table leaves out


def replace_outlets(paths: WarehousePaths, rows: Sequence[OutletRow]) -> None:
    """Put the rows in the place of all that `outlets` holds; the caller holds the lock and publishes.

    Raises:
        WarehouseError: one of its kinds; the table is as it was.
    """
    with open_master(paths) as connection:
        connection.execute("begin")
        connection.execute("delete from outlets")
        if rows:
            connection.execute(read_statement("insert_outlets"), {"rows": [_values(row) for row in rows]})
        record_edition(connection, f"import of {len(rows)} outlets")
        connection.execute("commit")


def keep_table(paths: WarehousePaths, source: bytes) -> Path:
    """Keep the table as the user wrote it beside the archive, whole or not at all.

    Raises:
        WarehouseUnwritable, DiskFull: it can't be written.
    """
    kept = kept_table(paths)
    unfinished = kept.with_name(f".{kept.name}.{os.getpid()}.tmp")
    with writing(kept):
        unfinished.write_bytes(source)
        sync_file(unfinished)
        unfinished.replace(kept)
        sync_folder(kept.parent)
    return kept


def kept_table(paths: WarehousePaths) -> Path:
    """Where the table is kept."""
    return paths.folder / KEPT_FILE


def has_outlets(paths: WarehousePaths) -> bool:
    """Whether the master holds a table of the user's; the caller holds the lock."""
    with read_master(paths) as connection:
        return bool(connection.execute("select 1 from outlets limit 1").fetchall())


def outlet_coverage(warehouse: Path) -> OutletCoverage:
    """How the published table meets the published articles."""
    with open_published(warehouse) as connection:
        return OutletCoverage(
            imported=_count(connection, "select count(*) from outlets"),
            with_articles=_count(
                connection,
                "select count(*) from outlets semi join articles using (outlet)",
            ),
            without_row=tuple(
                name
                for (name,) in connection.execute(
                    "select distinct outlet from articles anti join outlets using (outlet) order by outlet"
                ).fetchall()
            ),
        )


def _values(row: OutletRow) -> dict[str, str | None]:
    return {
        "outlet": row.outlet,
        "country": row.country,
        "owner": row.owner,
        "type": row.type,
        "extra": json.dumps(dict(row.extra), ensure_ascii=False),
    }


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
