"""From aligned words to passages: cut at paragraphs, with character offsets, quotations told apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from pipelines.chains import Chain
from pipelines.folding import fold_words
from pipelines.records import ComparedArticle
from pipelines.runs import Block
from pipelines.shingles import SHINGLE_WORDS

LEAST_PIECE_WORDS = SHINGLE_WORDS  # of a chain that a paragraph's end cuts into pieces
MAX_WORDS_OUTSIDE = 3  # around a quotation: "he said", still a shared quotation
QUOTATION = re.compile(r"“[^“”]*[”“]|„[^“”„]*[“”]|«[^«»]*»|»[^«»]*«|「[^「」]*」|『[^『』]*』|\"[^\"]*\"")
OPEN_QUOTATION = re.compile(r"^[^“”]*”|“[^“”]*$")  # runs on from or into another paragraph


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where an article's words stand (character offsets), and which are the first of a paragraph."""

    article: ComparedArticle
    starts: list[int]
    ends: list[int]
    first_words: list[int]
    quoted_words: bytes  # one byte a word: 1 within quotation marks


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
    """Find an article's words, paragraphs and quotations."""
    words = fold_words(article.text)
    starts = words.starts.tolist()
    first_words = [_first_from(starts, start) for start in article.paragraph_starts] or [0]
    quoted = bytearray(len(starts))
    for start, end in _quotations(article):
        first, after = _first_from(starts, start), _first_from(starts, end)
        quoted[first:after] = b"\1" * (after - first)
    return Layout(article, starts, words.ends.tolist(), first_words, bytes(quoted))


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


def _first_from(starts: list[int], offset: int) -> int:
    """The first word that starts at or after a character offset."""
    return bisect_right(starts, offset - 1)


def _quotations(article: ComparedArticle) -> Iterator[tuple[int, int]]:
    bounds = [*article.paragraph_starts, len(article.text)]
    for start, end in pairwise(bounds):
        paragraph = article.text[start:end]
        for pattern in (QUOTATION, OPEN_QUOTATION):
            yield from ((start + match.start(), start + match.end()) for match in pattern.finditer(paragraph))


def _is_quoted(span: Span, layout: Layout) -> bool:
    return layout.quoted_words.count(0, span.start, span.end) <= MAX_WORDS_OUTSIDE


def _cut_chain(chain: Chain, one: Layout, other: Layout) -> Iterator[Passage]:
    passage: Passage | None = None
    for block in chain:
        for piece in _cut_block(block, one, other):
            joined = passage and _join(passage, piece)
            if passage and not joined and passage.equal >= LEAST_PIECE_WORDS:
                yield passage
            passage = joined or piece
    if passage and passage.equal >= LEAST_PIECE_WORDS:
        yield passage


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
