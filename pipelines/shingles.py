"""Shingles, runs of consecutive words, and their 64-bit hashes.

This module and `folding` define the only hash by which texts are compared: it depends on the
folded words alone, so it is the same in every run, process and machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.folding import I64, U64, count_between, mix

SHINGLE_WORDS = 5  # shorter runs are everyday phrases, longer ones miss edited copies
WINDOW_SHINGLES = 4  # any shared run of 8 words shares a fingerprint, of 12 words at least two
WORD_FACTOR = np.uint64(0xD6E8FEB86659FD93)  # odd


@dataclass(frozen=True, slots=True, eq=False)
class ShingleSet:
    """The distinct shingles of a text, sorted, and where each occurs.

    `values` uint64, shape (distinct,); the occurrences of `values[k]` are the word positions
    `positions[firsts[k] : firsts[k] + counts[k]]`, ascending. `positions`, shape (shingles,).
    """

    values: U64
    firsts: I64
    counts: I64
    positions: I64


def hash_shingles(words: U64, width: int = SHINGLE_WORDS) -> U64:
    """The hash of each run of `width` words, in order; uint64, shape (max(0, words - width + 1),)."""
    count = len(words) - width + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    hashes = words[:count].copy()
    for offset in range(1, width):
        hashes *= WORD_FACTOR
        hashes += words[offset : offset + count]
    return mix(hashes)


def index_shingles(shingles: U64) -> ShingleSet:
    """The distinct shingles among `shingles`, with their positions."""
    positions = np.argsort(shingles)  # much the fastest, but it may swap equal ones
    firsts = _firsts(shingles[positions])
    if len(firsts) < len(shingles):
        positions = np.argsort(shingles, kind="stable")
    ordered = shingles[positions]
    return ShingleSet(ordered[firsts], firsts, count_between(firsts, len(ordered)), positions)


def select_fingerprints(shingles: U64) -> U64:
    """The smallest hash of every window of four shingles: sorted and distinct uint64.

    Two texts that share a run of eight words share one of them for certain; two texts that
    share a run of twelve words, at least two unless the run repeats itself.
    Source: Schleimer, Wilkerson, Aiken 2003 (winnowing).
    """
    size = min(WINDOW_SHINGLES, len(shingles))
    if not size:
        return np.zeros(0, dtype=np.uint64)
    count = len(shingles) - size + 1
    smallest = shingles[:count].copy()
    for offset in range(1, size):
        np.minimum(smallest, shingles[offset : offset + count], out=smallest)
    smallest.sort()
    return smallest[_firsts(smallest)]


def _firsts(ordered: U64) -> I64:
    """Where a sorted array takes a new value."""
    opens = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=opens[1:])
    return np.flatnonzero(opens)


def count_shared(one: U64, other: U64) -> int:
    """How many values two sorted, distinct arrays share."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return int(np.count_nonzero(find_in(small, large)[1]))


def find_in(small: U64, large: U64) -> tuple[I64, np.typing.NDArray[np.bool_]]:
    """Where each value of `small` stands in the sorted `large`, and whether it does."""
    if not len(large):
        return np.zeros(len(small), dtype=np.int64), np.zeros(len(small), dtype=np.bool_)
    places = np.minimum(np.searchsorted(large, small), len(large) - 1)
    return places, large[places] == small


def jaccard(one: U64, other: U64) -> float:
    """Shared over all distinct shingles, 0.0 to 1.0; symmetric, and 0.0 for two texts without shingles.

    Both arrays are sorted and distinct. Source: Broder 1997.
    """
    shared = count_shared(one, other)
    every = len(one) + len(other) - shared
    return shared / every if every else 0.0


def containment(part: U64, whole: U64) -> float:
    """Share of the distinct shingles of `part` that also occur in `whole`, 0.0 to 1.0.

    Not symmetric: a brief lifted from a long report scores 1.0 one way and little the other.
    Both arrays are sorted and distinct. Source: Broder 1997.

    Raises:
        ValueError: `part` is empty; the text is too short to shingle.
    """
    if not len(part):
        raise ValueError("a text of fewer than five words has no shingles")
    return count_shared(part, whole) / len(part)
