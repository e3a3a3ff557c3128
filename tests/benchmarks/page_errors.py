"""What a tool gets wrong on a page, paragraph by paragraph: gold text it lost, other text it kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tests.benchmarks.page_scores import SHINGLE_WORDS, tokens

MATCHED_SHARE = 0.5  # of a paragraph's shingles that the other text has: from here on it is the same text


class Place(StrEnum):
    """Where a wrong paragraph stands among the right ones of its text."""

    START = "start"  # before the first right one
    MIDDLE = "middle"
    END = "end"  # after the last right one
    ALONE = "alone"  # there is no right one


@dataclass(frozen=True, slots=True)
class WrongParagraph:
    """A paragraph that the other text lacks."""

    text: str
    words: int
    place: Place
    position_share: float  # of the words of its text that stand before it, 0.0 to 1.0


@dataclass(frozen=True, slots=True)
class PageErrors:
    """The gold paragraphs that a tool lost and the others that it kept."""

    missing: tuple[WrongParagraph, ...]
    extra: tuple[WrongParagraph, ...]


@dataclass(slots=True)
class TextIndex:
    """A text, ready to be asked which share of a paragraph it holds."""

    text: str
    words: list[str] = field(init=False)
    shingles: set[tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.words = tokens(self.text)
        self.shingles = set(_shingles_of(self.words))

    def share_of(self, words: Sequence[str]) -> float:
        """Share of a paragraph's shingles that the text has; 0.0 or 1.0 for one shorter than a shingle."""
        if len(words) < SHINGLE_WORDS:
            return float(_has_run(self.words, words))
        own = _shingles_of(words)
        return sum(shingle in self.shingles for shingle in own) / len(own)


def find_errors(found: str, gold: str, optional: Sequence[str] = ()) -> PageErrors:
    """Compare a tool's text with gold text; `optional` paragraphs are never wrong to keep."""
    allowed = TextIndex("\n".join((gold, *optional)))
    return PageErrors(
        missing=tuple(wrong_paragraphs(gold, TextIndex(found))),
        extra=tuple(wrong_paragraphs(found, allowed)),
    )


def wrong_paragraphs(text: str, other: TextIndex) -> Iterator[WrongParagraph]:
    """The paragraphs of a text that the other one lacks, in order."""
    paragraphs = [(line, words) for line in text.splitlines() if (words := tokens(line))]
    right = [other.share_of(words) >= MATCHED_SHARE for _, words in paragraphs]
    total = sum(len(words) for _, words in paragraphs)
    before = 0
    for index, (line, words) in enumerate(paragraphs):
        if not right[index]:
            yield WrongParagraph(line, len(words), _place(right, index), before / total)
        before += len(words)


def count_by_place(paragraphs: Iterable[WrongParagraph]) -> dict[Place, tuple[int, int]]:
    """For each place the number of paragraphs and of their words."""
    counts: Counter[Place] = Counter()
    words: Counter[Place] = Counter()
    for paragraph in paragraphs:
        counts[paragraph.place] += 1
        words[paragraph.place] += paragraph.words
    return {place: (counts[place], words[place]) for place in Place}


def _place(right: Sequence[bool], index: int) -> Place:
    has_before, has_after = any(right[:index]), any(right[index:])
    if has_before and has_after:
        return Place.MIDDLE
    if has_after:
        return Place.START
    return Place.END if has_before else Place.ALONE


def _shingles_of(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)]


def _has_run(words: Sequence[str], run: Sequence[str]) -> bool:
    first, length = run[0], len(run)
    return any(word == first and words[i : i + length] == run for i, word in enumerate(words))
