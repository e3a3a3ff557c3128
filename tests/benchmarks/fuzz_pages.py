"""Fuzzing of the page readers: damaged pages in, no exception and nothing odd out.

Run as `python -m tests.benchmarks.fuzz_pages --minutes 60 --seed 1`; `--only N` repeats case N of a seed.
The pages are gold pages of `../shared` and hostile ones of the tests. Exit code 1 if anything was found.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from pipelines.decoding import decode_body
from pipelines.flattened import clean_flattened
from pipelines.page import read_page
from pipelines.records import Article, FlattenedPage
from tests.benchmarks.page_mutations import mutate
from tests.benchmarks.page_scores import read_pages
from tests.pipelines.page_captures import capture_page
from tests.pipelines.test_hostile_pages import HARMLESS, page

SETS = ("article-extraction-benchmark", "fundus-evaluation", "fundus-parser-tests", "chinese-news")
MAX_SECONDS = 10.0  # of processor time: what a worker is given
MAX_PAGE_CHARS = 300_000  # larger pages only make the rounds slower
TWICE_EVERY = 8  # of the cases are read a second time, and must give the same


@dataclass(frozen=True)
class Finding:
    """A case that broke a promise."""

    case: int
    complaint: str


def complaints_about(result: Article | FlattenedPage) -> Iterator[str]:
    """What is odd about a result."""
    texts = [paragraph.text for paragraph in result.paragraphs]
    if isinstance(result, Article) and result.text != "\n\n".join(texts):
        yield "the text is not its paragraphs"
    for text in [*texts, *(line for block in result.removed for line in block.text.split("\n"))]:
        if not text.strip():
            yield "an empty paragraph or block"
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
            yield f"control characters in {text[:60]!r}"
    for block in result.removed:
        if not 0 <= block.position <= len(texts) or not block.rule:
            yield f"a removed block at {block.position} of {len(texts)} by rule {block.rule!r}"
    if isinstance(result, Article) and not str(asdict(result)).isprintable():
        strings = [text for text in _strings(asdict(result)) if not _is_clean(text)]
        yield from (f"control characters in {text[:60]!r}" for text in strings)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _strings(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _strings(entry)


def _is_clean(text: str) -> bool:
    return all(unicodedata.category(one) not in ("Cc", "Cs") or one in "\t\n\r" for one in text)


def check_case(body: bytes, *, twice: bool) -> Iterator[str]:
    """What went wrong with one body, read as a page and as flattened text."""
    capture = capture_page(body)
    started = time.process_time()
    result = read_page(capture)
    if time.process_time() - started > MAX_SECONDS:
        yield f"took {time.process_time() - started:.1f} s"
    if isinstance(result, Article):
        yield from complaints_about(result)
    if twice and read_page(capture) != result:
        yield "read twice, it differs"
    text = decode_body(body, None)
    if isinstance(text, str):
        started = time.process_time()
        flat = clean_flattened(text)
        if time.process_time() - started > MAX_SECONDS:
            yield f"the flattened text took {time.process_time() - started:.1f} s"
        yield from complaints_about(flat)
        if twice and clean_flattened(text) != flat:
            yield "the flattened text, cleaned twice, differs"


def check_seeded(seed: int, case: int, pages: list[str]) -> list[Finding]:
    body = mutate(random.Random(f"{seed}:{case}"), pages)
    try:
        return [Finding(case, complaint) for complaint in check_case(body, twice=case % TWICE_EVERY == 0)]
    except Exception:  # noqa: BLE001 - any exception at all is what this looks for
        return [Finding(case, traceback.format_exc(limit=-3))]


def material() -> list[str]:
    gold = [row["html"] for name in SETS for row in read_pages(name)]
    return [html for html in [*gold, *HARMLESS.values()] if len(html) < MAX_PAGE_CHARS] + [page()] * 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    pages = material()
    if arguments.only is not None:
        print(*check_seeded(arguments.seed, arguments.only, pages), sep="\n")
        return
    end = time.monotonic() + 60 * arguments.minutes
    findings: list[Finding] = []
    case = 0
    while time.monotonic() < end:
        found = check_seeded(arguments.seed, case, pages)
        for finding in found:
            print(f"case {finding.case}: {finding.complaint}", flush=True)
        findings += found
        case += 1
    kinds = Counter(finding.complaint.splitlines()[-1][:80] for finding in findings)
    print(f"seed {arguments.seed}: {case} cases of {len(pages)} pages, {len(findings)} findings", dict(kinds))
    raise SystemExit(1 if findings else 0)


if __name__ == "__main__":
    main()
