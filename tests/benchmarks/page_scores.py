"""Scores of extracted text against gold text: 4-word shingles, aggregated over the pages of a set."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SHINGLE_WORDS = 4
# A script without spaces counts by character, else one paragraph would be one word.
TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)

PAGES = Path(__file__).resolve().parents[3] / "shared" / "data" / "pages"


@dataclass(frozen=True, slots=True)
class PageScore:
    """Shares of one page, 0.0 to 1.0; None where the page has no text to judge by."""

    precision: float | None
    recall: float | None
    is_identical: bool

    @property
    def f1(self) -> float:
        return harmonic(self.precision or 0.0, self.recall or 0.0)


@dataclass(frozen=True, slots=True)
class SetScore:
    precision: float
    recall: float
    identical: float  # share of pages whose tokens equal the gold tokens

    @property
    def f1(self) -> float:
        return harmonic(self.precision, self.recall)


def harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def tokens(text: str) -> list[str]:
    return TOKEN.findall(text)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = tokens(text)
    if not words:
        return Counter()
    last = max(1, len(words) - SHINGLE_WORDS + 1)
    return Counter(tuple(words[i : i + SHINGLE_WORDS]) for i in range(last))


def score_page(found: str, gold: str, optional: Sequence[str] = ()) -> PageScore:
    """Score one page; shingles of `optional` paragraphs count neither for nor against."""
    found_shingles, gold_shingles = shingles(found), shingles(gold)
    for paragraph in optional:
        spare = shingles(paragraph)
        found_shingles -= spare - gold_shingles
    shared = sum((found_shingles & gold_shingles).values())
    found_total, gold_total = sum(found_shingles.values()), sum(gold_shingles.values())
    return PageScore(
        precision=shared / found_total if found_total else None,
        recall=shared / gold_total if gold_total else None,
        is_identical=tokens(found) == tokens(gold),
    )


def score_set(scores: Iterable[PageScore]) -> SetScore:
    """Mean precision, mean recall (each over the pages that have one) and their harmonic mean."""
    pages = list(scores)
    precisions = [page.precision for page in pages if page.precision is not None]
    recalls = [page.recall for page in pages if page.recall is not None]
    return SetScore(
        precision=sum(precisions) / len(precisions) if precisions else 0.0,
        recall=sum(recalls) / len(recalls) if recalls else 0.0,
        identical=sum(page.is_identical for page in pages) / len(pages) if pages else 0.0,
    )


def margin_of(scores: Sequence[PageScore], samples: int = 200) -> float:
    """Half the 95 % interval of a set's F1, by drawing as many pages again and again; the same every time."""
    generator = random.Random(1)
    draws = [score_set(generator.choices(scores, k=len(scores))).f1 for _ in range(samples)]
    return 1.96 * statistics.stdev(draws)


def need_pages() -> None:
    """Ends the command where there are no gold pages."""
    if not PAGES.exists():
        sys.exit(f"there are no gold pages here: {PAGES} does not exist")


def read_pages(name: str) -> Iterator[dict[str, Any]]:
    """Rows of one gold set that have a text; absent sets yield nothing."""
    path = PAGES / f"{name}.jsonl.gz"
    if not path.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (row for row in map(json.loads, lines) if row["text"])


def is_tuning(row: dict[str, Any]) -> bool:
    """Whether a page's host is in the half that rules were tuned on."""
    host = urlsplit(row["url"] or "").netloc or row["id"]
    return int(hashlib.sha1(host.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def fold_of(row: dict[str, Any], folds: int) -> int:
    """The part that a page's site belongs to where models are trained on the other parts."""
    host = urlsplit(row["url"] or "").netloc or row["id"]
    site = ".".join(host.removeprefix("www.").split(".")[-2:])
    return hashlib.sha256(site.encode()).digest()[1] % folds
