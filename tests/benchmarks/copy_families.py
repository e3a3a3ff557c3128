"""Families of labelled copies, and how much of what was copied is found, word by word."""

from __future__ import annotations

import importlib.util
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import duckdb

from pipelines.folding import fold_words
from pipelines.records import ComparedArticle, ReusedPassage

COPY_MAKER = Path(__file__).parents[3] / "shared" / "tools" / "make_copies.py"
NEWS = Path(__file__).parents[3] / "shared" / "data" / "news"
COPIES_PER_BASE = 3

Label = tuple[str, int, str]  # article it comes from, paragraph there, verbatim | typo | para | quote


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article and, for each of its paragraphs, where it comes from; nowhere if it is its own."""

    article: ComparedArticle
    labels: tuple[tuple[Label, ...], ...]


@dataclass(slots=True)
class SpanScores:
    """Words counted: copied, copied and found (by kind of copying), found at all, found and copied."""

    copied: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    found: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    claimed: int = 0
    claimed_rightly: int = 0

    def recall(self, *kinds: str) -> float:
        return sum(self.found[kind] for kind in kinds) / sum(self.copied[kind] for kind in kinds)

    @property
    def precision(self) -> float:
        return self.claimed_rightly / self.claimed


def load_copy_maker() -> ModuleType | None:
    """The generator of labelled copies, where it is at hand."""
    if not COPY_MAKER.exists():
        return None
    spec = importlib.util.spec_from_file_location("make_copies", COPY_MAKER)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def split_paragraphs(text: str) -> list[str]:
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.split("\n"))
    return [line for line in lines if line]


def build_article(article_id: str, outlet: str, paragraphs: Sequence[str]) -> ComparedArticle:
    starts, offset = [], 0
    for paragraph in paragraphs:
        starts.append(offset)
        offset += len(paragraph) + 2
    return ComparedArticle(article_id, outlet, "\n\n".join(paragraphs), tuple(starts), None, None, ())


def make_families(
    maker: ModuleType, bases: Sequence[tuple[str, list[str]]], seed: int
) -> list[LabelledArticle]:
    """Each base article, with versions of it by other outlets and one commentary that quotes it."""
    source = random.Random(seed)
    articles = []
    for number, (base_id, paragraphs) in enumerate(bases):
        articles.append(
            LabelledArticle(build_article(base_id, "agency.example", paragraphs), ((),) * len(paragraphs))
        )
        made = [maker.wire_copy(base_id, paragraphs, source) for _ in range(COPIES_PER_BASE)]
        background = bases[(number + 1) % len(bases)][1][:4]
        made.append(maker.commentary(base_id, paragraphs, background, source))
        for version, (own, labels, _) in enumerate(made):
            article = build_article(f"{base_id}-{version}", f"outlet{version}.example", own)
            articles.append(LabelledArticle(article, tuple(tuple(label) for label in labels)))
    return articles


def score_spans(labelled: Iterable[LabelledArticle], passages: Iterable[ReusedPassage]) -> SpanScores:
    """Compare the passages of each pair of copy and base with the labels, word by word."""
    spans: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for passage in passages:
        spans[passage.article_id, passage.source_id].append((passage.start_char, passage.end_char))
        spans[passage.source_id, passage.article_id].append(
            (passage.source_start_char, passage.source_end_char)
        )
    scores = SpanScores()
    for one in labelled:
        for base_id in {label[0] for labels in one.labels for label in labels}:
            _score_pair(one, base_id, spans[one.article.article_id, base_id], scores)
    return scores


def _score_pair(one: LabelledArticle, base_id: str, spans: list[tuple[int, int]], scores: SpanScores) -> None:
    words = fold_words(one.article.text)
    bounds = [*one.article.paragraph_starts, len(one.article.text)]
    for start in words.starts.tolist():
        paragraph = next(number for number in range(len(bounds) - 1) if start < bounds[number + 1])
        kinds = [label[2] for label in one.labels[paragraph] if label[0] == base_id]
        is_found = any(first <= start < after for first, after in spans)
        scores.claimed += is_found
        scores.claimed_rightly += is_found and bool(kinds)
        if kinds:
            scores.copied[kinds[0]] += 1
            scores.found[kinds[0]] += is_found


def read_news(limit: int) -> list[tuple[str, str, str]]:
    """Id, outlet and text of real articles of US outlets, in order of their ids."""
    return duckdb.execute(
        "select id, outlet, text from read_parquet(?) order by id limit ?",
        [str(NEWS / "outlets.parquet"), limit],
    ).fetchall()


def read_wire(limit: int) -> list[tuple[str, str]]:
    """Id and text of real stories of one agency, in order of their ids."""
    return duckdb.execute(
        "select id, text from read_parquet(?) order by id limit ?", [str(NEWS / "reuters.parquet"), limit]
    ).fetchall()
