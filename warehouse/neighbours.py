"""What the copy finder asks of the warehouse: which stored articles share fingerprints with new ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np

from pipelines.folding import U64
from pipelines.pairing import IndexedArticle
from pipelines.records import ComparedArticle, Copy, CopyKind, Direction, PublishedArticle
from warehouse.postings import Segment, find_postings
from warehouse.read import read_records
from warehouse.sqlfiles import read_statement


class StoredArticles:
    """The stored articles, by way of the index; `segments` are up to date with the connection's file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, segments: tuple[Segment, ...]) -> None:
        self._connection = connection
        self._segments = segments

    def indexed(self, article_ids: Iterable[str]) -> list[IndexedArticle]:
        """Those of the articles that are stored, with all their fingerprints."""
        rows = self._rows("read_indexed_articles", article_ids=list(article_ids))
        return [
            IndexedArticle(
                article_id, outlet, latest, digest, len(fingerprints), np.array(fingerprints, dtype=np.uint64)
            )
            for article_id, outlet, latest, digest, fingerprints in rows
        ]

    def neighbours(self, fingerprints: U64, apart_from: Collection[str]) -> list[IndexedArticle]:
        """Articles that have any of the fingerprints, each with those of them that it has."""
        numbers, found = find_postings(self._segments, np.unique(fingerprints))
        order = np.lexsort((found, numbers))
        numbers, found = numbers[order], found[order]
        wanted, firsts = np.unique(numbers, return_index=True)
        own = dict(zip(wanted.tolist(), np.split(found, firsts[1:]), strict=True)) if len(wanted) else {}
        self._connection.register("wanted", {"number": wanted})
        rows = self._rows("read_indexed_numbers")
        self._connection.unregister("wanted")
        return [
            IndexedArticle(article_id, outlet, latest, digest, size, own[number])
            for number, article_id, outlet, latest, digest, size in rows
            if article_id not in apart_from
        ]

    def articles(self, article_ids: Iterable[str]) -> dict[str, ComparedArticle]:
        """The articles as they are compared, by id."""
        found = self._records(ComparedArticle, "read_articles_to_compare", article_ids=list(article_ids))
        return {article.article_id: article for article in found}

    def published(self, article_ids: Iterable[str]) -> list[PublishedArticle]:
        """When the articles appeared and whom they credit."""
        return list(self._records(PublishedArticle, "read_published", article_ids=list(article_ids)))

    def near_copies(self, article_ids: Iterable[str], least_jaccard: float) -> list[Copy]:
        """Stored pairs of near-identical articles among these."""
        copies = self._records(
            Copy, "read_near_copies", article_ids=list(article_ids), least_jaccard=least_jaccard
        )
        return [
            replace(copy, kind=CopyKind(copy.kind), direction=Direction(copy.direction)) for copy in copies
        ]

    def group_members(self, article_ids: Iterable[str]) -> dict[str, str]:
        """The group of each member of the groups that any of the articles is in."""
        return dict(self._rows("read_group_members", article_ids=list(article_ids)))

    def taken_group_ids(self, group_ids: Sequence[str]) -> frozenset[str]:
        """Which of the ids a group has, or had before it was merged."""
        return frozenset(row[0] for row in self._rows("read_taken_group_ids", group_ids=list(group_ids)))

    def stories_of(self, article_ids: Iterable[str]) -> list[tuple[str, str]]:
        """Which of the articles is in which story."""
        rows = self._rows("read_stories_of_articles", article_ids=list(article_ids))
        return [(article_id, story) for article_id, story in rows]

    def members(self, story: str) -> list[str]:
        """The articles of a story."""
        return [row[0] for row in self._rows("read_members", story=story)]

    def _rows(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(read_statement(statement), parameters).fetchall()

    def _records(self, record: type[Any], statement: str, **parameters: object) -> tuple[Any, ...]:
        return read_records(self._connection, record, read_statement(statement), parameters)
