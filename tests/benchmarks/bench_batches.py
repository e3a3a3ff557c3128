"""Many small batches against one big one: whether pairs, passages and groups are the very same.

Run as `python -m tests.benchmarks.bench_batches [--size 1000] [--batches 10]`: real articles and edited
copies of them, shuffled, loaded into two warehouses.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from tests.benchmarks.bench_copies import SEED, read_articles
from tests.benchmarks.copy_families import NEWS
from tests.benchmarks.copy_warehouse import BatchRun, add_batch, warehouse_at
from warehouse.connection import open_for_reading
from warehouse.paths import WarehousePaths

Rows = list[tuple[object, ...]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000)
    parser.add_argument("--batches", type=int, default=10)
    options = parser.parse_args()
    if not NEWS.exists():
        print(f"{NEWS} is absent: nothing to measure")
        return
    articles = read_articles(options.size)
    results = []
    for count in (1, options.batches):
        random.Random(SEED + count).shuffle(articles)
        with tempfile.TemporaryDirectory() as folder:
            paths = warehouse_at(Path(folder))
            started = time.process_time()
            for number in range(count):
                add_batch(paths, articles[number::count], BatchRun(f"run-{number}"))
            seconds = time.process_time() - started
            results.append(read_results(paths))
        pairs, passages, groups = results[-1]
        print(
            f"{len(articles):,} articles in batches of {len(articles) // count:,}: {seconds:.1f} CPU s; "
            f"{len(pairs):,} pairs, {len(passages):,} passages, {len(groups):,} groups",
            flush=True,
        )
    print("the very same" if results[0] == results[1] else "NOT the same")


def read_results(paths: WarehousePaths) -> tuple[Rows, Rows, set[frozenset[str]]]:
    groups = defaultdict(set)
    with open_for_reading(paths.master) as connection:
        pairs = connection.execute("select * from copies order by all").fetchall()
        passages = connection.execute("select * from reused_passages order by all").fetchall()
        members = connection.execute("select group_id, article_id from wire_groups").fetchall()
    for group_id, article_id in members:
        groups[group_id].add(article_id)
    return pairs, passages, {frozenset(group) for group in groups.values()}


if __name__ == "__main__":
    main()
