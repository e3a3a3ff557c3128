"""A crawl killed 20 times at random moments, against an undisturbed one: fates, archive, requests."""

from __future__ import annotations

import random
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from spiders.captures import verify_archive
from tests.benchmarks.fast_server import running
from tests.benchmarks.fetch_jobs import Crawl, make_crawl, sitemaps, timed

KILLS = 20
HOSTS = 20
PAGES = 60
DELAY_SECONDS = 0.3  # so that a crawl lasts longer than its kills
SEED = 20240129


def main() -> None:
    hosts = [f"127.2.0.{number}" for number in range(1, HOSTS + 1)]
    with tempfile.TemporaryDirectory() as folder:
        with running("tests.benchmarks.fast_server") as server:
            sources = sitemaps(hosts, server.port, PAGES)
            whole = make_crawl(Path(folder) / "whole", sources, delay_seconds=DELAY_SECONDS)
            timed(whole.command)
            killed = make_crawl(Path(folder) / "killed", sources, delay_seconds=DELAY_SECONDS)
            kills = kill_at_random(killed, random.Random(SEED))
            timed(killed.command)
            server.stop()
        again = Counter(count - 2 for count in server.report.values())  # both crawls ask once
        same_fates = killed.fate_of_each() == whole.fate_of_each()
        pages, damage = killed.pages(), verify_archive(killed.folder / "archive")
        print("| measured | value | bound |")
        print("| --- | --- | --- |")
        print(f"| kills | {kills} | {KILLS} |")
        print(f"| fates equal to the undisturbed run's | {same_fates} | True |")
        print(f"| pages in the archive equal, byte for byte | {pages == whole.pages()} | True |")
        print(f"| pages | {len(pages):,} | {HOSTS * PAGES:,} |")
        print(f"| damage in the archive | {len(damage)} | 0 |")
        for times in sorted(again - Counter({0: again[0]})):
            print(f"| URLs that were asked for again, {times} x | {again[times]} | |")


def kill_at_random(crawl: Crawl, chance: random.Random) -> int:
    """Start the crawl and kill it, so many times. Returns how often it was alive to be killed."""
    kills = 0
    for _ in range(KILLS):
        with subprocess.Popen(crawl.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            time.sleep(chance.uniform(0.5, 4.0))
            kills += process.poll() is None
            process.kill()
    return kills


if __name__ == "__main__":
    main()
