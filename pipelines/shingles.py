"""Shingles, runs of consecutive words, their 64-bit hashes, and the fingerprints chosen among them.

This module and `folding` define the only hash by which texts are compared: it depends on the
folded words alone, so it is the same in every run, process and machine.
"""

from __future__ import annotations

import numpy as np

from pipelines.compiled import compiled
from pipelines.folding import U64

SHINGLE_WORDS = 5  # shorter runs are everyday phrases, longer ones miss edited copies
WINDOW_SHINGLES = 8  # any shared run of 12 words shares a fingerprint …
SHORT_WINDOW_SHINGLES = 4  # … and of 8 words, where both texts are short:
SHORT_TEXT_SHINGLES = 120  # a brief has too few fingerprints otherwise
FINGERPRINT_BITS = 40  # with 24 bits for a document's number they make up one posting
FINGERPRINT_METHOD = 1  # to be raised with every change to words, hashes or windows
WORD_FACTOR = np.uint64(0xD6E8FEB86659FD93)  # odd
MIX_ONE, MIX_TWO = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
UNUSED_BITS = np.uint64(64 - FINGERPRINT_BITS)
SHIFT_30, SHIFT_27, SHIFT_31 = np.uint64(30), np.uint64(27), np.uint64(31)


def hash_shingles(words: U64, width: int = SHINGLE_WORDS) -> U64:
    """The hash of each run of `width` words, in order; uint64, shape (max(0, words - width + 1),)."""
    return _roll(words, width)


def select_fingerprints(words: U64) -> U64:
    """Fingerprints of a text's folded words, 40 bits each: sorted and distinct uint64.

    They come from the smallest shingle of every window of eight, or of four in a text of fewer than 120.
    Two texts that share a run of twelve words share one fingerprint for certain; of twenty words, two.
    Source: Schleimer, Wilkerson, Aiken 2003 (winnowing).
    """
    fingerprints = _select(words)
    fingerprints.sort()
    repeats = fingerprints[1:] == fingerprints[:-1]
    return np.delete(fingerprints, np.flatnonzero(repeats)) if repeats.any() else fingerprints


def digest_words(words: U64) -> str:
    """Thirty-two hexadecimal digits, equal for two texts only where all their folded words are."""
    one, other = _digest(words)
    return f"{one:016x}{other:016x}"


@compiled
def _spread(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> SHIFT_30)) * MIX_ONE
    value = (value ^ (value >> SHIFT_27)) * MIX_TWO
    return value ^ (value >> SHIFT_31)


@compiled
def _roll(words: U64, width: int) -> U64:
    count = max(0, len(words) - width + 1)
    hashes = np.empty(count, np.uint64)
    if not count:
        return hashes
    value = np.uint64(0)
    leaving = np.uint64(1)  # what the first word of a run counts for
    for place in range(width):
        value = value * WORD_FACTOR + words[place]
        if place:
            leaving *= WORD_FACTOR
    for place in range(count):
        if place:
            value = (value - words[place - 1] * leaving) * WORD_FACTOR + words[place + width - 1]
        hashes[place] = _spread(value)
    return hashes


@compiled
def _winnow(shingles: U64, window: int) -> U64:
    """The smallest of each `window` shingles, or of all where there are fewer; repeats left out."""
    size = min(window, len(shingles))
    chosen = np.empty(len(shingles), np.uint64)
    count = 0
    lowest = -1  # place of the smallest in the window before
    for end in range(size, len(shingles) + 1 if size else 0):
        start = end - size
        if lowest < start:
            lowest = start
            for place in range(start + 1, end):
                if shingles[place] <= shingles[lowest]:
                    lowest = place
        elif shingles[end - 1] <= shingles[lowest]:
            lowest = end - 1
        else:
            continue
        if not count or chosen[count - 1] != shingles[lowest]:
            chosen[count] = shingles[lowest]
            count += 1
    return chosen[:count].copy()


@compiled
def _select(words: U64) -> U64:
    shingles = _roll(words, SHINGLE_WORDS)
    window = SHORT_WINDOW_SHINGLES if len(shingles) < SHORT_TEXT_SHINGLES else WINDOW_SHINGLES
    chosen = _winnow(shingles, window)
    for place in range(len(chosen)):
        # winnowed hashes are mostly small ones: mixed again, they are spread evenly
        chosen[place] = _spread(chosen[place]) >> UNUSED_BITS
    return chosen


@compiled
def _digest(words: U64) -> tuple[np.uint64, np.uint64]:
    one, other = MIX_ONE, MIX_TWO
    for word in words:
        one = (one ^ word) * WORD_FACTOR
        one ^= one >> SHIFT_31
        other = (other + word) * MIX_ONE
        other ^= other >> SHIFT_27
    return _spread(one), _spread(other)


def count_shared(one: U64, other: U64) -> int:
    """How many values two sorted, distinct arrays share."""
    return len(np.intersect1d(one, other, assume_unique=True))


def distinct_shingles(words: U64) -> U64:
    """The distinct shingles of a text, sorted."""
    return np.unique(hash_shingles(words))


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
