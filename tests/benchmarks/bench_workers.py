"""What the step costs in bulk: pages a second of one and of two processes, a worker's memory over many pages.

Run as `python -m tests.benchmarks.bench_workers [--pages N] [--memory-pages N]`. The gold pages are read over
and over, each time in another order.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from pipelines.page import read_page
from pipelines.records import Capture
from tests.benchmarks.cleaning_tools import capture_of
from tests.benchmarks.page_scores import need_pages, read_pages

SETS = ("article-extraction-benchmark", "fundus-evaluation", "fundus-parser-tests", "chinese-news")
ROUNDS = 3  # the best of them counts: the others had to share the machine
REPORTS = 10
STATUS = Path("/proc/self/status")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300, help="pages that one process reads")
    parser.add_argument("--memory-pages", type=int, default=20_000, help="pages that the worker reads")
    arguments = parser.parse_args()
    need_pages()
    logging.disable(logging.WARNING)
    print_throughput(arguments.pages)
    if STATUS.exists():
        print_memory(arguments.memory_pages)


def print_throughput(count: int) -> None:
    """Wall time of the same work in one process and of twice as much in two, and the CPU time of a page."""
    _captures()  # before the processes are forked off: both have them
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(read_many, (5, 5), (0, 1)))  # both loaded before the clock starts
        rounds = [(_measure(pool, count, 1), _measure(pool, count, 2)) for _ in range(ROUNDS)]
    one, two = (min(times) for times in zip(*rounds, strict=True))
    print(f"{'processes':<12}{'pages a second':>16}{'CPU ms a page':>16}")
    for processes, (wall, cpu) in ((1, one), (2, two)):
        print(f"{processes:<12}{processes * count / wall:16.1f}{1000 * cpu / (processes * count):16.1f}")
    print(f"two processes read {2 * one[0] / two[0]:.2f} times as many pages as one\n")


def _measure(pool: ProcessPoolExecutor, count: int, processes: int) -> tuple[float, float]:
    started = time.perf_counter()
    cpu = sum(seconds for seconds, _ in pool.map(read_many, (count,) * processes, (0,) * processes))
    return time.perf_counter() - started, cpu


def print_memory(count: int) -> None:
    """Resident memory of one process at ten points of its work."""
    with ProcessPoolExecutor(1) as pool:
        for report in range(REPORTS):
            _, megabytes = pool.submit(read_many, count // REPORTS, report).result()
            print(f"{(report + 1) * count // REPORTS:>7} pages: {megabytes:.0f} MB")


def read_many(count: int, seed: int) -> tuple[float, float]:
    """Read that many gold pages in an order of that seed; returns CPU seconds, and resident MB afterwards."""
    started = time.process_time()
    captures = list(_captures())
    random.Random(seed).shuffle(captures)
    for index in range(count):
        read_page(captures[index % len(captures)])
    return time.process_time() - started, _resident_megabytes()


@cache
def _captures() -> tuple[Capture, ...]:
    return tuple(capture_of(row) for name in SETS for row in read_pages(name))


def _resident_megabytes() -> float:
    if not STATUS.exists():
        return 0.0
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
