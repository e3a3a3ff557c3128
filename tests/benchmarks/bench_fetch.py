"""Pages a second beside a bare Scrapy spider, and memory as the number of pages grows.

Both ask one request at a time of each of 50 hosts, 32 at once over all, no delay; ours reads sitemaps
and robots.txt, and archives and syncs every response. They take turns in one run; medians.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.fast_server import running
from tests.benchmarks.fetch_jobs import Timed, make_crawl, read_json, sitemaps, timed

HOSTS = 50
PAGES = 100  # of each host
ROUNDS = 3
LARGE_PAGES = 400
BARE = Path(__file__).with_name("bare_spider.py")


def main() -> None:
    with running("tests.benchmarks.fast_server") as server, tempfile.TemporaryDirectory() as folder:
        bare, ours = [], []
        for number in range(ROUNDS):
            bare.append(run_bare(server.port))
            ours.append(run_ours(server.port, Path(folder) / str(number), PAGES)[0])
        large, megabytes = run_ours(server.port, Path(folder) / "large", LARGE_PAGES)
    print("| crawler | pages | pages a second | CPU ms a page | memory |")
    print("| --- | --- | --- | --- | --- |")
    print_row("bare Scrapy spider, nothing kept", HOSTS * PAGES, bare)
    print_row("wirecopy, archive synced", HOSTS * PAGES, ours)
    print_row(f"wirecopy, archive of {megabytes} MB", HOSTS * LARGE_PAGES, [large])
    ratio = rate(HOSTS * PAGES, ours) / rate(HOSTS * PAGES, bare)
    print(f"\nwirecopy at {ratio:.2f} of the bare spider's pages a second")


def run_bare(port: int) -> Timed:
    result = timed([sys.executable, str(BARE), str(port), str(HOSTS), str(PAGES)])
    assert read_json(result.last_line)["pages"] == HOSTS * PAGES
    return result


def run_ours(port: int, folder: Path, pages: int) -> tuple[Timed, int]:
    hosts = [f"127.0.0.{number}" for number in range(1, HOSTS + 1)]
    crawl = make_crawl(folder, sitemaps(hosts, port, pages))
    result = timed(crawl.command)
    assert crawl.fates() == {"fetched": HOSTS * pages, "read": HOSTS}, crawl.fates()
    return result, crawl.archive_bytes() >> 20


def rate(pages: int, runs: list[Timed]) -> float:
    return pages / statistics.median(run.wall for run in runs)


def print_row(name: str, pages: int, runs: list[Timed]) -> None:
    cpu = statistics.median(run.cpu for run in runs) / pages * 1000
    memory = max(run.megabytes for run in runs)
    print(f"| {name} | {pages:,} | {rate(pages, runs):.0f} | {cpu:.2f} | {memory} MB |")


if __name__ == "__main__":
    main()
