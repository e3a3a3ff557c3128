"""What runs and commands read from a warehouse, as typed records.

Each function takes a connection from `warehouse.master.read_master` (under the lock) or
`warehouse.master.open_published`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import duckdb

from pipelines.outlet_blocks import MAX_HOLDERS, RULE, OutletPage
from pipelines.records import Paragraph, ParagraphKind
from warehouse.sqlfiles import read_statement

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """The newest stored version of an article."""

    article_id: str
    url: str
    version: int
    content_hash: str
    first_seen_at: datetime
    archive_file: str  # with `archive_offset`: the record that it was read from
    archive_offset: int
    rules_version: str


@dataclass(frozen=True, slots=True)
class StoredRun:
    run_id: str
    run_number: int
    story: str | None
    kind: str
    started_at: datetime
    finished_at: datetime
    status: str
    rules_version: str


@dataclass(frozen=True, slots=True)
class FateCount:
    """One line of a run's funnel."""

    fate: str
    reason: str | None
    urls: int


@dataclass(frozen=True, slots=True)
class OutletHealth:
    story: str
    run_id: str
    outlet: str
    expected: int
    found: int
    fetched: int
    kept: int
    status: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class CopyLine:
    """A pair of articles that share text, with what a person needs to recognise them."""

    article_id: str
    url: str
    outlet: str
    title: str | None
    published_at: datetime | None
    source_id: str
    source_url: str
    source_outlet: str
    source_title: str | None
    source_published_at: datetime | None
    containment: float
    source_containment: float
    shared_words: int
    longest_run_words: int
    kind: str
    direction: str
    common_agency: str | None


@dataclass(frozen=True, slots=True)
class PassageLine:
    """The text of one reused passage on both sides."""

    article_id: str
    paragraph: int
    text: str
    source_id: str
    source_paragraph: int
    source_text: str
    words: int
    similarity: float


def newest_versions(connection: duckdb.DuckDBPyConnection) -> dict[str, StoredVersion]:
    """The newest version of every article, by article id."""
    return {
        row.article_id: row
        for row in read_records(connection, StoredVersion, read_statement("read_newest_versions"))
    }


def newest_versions_of(
    connection: duckdb.DuckDBPyConnection, article_ids: Sequence[str]
) -> dict[str, StoredVersion]:
    """The newest version of each of the articles that is stored, by article id."""
    parameters = {"article_ids": list(article_ids)}
    return {
        row.article_id: row
        for row in read_records(connection, StoredVersion, read_statement("read_newest_of"), parameters)
    }


def block_holders(connection: duckdb.DuckDBPyConnection, texts: Sequence[str]) -> tuple[OutletPage, ...]:
    """The articles that hold one of these texts as a block, enough of each outlet, with all their blocks."""
    rows = connection.execute(
        read_statement("read_block_holders"), {"texts": list(texts), "rule": RULE, "per_outlet": MAX_HOLDERS}
    ).fetchall()
    return tuple(
        OutletPage(
            article_id,
            outlet,
            tuple(Paragraph(ParagraphKind(kind), text) for kind, text in zip(kinds, found, strict=True)),
        )
        for article_id, outlet, kinds, found in rows
    )


def find_run(connection: duckdb.DuckDBPyConnection, run_id: str) -> StoredRun | None:
    """The run, if it was loaded."""
    found = read_records(connection, StoredRun, read_statement("read_run"), {"run_id": run_id})
    return found[0] if found else None


def story_names(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The stories of this file by name."""
    rows = connection.execute("select story from stories order by story").fetchall()
    return tuple(name for (name,) in rows)


def run_is_loaded(connection: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    """Whether the run's rows are in this file."""
    return find_run(connection, run_id) is not None


def latest_run(connection: duckdb.DuckDBPyConnection, story: str | None = None) -> StoredRun | None:
    """The run that was loaded last, of one story or of any."""
    found = read_records(connection, StoredRun, read_statement("read_latest_run"), {"story": story})
    return found[0] if found else None


def funnel(connection: duckdb.DuckDBPyConnection, run_id: str) -> tuple[FateCount, ...]:
    """How many URLs of a run had which fate for which reason; most first within a fate."""
    return read_records(connection, FateCount, read_statement("read_funnel"), {"run_id": run_id})


def outlet_health(
    connection: duckdb.DuckDBPyConnection, story: str | None = None
) -> tuple[OutletHealth, ...]:
    """The view of that name, of one story or of all; what needs attention first."""
    return read_records(connection, OutletHealth, read_statement("read_outlet_health"), {"story": story})


def copies_of(connection: duckdb.DuckDBPyConnection, article_id: str | None = None) -> tuple[CopyLine, ...]:
    """Pairs that share text, with the article on either side, or all pairs; the largest share first."""
    return read_records(connection, CopyLine, read_statement("read_copies"), {"article_id": article_id})


def passages_of(
    connection: duckdb.DuckDBPyConnection, article_id: str, source_id: str
) -> tuple[PassageLine, ...]:
    """The passages of one pair in reading order."""
    return read_records(
        connection,
        PassageLine,
        read_statement("read_passages"),
        {"article_id": article_id, "source_id": source_id},
    )


def count_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of every table in main by name: the numbers that a reprocessing compares."""
    tables = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'main' and not temporary order by 1"
    ).fetchall()
    return {
        name: int(connection.execute(f'select count(*) from main."{name}"').fetchall()[0][0])
        for (name,) in tables
    }


def read_records(
    connection: duckdb.DuckDBPyConnection,
    record: type[Record],
    query: str,
    parameters: Mapping[str, object] | None = None,
) -> tuple[Record, ...]:
    """The rows of a query of ours as records whose fields are its columns; lists become tuples."""
    connection.execute(query, dict(parameters or {}))
    names = [column[0] for column in connection.description or ()]
    return tuple(
        record(**{name: _frozen(value) for name, value in zip(names, row, strict=True)})
        for row in connection.fetchall()
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
