"""A staged run into the master, in one transaction: all of it or nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.copy_index import index_changed
from warehouse.errors import CheckFailed, MemoryShort, StagingDefect
from warehouse.invariants import check_new_rows
from warehouse.master import open_master
from warehouse.paths import WarehousePaths
from warehouse.rows import RunKind
from warehouse.schema import record_edition
from warehouse.sqlfiles import read_statement
from warehouse.staging import COLUMNS, STAGED_TABLES, longest_line, staged_files

MODEST_MB = 1024  # 100,000 articles go in without more; where it isn't enough, half of the machine's memory
SCHEMA_OF = {"captures": "internal"}  # the others are in main
INSERTED_AS_STAGED = (
    "url_fates",
    "captures",
    "article_versions",
    "removed_blocks",
    "time_signals",
    "credit_signals",
    "copies",
    "reused_passages",
    "wire_groups",
    "group_merges",
)
SHOWN_OFFENDERS = 3


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did; `rows` counts the staged rows per table."""

    run_id: str
    run_number: int
    was_loaded_before: bool
    changed_articles: int
    rows: Mapping[str, int]


def load_run(paths: WarehousePaths, staging: Path) -> LoadReport:
    """Load a staged run; the caller holds the lock. A run that is in already is left as it is.

    Of an article with several staged versions, only the newest one's paragraphs, blocks and signals
    are staged. A staging holds the groups of all articles it compares, whole. A reprocessing replaces
    everything derived, so its staging holds every version of every article.

    Raises:
        StagingDefect: the staged rows contradict themselves or the warehouse.
        CheckFailed: the result would break an invariant.
        WarehouseError: the disk is full, the master is damaged, …
    In each case the master is as it was.
    """
    try:
        return _load_within(MODEST_MB, paths, staging)
    except MemoryShort:
        return _load_within(None, paths, staging)


def _load_within(most_mb: int | None, paths: WarehousePaths, staging: Path) -> LoadReport:
    run_id, kind = _staged_run(staging)
    with open_master(paths, most_mb) as connection:
        loaded_as = _run_number(connection, run_id)
        if loaded_as is not None:
            return LoadReport(run_id, loaded_as, True, 0, {})
        with _transaction(connection):
            known = schema_types(connection)
            rows = {
                table: _stage(connection, staging, table, column_types(known, table, COLUMNS[row_type]))
                for row_type, table in STAGED_TABLES.items()
            }
            _replace_rows(connection, kind)
            complaints = check_new_rows(connection)
            if complaints:
                raise CheckFailed(tuple(str(complaint) for complaint in complaints))
            record_edition(connection, f"{kind} {run_id}")
        changed = connection.execute("select count(*) from changed_articles").fetchall()[0][0]
        return LoadReport(run_id, _run_number(connection, run_id) or 0, False, changed, rows)


def _staged_run(staging: Path) -> tuple[str, RunKind]:
    lines = [
        line
        for name in staged_files(staging, "runs")
        for line in Path(name).read_text(encoding="utf-8").splitlines()
    ]
    if len(lines) != 1:
        raise StagingDefect("runs", f"{staging} holds {len(lines)} runs instead of one")
    record = json.loads(lines[0])
    return record["run_id"], RunKind(record["kind"])


def _run_number(connection: duckdb.DuckDBPyConnection, run_id: str) -> int | None:
    rows = connection.execute("select run_number from runs where run_id = ?", [run_id]).fetchall()
    return int(rows[0][0]) if rows else None


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit at the end; closing the connection without that rolls back."""
    connection.execute("begin")
    yield
    connection.execute("commit")


def _stage(connection: duckdb.DuckDBPyConnection, staging: Path, table: str, types: Mapping[str, str]) -> int:
    """Read a table's staged files into a temporary table; returns the number of rows."""
    columns = ", ".join(f'"{name}"' for name in types)
    definitions = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    connection.execute(f"create temp table staged_{table} ({definitions})")
    files = staged_files(staging, table)
    if files:
        try:
            connection.execute(
                f"insert into staged_{table} select {columns} from read_json("
                "$files, format = 'newline_delimited', columns = $types, maximum_object_size = $max_bytes)",
                {"files": files, "types": dict(types), "max_bytes": longest_line(files)},
            )
        except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
            raise StagingDefect(table, _one_line(error)) from error
    written = staged_files(staging, table, "parquet")
    if written:
        connection.execute(
            f"insert into staged_{table} select {columns} from read_parquet($files)", {"files": written}
        )
    if files or written:
        _refuse_duplicates(connection, table)
    return int(connection.execute(f"select count(*) from staged_{table}").fetchall()[0][0])


def schema_types(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, str]]:
    """The types of the columns of every table, by schema and table."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal"
    ).fetchall():
        found[schema, table][column] = kind
    return found


def column_types(
    known: Mapping[tuple[str, str], Mapping[str, str]], table: str, names: tuple[str, ...]
) -> dict[str, str]:
    """The types of a table's columns, as the schema has them."""
    types = known.get((SCHEMA_OF.get(table, "main"), table))
    return {name: types[name] if types else "VARCHAR" for name in names}  # some lists have no table


def _refuse_duplicates(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Two staged rows with one key would make the result depend on chance."""
    found = connection.execute(
        """
        select constraint_column_names
        from duckdb_constraints()
        where
            schema_name = ?
            and table_name = ?
            and constraint_type = 'PRIMARY KEY'
        """,
        [SCHEMA_OF.get(table, "main"), table],
    ).fetchall()
    if not found:
        return
    key = ", ".join(f'"{name}"' for name in found[0][0])
    doubles = connection.execute(
        f"select {key} from staged_{table} group by {key} having count(*) > 1 order by all"
    ).fetchall()
    if doubles:
        raise StagingDefect(
            table, f"two rows have the same {', '.join(found[0][0])}: {doubles[:SHOWN_OFFENDERS]}"
        )


def _replace_rows(connection: duckdb.DuckDBPyConnection, kind: RunKind) -> None:
    for name in ("note_last_rows", "note_changed_articles", "see_new_rows"):
        connection.execute(read_statement(name))
    connection.execute(read_statement("clear_derived" if kind is RunKind.REPROCESS else "clear_changed"))
    for name in ("stories", "run"):
        _insert(connection, name, read_statement(f"insert_{name}"))
    for table in INSERTED_AS_STAGED:
        target = f"{SCHEMA_OF.get(table, 'main')}.{table}"
        _insert(connection, table, f"insert into {target} by name select * from staged_{table}")
    connection.execute(read_statement("delete_unrelated"))
    for name in ("newest_articles", "story_articles", "legal_signals"):
        _insert(connection, name, read_statement(f"insert_{name}"))
    index_changed(connection)
    connection.execute(read_statement("judge_common_source"))
    connection.execute(read_statement("judge_paragraphs"))
    _insert(connection, "paragraphs", read_statement("insert_paragraphs"))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, statement: str) -> None:
    try:
        connection.execute(statement)
    except duckdb.ConstraintException as error:
        raise StagingDefect(table, _one_line(error)) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
