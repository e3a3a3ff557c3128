"""From aligned words to passages: cut at paragraphs, with character offsets, quotations told apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipelines.chains import Chain
from pipelines.folding import I64, fold_words
from pipelines.records import ComparedArticle
from pipelines.runs import Block
from pipelines.shingles import SHINGLE_WORDS

LEAST_PIECE_WORDS = SHINGLE_WORDS  # of a chain that a paragraph's end cuts into pieces
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
    first_words: list[int]


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


def lay_out(article: ComparedArticle) -> Layout:
    """Find an article's words and paragraphs."""
    words = fold_words(article.text)
    first_words = np.searchsorted(words.starts, np.array(article.paragraph_starts, dtype=np.int64)).tolist()
    return Layout(article, words.starts, words.ends, first_words or [0])


def cut_passages(chains: Iterable[Chain], one: Layout, other: Layout) -> list[Passage]:
    """The passages of all chains, each within one paragraph of either article, in order.

    No two of them start at the same places.
    """
    longest: dict[tuple[int, int], Passage] = {}
    for passage in (passage for chain in chains for passage in _cut_chain(chain, one, other)):
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


def _cut_chain(chain: Chain, one: Layout, other: Layout) -> Iterator[Passage]:
    passage: Passage | None = None
    for block in chain:
        for piece in _cut_block(block, one, other):
            joined = passage and _join(passage, piece)
            if passage and not joined and _is_kept(passage, one, other):
                yield passage
            passage = joined or piece
    if passage and _is_kept(passage, one, other):
        yield passage


def _is_kept(passage: Passage, one: Layout, other: Layout) -> bool:
    """Whether a piece of a chain is five words long, or a whole short paragraph such as a heading."""
    if passage.equal >= LEAST_PIECE_WORDS:
        return True
    return _is_paragraph(passage.one, one) or _is_paragraph(passage.other, other)


def _is_paragraph(span: Span, layout: Layout) -> bool:
    bounds = [*layout.first_words, len(layout.starts)]
    return (span.start, span.end) == (bounds[span.paragraph], bounds[span.paragraph + 1])


def _cut_block(block: Block, one: Layout, other: Layout) -> Iterator[Passage]:
    """The parts of a run of equal words that lie within one paragraph on either side."""
    start, other_start, left = block
    while left:
        paragraph, length = _within(start, left, one.first_words)
        other_paragraph, length = _within(other_start, length, other.first_words)
        yield Passage(
            Span(paragraph, start, start + length),
            Span(other_paragraph, other_start, other_start + length),
            length,
        )
        start, other_start, left = start + length, other_start + length, left - length


def _within(start: int, length: int, first_words: list[int]) -> tuple[int, int]:
    """The paragraph of a word, and how much of a run from there stays in it."""
    paragraph = bisect_right(first_words, start) - 1
    if paragraph + 1 < len(first_words):
        length = min(length, first_words[paragraph + 1] - start)
    return max(0, paragraph), length


def _join(passage: Passage, piece: Passage) -> Passage | None:
    """Both as one, if they lie in the same paragraphs."""
    if passage.one.paragraph != piece.one.paragraph or passage.other.paragraph != piece.other.paragraph:
        return None
    return Passage(
        passage.one._replace(end=piece.one.end),
        passage.other._replace(end=piece.other.end),
        passage.equal + piece.equal,
    )
