"""The cleaning step in worker processes: pages a second with one and two, a worker's memory over many pages.

Run as `python -m tests.benchmarks.bench_workers [--pages N] [--rounds N] [--memory-pages N]`; 20,000 pages
of memory take some minutes. The gold pages of `../shared` are archived and cleaned as a run does it.

What counts is processor time, so that other work on the machine changes little: with one worker a run takes
as long as that worker computes; with two, as long as the busier of them, or half of what they and the process
that collects compute together, whichever is more. The time by the clock is shown beside it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path

from flows.clean import CleaningJob, clean_and_encode
from flows.workers import Lost, map_in_workers
from pipelines.records import Via
from spiders.archive import ArchiveWriter
from spiders.warc import Visit
from tests.benchmarks.cleaning_tools import FETCHED_AT
from tests.benchmarks.page_scores import read_pages

SETS = ("article-extraction-benchmark", "fundus-evaluation", "fundus-parser-tests", "chinese-news")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
WARM_UP_PAGES = 40  # a worker loads libraries and word lists with its first pages
MEMORY_ROWS = 10
CORES = 2


@dataclass(frozen=True)
class Work:
    """What one page cost, and whom."""

    process: int
    seconds: float


@dataclass(frozen=True)
class Pace:
    """One measurement: seconds of each worker and of the process that collects, and by the clock."""

    pages: int
    workers: tuple[float, ...]
    collector: float
    clock: float

    @property
    def seconds(self) -> float:
        """What the run takes on two cores that do nothing else."""
        return max(*self.workers, self.collector, (sum(self.workers) + self.collector) / CORES)


def clean_timed(job: CleaningJob) -> tuple[bytes, Work]:
    started = time.process_time()
    line = clean_and_encode(job)
    return line, Work(os.getpid(), time.process_time() - started)


def archive_pages(folder: Path, most_bytes: int | None) -> list[CleaningJob]:
    """The gold pages, of that size at most, as records of an archive."""
    with ArchiveWriter(folder, "run-000001", sync_every=None) as writer:
        entries = [
            writer.add_resource(
                Visit(f"http://pages.example/{row['id']}", Via.FILE, FETCHED_AT),
                "text/html; charset=utf-8",
                row["html"].encode("utf-8", "replace"),
            )
            for name in SETS
            for row in read_pages(name)
            if most_bytes is None or len(row["html"]) <= most_bytes
        ]
    return [CleaningJob(str(folder), entry) for entry in entries]


def measure_pace(jobs: Sequence[CleaningJob], processes: int) -> Pace:
    """Clean the pages; the first of each worker don't count."""
    busy: defaultdict[int, list[float]] = defaultdict(list)
    collector, clock = time.process_time(), time.perf_counter()
    for result in map_in_workers(clean_timed, jobs, processes):
        if not isinstance(result, Lost):
            busy[result[1].process].append(result[1].seconds)
    collector, clock = time.process_time() - collector, time.perf_counter() - clock
    warm = [seconds[WARM_UP_PAGES:] for seconds in busy.values()]
    pages = sum(map(len, warm))
    return Pace(pages, tuple(map(sum, warm)), collector * pages / len(jobs), clock)


def report_memory(jobs: Sequence[CleaningJob], pages: int) -> None:
    """Clean pages in one process that is never replaced, and print its resident memory on the way."""
    step = max(1, pages // MEMORY_ROWS)
    for number, job in enumerate(islice(cycle(jobs), pages), 1):
        clean_and_encode(job)
        if number % step == 0 or number == len(jobs):
            resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES
            print(f"| {number:,} | {resident / 2**20:.0f} MB | {time.process_time():.0f} s |", flush=True)


def best_paces(jobs: Sequence[CleaningJob], rounds: int) -> tuple[Pace, Pace]:
    """One worker and two, in turn; of each the round that other work on the machine disturbed least."""
    paces = [(measure_pace(jobs, 1), measure_pace(jobs, 2)) for _ in range(rounds)]
    ones, twos = zip(*paces, strict=True)
    return min(ones, key=lambda pace: pace.seconds), min(twos, key=lambda pace: pace.seconds)


def print_paces(jobs: Sequence[CleaningJob], rounds: int) -> None:
    one, two = best_paces(jobs, rounds)
    print(f"\n{len(jobs):,} pages; load of the machine {os.getloadavg()[0]:.1f}\n")
    print("| workers | pages a second | ms a page | collecting, ms a page | by the clock, s |")
    print("| --- | --- | --- | --- | --- |")
    for count, pace in ((1, one), (2, two)):
        each = 1000 * sum(pace.workers) / pace.pages
        collecting = 1000 * pace.collector / pace.pages
        pace_a_second = pace.pages / pace.seconds
        print(f"| {count} | {pace_a_second:.1f} | {each:.1f} | {collecting:.2f} | {pace.clock:.1f} |")
    print(f"\ntwo give {two.pages / two.seconds / (one.pages / one.seconds):.2f} times one")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory-pages", type=int, default=2_000)
    parser.add_argument("--most-bytes", type=int, help="leave larger pages out, for a quick look")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        jobs = archive_pages(Path(folder), arguments.most_bytes)
        if not jobs:
            print("no gold pages in ../shared: nothing to measure")
            return
        if arguments.pages:
            print_paces(list(islice(cycle(jobs), arguments.pages)), arguments.rounds)
        print("\n| pages | resident memory of the worker | processor time |\n| --- | --- | --- |", flush=True)
        worker = get_context("spawn").Process(target=report_memory, args=(jobs, arguments.memory_pages))
        worker.start()
        worker.join()


if __name__ == "__main__":
    main()
