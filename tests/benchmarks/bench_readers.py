"""Eight readers that query without pause while runs load and publish.

    python -m tests.benchmarks.bench_readers --readers 8 --runs 20

Every other run goes into a second warehouse that nobody reads: what the readers take of the processor slows
both alike, so that the difference is what reading itself does to a run. A reader opens the published file
anew for each query and checks that what it sees is one whole state.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.warehouse.material import Piece, piece_rows, stage, whole_run
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.paths import WarehousePaths
from warehouse.publish import publish

ARTICLES = 100  # of a run
READER = """
import signal
import sys

import duckdb

path, articles = sys.argv[1], int(sys.argv[2])
reads = errors = torn = newest = 0
ended = []
signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
while not ended:
    try:
        with duckdb.connect(path, read_only=True) as connection:
            runs, found, versions, paragraphs = connection.execute(
                "select (select count(*) from runs), (select count(*) from articles), "
                "(select count(*) from article_versions), (select count(distinct article_id) from paragraphs)"
            ).fetchall()[0]
    except duckdb.Error as error:
        errors += 1
        print(error, file=sys.stderr)
        continue
    reads += 1
    torn += not (found == versions == paragraphs == runs * articles)
    torn += runs < newest
    newest = max(newest, runs)
print(reads, errors, torn)
"""


@dataclass(frozen=True)
class Readings:
    """What all readers saw; `torn`: anything but a whole state, or an older one than before."""

    reads: int
    errors: int
    torn: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--runs", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seconds, readings = measure(Path(folder), given.readers, given.runs)
    alone, watched = (statistics.median(values) for values in seconds)
    print("| measured | value | bound |")
    print("| --- | --- | --- |")
    print(f"| runs published while they read | {given.runs} | {given.runs} |")
    print(f"| reads by {given.readers} readers | {readings.reads:,} | |")
    print(f"| errors of readers | {readings.errors} | 0 |")
    print(f"| reads of anything but a whole, newer state | {readings.torn} | 0 |")
    print(f"| load and publish, median s: nobody reads this warehouse | {alone:.2f} | |")
    print(f"| the same, all read it | {watched:.2f} | |")
    print(f"| ratio | {watched / alone:.3f} | 1.05 |")


def measure(folder: Path, readers: int, runs: int) -> tuple[tuple[list[float], list[float]], Readings]:
    """Seconds of each run where nobody reads and where all do; what the readers saw."""
    alone, watched = (WarehousePaths.of(folder / name / "coverage.duckdb") for name in ("alone", "watched"))
    for paths in (alone, watched):
        timed_run(paths, 0)
    command = [sys.executable, "-c", READER, str(watched.published), str(ARTICLES)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(readers)
    ]
    seconds: tuple[list[float], list[float]] = ([], [])
    try:
        for number in range(1, runs + 1):
            order = ((0, alone), (1, watched)) if number % 2 else ((1, watched), (0, alone))
            for place, paths in order:
                seconds[place].append(timed_run(paths, number))
    finally:
        for process in processes:
            process.terminate()
        answers = [process.communicate()[0].split() for process in processes]
    return seconds, Readings(*(sum(int(answer[at]) for answer in answers) for at in range(3)))


def timed_run(paths: WarehousePaths, number: int) -> float:
    """Load and publish a run of its own articles; the seconds that takes."""
    paths.published.parent.mkdir(parents=True, exist_ok=True)
    run_id = f"run-{number}"
    pieces = [
        Piece(f"outlet-{number}-{one}.example", (f"The bridge was closed on day {number}, says {one}.",))
        for one in range(ARTICLES)
    ]
    rows = [row for piece in pieces for row in piece_rows(piece, run_id)]
    staging = stage(paths, whole_run(rows, run_id), run_id)
    started = time.monotonic()
    with lock_warehouse(paths):
        load_run(paths, staging)
        publish(paths)
    return time.monotonic() - started


if __name__ == "__main__":
    main()
