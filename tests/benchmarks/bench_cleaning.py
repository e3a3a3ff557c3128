"""Text, title, date and author quality beside trafilatura's modes, on the gold pages; prints one table a set.

Run as `python -m tests.benchmarks.bench_cleaning [--sample N] [--set NAME]…`. F1 is of 4-word
shingles, mean precision against mean recall; `tuned` and `unseen` are two halves split by host.
With `--worst N` it lists instead what wirecopy gets wrong on the worst pages of the tuned half.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import trafilatura

from pipelines.page import read_page
from pipelines.records import Article, Capture, Hints, ParagraphKind, Rejected, Via
from tests.benchmarks.page_scores import PageScore, read_pages, score_page, score_set
from tests.benchmarks.worst_pages import print_summary, print_summary_head, print_worst, read_pages_with

SETS = (
    "article-extraction-benchmark",
    "fundus-evaluation",
    "fundus-parser-tests",
    "chinese-news",
    "newspaper4k-tests",
    "web-content-extraction",
)
# Sets whose gold text leaves standfirsts out (counted): scored without them, where a tool can tell.
WITHOUT_LEAD = frozenset({"article-extraction-benchmark", "fundus-evaluation"})
FETCHED_AT = datetime(2026, 11, 22, tzinfo=UTC)

Row = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """What one tool says of one page."""

    text: str
    title: str | None
    day: str | None
    authors: tuple[str, ...]
    seconds: float


def capture_of(row: Row) -> Capture:
    url = row["url"] if str(row["url"] or "").startswith("http") else f"http://pages.example/{row['id']}"
    return Capture(
        url=url,
        final_url=url,
        via=Via.FILE,
        source_url=None,
        fetched_at=FETCHED_AT,
        status=200,
        media_type="text/html",
        charset="utf-8",
        body=row["html"].encode("utf-8", "replace"),
        hints=Hints(),
        archive_file="",
        archive_offset=0,
        payload_digest="",
    )


def text_for(article: Article | Rejected, set_name: str) -> str:
    """The text to score; empty for a rejection."""
    if isinstance(article, Rejected):
        return ""
    left_out = {ParagraphKind.LEAD} if set_name in WITHOUT_LEAD else set()
    return "\n".join(paragraph.text for paragraph in article.paragraphs if paragraph.kind not in left_out)


def read_ours(row: Row) -> Reading:
    started = time.perf_counter()
    article = read_page(capture_of(row))
    seconds = time.perf_counter() - started
    if isinstance(article, Rejected):
        return Reading("", None, None, (), seconds)
    published = article.published.value if article.published else None
    day = published.date().isoformat() if published else None
    return Reading(text_for(article, row["set"]), article.title, day, article.authors, seconds)


def read_trafilatura(row: Row, **modes: bool) -> Reading:
    started = time.perf_counter()
    found = trafilatura.bare_extraction(
        row["html"],
        url=row["url"] or None,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": True, "max_date": "2026-11-23"},
        **modes,
    )
    seconds = time.perf_counter() - started
    if found is None:
        return Reading("", None, None, (), seconds)
    authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
    return Reading(found.text or "", found.title, found.date, authors, seconds)


TOOLS: dict[str, Callable[[Row], Reading]] = {
    "wirecopy": read_ours,
    "trafilatura": read_trafilatura,
    "trafilatura precision": lambda row: read_trafilatura(row, favor_precision=True),
    "trafilatura fast": lambda row: read_trafilatura(row, fast=True),
}


def is_tuning(row: Row) -> bool:
    """Whether a page's host is in the half that rules were tuned on."""
    host = urlsplit(row["url"] or "").netloc or row["id"]
    return int(hashlib.sha1(host.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def author_f1(found: tuple[str, ...], gold: list[str]) -> float:
    ours, theirs = {name.casefold() for name in found}, {name.casefold() for name in gold}
    if not ours and not theirs:
        return 1.0
    shared = len(ours & theirs)
    return 2 * shared / (len(ours) + len(theirs)) if ours or theirs else 1.0


def share(hits: Iterator[bool]) -> str:
    values = list(hits)
    return f"{sum(values) / len(values):.3f}" if values else "    -"


def print_table(set_name: str, sample: int | None) -> None:
    rows = sample_of(list(read_pages(set_name)), sample)
    if not rows:
        return
    print(f"\n{set_name}: {len(rows)} pages")
    print(
        f"{'tool':<23}{'F1':>7}{'tuned':>7}{'unseen':>7}{'P':>7}{'R':>7}{'same':>6}{'title':>7}{'day':>7}{'author':>8}{'ms':>7}"
    )
    for name, tool in TOOLS.items():
        readings = [(row, tool(row)) for row in rows]
        print(f"{name:<23}" + _columns(readings))


def sample_of(rows: list[Row], count: int | None) -> list[Row]:
    """`count` rows at even distances, so that a sample has pages of all the sites; all for None."""
    if count is None or count >= len(rows):
        return rows
    return [rows[i * len(rows) // count] for i in range(count)]


def print_errors(set_name: str, sample: int | None, worst: int) -> None:
    """The worst pages of the half that may be tuned on, and a summary beside trafilatura."""
    rows = sample_of([row for row in read_pages(set_name) if is_tuning(row)], sample)
    ours = read_pages_with(lambda row: read_ours(row).text, rows)
    theirs = read_pages_with(lambda row: read_trafilatura(row).text, rows)
    print(f"\n{set_name}: {len(rows)} pages of the tuned half; = marks what trafilatura does as well")
    print_worst(ours, theirs, worst)
    print_summary_head()
    for name, pages in (("wirecopy", ours), ("trafilatura", theirs)):
        print_summary(name, pages)


def _columns(readings: list[tuple[Row, Reading]]) -> str:
    scores = [(row, _score(row, reading)) for row, reading in readings]
    whole = score_set(score for _, score in scores)
    tuned = score_set(score for row, score in scores if is_tuning(row))
    unseen = score_set(score for row, score in scores if not is_tuning(row))
    titles = share((r.title or "").strip() == row["title"].strip() for row, r in readings if row["title"])
    days = share(r.day == row["date"][:10] for row, r in readings if row["date"])
    authors = [author_f1(r.authors, row["authors"]) for row, r in readings if row["authors"]]
    author = f"{sum(authors) / len(authors):.3f}" if authors else "-"
    milliseconds = 1000 * sum(reading.seconds for _, reading in readings) / len(readings)
    return (
        f"{whole.f1:7.4f}{tuned.f1:7.3f}{unseen.f1:7.3f}{whole.precision:7.3f}{whole.recall:7.3f}{whole.identical:6.2f}"
        f"{titles:>7}{days:>7}{author:>8}{milliseconds:7.1f}"
    )


def _score(row: Row, reading: Reading) -> PageScore:
    return score_page(reading.text, row["text"], row["optional_paragraphs"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--set", dest="sets", action="append", choices=SETS, help="repeatable; all if left out"
    )
    parser.add_argument("--sample", type=int, help="pages of each set, at even distances")
    parser.add_argument("--worst", type=int, help="list the errors on that many of the worst pages")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    for set_name in arguments.sets or SETS:
        if arguments.worst is None:
            print_table(set_name, arguments.sample)
        else:
            print_errors(set_name, arguments.sample, arguments.worst)


if __name__ == "__main__":
    main()
