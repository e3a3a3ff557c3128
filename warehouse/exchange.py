"""Parquet files by which processes of one run hand one another fingerprints, texts and rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import duckdb
import numpy as np

from pipelines.folding import U64
from warehouse.connection import OFFLINE, SESSION, naming_errors
from warehouse.files import sync_file, sync_folder

ROWS_TOGETHER = 122_880  # in one piece of a file; DuckDB's own number
MEMORY_LIMIT = "1GB"  # of DuckDB in one worker; what is larger goes to disk


@dataclass(frozen=True, slots=True, eq=False)
class PlacedText:
    """The fingerprints of the text of one archive record."""

    file: str
    offset: int
    digest: str
    fingerprints: U64


def write_placed_texts(path: Path, texts: Sequence[PlacedText]) -> None:
    """Write them into a file that survives a power cut."""
    places = np.repeat(np.arange(len(texts)), [len(text.fingerprints) for text in texts])
    values = np.concatenate([np.zeros(0, np.uint64), *(text.fingerprints for text in texts)])
    with scratch(path.parent) as connection:
        connection.register("flat", {"place": places, "fingerprint": values})
        connection.execute(
            """
            create temp table given as
            select
                unnest($files) as file,
                unnest($offsets) as "offset",
                unnest($digests) as digest,
                unnest(range(len($files))) as place
            """,
            {
                "files": [text.file for text in texts],
                "offsets": [text.offset for text in texts],
                "digests": [text.digest for text in texts],
            },
        )
        connection.execute(
            """
            create temp table written as
            with gathered as (
                select
                    place,
                    list(fingerprint order by fingerprint) as fingerprints
                from flat
                group by place
            )

            select
                given.file::varchar as file,
                given."offset"::bigint as "offset",
                given.digest::varchar as digest,
                coalesce(gathered.fingerprints, [])::ubigint[] as fingerprints
            from given
            left join gathered using (place)
            order by given.place
            """
        )
        copy_whole(connection, "written", path)


def read_placed_texts(path: Path) -> Iterator[PlacedText]:
    """The texts of a file, in their order."""
    with scratch(path.parent) as connection:
        rows = connection.execute(
            'select file, "offset", digest, fingerprints from read_parquet($path)', {"path": str(path)}
        ).fetchall()
    for file, offset, digest, fingerprints in rows:
        yield PlacedText(file, offset, digest, np.array(fingerprints, dtype=np.uint64))


@contextmanager
def scratch(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB in memory, on one core; what doesn't fit spills into the folder.

    Raises:
        WarehouseError: one of its kinds.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        **OFFLINE,
        "memory_limit": MEMORY_LIMIT,
        "threads": 1,
        "temp_directory": str(folder / "spill"),
    }
    with naming_errors(folder):
        connection = duckdb.connect(config=config)
        try:
            connection.execute(SESSION)
            yield connection
        finally:
            connection.close()


def copy_whole(
    connection: duckdb.DuckDBPyConnection, table: str, target: Path, rows_together: int = ROWS_TOGETHER
) -> None:
    """Write a table into a Parquet file that is there as a whole or not at all, and stays."""
    unfinished = target.with_name(f"{target.name}.{uuid4().hex}")
    name = str(unfinished).replace("'", "''")  # `copy` takes no bound values
    connection.execute(f"copy {table} to '{name}' (format parquet, row_group_size {rows_together})")
    sync_file(unfinished)
    unfinished.replace(target)
    sync_folder(target.parent)
