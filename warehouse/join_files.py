"""The files by which workers that compare articles hand on what they need; see `pipelines.divided_texts`.

articles-N.parquet   the articles of a block, with their texts
postings-N.parquet   the fingerprints of its texts, sorted
shared-N.parquet     of a range of fingerprints: those that several texts share, by block
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipelines.divided_texts import SharedPostings
from pipelines.folding import I64, U64
from pipelines.pairing import IndexedArticle
from pipelines.records import ComparedArticle
from warehouse.exchange import copy_whole, scratch
from warehouse.sqlfiles import read_statement
from warehouse.staging import longest_line, storable

ARTICLE_TYPES = {
    "text_number": "bigint",
    "article_id": "varchar",
    "outlet": "varchar",
    "published_earliest": "timestamptz",
    "published_latest": "timestamptz",
    "digest": "varchar",
    "size": "bigint",
    "look_back_days": "integer",
    "is_changed": "boolean",
    "text": "varchar",
    "paragraph_starts": "bigint[]",
    "agencies": "varchar[]",
}
ROWS_TOGETHER = 2_048  # the least that DuckDB writes in one piece: who needs a few articles reads little else


@dataclass(frozen=True, slots=True, eq=False)
class BlockArticle:
    """An article with its text's number and index entry; `is_changed`: its links are to be found anew."""

    number: int
    article: ComparedArticle
    entry: IndexedArticle
    is_changed: bool


@dataclass(frozen=True, slots=True)
class JoinFiles:
    """Where the files of one comparison lie."""

    folder: Path

    def articles(self, block: int) -> Path:
        return self.folder / f"articles-{block:05d}.parquet"

    def postings(self, block: int) -> Path:
        return self.folder / f"postings-{block:05d}.parquet"

    def shared(self, number: int) -> Path:
        return self.folder / f"shared-{number:05d}.parquet"


def write_block(files: JoinFiles, block: int, articles: Iterable[BlockArticle]) -> None:
    """Write a block's articles, and the postings of its texts, each text once."""
    lines = files.folder / f"block-{uuid4().hex}.jsonl"
    texts: dict[int, U64] = {}
    with lines.open("wb") as file:
        for one in articles:
            file.write(_line(one) + b"\n")
            texts[one.number] = one.entry.fingerprints
    fingerprints = np.concatenate([np.zeros(0, np.uint64), *texts.values()])
    numbers = np.repeat(np.array(list(texts), dtype=np.int64), [len(own) for own in texts.values()])
    with scratch(files.folder) as connection:
        connection.execute(
            "create temp table written as select * from read_json($file, format = 'newline_delimited', "
            "columns = $types, maximum_object_size = $most) order by article_id",
            {"file": str(lines), "types": ARTICLE_TYPES, "most": longest_line([str(lines)])},
        )
        copy_whole(connection, "written", files.articles(block), ROWS_TOGETHER)
        _copy_arrays(connection, {"fingerprint": fingerprints, "text_number": numbers}, files.postings(block))
    lines.unlink()


def read_postings(files: JoinFiles, blocks: int, bounds: tuple[int, int]) -> tuple[U64, I64]:
    """The postings of a range of fingerprints: fingerprints, and the numbers of their texts."""
    with scratch(files.folder) as connection:
        rows = connection.execute(
            read_statement("read_range_postings"),
            {
                "files": [str(files.postings(block)) for block in range(blocks)],
                "first": bounds[0],
                "beyond": bounds[1],
            },
        ).fetchnumpy()
    return rows["fingerprint"].astype(np.uint64), rows["text_number"].astype(np.int64)


def write_shared(files: JoinFiles, number: int, shared: SharedPostings) -> None:
    """Write the shared postings of a range."""
    order = np.argsort(shared.blocks, kind="stable")
    with scratch(files.folder) as connection:
        arrays = {
            "block": shared.blocks[order],
            "fingerprint": shared.fingerprints[order],
            "text_number": shared.texts[order],
        }
        _copy_arrays(connection, arrays, files.shared(number))


def read_neighbourhood(
    files: JoinFiles, block: int, blocks: int, ranges: int
) -> tuple[list[IndexedArticle], dict[str, int], frozenset[str]]:
    """A block's articles and all that share a fingerprint with one, each with the shared fingerprints.

    Returns the articles, the numbers of their texts by digest, and the ids of the changed ones.
    """
    with scratch(files.folder) as connection:
        shared = connection.execute(
            read_statement("read_shared"),
            {"files": [str(files.shared(number)) for number in range(ranges)], "block": block},
        ).fetchnumpy()
        texts, firsts = np.unique(shared["text_number"].astype(np.int64), return_index=True)
        connection.register("wanted", {"text_number": texts})
        rows = connection.execute(
            read_statement("read_neighbourhood"),
            {
                "files": [str(files.articles(number)) for number in range(blocks)],
                "block": block,
                "blocks": blocks,
            },
        ).fetchall()
    own = dict(
        zip(texts.tolist(), np.split(shared["fingerprint"].astype(np.uint64), firsts[1:]), strict=True)
        if len(texts)
        else ()
    )
    nothing = np.zeros(0, np.uint64)
    found = [
        IndexedArticle(article_id, outlet, latest, digest, size, own.get(number, nothing), days)
        for number, article_id, outlet, latest, digest, size, days, _ in rows
    ]
    return (
        found,
        {row[4]: row[0] for row in rows},
        frozenset(row[1] for row in rows if row[-1]),
    )


def read_articles(files: JoinFiles, blocks: int, article_ids: Collection[str]) -> list[ComparedArticle]:
    """Some articles with their texts, wherever they belong."""
    with scratch(files.folder) as connection:
        connection.execute(
            "create temp table wanted as select unnest($ids) as article_id", {"ids": [*article_ids]}
        )
        rows = connection.execute(
            read_statement("read_block_articles"),
            {"files": [str(files.articles(number)) for number in range(blocks)]},
        ).fetchall()
    return [
        ComparedArticle(article_id, outlet, text, tuple(starts), earliest, latest, tuple(agencies))
        for article_id, outlet, text, starts, earliest, latest, agencies in rows
    ]


def _line(one: BlockArticle) -> bytes:
    article, entry = one.article, one.entry
    values = (
        one.number,
        article.article_id,
        article.outlet,
        article.published_earliest,
        article.published_latest,
        entry.digest,
        entry.size,
        entry.look_back_days,
        one.is_changed,
        article.text,
        article.paragraph_starts,
        article.agencies,
    )
    record = {name: storable(value) for name, value in zip(ARTICLE_TYPES, values, strict=True)}
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _copy_arrays(
    connection: duckdb.DuckDBPyConnection, arrays: Mapping[str, NDArray[np.integer[Any]]], target: Path
) -> None:
    connection.register("arrays", dict(arrays))
    columns: Sequence[str] = list(arrays)
    order = ", ".join(columns[:2])
    connection.execute(f"create temp table sorted_arrays as select * from arrays order by {order}")
    connection.unregister("arrays")
    copy_whole(connection, "sorted_arrays", target)
