"""Reused passages as they stand in both texts, for people who look at them."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.read import read_records
from warehouse.sqlfiles import read_statement

CONTEXT_CHARS = 60  # on either side of a passage: about a line


@dataclass(frozen=True, slots=True)
class DrawnPassage:
    """One passage on both sides, with what stands around it; offsets as in `reused_passages`."""

    article_id: str
    paragraph: int
    start_char: int
    end_char: int
    before: str
    text: str
    after: str
    source_id: str
    source_paragraph: int
    source_start_char: int
    source_end_char: int
    source_before: str
    source_text: str
    source_after: str
    words: int
    similarity: float


def drawn_passages(
    connection: duckdb.DuckDBPyConnection, article_id: str, source_id: str
) -> tuple[DrawnPassage, ...]:
    """The passages of one pair in reading order."""
    return read_records(
        connection,
        DrawnPassage,
        read_statement("read_drawn_passages"),
        {"article_id": article_id, "source_id": source_id, "context": CONTEXT_CHARS},
    )
