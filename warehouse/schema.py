"""The numbered migrations, and what a file's schema says about itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from warehouse.errors import ForeignFile, SchemaTooNew, SchemaTooOld

MIGRATION_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    version: int
    name: str
    statements: str


@cache
def migrations() -> tuple[Migration, ...]:
    """All migrations that this release knows, in order.

    Raises:
        ValueError: their numbers aren't 1, 2, 3 … without a gap.
    """
    found = sorted(
        (
            entry
            for entry in files("warehouse").joinpath("migrations").iterdir()
            if entry.name.endswith(".sql")
        ),
        key=lambda entry: entry.name,
    )
    known = []
    for expected, entry in enumerate(found, start=1):
        match = MIGRATION_NAME.fullmatch(entry.name)
        if match is None or int(match[1]) != expected:
            raise ValueError(f"migration {entry.name} should have number {expected:04d}")
        known.append(Migration(expected, entry.name, entry.read_text(encoding="utf-8")))
    return tuple(known)


def newest_version() -> int:
    """The schema version that this release writes."""
    return migrations()[-1].version


def schema_version(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The version of an open file: 0 if it holds nothing at all, None if it isn't ours."""
    tables = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    if not tables:
        return 0
    if ("internal.migrations",) not in tables:
        return None
    row = connection.execute("select coalesce(max(version), 0) from internal.migrations").fetchall()
    return int(row[0][0])


def migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> tuple[Migration, ...]:
    """Bring a file up to this release's schema in one transaction; returns what was applied.

    Raises:
        SchemaTooNew: a later release wrote it; it is left untouched.
        ForeignFile: it holds tables that aren't ours.
    """
    found = schema_version(connection)
    if found is None:
        raise ForeignFile(path, "someone else's DuckDB file")
    if found > newest_version():
        raise SchemaTooNew(path, found, newest_version())
    due = migrations()[found:]
    if due:
        connection.execute("begin")
        for migration in due:
            connection.execute(migration.statements)
            connection.execute(
                "insert into internal.migrations (version, name, applied_at) values (?, ?, now())",
                [migration.version, migration.name],
            )
            record_edition(connection, f"migration {migration.version}")
        connection.execute("commit")
    return due


def require_schema(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make sure that an open file has the schema that this release reads.

    Raises:
        ForeignFile, SchemaTooNew, SchemaTooOld: it has another.
    """
    found = schema_version(connection)
    if not found:
        raise ForeignFile(path, "someone else's DuckDB file")
    if found > newest_version():
        raise SchemaTooNew(path, found, newest_version())
    if found < newest_version():
        raise SchemaTooOld(path, found, newest_version())


def record_edition(connection: duckdb.DuckDBPyConnection, what: str) -> None:
    """Note a change, in the transaction that makes it."""
    connection.execute(
        """
        insert into internal.editions (edition, what, made_at)
        select coalesce(max(edition), 0) + 1, ?, now()
        from internal.editions
        """,
        [what],
    )


def edition(connection: duckdb.DuckDBPyConnection) -> int:
    """The number of the newest change; 0 before the first."""
    return int(connection.execute("select coalesce(max(edition), 0) from internal.editions").fetchall()[0][0])
