"""The index of the copy finder: the fingerprints of each article, and of the versions that it replaced.

It is written in the transaction that loads the article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import numpy as np

from pipelines.folding import I64, fold_texts
from pipelines.shingles import FINGERPRINT_METHOD, digest_all, select_all
from warehouse.schema import edition, record_edition
from warehouse.sqlfiles import read_statement

NUMBERS_PER_EDITION = 1 << 24  # articles that one load can add; so no number is given twice
BATCH = 5_000  # texts held at a time


def index_changed(connection: duckdb.DuckDBPyConnection) -> None:
    """Index what a load has just put into `articles`; and whatever else is missing, after a new release."""
    changed = _firsts(connection, read_statement("read_changed"), {})
    first_number = (edition(connection) + 1) * NUMBERS_PER_EDITION
    _index(connection, changed, first_number)
    if not _has_articles(connection):
        missing = _find_missing(connection)
        _index(connection, missing, first_number + len(changed))
    _index_versions(connection, connection.execute(read_statement("read_replaced")).fetchall())
    _index_superseded(connection)


def complete_index(connection: duckdb.DuckDBPyConnection) -> int:
    """Index the articles that the index lacks, in a transaction of its own. Returns how many there were."""
    if is_complete(connection):
        return 0
    connection.execute("begin")
    missing = _find_missing(connection)
    _index(connection, missing, (edition(connection) + 1) * NUMBERS_PER_EDITION)
    _index_superseded(connection)
    record_edition(connection, f"index of {len(missing)} articles")
    connection.execute("commit")
    return len(missing)


def rebuild_index(connection: duckdb.DuckDBPyConnection) -> int:
    """Throw the index away and make it again from the articles' texts. Returns how many there are."""
    connection.execute("delete from internal.indexed_articles")
    connection.execute("delete from internal.superseded_fingerprints")
    return complete_index(connection)


def find_wrong(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Articles whose text gives other fingerprints than the index holds, or that it lacks."""
    article_ids = _firsts(connection, "select article_id from articles order by article_id", {})
    wrong: list[str] = []
    for start in range(0, len(article_ids), BATCH):
        batch = article_ids[start : start + BATCH]
        rows = connection.execute(read_statement("read_index_of_texts"), {"article_ids": batch}).fetchall()
        words = fold_texts([row[1] for row in rows])
        for (article_id, _, digest, stored), right, chosen in zip(
            rows, digest_all(words), select_all(words), strict=True
        ):
            if digest != right or stored != chosen.tolist():
                wrong.append(article_id)
    return (*wrong, *_find_wrong_superseded(connection))


def is_complete(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the index lacks nothing, nor is anything of it made by another method."""
    return _has_articles(connection) and _has_superseded(connection)


def _has_articles(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether as many articles are indexed as there are, all by the present method."""
    counts = connection.execute(
        """
        select
            (select count(*) from articles),
            count(*),
            count(*) filter (where method = $method)
        from internal.indexed_articles
        """,
        {"method": FINGERPRINT_METHOD},
    ).fetchall()
    return len(set(counts[0])) == 1


def _has_superseded(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether every version that a newer one has replaced has its fingerprints, by the present method."""
    counts = connection.execute(
        """
        select
            (select count(*) from article_versions) - (select count(*) from articles),
            count(*),
            count(*) filter (where method = $method)
        from internal.superseded_fingerprints
        """,
        {"method": FINGERPRINT_METHOD},
    ).fetchall()
    return len(set(counts[0])) == 1


def _index_superseded(connection: duckdb.DuckDBPyConnection) -> None:
    """Fingerprints of the versions that a newer one has replaced and that have none yet."""
    if _has_superseded(connection):
        return
    connection.execute(read_statement("delete_outdated_superseded"), {"method": FINGERPRINT_METHOD})
    _index_versions(connection, connection.execute(read_statement("read_unindexed_versions")).fetchall())


def _index_versions(connection: duckdb.DuckDBPyConnection, versions: Sequence[tuple[str, int]]) -> None:
    for start in range(0, len(versions), BATCH):
        keys = _keys(versions[start : start + BATCH])
        rows = connection.execute(read_statement("read_version_texts"), keys).fetchall()
        connection.register("fingerprinted", _fingerprint([row[1] for row in rows])[1])
        connection.execute(read_statement("insert_superseded"), {**keys, "method": FINGERPRINT_METHOD})
        connection.unregister("fingerprinted")


def _find_wrong_superseded(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Articles with a replaced version whose text gives other fingerprints than it has, if any."""
    replaced = connection.execute(read_statement("read_replaced_versions")).fetchall()
    for start in range(0, len(replaced), BATCH):
        rows = connection.execute(
            read_statement("read_version_texts"), _keys(replaced[start : start + BATCH])
        ).fetchall()
        rightly = select_all(fold_texts([row[1] for row in rows]))
        yield from (row[0] for row, chosen in zip(rows, rightly, strict=True) if row[2] != chosen.tolist())


def _keys(versions: Sequence[tuple[str, int]]) -> dict[str, object]:
    return {"ids": [row[0] for row in versions], "versions": [row[1] for row in versions]}


def _find_missing(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Clear the index of what is no more as it is there; returns the places of the articles to index."""
    missing = _firsts(connection, read_statement("read_unindexed"), {"method": FINGERPRINT_METHOD})
    connection.execute(read_statement("delete_outdated_index"), {"method": FINGERPRINT_METHOD})
    return missing


def _firsts(connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, object]) -> list[Any]:
    """The first column of what is found."""
    return [row[0] for row in connection.execute(query, parameters).fetchall()]


def _index(connection: duckdb.DuckDBPyConnection, places: Sequence[int], first_number: int) -> None:
    """Index the articles in these rows of `articles`."""
    if len(places) > NUMBERS_PER_EDITION:
        raise ValueError(f"{len(places)} articles are more than one load can add")
    for start in range(0, len(places), BATCH):
        batch = list(places[start : start + BATCH])
        texts = dict(connection.execute(read_statement("read_texts"), {"places": batch}).fetchall())
        digests, fingerprinted = _fingerprint([texts[place] for place in batch])
        connection.register("fingerprinted", fingerprinted)
        connection.execute(
            read_statement("insert_indexed"),
            {
                "places": batch,
                "digests": digests,
                "first_number": first_number + start,
                "method": FINGERPRINT_METHOD,
            },
        )
        connection.unregister("fingerprinted")


def _fingerprint(texts: Sequence[str]) -> tuple[list[str], dict[str, I64]]:
    """The digest of each text; all fingerprints, each with its text's place."""
    words = fold_texts(texts)
    chosen = select_all(words)
    places = np.repeat(np.arange(len(texts)), [len(own) for own in chosen])
    values = np.concatenate([np.zeros(0, np.uint64), *chosen]).astype(np.int64)
    return digest_all(words), {"place": places, "fingerprint": values}
