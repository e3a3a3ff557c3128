"""Dates, titles and authors beside trafilatura with metadata and htmldate alone; prints one table.

Run as `python -m tests.benchmarks.bench_metadata [--sample N] [SET …]`. `day`: share of
pages whose day of publication is that of the gold; `title`: equal but for white space, case and the shape of
quotation marks; `author`: mean F1 of names. The gold has days only, so `minute` and `zone` are measured where
two places of a page that don't depend on each other (JSON-LD, a meta tag, a time element) state the same
minute with a zone: `minute` is the share of these pages where a tool gives that moment, `zone` where it says
the zone, too.
"""

from __future__ import annotations

import argparse
import logging
import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import htmldate
import trafilatura
from lxml.html import HtmlElement, fromstring

from pipelines.page import read_page
from pipelines.records import Precision, Rejected
from tests.benchmarks.cleaning_tools import capture_of
from tests.benchmarks.page_scores import is_tuning, read_pages
from tests.pipelines.credit_cases import read_cases, score_cases

SETS = ("fundus-parser-tests", "web-content-extraction", "chinese-news", "newspaper4k-tests")
DATE_PARAMETERS: dict[str, Any] = {
    "original_date": True,
    "extensive_search": True,
    "max_date": "2026-11-23",
    "outputformat": "%Y-%m-%dT%H:%M:%S%z",
}
QUOTES = str.maketrans("’‘“”„«»", '\'\'"""""')

Row = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """What one tool says of one page; `moment` is aware only where the tool gives a zone."""

    title: str | None
    authors: tuple[str, ...]
    day: str | None
    moment: datetime | None
    seconds: float


def read_ours(row: Row) -> Reading:
    started = time.perf_counter()
    article = read_page(capture_of(row))
    seconds = time.perf_counter() - started
    if isinstance(article, Rejected):
        return Reading(None, (), None, None, seconds)
    published = article.published
    if published is None or published.value is None:
        return Reading(article.title, article.authors, None, None, seconds)
    moment = published.value if published.precision in (Precision.SECOND, Precision.MINUTE) else None
    if moment is not None and published.zone is None:
        moment = moment.replace(tzinfo=None)
    return Reading(article.title, article.authors, published.value.date().isoformat(), moment, seconds)


def read_trafilatura(row: Row) -> Reading:
    started = time.perf_counter()
    found = trafilatura.bare_extraction(
        row["html"],
        url=row["url"] or None,
        include_comments=False,
        with_metadata=True,
        date_extraction_params=dict(DATE_PARAMETERS),
    )
    seconds = time.perf_counter() - started
    if found is None:
        return Reading(None, (), None, None, seconds)
    authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
    return Reading(found.title, authors, (found.date or "")[:10] or None, moment_of(found.date), seconds)


def read_htmldate(row: Row) -> Reading:
    started = time.perf_counter()
    try:
        found = htmldate.find_date(row["html"], url=row["url"] or None, **DATE_PARAMETERS)
    except (ValueError, TypeError, AttributeError):  # its own faults on odd pages
        found = None
    return Reading(None, (), (found or "")[:10] or None, moment_of(found), time.perf_counter() - started)


def moment_of(raw: str | None) -> datetime | None:
    """The time of day in a tool's date string; None where it is only a day, which it writes as midnight."""
    try:
        moment = datetime.fromisoformat(raw or "")
    except ValueError:
        return None
    return (
        None if moment.tzinfo is None and (moment.hour, moment.minute, moment.second) == (0, 0, 0) else moment
    )


TOOLS: dict[str, Callable[[Row], Reading]] = {
    "wirecopy": read_ours,
    "trafilatura + htmldate": read_trafilatura,
    "htmldate alone": read_htmldate,
}


def normal_title(title: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", title or "").translate(QUOTES).split()).casefold()


def agreed_moment(row: Row) -> datetime | None:
    """The minute of publication that two independent places of a page state, with a zone."""
    moments = [moment for moment in _stated_moments(fromstring(row["html"])) if moment is not None]
    for position, moment in enumerate(moments):
        if any(abs((moment - other).total_seconds()) < 60 for other in moments[position + 1 :]):
            return moment
    return None


def _stated_moments(tree: HtmlElement) -> Iterator[datetime | None]:
    scripts = " ".join(tree.xpath("//script[contains(@type, 'ld+json')]/text()"))
    published = re.findall(r'"datePublished"\s*:\s*"([^"]+)"', scripts)
    yield _aware(published[0]) if len(set(published)) == 1 else None
    metas = tree.xpath("//meta[@property='article:published_time']/@content")
    yield _aware(metas[0]) if metas else None
    times = tree.xpath("//article//time/@datetime | //main//time/@datetime")
    yield _aware(times[0]) if times else None


def _aware(raw: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    is_midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment if moment.tzinfo is not None and not is_midnight else None


def columns(rows: Sequence[Row], readings: Sequence[Reading]) -> str:
    pairs = list(zip(rows, readings, strict=True))
    moments = [(agreed_moment(row), reading.moment) for row, reading in pairs]
    agreed = [(gold, found) for gold, found in moments if gold is not None]
    minutes = [_is_minute(gold, found) for gold, found in agreed]
    zones = [
        _is_minute(gold, found) and found is not None and found.tzinfo is not None for gold, found in agreed
    ]
    days = [reading.day == row["date"][:10] for row, reading in pairs if len(row["date"] or "") >= 10]
    titles = [
        normal_title(reading.title) == normal_title(row["title"]) for row, reading in pairs if row["title"]
    ]
    authors = [author_f1(reading.authors, row["authors"]) for row, reading in pairs if row["authors"]]
    cells = [mean(values) for values in (days, minutes, zones, titles, authors)]
    milliseconds = 1000 * sum(reading.seconds for reading in readings) / len(readings)
    return " ".join(f"{cell:>7}" for cell in cells) + f" {milliseconds:7.1f}"


def author_f1(found: tuple[str, ...], gold: list[str]) -> float:
    """F1 of a page's names, whole and without regard to case."""
    ours, theirs = {name.casefold() for name in found}, {name.casefold() for name in gold}
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours or theirs else 1.0


def _is_minute(gold: datetime, found: datetime | None) -> bool:
    if found is None:
        return False
    known = found if found.tzinfo is not None else found.replace(tzinfo=gold.tzinfo or UTC)
    return abs((gold - known).total_seconds()) < 60


def mean(values: Sequence[float]) -> str:
    return f"{sum(values) / len(values):.3f}" if values else "-"


def print_set(name: str, sample: int | None) -> None:
    """One line a tool for all pages of a set, and one for the half of the hosts kept out of tuning."""
    rows = list(read_pages(name))[:sample]
    for tool, read in TOOLS.items() if rows else ():
        readings = [read(row) for row in rows]
        unseen = [pair for pair in zip(rows, readings, strict=True) if not is_tuning(pair[0])]
        halves = (("all", rows, readings), ("unseen", *map(list, zip(*unseen, strict=True))))
        for half, some_rows, some_readings in halves:
            cells = columns(some_rows, some_readings)
            print(f"{name:<23} {half:<7}{len(some_rows):>5} {tool:<23}{cells}", flush=True)


def print_credits() -> None:
    """Agencies on the labelled bylines, datelines, tails and snippets of the tests."""
    for half in ("tuned", "unseen"):
        cases = read_cases(half)
        score = score_cases(cases)
        negatives = sum(not case.agencies for case in cases)
        languages = len({case.language for case in cases})
        print(
            f"agencies, {half}: {score.cases} labelled lines in {languages} languages, {negatives} without: "
            f"recall {score.recall:.3f}, precision {score.precision:.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--sample", type=int)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    heads = " ".join(f"{head:>7}" for head in ("day", "minute", "zone", "title", "author", "ms"))
    print(f"{'set':<23} {'half':<7}{'pages':>5} {'tool':<23}{heads}")
    for name in arguments.sets:
        print_set(name, arguments.sample)
    print_credits()


if __name__ == "__main__":
    main()
