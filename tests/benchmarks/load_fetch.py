"""Load and faults: 10,000 pages of 200 hosts, a tenth of them faulty in 20 ways, one crawl.

What a site owner would measure is measured at the server. `--small` is a fiftieth of it.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.benchmarks.fast_server import running
from tests.benchmarks.fault_server import FAULTS, path_of
from tests.benchmarks.fetch_jobs import Crawl, make_crawl, sitemaps, timed

DELAY_SECONDS = 0.5
TIMEOUT_SECONDS = 2.0
PAGES = 50  # of each host
MAX_TRIES = 3


def main(host_count: int) -> None:
    hosts = [f"127.1.0.{number}" for number in range(1, host_count + 1)]
    with running("tests.benchmarks.fault_server") as server, tempfile.TemporaryDirectory() as folder:
        crawl = make_crawl(
            Path(folder) / "load",
            sitemaps(hosts, server.port, PAGES),
            delay_seconds=DELAY_SECONDS,
            timeout_seconds=TIMEOUT_SECONDS,
        )
        result = timed(crawl.command)
        server.stop()
        wrong = wrong_fates(crawl, hosts, server.port)
        archived = len(crawl.pages())
        fates = crawl.fates()
    hits = Counter(server.report["hits"])
    twice = [url for url, count in hits.items() if count > 1 and "/ok/" in url]
    most = max(hits.values())
    print("| measured | value | bound |")
    print("| --- | --- | --- |")
    print(f"| pages, hosts, kinds of fault | {PAGES * len(hosts):,}, {len(hosts)}, {len(FAULTS)} | |")
    print(f"| URLs with the wrong fate | {len(wrong)} | 0 |")
    print(f"| fates in all | {fates.total():,} | {(PAGES + 1) * len(hosts):,} |")
    print(f"| fetched, and in the archive | {fates['fetched']:,}, {archived:,} | equal |")
    print(f"| good pages asked for twice | {len(twice)} | 0 |")
    print(f"| most requests of one URL | {most} | {MAX_TRIES} |")
    print(f"| most requests at once of a host, at the server | {server.report['most_at_once']} | 1 |")
    print(
        f"| least time between requests of a host, at the server | {server.report['least_gap']:.3f} s |"
        f" {DELAY_SECONDS} s |"
    )
    print(f"| memory of the crawler | {result.megabytes} MB | 400 MB |")
    print(f"| time | {result.wall:.0f} s, {result.cpu:.0f} s of CPU | |")
    for url, found in wrong[:10]:
        print(f"wrong: {url} {found}")


def wrong_fates(crawl: Crawl, hosts: list[str], port: int) -> list[tuple[str, str]]:
    """The URLs whose fate is not the one that is right for them."""
    each = crawl.fate_of_each()
    found = {url: f"{fate or 'fetched'} {reason or ''}".strip() for url, (fate, reason, _) in each.items()}
    wrong = []
    for host in hosts:
        for page in range(PAGES):
            path = path_of(int(host.rpartition(".")[2]), page)
            kind = path.split("/")[1]
            right = FAULTS[kind][2] if kind in FAULTS else "fetched"
            url = f"http://{host}:{port}{path}"
            if found.get(url) != right:
                wrong.append((url, f"{found.get(url)} instead of {right}"))
    return wrong


if __name__ == "__main__":
    main(4 if "--small" in sys.argv else 200)
