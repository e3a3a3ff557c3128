"""What runs before this one left: all of them, and the pairs that they found."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.read import StoredRun, read_records
from warehouse.sqlfiles import read_statement


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page that a run looked at, and where its body lies in the archive."""

    url: str
    archive_file: str
    archive_offset: int


def loaded_runs(connection: duckdb.DuckDBPyConnection) -> tuple[StoredRun, ...]:
    """All loaded runs, in the order of loading."""
    return read_records(connection, StoredRun, read_statement("read_loaded_runs"))


def story_look_backs(connection: duckdb.DuckDBPyConnection) -> dict[str, int | None]:
    """How many days back the articles of each story are compared; None: over everything."""
    return dict(connection.execute(read_statement("read_story_look_backs")).fetchall())


def stored_groups(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The group of each article that is in one."""
    return dict(connection.execute(read_statement("read_all_group_members")).fetchall())


def used_group_ids(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Ids that groups have, or had before they were merged."""
    rows = connection.execute(
        "select group_id from wire_groups union select group_id from group_merges"
    ).fetchall()
    return frozenset(row[0] for row in rows)


def pages_of_story(connection: duckdb.DuckDBPyConnection, story: str) -> tuple[StoredPage, ...]:
    """The pages whose articles a story's question decides about, by URL, each by its newest record."""
    return read_records(connection, StoredPage, read_statement("read_pages_of_story"), {"story": story})
