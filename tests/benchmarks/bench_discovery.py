"""Odd and damaged feeds, sitemaps and addresses: `python -m tests.benchmarks.bench_discovery`."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from pipelines.feeds import read_feed
from pipelines.sitemaps import read_sitemap
from pipelines.url_syntax import parse_url
from tests.benchmarks.feed_suite import (
    BASE,
    FEEDS,
    SITEMAPS,
    URL_CASES,
    collected_feeds,
    damage,
    linked_entries,
)

SEED = 4
VARIANTS_OF_A_FEED = 5
VARIANTS_OF_A_SITEMAP = 1000
WEB = ("http", "https")


def main() -> int:
    if not FEEDS.exists() or not URL_CASES.exists():
        print(f"the suites are not here: {FEEDS.parent}")
        return 1
    feeds = list(collected_feeds())
    chance = random.Random(SEED)
    damaged = [damage(feed, chance) for feed in feeds for _ in range(VARIANTS_OF_A_FEED)]
    sitemaps = [damage(sitemap, chance) for sitemap in SITEMAPS for _ in range(VARIANTS_OF_A_SITEMAP)]
    print("| what | read | crashes | slowest, ms | entries as the reference has them |")
    print("| --- | --- | --- | --- | --- |")
    show("feedparser's collected feeds", measure(feeds, read_feed), count_agreeing(feeds))
    show(f"the same damaged, {VARIANTS_OF_A_FEED} variants each", measure(damaged, read_feed), "")
    show("sitemaps of 7 shapes, damaged", measure(sitemaps, read_sitemap), "")
    cases = [case for case in json.loads(URL_CASES.read_text(encoding="utf-8")) if isinstance(case, dict)]
    right = sum(address_of(case) == expected_of(case) for case in cases)
    print(f"| web platform URL cases | {len(cases)} | 0 | | {right} of {len(cases)} |")
    return 0


def measure(bodies: Iterable[bytes], read: Callable[[bytes, str], Any]) -> tuple[int, int, float]:
    """Bodies read, crashes, and the milliseconds of the slowest."""
    count = crashes = 0
    slowest = 0.0
    for body in bodies:
        started = perf_counter()
        try:
            read(body, BASE)
        except Exception as error:  # noqa: BLE001 - a crash of any kind is what is counted
            crashes += 1
            print(f"crash: {type(error).__name__}: {error}", file=sys.stderr)
        slowest = max(slowest, perf_counter() - started)
        count += 1
    return count, crashes, slowest * 1000


def count_agreeing(feeds: list[bytes]) -> str:
    """In how many feeds we find as many entries with a link as feedparser by itself."""
    found = ((read_feed(feed, BASE), linked_entries(feed)) for feed in feeds)
    agreeing = sum(len(ours.entries) + len(ours.rejected) == theirs for ours, theirs in found)
    return f"{agreeing} of {len(feeds)}"


def show(what: str, measured: tuple[int, int, float], agreeing: str) -> None:
    count, crashes, slowest = measured
    print(f"| {what} | {count} | {crashes} | {slowest:.0f} | {agreeing} |")


def address_of(case: dict[str, Any]) -> str | None:
    try:
        base = parse_url(case["base"]) if case.get("base") else None
    except ValueError:
        base = None
    try:
        return str(parse_url(case["input"], base))
    except ValueError:
        return None


def expected_of(case: dict[str, Any]) -> str | None:
    """What is asked for of an expected address: no credentials, no fragment; None if it isn't the web's."""
    if case.get("failure") or urlsplit(case["href"]).scheme not in WEB:
        return None
    netloc = urlsplit(case["href"]).netloc
    return str(case["href"]).partition("#")[0].replace(netloc, netloc.rpartition("@")[2], 1)


if __name__ == "__main__":
    sys.exit(main())
