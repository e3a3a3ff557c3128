"""How much of their words articles share, counted exactly, without the places where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.compiled import compiled
from pipelines.folding import I64, U64
from pipelines.identical import pair_across, pair_within
from pipelines.library import Library
from pipelines.pairing import LinkedTexts, link_articles
from pipelines.records import ComparedArticle

LINKS_AT_ONCE = 1_024  # whose shingles are held together: a few MB
SLOTS_PER_SHINGLE = 4  # of the hash table, at least: most of what it doesn't hold is told by one look
EMPTY = np.uint64(0)
ONE = np.uint64(1)
UNKNOWN = -1


class Resemblance(NamedTuple):
    """Two articles, how many distinct shingles each has, and how many both have."""

    article_id: str
    other_id: str
    size: int
    other_size: int
    shared: int

    @property
    def jaccard(self) -> float:
        """Shared over all distinct shingles, 0.0 to 1.0. Source: Broder 1997."""
        every = self.size + self.other_size - self.shared
        return self.shared / every if every else 0.0


def measure_resemblances(articles: Sequence[ComparedArticle]) -> Iterator[Resemblance]:
    """Every pair of articles that can share twenty words on end, with what they share; in no order.

    The pairs are those that `compare_articles` looks at, and their counts its counts, in a fraction of the
    time: where only the pairs matter, this is enough.
    """
    known = {article.article_id: article for article in articles}
    library = Library(known.__getitem__)
    links = iter(link_articles(library.index_articles(list(known)), known))
    sizes: dict[str, int] = {}
    while batch := list(islice(links, LINKS_AT_ONCE)):
        yield from _measure(batch, library, sizes)


def _measure(links: Sequence[LinkedTexts], library: Library, sizes: dict[str, int]) -> Iterator[Resemblance]:
    """Compare the texts of all links at once; `sizes` are those counted before, and get the new ones."""
    numbers: dict[str, int] = {}
    sides = [
        [numbers.setdefault(side[0], len(numbers)) for side in (linked.one, linked.other)] for linked in links
    ]
    texts = [library.shingles(one) for one in numbers]
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=bounds[1:])
    counted = np.array([sizes.get(one, UNKNOWN) for one in numbers], np.int64)
    shared = _count_shared(np.concatenate(texts), bounds, counted, np.array(sides, np.int64))
    sizes.update(zip(numbers, counted.tolist(), strict=True))
    for linked, count in zip(links, shared.tolist(), strict=True):
        size, other_size = sizes[linked.one[0]], sizes[linked.other[0]]
        for article_id, other_id in _pairs(linked):
            yield Resemblance(article_id, other_id, size, other_size, count)


def _pairs(linked: LinkedTexts) -> Iterable[tuple[str, str]]:
    if linked.is_same:
        return pair_within(linked.one)
    if len(linked.one) == len(linked.other) == 1:
        return ((linked.one[0], linked.other[0]),)
    return pair_across(linked.one, linked.other)


@compiled
def _count_shared(shingles: U64, bounds: I64, sizes: I64, links: I64) -> I64:
    """How many distinct shingles both texts of each link share; sizes that aren't known are filled in.

    Links of one text are best together: what is prepared for it stays.
    """
    shared = np.zeros(len(links), np.int64)
    room = 8
    while room < SLOTS_PER_SHINGLE * np.max(bounds[1:] - bounds[:-1]):
        room *= 2
    slots, met, marks = np.empty(room, np.uint64), np.empty(room, np.int32), np.empty(room, np.uint8)
    likely = np.empty(room, np.uint64)
    filled = UNKNOWN  # the text that is in the table
    for link in range(len(links)):
        one, other = links[link]
        if other == filled or (one != filled and link + 1 < len(links) and other in links[link + 1]):
            one, other = other, one
        if one != filled:
            own = _size_table(shingles[bounds[one] : bounds[one + 1]], slots)
            met[: len(own)] = UNKNOWN
            sizes[one] = _fill(shingles[bounds[one] : bounds[one + 1]], own, marks)
            filled = one
        count = _sift(shingles[bounds[other] : bounds[other + 1]], marks[: len(own)], likely)
        shared[link] = _count_met(likely[:count], own, met, link)
    for text in range(len(sizes)):
        if sizes[text] == UNKNOWN:
            own = shingles[bounds[text] : bounds[text + 1]]
            sizes[text] = _fill(own, _size_table(own, slots), marks)
    return shared


@compiled
def _size_table(shingles: U64, slots: U64) -> U64:
    """As much of the table as the shingles need; its length is a power of two."""
    room = 8
    while room < SLOTS_PER_SHINGLE * len(shingles):
        room *= 2
    return slots[:room]


@compiled
def _fill(shingles: U64, slots: U64, marks: NDArray[np.uint8]) -> int:
    """Put the shingles into a hash table, and a mark where each would stand; returns how many differ."""
    slots[:] = EMPTY
    marks[: len(slots)] = 0
    last = np.uint64(len(slots) - 1)
    count = 0
    for shingle in shingles:
        value = shingle | ONE  # never that of an empty slot
        slot = shingle & last
        marks[slot] = 1
        while slots[slot] != EMPTY and slots[slot] != value:
            slot = (slot + ONE) & last
        count += slots[slot] == EMPTY
        slots[slot] = value
    return count


@compiled
def _sift(shingles: U64, marks: NDArray[np.uint8], likely: U64) -> int:
    """Those that find a mark; without a branch, which no processor could foretell."""
    last = np.uint64(len(marks) - 1)
    count = EMPTY
    for shingle in shingles:
        likely[count] = shingle
        count += np.uint64(marks[shingle & last])
    return int(count)


@compiled
def _count_met(shingles: U64, slots: U64, met: NDArray[np.int32], link: int) -> int:
    """How many distinct ones the table holds; `met` notes for which link each was counted last."""
    last = np.uint64(len(slots) - 1)
    count = 0
    for shingle in shingles:
        value = shingle | ONE
        slot = shingle & last
        while slots[slot] != EMPTY and slots[slot] != value:
            slot = (slot + ONE) & last
        if slots[slot] != EMPTY and met[slot] != link:
            met[slot] = link
            count += 1
    return count
