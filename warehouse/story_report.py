"""What a story's report is made of, as typed records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.read import CopyLine, PassageLine, read_records
from warehouse.sqlfiles import read_statement

Pair = tuple[str, str]  # article id, source id


@dataclass(frozen=True, slots=True)
class StoryAnswer:
    """The counts behind a story's answer; `originals` counts one article per group."""

    story: str
    title: str
    since: datetime | None
    until: datetime | None
    articles: int
    outlets: int
    originals: int
    largest_group_outlet: str | None
    largest_group_agency: str | None
    largest_group_size: int  # 0: no two articles are near-identical
    first_outlet: str | None
    first_published_at: datetime | None
    first_is_proven: bool  # every article is dated, and every other date lies later for certain


def read_answer(connection: duckdb.DuckDBPyConnection, story: str) -> StoryAnswer | None:
    """A story's answer in counts; None if the warehouse has no such story."""
    found = read_records(connection, StoryAnswer, read_statement("read_story_answer"), {"story": story})
    return found[0] if found else None


def story_copies(connection: duckdb.DuckDBPyConnection, story: str) -> tuple[CopyLine, ...]:
    """Pairs that share text and belong to a story on either side, the most shared words first."""
    return read_records(connection, CopyLine, read_statement("read_story_copies"), {"story": story})


def story_passages(
    connection: duckdb.DuckDBPyConnection, pairs: Sequence[Pair]
) -> dict[Pair, tuple[PassageLine, ...]]:
    """The passages of pairs, in reading order."""
    lines = read_records(
        connection,
        PassageLine,
        read_statement("read_pair_passages"),
        {"article_ids": [pair[0] for pair in pairs], "source_ids": [pair[1] for pair in pairs]},
    )
    grouped: defaultdict[Pair, list[PassageLine]] = defaultdict(list)
    for line in lines:
        grouped[line.article_id, line.source_id].append(line)
    return {pair: tuple(texts) for pair, texts in grouped.items()}
