"""The comparison of many articles by engines and in one process; Spark's own join for candidates alone."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from flows.backfill.join import JoinComparer
from flows.compare import HERE, Neighbourhood
from pipelines.copies import compare_articles
from pipelines.folding import U64
from pipelines.pairing import IndexedArticle
from pipelines.records import ComparedArticle, Copy, PublishedArticle
from tests.benchmarks.backfill_engines import (
    Cost,
    MeteredEngine,
    SparkEngine,
    engine_of,
    metered,
    peak_megabytes,
)
from tests.flows.warc_press import paragraphs
from tests.pipelines.copies_material import make_article
from warehouse.exchange import scratch
from warehouse.staging import staged_files

A_FAMILY = 8  # articles with text of one agency's report
WORKERS = 2


class NothingStored:
    """A warehouse without articles."""

    def indexed(self, article_ids: Collection[str]) -> list[IndexedArticle]:
        return []

    def neighbours(self, fingerprints: U64, apart_from: Collection[str]) -> list[IndexedArticle]:
        return []

    def articles(self, article_ids: Collection[str]) -> dict[str, ComparedArticle]:
        return {}

    def published(self, article_ids: Collection[str]) -> list[PublishedArticle]:
        return []

    def near_copies(self, article_ids: Collection[str], least_jaccard: float) -> list[Copy]:
        return []

    def group_members(self, article_ids: Collection[str]) -> dict[str, str]:
        return {}

    def taken_group_ids(self, group_ids: Sequence[str]) -> frozenset[str]:
        return frozenset()


def invent_articles(count: int) -> dict[str, ComparedArticle]:
    """Half of them hold three paragraphs or more of a report that eight of them hold."""
    made = {}
    for number in range(count):
        chance = random.Random(f"article {number}")
        own = paragraphs(chance, 5, "")
        report = paragraphs(random.Random(f"report {number // (2 * A_FAMILY)}"), 6, "")
        text = [own[0], *report[: 3 + chance.randrange(4)], *own[1:3]] if number % 2 else own
        hour = chance.randrange(200)
        made[f"a{number:08}"] = make_article(f"a{number:08}", text, hours=(hour, hour + 1))
    return made


def measure_join(count: int, engines: Sequence[str]) -> None:
    articles = invent_articles(count)
    words = sum(len(article.text.split()) for article in articles.values())
    entries = HERE.index(articles)
    fingerprints = sum(entry.size for entry in entries.values())
    print(
        f"\n{count:,} articles of {words / count:.0f} words, {fingerprints / count:.0f} fingerprints each\n"
    )
    columns = (
        "comparison",
        "index, s",
        "share, s",
        "link, s",
        "processor s",
        "articles a processor s",
        "pairs",
    )
    print("| " + " | ".join(columns) + " |")
    print("| --- " * 7 + "|")
    compare_articles(list(articles.values())[:5])
    with metered() as cost:
        whole = compare_articles(list(articles.values()))
    print_line("one process, no files", None, {}, cost[0], count, len(whole.copies))
    expected = {(copy.article_id, copy.source_id) for copy in whole.copies}
    peaks: dict[str, float] = {}
    for name in engines:
        with engine_of(name, WORKERS) as engine, tempfile.TemporaryDirectory() as folder:
            metering = MeteredEngine(engine)
            comparer = JoinComparer(metering, Path(folder) / "join", Path(folder) / "staging", {})
            around = Neighbourhood(entries, ())
            comparer.compare(around, articles, NothingStored())  # loads what the first jobs load
            with metered() as cost:
                comparer.compare(around, articles, NothingStored())
            peaks[name] = max(peak_megabytes())
            found = read_pairs(Path(folder) / "staging")
            with metered() as index:
                HERE.index(articles)
            print_line(f"{name}, {WORKERS} workers", index[0], metering.costs, cost[0], count, len(found))
            if found != expected:
                print(f"{name}: {len(found ^ expected)} pairs differ")
            if isinstance(engine, SparkEngine):
                measure_sql(engine, entries)
    print("\nMost memory of a worker, MB:", ", ".join(f"{name} {peak:.0f}" for name, peak in peaks.items()))


def print_line(
    name: str, index: Cost | None, steps: dict[str, Cost], whole: Cost, count: int, pairs: int
) -> None:
    cells = [
        f"{index.processor:.1f}" if index else "",
        *(f"{steps[task].busiest:.1f}" if task in steps else "" for task in ("share", "link")),
        f"{whole.processor:.1f}",
        f"{count / whole.processor:,.0f}",
        f"{pairs:,}",
    ]
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def read_pairs(staging: Path) -> set[tuple[str, str]]:
    with scratch(staging) as connection:
        rows = connection.execute(
            "select article_id, source_id from read_parquet($files)",
            {"files": staged_files(staging, "copies", "parquet")},
        ).fetchall()
    return set(rows)


def measure_sql(engine: SparkEngine, entries: dict[str, IndexedArticle]) -> None:
    """Candidates by a join of all postings with themselves: what Spark's own planner makes of it."""
    from pyspark.sql import SparkSession

    session = SparkSession(engine.context)
    own = list(entries.values())
    texts = np.repeat(np.arange(len(own)), [entry.size for entry in own])
    values = np.concatenate([entry.fingerprints for entry in own]).astype(np.int64)
    rows = list(zip(values.tolist(), texts.tolist(), strict=True))
    session.createDataFrame(rows, "fingerprint long, text long").createOrReplaceTempView("postings")
    query = """
        select count(*) from (
            select one.text, other.text from postings as one
            inner join postings as other on one.fingerprint = other.fingerprint and one.text > other.text
            group by one.text, other.text having count(*) >= 2
        )
    """
    session.sql(query).collect()
    with metered() as cost:
        (pairs,) = session.sql(query).collect()[0]
    print(f"| spark's own join, candidates alone | | | | {cost[0].processor:.1f} | | {pairs:,} |", flush=True)
