"""Shingles, runs of consecutive words, their 64-bit hashes, and the fingerprints chosen among them.

This module and `folding` define the only hash by which texts are compared: it depends on the
folded words alone, so it is the same in every run, process and machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from pipelines.compiled import compiled
from pipelines.folding import I64, U64, Hashed, join_hashed, split

SHINGLE_WORDS = 5  # shorter runs are everyday phrases, longer ones miss edited copies
WINDOW_SHINGLES = 8  # any shared run of 12 words shares a fingerprint …
SHORT_WINDOW_SHINGLES = 4  # … and of 8 words, where both texts are short:
SHORT_TEXT_SHINGLES = 120  # a brief has too few fingerprints otherwise
FINGERPRINT_BITS = 40  # with 24 bits for a document's number they make up one posting
DIGEST_DIGITS = 32
FINGERPRINT_METHOD = 1  # to be raised with every change to words, hashes or windows
WORD_FACTOR = np.uint64(0xD6E8FEB86659FD93)  # odd
MIX_ONE, MIX_TWO = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
NOTHING = np.uint64(0)
UNUSED_BITS, FINGERPRINT_SHIFT = np.uint64(64 - FINGERPRINT_BITS), np.uint64(FINGERPRINT_BITS)
FINGERPRINT_MASK = np.uint64((1 << FINGERPRINT_BITS) - 1)
SHIFT_30, SHIFT_27, SHIFT_31 = np.uint64(30), np.uint64(27), np.uint64(31)


def hash_shingles(words: U64, width: int = SHINGLE_WORDS) -> U64:
    """The hash of each run of `width` words, in order; uint64, shape (max(0, words - width + 1),)."""
    return _roll(words, width)


def hash_together(texts: Hashed) -> Hashed:
    """The same for texts that lie together."""
    return Hashed(*_roll_all(texts.hashes, texts.bounds, SHINGLE_WORDS))


def select_fingerprints(words: U64) -> U64:
    """Fingerprints of a text's folded words, 40 bits each: sorted and distinct uint64.

    They come from the smallest shingle of every window of eight, or of four in a text of fewer than 120.
    Two texts that share a run of twelve words share one fingerprint for certain; of twenty words, two.
    Source: Schleimer, Wilkerson, Aiken 2003 (winnowing).
    """
    return select_all([words])[0]


def select_all(texts: Sequence[U64]) -> list[U64]:
    """The fingerprints of each text's folded words; see `select_fingerprints`."""
    return [chosen for some in split(texts) for chosen in select_together(hash_together(join_hashed(some)))]


def select_together(shingles: Hashed) -> list[U64]:
    """The same of the shingles of texts that lie together, all sorted at once under the texts' numbers."""
    keys = _select(*shingles)
    keys.sort()
    is_first = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    keys = keys[is_first]
    numbers = np.arange(len(shingles.bounds), dtype=np.uint64) << np.uint64(FINGERPRINT_BITS)
    places = np.searchsorted(keys, numbers).tolist()
    keys &= FINGERPRINT_MASK
    return [keys[first:after] for first, after in pairwise(places)]


def digest_words(words: U64) -> str:
    """Thirty-two hexadecimal digits, equal for two texts only where all their folded words are."""
    return digest_all([words])[0]


def digest_all(texts: Sequence[U64]) -> list[str]:
    """The digest of each text's folded words; see `digest_words`."""
    return [digest for some in split(texts) for digest in digest_together(join_hashed(some))]


def digest_together(texts: Hashed) -> list[str]:
    """The same for texts that lie together."""
    digits = _digest(texts.hashes, texts.bounds).astype(">u8").tobytes().hex()
    return [digits[start : start + DIGEST_DIGITS] for start in range(0, len(digits), DIGEST_DIGITS)]


@compiled
def _spread(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> SHIFT_30)) * MIX_ONE
    value = (value ^ (value >> SHIFT_27)) * MIX_TWO
    return value ^ (value >> SHIFT_31)


@compiled
def _roll(words: U64, width: int) -> U64:
    # one word of all shingles after another: such loops become vector code
    hashes = words[: max(0, len(words) - width + 1)].copy()
    for step in range(1, width):
        ahead = words[step:]
        for place in range(len(hashes)):
            hashes[place] = hashes[place] * WORD_FACTOR + ahead[place]
    for place in range(len(hashes)):
        hashes[place] = _spread(hashes[place])
    return hashes


@compiled
def _roll_all(words: U64, bounds: I64, width: int) -> tuple[U64, I64]:
    hashes, reached = np.empty(len(words), np.uint64), np.zeros(len(bounds), np.int64)
    for text in range(len(bounds) - 1):
        own = _roll(words[bounds[text] : bounds[text + 1]], width)
        reached[text + 1] = reached[text] + len(own)
        hashes[reached[text] : reached[text + 1]] = own
    return hashes[: reached[-1]], reached


@compiled
def _find_lows(shingles: U64, window: int) -> U64:
    """The smallest of each `window` shingles, or of all where there are fewer."""
    lows = shingles
    covered = 1
    while covered < min(window, len(shingles)):
        step = min(covered, window - covered, len(shingles) - covered)
        ahead = lows[step:]
        wider = np.empty(len(lows) - step, np.uint64)
        for place in range(len(wider)):
            wider[place] = min(lows[place], ahead[place])
        lows = wider
        covered += step
    return lows


@compiled
def _select(hashes: U64, bounds: I64) -> U64:
    """Fingerprints of all texts, each with its text's number in the bits above; repeats among them."""
    chosen = np.empty(len(hashes) + 1, np.uint64)
    count = NOTHING
    for text in range(len(bounds) - 1):
        shingles = hashes[bounds[text] : bounds[text + 1]]
        if not len(shingles):
            continue
        window = SHORT_WINDOW_SHINGLES if len(shingles) < SHORT_TEXT_SHINGLES else WINDOW_SHINGLES
        lows = _find_lows(shingles, window)
        first = count
        for place in range(len(lows)):
            # written over by the next one if that is the same: no branch, which none could foretell
            chosen[count] = lows[place]
            count += np.uint64(place + 1 == len(lows) or lows[place] != lows[place + 1])
        number = np.uint64(text) << FINGERPRINT_SHIFT
        for place in range(first, count):
            # winnowed hashes are mostly small ones: mixed again, they are spread evenly
            chosen[place] = number | (_spread(chosen[place]) >> UNUSED_BITS)
    return chosen[:count].copy()


@compiled
def _digest(words: U64, bounds: I64) -> U64:
    digests = np.empty((len(bounds) - 1, 2), np.uint64)
    for text in range(len(bounds) - 1):
        one, other = MIX_ONE, MIX_TWO
        for word in words[bounds[text] : bounds[text + 1]]:
            one = (one ^ word) * WORD_FACTOR
            one ^= one >> SHIFT_31
            other = (other + word) * MIX_ONE
            other ^= other >> SHIFT_27
        digests[text, 0], digests[text, 1] = _spread(one), _spread(other)
    return digests


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
