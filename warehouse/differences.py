"""What two snapshots of one warehouse say differently: numbers, fields, pairs, some texts side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.connection import open_for_reading
from warehouse.read import count_rows, read_records
from warehouse.sqlfiles import read_statement

SAMPLED_TEXTS = 5
# when and where it was seen, and by which rules: no statement about the article
BOOKKEEPING = ("version", "first_seen_at", "fetched_at", "content_hash", "published_latest")


@dataclass(frozen=True, slots=True)
class TextChange:
    """One article's title and text, before and after."""

    url: str
    title_before: str | None
    title_after: str | None
    text_before: str
    text_after: str


@dataclass(frozen=True, slots=True)
class Differences:
    """Rows per table before and after; articles by URL; articles whose field differs, by field."""

    before: dict[str, int]
    after: dict[str, int]
    changed_articles: tuple[str, ...]  # new, or with another text or title
    lost_articles: tuple[str, ...]  # articles no longer
    changed_fields: dict[str, int]
    new_pairs: int
    lost_pairs: int
    samples: tuple[TextChange, ...]


def compare_snapshots(older: Path, newer: Path) -> Differences:
    """Compare two files of this release's schema.

    Raises:
        WarehouseError: one of them can't be read.
    """
    with open_for_reading(older) as connection:
        before = count_rows(connection)
    with open_for_reading(newer) as connection:
        after = count_rows(connection)
        connection.execute(f"attach {_quoted(older)} as older (read_only)")
        new_pairs, lost_pairs = connection.execute(read_statement("compare_pairs")).fetchall()[0]
        return Differences(
            before=before,
            after=after,
            changed_articles=_urls(connection, "compare_changed_articles"),
            lost_articles=_urls(connection, "compare_lost_articles"),
            changed_fields=_changed_fields(connection),
            new_pairs=new_pairs,
            lost_pairs=lost_pairs,
            samples=read_records(
                connection, TextChange, read_statement("compare_texts"), {"limit": SAMPLED_TEXTS}
            ),
        )


def _urls(connection: duckdb.DuckDBPyConnection, statement: str) -> tuple[str, ...]:
    return tuple(row[0] for row in connection.execute(read_statement(statement)).fetchall())


def _changed_fields(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many articles that both have differ in each field; fields that none differs in are left out."""
    names = [
        row[0]
        for row in connection.execute(read_statement("compare_columns")).fetchall()
        if row[0] not in BOOKKEEPING
    ]
    counts = ", ".join(f'count(*) filter (was."{name}" is distinct from "is"."{name}")' for name in names)
    found = connection.execute(
        f'select {counts} from older.main.articles as was inner join articles as "is" using (article_id)'
    ).fetchall()[0]
    return {name: count for name, count in zip(names, found, strict=True) if count}


def _quoted(path: Path) -> str:
    """A path as an SQL literal: `attach` takes no parameter."""
    return "'" + str(path).replace("'", "''") + "'"
