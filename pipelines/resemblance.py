"""How much of their words articles share, counted exactly, without the places where they stand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.compiled import compiled
from pipelines.folding import I64, U64, fold_together, join_hashed, split
from pipelines.identical import pair_across, pair_within
from pipelines.library import index_together
from pipelines.pairing import Columns, group_texts
from pipelines.records import ComparedArticle
from pipelines.shingles import hash_together

KEPT_TEXTS = 16_384  # texts' shingles, about 6 kB each
LINKS_AT_ONCE = 1_024  # whose shingles are held together: a few MB
MARKS_PER_SLOT = 4  # a byte each: what isn't marked isn't looked for
SLOTS_PER_SHINGLE = 4  # of the hash table, at least
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
    shingles = _Shingles({article.article_id: article for article in articles})
    texts = group_texts(shingles.index_articles())
    carriers = texts.carriers
    same = [number for number, own in enumerate(carriers) if len(own) > 1 and texts.sizes[number]]
    links = np.column_stack(texts.link(np.ones(len(carriers), np.bool_)))
    del texts  # their fingerprints, which are as large as all the rest
    sizes = np.full(len(carriers), UNKNOWN, np.int64)
    for some in (np.array([same, same], np.int64).T, links):
        for start in range(0, len(some), LINKS_AT_ONCE):
            part = some[start : start + LINKS_AT_ONCE]
            counts = _measure(part, carriers, sizes, shingles)
            yield from _name_pairs(part, carriers, sizes, counts)


class _Shingles:
    """The hash of each run of five words of articles, of the latest ones kept at hand."""

    def __init__(self, articles: Mapping[str, ComparedArticle]) -> None:
        self._articles = articles
        self._kept: OrderedDict[str, U64] = OrderedDict()

    def index_articles(self) -> Columns:
        indexed = Columns()
        for some in index_together(self._articles.values()):
            for entry, own in zip(some.entries, some.shingles.each(), strict=True):
                self._keep(entry.article_id, own)
            indexed.extend(some.entries)
        return indexed

    def of(self, article_ids: Sequence[str]) -> list[U64]:
        """Those of each, in order; what isn't at hand is made anew, all together."""
        missing = [article_id for article_id in article_ids if article_id not in self._kept]
        made = dict(zip(missing, self._make(missing), strict=True))
        found = [made[one] if one in made else self._kept[one] for one in article_ids]
        for article_id, own in made.items():
            self._keep(article_id, own)
        return found

    def _make(self, article_ids: Sequence[str]) -> Iterator[U64]:
        for texts in split([self._articles[article_id].text for article_id in article_ids]):
            yield from hash_together(fold_together(texts)).each()

    def _keep(self, article_id: str, own: U64) -> None:
        """The one kept for the longest time makes room."""
        if len(self._kept) >= KEPT_TEXTS:
            self._kept.popitem(last=False)
        self._kept[article_id] = own


def _measure(links: I64, carriers: Sequence[tuple[str, ...]], sizes: I64, shingles: _Shingles) -> I64:
    """How much the texts of each link share; `links`, shape (links, 2), are places in `carriers`.

    All are compared at once; `sizes`, of all texts, are filled in for these.
    """
    numbers, places = np.unique(links, return_inverse=True)
    joined = join_hashed(shingles.of([carriers[number][0] for number in numbers.tolist()]))
    counted = sizes[numbers]
    shared = _count_shared(joined.hashes, joined.bounds, counted, places.reshape(links.shape))
    sizes[numbers] = counted
    return shared


def _name_pairs(
    links: I64, carriers: Sequence[tuple[str, ...]], sizes: I64, counts: I64
) -> Iterator[Resemblance]:
    columns = (links[:, 0], links[:, 1], sizes[links[:, 0]], sizes[links[:, 1]], counts)
    for one, other, size, other_size, count in zip(*(column.tolist() for column in columns), strict=True):
        own, others = carriers[one], carriers[other]
        if len(own) == len(others) == 1:
            yield Resemblance(own[0], others[0], size, other_size, count)
        else:
            for pair in pair_within(own) if one == other else pair_across(own, others):
                yield Resemblance(*pair, size, other_size, count)


@compiled
def _count_shared(shingles: U64, bounds: I64, sizes: I64, links: I64) -> I64:
    """How many distinct shingles both texts of each link share; sizes that aren't known are filled in.

    Links of one text are best together: what is prepared for it stays.
    """
    shared = np.zeros(len(links), np.int64)
    room = 8
    while room < SLOTS_PER_SHINGLE * np.max(bounds[1:] - bounds[:-1]):
        room *= 2
    slots, met, likely = np.empty(room, np.uint64), np.empty(room, np.int32), np.empty(room, np.uint64)
    marks = np.empty(MARKS_PER_SLOT * room, np.uint8)
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
        count = _sift(shingles[bounds[other] : bounds[other + 1]], marks[: MARKS_PER_SLOT * len(own)], likely)
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
    marks[: MARKS_PER_SLOT * len(slots)] = 0
    last, last_mark = np.uint64(len(slots) - 1), np.uint64(MARKS_PER_SLOT * len(slots) - 1)
    count = 0
    for shingle in shingles:
        value = shingle | ONE  # never that of an empty slot
        slot = shingle & last
        marks[shingle & last_mark] = 1
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
