"""Articles with their paragraphs into a warehouse, beside DuckDB's own COPY of the same rows from Parquet.

    python -m tests.benchmarks.bench_load --articles 100000

COPY fills empty tables of the same schema from Parquet files of the same tables: the fastest that DuckDB has.
A load also reads JSON lines, checks every rule, indexes the texts for the copy finder and judges paragraphs.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.folding import fold_words
from pipelines.records import ComparedArticle
from pipelines.shingles import select_fingerprints
from tests.benchmarks.copy_warehouse import BatchRun, staged_rows, warehouse_at
from tests.pipelines.copies_material import make_article
from warehouse.connection import open_for_reading
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.master import prepare_master
from warehouse.schema import migrate
from warehouse.staging import write_staging

WORDS = 400  # of an article, in paragraphs of 40
PARAGRAPH_WORDS = 40
VOCABULARY = 30_000
Figures = tuple[float, float, float]  # seconds by the clock, of the processor, peak MB
TABLES = ("main.articles", "main.article_versions", "main.paragraphs")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--step", choices=["load", "copy"], help="one measurement, in this process")
    given = parser.parse_args()
    if given.step:
        print(*(load if given.step == "load" else copy)(given.folder, given.articles))
        return
    folder = Path(tempfile.mkdtemp(dir=given.folder))
    try:
        stage(folder, given.articles)
        figures = {step: measure(step, folder, given.articles) for step in ("load", "copy")}
    finally:
        shutil.rmtree(folder)
    print("| step | wall s | CPU s | articles per CPU s | peak MB |")
    print("| --- | --- | --- | --- | --- |")
    for step, (wall, cpu, peak) in figures.items():
        print(f"| {step} | {wall:.1f} | {cpu:.1f} | {given.articles / cpu:,.0f} | {peak:,.0f} |")
    print(f"\nspeed of the load as a share of COPY's: {figures['copy'][1] / figures['load'][1]:.2f}")


def measure(step: str, folder: Path, articles: int) -> Figures:
    """Seconds by the clock, of the processor, and peak MB of one step in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_load", "--step", step]
    done = subprocess.run(
        [*command, "--folder", str(folder), "--articles", str(articles)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    wall, cpu, peak = done.stdout.split()
    return float(wall), float(cpu), float(peak)


def stage(folder: Path, articles: int) -> None:
    """Write the rows where a run would."""
    paths = warehouse_at(folder)
    with lock_warehouse(paths):
        prepare_master(paths)
    write_staging(
        paths.runs / "run-1" / "staging", staged_rows(invent_articles(articles), None, BatchRun("run-1"), {})
    )


def load(folder: Path, articles: int) -> Figures:
    """Load the staged rows; the tables are left for `copy` to take out and in again."""
    paths, measured = warehouse_at(folder), list[Figures]()
    warm_up_index()
    with lock_warehouse(paths), timed(measured):
        load_run(paths, paths.runs / "run-1" / "staging")
    return measured[0]


def warm_up_index() -> None:
    """Machine code is compiled once after an installation, not in each load."""
    select_fingerprints(fold_words("warm " * 100).hashes)


def copy(folder: Path, articles: int) -> Figures:
    """COPY the same rows from Parquet into an empty file of the same schema."""
    for name in TABLES:
        with open_for_reading(warehouse_at(folder).master) as connection:
            connection.execute(f"copy (from {name}) to '{folder}/{name}.parquet' (format parquet)")
    measured: list[Figures] = []
    with duckdb.connect(str(folder / "copied.duckdb")) as connection:
        migrate(connection, folder / "copied.duckdb")
        with timed(measured):
            for name in TABLES:
                connection.execute(f"copy {name} from '{folder}/{name}.parquet' (format parquet)")
            connection.execute("checkpoint")
        for name in TABLES[:1]:
            found = connection.execute(f"select count(*) from {name}").fetchall()
            assert found == [(articles,)], found
    return measured[0]


@contextmanager
def timed(into: list[Figures]) -> Iterator[None]:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    started, cpu = time.monotonic(), time.process_time()
    yield
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    assert peak is not None
    into.append((time.monotonic() - started, time.process_time() - cpu, int(peak[1]) / 1024))


def invent_articles(count: int) -> Iterator[ComparedArticle]:
    """Articles that share nothing, of invented words."""
    chance = random.Random(1)
    words = [
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 11)))
        for _ in range(VOCABULARY)
    ]
    for number in range(count):
        drawn = chance.choices(words, k=WORDS)
        paragraphs = [" ".join(drawn[at : at + PARAGRAPH_WORDS]) for at in range(0, WORDS, PARAGRAPH_WORDS)]
        yield make_article(f"{number:08x}", paragraphs)


if __name__ == "__main__":
    main()
