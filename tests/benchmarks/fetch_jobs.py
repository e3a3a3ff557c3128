"""Crawls of a loopback server for the fetch benchmarks, each in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.match import Match
from pipelines.story import FetchRules, Sources, Story
from spiders.crawl import CrawlJob
from spiders.journal import url_outcomes
from spiders.manifest import iter_entries


@dataclass(frozen=True)
class Timed:
    """A process that ran to its end: wall and CPU seconds, largest memory, what it printed last."""

    wall: float
    cpu: float
    megabytes: int
    last_line: str


def timed(command: list[str]) -> Timed:
    """Run a command and measure it and its children."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    last = ""
    for line in process.stdout:
        last = line.strip() or last
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0  # reaped above
    wall = time.monotonic() - start
    return Timed(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, last)


@dataclass(frozen=True)
class Crawl:
    """A job in its folder."""

    folder: Path

    @property
    def job(self) -> Path:
        return self.folder / "run" / "job.json"

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "spiders.crawl", str(self.job)]

    def fates(self) -> Counter[str]:
        outcomes = url_outcomes(self.folder / "run" / "frontier.jsonl")
        return Counter(f"{one.fate or 'fetched'} {one.reason or ''}".strip() for one in outcomes)

    def fate_of_each(self) -> dict[str, tuple[str | None, str | None, str]]:
        outcomes = url_outcomes(self.folder / "run" / "frontier.jsonl")
        return {one.url: (one.fate, one.reason, one.detail) for one in outcomes}

    def pages(self) -> list[tuple[str, str]]:
        """URL and digest of each page in the archive."""
        return sorted(
            (entry.url, entry.payload_digest) for entry in iter_entries(self.folder / "archive", "r1")
        )

    def archive_bytes(self) -> int:
        return sum(file.stat().st_size for file in (self.folder / "archive").glob("*.warc.gz"))


def make_crawl(folder: Path, sources: Sources, **rules: float) -> Crawl:
    """Write the job of a story that lists these sources on loopback."""
    fetch = FetchRules(
        delay_seconds=rules.get("delay_seconds", 0.0),
        timeout_seconds=rules.get("timeout_seconds", 30.0),
        max_pages_per_host=1_000_000,
        allow_private_hosts=True,
    )
    story = Story("bench", "Bench", None, None, Match(any=("harbour",)), sources, fetch)
    (folder / "run").mkdir(parents=True)
    journal = folder / "run" / "frontier.jsonl"
    job = CrawlJob("r1", story, folder / "archive", journal, datetime.now(UTC), "wirecopy/0 (bench)")
    job.write(journal.with_name("job.json"))
    return Crawl(folder)


def sitemaps(hosts: list[str], port: int, pages: int) -> Sources:
    """A sitemap of each host, listing so many pages."""
    return Sources(sitemaps=tuple(f"http://{host}:{port}/sitemap/{pages}" for host in hosts))


def read_json(line: str) -> dict[str, float]:
    values: dict[str, float] = json.loads(line)
    return values
