"""From aligned words to passages: cut at paragraphs, with character offsets, quotations told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipelines.chains import Chains
from pipelines.compiled import compiled
from pipelines.folding import I64, Words
from pipelines.records import ComparedArticle

LEAST_PIECE_WORDS = 5  # of a chain that a paragraph's end cuts into pieces
MAX_WORDS_OUTSIDE = 3  # around a quotation: "he said", still a shared quotation
QUOTATION = re.compile(
    r"“[^“”]*[”“]|„[^“”„]*[“”]|«[^«»]*»|»[^«»]*«|「[^「」]*」|『[^『』]*』|\"[^\"]*\"|(?<!\w)‘[^‘]*?’(?!\w)"
)
OPEN_QUOTATION = re.compile(r"^[^“”]*”|“[^“”]*$")  # runs on from or into another paragraph


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where an article's words stand (character offsets), and which are the first of a paragraph."""

    article: ComparedArticle
    starts: I64
    ends: I64
    first_words: I64


class Span(NamedTuple):
    """A run of words, `end` exclusive, within one paragraph."""

    paragraph: int
    start: int
    end: int


class Passage(NamedTuple):
    """A run of words in each of two articles, `equal` of them the same."""

    one: Span
    other: Span
    equal: int


def lay_out(article: ComparedArticle, words: Words) -> Layout:
    """Find an article's paragraphs among its words."""
    first_words = np.searchsorted(words.starts, np.array(article.paragraph_starts or (0,), dtype=np.int64))
    return Layout(article, words.starts, words.ends, first_words)


def cut_passages(chains: Chains, one: Layout, other: Layout) -> list[Passage]:
    """The passages of all chains, each within one paragraph of either article, in order.

    No two of them start at the same places.
    """
    pieces = _cut(*chains, one.first_words, other.first_words, len(one.starts), len(other.starts))
    longest: dict[tuple[int, int], Passage] = {}
    for piece in pieces.tolist():
        passage = Passage(Span(*piece[:3]), Span(*piece[3:6]), piece[6])
        start = (passage.one.start, passage.other.start)
        longest[start] = max(passage, longest.get(start, passage))
    return sorted(longest.values())


def is_quotation(passage: Passage, one: Layout, other: Layout) -> bool:
    """Whether both articles set the passage in quotation marks, but for a few words around it."""
    return _is_quoted(passage.one, one) and _is_quoted(passage.other, other)


def swap(passage: Passage) -> Passage:
    """The same passage, seen from the other article."""
    return Passage(passage.other, passage.one, passage.equal)


def count_covered(spans: Iterable[Span]) -> int:
    """How many words lie in at least one of the spans."""
    total = reached = 0
    for span in sorted(spans, key=lambda span: span.start):
        total += max(0, span.end - max(span.start, reached))
        reached = max(reached, span.end)
    return total


def _is_quoted(span: Span, layout: Layout) -> bool:
    """Whether all words but three at most start inside quotation marks."""
    starts = layout.starts[span.start : span.end]
    outside = np.ones(len(starts), dtype=np.bool_)
    for start, end in _quotations(layout.article, span.paragraph):
        outside[np.searchsorted(starts, start) : np.searchsorted(starts, end)] = False
    return int(np.count_nonzero(outside)) <= MAX_WORDS_OUTSIDE


def _quotations(article: ComparedArticle, paragraph: int) -> Iterator[tuple[int, int]]:
    """Character offsets of what a paragraph has in quotation marks."""
    start, end = [*article.paragraph_starts, len(article.text)][paragraph : paragraph + 2]
    for pattern in (QUOTATION, OPEN_QUOTATION):
        for match in pattern.finditer(article.text[start:end]):
            yield start + match.start(), start + match.end()


@compiled
def _paragraph_of(word: int, first_words: I64) -> int:
    return max(0, int(np.searchsorted(first_words, word, side="right")) - 1)


@compiled
def _is_whole(paragraph: int, start: int, end: int, first_words: I64, total: int) -> bool:
    """Whether a span is the whole paragraph that it lies in."""
    after = first_words[paragraph + 1] if paragraph + 1 < len(first_words) else total
    return start == first_words[paragraph] and end == after


@compiled
def _cut(
    blocks: I64, bounds: I64, first_words: I64, other_first_words: I64, total: int, other_total: int
) -> I64:
    """The parts of chains that lie within one paragraph on either side: int64, shape (parts, 7).

    Columns: paragraph, first and after the last word in either text, equal words. A part counts if it is
    five words long, or a whole short paragraph such as a heading.
    """
    parts = np.empty((len(blocks) + len(bounds) + len(first_words) + len(other_first_words), 7), np.int64)
    count = 0
    for chain in range(len(bounds) - 1):
        opened = False  # whether the part at `count` is begun
        row = bounds[chain]
        start, other_start, left = blocks[row, 0], blocks[row, 1], blocks[row, 2]
        while True:
            if not left:
                row += 1
                if row < bounds[chain + 1]:
                    start, other_start, left = blocks[row, 0], blocks[row, 1], blocks[row, 2]
            paragraph = _paragraph_of(start, first_words)
            other_paragraph = _paragraph_of(other_start, other_first_words)
            is_over = row == bounds[chain + 1]
            if opened and (is_over or parts[count, 0] != paragraph or parts[count, 3] != other_paragraph):
                part = parts[count]
                if (
                    part[6] >= LEAST_PIECE_WORDS
                    or _is_whole(part[0], part[1], part[2], first_words, total)
                    or _is_whole(part[3], part[4], part[5], other_first_words, other_total)
                ):
                    count += 1
                    if count == len(parts):
                        parts = np.concatenate((parts, np.empty_like(parts)))
                opened = False
            if is_over:
                break
            length = left
            if paragraph + 1 < len(first_words):
                length = min(length, first_words[paragraph + 1] - start)
            if other_paragraph + 1 < len(other_first_words):
                length = min(length, other_first_words[other_paragraph + 1] - other_start)
            if not opened:
                parts[count, 0], parts[count, 1] = paragraph, start
                parts[count, 3], parts[count, 4] = other_paragraph, other_start
                parts[count, 6] = 0
                opened = True
            parts[count, 2], parts[count, 5] = start + length, other_start + length
            parts[count, 6] += length
            start, other_start, left = start + length, other_start + length, left - length
    return parts[:count].copy()
