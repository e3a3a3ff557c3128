"""CPU seconds of one hundred new articles against a warehouse of many: comparison, passages and transaction.

Run as `python -m tests.benchmarks.bench_increment [--sizes 10000 100000] [--folder DIR]`. The stored articles
are invented, about 300 words long, one a minute; of the new ones every fifth is an edited copy of one of last
week. They are all of one story; each size is measured over the whole history, and with a story that looks a
month back. A warehouse in DIR is kept, and the next call goes on with it: a million articles take several.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.compare import Findings, compare_fresh
from pipelines.match import Match
from pipelines.records import ComparedArticle
from pipelines.story import CopyRules, Story
from pipelines.urls import article_id_of
from tests.benchmarks.copy_warehouse import BatchRun, compare_batch, load_batch, warehouse_at
from tests.benchmarks.invented_texts import invent_edited, invent_texts
from warehouse.lock import lock_warehouse
from warehouse.master import prepare_master, read_master
from warehouse.neighbours import StoredArticles
from warehouse.paths import WarehousePaths
from warehouse.postings import open_postings

NEW = 100
FIRST_NEW = 10**9
EVERY_COPY = 5
RECENT = 10_000  # of the last so many, a week's, the copies are copies
ROUNDS = 3
STOCK_AT_ONCE = 20_000
LOOK_BACK_DAYS = 30
ALL_HISTORY = None
BOUNDED = Story("bounded", "Bounded", None, None, Match(), copies=CopyRules(LOOK_BACK_DAYS))
START = datetime(2020, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = warehouse_at(options.folder or Path(folder))
        for size in sorted(options.sizes):
            seconds = fill(paths, count_stored(paths), size)
            print(f"{size:,} articles stored; loading the last of them took {seconds:.0f} CPU s", flush=True)
            measure(paths, size, ALL_HISTORY)
            measure(paths, size, BOUNDED)


def count_stored(paths: WarehousePaths) -> int:
    """How many articles were there before; those that were measured with aren't counted."""
    with lock_warehouse(paths), read_master(paths) as connection:
        query = "select count(*) from article_versions where starts_with(run_id, 'fill-')"
        return int(connection.execute(query).fetchall()[0][0])


def count_runs(paths: WarehousePaths, kind: str) -> int:
    with lock_warehouse(paths), read_master(paths) as connection:
        query = "select count(*) from runs where starts_with(run_id, ?)"
        return int(connection.execute(query, [kind]).fetchall()[0][0])


def fill(paths: WarehousePaths, first: int, after: int) -> float:
    """Load articles that share nothing, without comparing them."""
    started = time.process_time()
    with lock_warehouse(paths):
        prepare_master(paths)
        for start in range(first, after, STOCK_AT_ONCE):
            articles = list(invent(start, min(after, start + STOCK_AT_ONCE)))
            load_batch(paths, articles, None, BatchRun(f"fill-{start}", BOUNDED))
        with read_master(paths) as connection:
            open_postings(connection, paths.index)
    return time.process_time() - started


def measure(paths: WarehousePaths, size: int, story: Story | None) -> None:
    print("  looking a month back:" if story else "  over the whole history:")
    for _ in range(ROUNDS):
        first = FIRST_NEW + size + NEW * count_runs(paths, "new-")
        articles = [
            invent_copy(number, size, RECENT) if number % EVERY_COPY == 0 else invent_article(number)
            for number in range(first, first + NEW)
        ]
        with lock_warehouse(paths):
            prepare_master(paths)
            started = time.process_time()
            findings = compare_batch(paths, articles, story) if story else compare_in_full(paths, articles)
            compared = time.process_time()
            load_batch(paths, articles, findings, BatchRun(f"new-{first}", BOUNDED))
            loaded = time.process_time()
        pairs = len(findings.comparison.copies)
        print(
            f"  {NEW} new: {compared - started:.2f} CPU s to compare, {loaded - compared:.2f} to load; "
            f"{pairs} pairs; peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB",
            flush=True,
        )


def compare_in_full(paths: WarehousePaths, articles: list[ComparedArticle]) -> Findings:
    """As if no story bounded its look-back."""
    with read_master(paths) as connection:
        return compare_fresh(articles, StoredArticles(connection, open_postings(connection, paths.index)))


def invent(first: int, after: int) -> Iterator[ComparedArticle]:
    for number in range(first, after):
        yield invent_article(number)


def invent_article(number: int) -> ComparedArticle:
    return build(number, invent_texts(number), f"outlet{number % 500}.example")


def invent_copy(number: int, size: int, newest: int | None = None) -> ComparedArticle:
    return build(number, invent_edited(number, size, newest), "copies.example")


def article_id(number: int) -> str:
    """As that of a page: digits without any order, so that no part of a table can be left out by them."""
    return article_id_of(f"http://invented.example/{number}")


def build(number: int, texts: list[str], outlet: str) -> ComparedArticle:
    starts = tuple(sum(map(len, texts[:at])) + 2 * at for at in range(len(texts)))
    appeared = START + timedelta(minutes=number % FIRST_NEW)
    return ComparedArticle(
        article_id(number), outlet, "\n\n".join(texts), starts, appeared, appeared, agencies=()
    )


if __name__ == "__main__":
    main()
