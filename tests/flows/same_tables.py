"""The rows of a warehouse without what names the run, its clock, or the place in the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from warehouse.master import open_published

PLACES = {"run_id", "archive_file", "archive_offset"}
CLOCKS = {"started_at", "finished_at", "at", "made_at", "run_number"}
RESULTS = (
    "articles",
    "article_versions",
    "story_articles",
    "paragraphs",
    "removed_blocks",
    "time_signals",
    "credit_signals",
    "copies",
    "reused_passages",
    "wire_groups",
)
EVERY_TABLE = (*RESULTS, "stories", "runs", "url_fates", "legal_signals", "group_merges")

Rows = list[tuple[Any, ...]]


def read_tables(warehouse: Path, tables: tuple[str, ...] = EVERY_TABLE) -> dict[str, Rows]:
    """All rows of each table, in a fixed order; and, with all tables, what the archive holds of each page."""
    with open_published(warehouse) as connection:
        found: dict[str, Rows] = {}
        for table in tables:
            names = connection.execute(
                "select column_name from duckdb_columns() where table_name = ? and schema_name = 'main'",
                [table],
            ).fetchall()
            columns = ", ".join(f'"{name}"' for (name,) in names if name not in PLACES | CLOCKS)
            found[table] = connection.execute(f"select {columns} from {table} order by all").fetchall()
        if tables == EVERY_TABLE:
            found["captures"] = connection.execute(
                """
                select url, final_url, fetched_at, status, payload_digest, outcome, article_id, version
                from internal.captures
                order by all
                """
            ).fetchall()
    return found
