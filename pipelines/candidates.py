"""Which pairs of texts are worth an exact comparison: those that share fingerprints.

Nothing is estimated and, but for fingerprints that hundreds of texts share, nothing is left out: two
texts with a common run of twenty words share two fingerprints for certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.compiled import compiled
from pipelines.folding import I64, U64

NUMBER_BITS = 24  # of a posting's 64: the number of its text; the others are its fingerprint
MAX_TEXTS = 1 << NUMBER_BITS
MAX_LINKED = 256  # texts of one fingerprint that are linked each with each
HUBS = 32  # beyond, each is linked with so many of them, the first
STOCK_TEXTS = 5  # texts of one outlet with the same words …
STOCK_DAYS = 3  # … on so many days: its own stock, not copied from each other …
MIN_STOCK_SHARE = 0.2  # … unless it makes up so much of either: then these are versions of one text
NO_DAY = -1
NO_OUTLET = -1
LEAST_SHARED = 2  # fingerprints: texts with a common run of twenty words have so many
BUFFERED_PAIRS = 1 << 20  # 16 MB
NUMBER_MASK = np.uint64(MAX_TEXTS - 1)
NUMBER_SHIFT = np.uint64(NUMBER_BITS)

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """What decides how the texts of one fingerprint are linked; each array of shape (texts,).

    `outlets`, a number for the outlet that carries the text, -1 where there are several or none is known;
    `days`, the day by which it had appeared, -1 where that isn't known; `sizes`, its fingerprints.
    """

    changed: Flags
    outlets: I64
    days: I64
    sizes: I64


def collect_postings(fingerprints: Sequence[U64]) -> U64:
    """One posting for each fingerprint of each text, sorted; texts are numbered in their order.

    Raises:
        ValueError: more than 16 million texts.
    """
    if len(fingerprints) > MAX_TEXTS:
        raise ValueError(f"{len(fingerprints)} texts are more than {MAX_TEXTS}")
    lengths = np.array([len(own) for own in fingerprints], dtype=np.int64)
    numbers = np.repeat(np.arange(len(fingerprints), dtype=np.uint64), lengths)
    postings = np.concatenate([*fingerprints, np.zeros(0, np.uint64)]) << NUMBER_SHIFT | numbers
    postings.sort()
    return postings


def find_candidates(postings: U64, texts: Texts) -> tuple[I64, I64]:
    """Pairs of texts that share two fingerprints, at least one of them changed: larger number first.

    `postings` are sorted. One is enough where a text has no more. One that more than 256 texts have links
    each of these with the first 32 only. What is an outlet's stock makes a pair only where it is a fifth of
    either text.
    """
    numbers, firsts, groups = _group(postings)
    stock = _mark_stock(numbers, firsts, texts.outlets, texts.days)
    places, bounds = _sort_by_text(numbers, len(texts.sizes))
    lefts, rights = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    text = 0
    while text < len(texts.sizes):
        text, left, right = _link(
            (text, MIN_STOCK_SHARE),
            numbers,
            (firsts, groups),
            (places, bounds),
            stock,
            texts.changed,
            texts.outlets,
            texts.sizes,
        )
        lefts.append(left)
        rights.append(right)
    return np.concatenate(lefts), np.concatenate(rights)


def find_stock(outlets: I64, days: I64) -> Flags:
    """Which of a fingerprint's texts are of an outlet that has it as its stock."""
    stock: Flags = _find_stock(outlets, days)
    return stock


@compiled
def _find_stock(outlets: I64, days: I64) -> Flags:
    stock = np.zeros(len(outlets), np.bool_)
    order = np.argsort(outlets)
    first = 0
    while first < len(order):
        after = first + 1
        while after < len(order) and outlets[order[after]] == outlets[order[first]]:
            after += 1
        if outlets[order[first]] != NO_OUTLET and after - first >= STOCK_TEXTS:
            own = days[order[first:after]]
            if len(np.unique(own)) + max(0, (own == NO_DAY).sum() - 1) >= STOCK_DAYS:
                stock[order[first:after]] = True
        first = after
    return stock


@compiled
def _group(postings: U64) -> tuple[I64, I64, I64]:
    """The postings of fingerprints that several texts have.

    Returns the text of each; where the group of each fingerprint begins, and the end; each one's group.
    """
    count = groups = 0
    for place in range(1, len(postings)):
        if (postings[place] ^ postings[place - 1]) >> NUMBER_SHIFT == 0:
            count += 1
            if place == 1 or (postings[place - 1] ^ postings[place - 2]) >> NUMBER_SHIFT != 0:
                count += 1
                groups += 1
    numbers = np.empty(count, np.int64)
    own = np.empty(count, np.int64)
    firsts = np.empty(groups + 1, np.int64)
    count = groups = 0
    for place in range(1, len(postings)):
        if (postings[place] ^ postings[place - 1]) >> NUMBER_SHIFT != 0:
            continue
        if place == 1 or (postings[place - 1] ^ postings[place - 2]) >> NUMBER_SHIFT != 0:
            firsts[groups] = count
            groups += 1
            numbers[count] = np.int64(postings[place - 1] & NUMBER_MASK)
            own[count] = groups - 1
            count += 1
        numbers[count] = np.int64(postings[place] & NUMBER_MASK)
        own[count] = groups - 1
        count += 1
    firsts[groups] = count
    return numbers, firsts, own


@compiled
def _sort_by_text(numbers: I64, texts: int) -> tuple[I64, I64]:
    """Where each text stands in `numbers`, one text after another; where each one's begin, and the end."""
    bounds = np.zeros(texts + 1, np.int64)
    for number in numbers:
        bounds[number + 1] += 1
    for text in range(texts):
        bounds[text + 1] += bounds[text]
    after = bounds.copy()
    own = np.empty(len(numbers), np.int64)
    for place in range(len(numbers)):
        own[after[numbers[place]]] = place
        after[numbers[place]] += 1
    return own, bounds


@compiled
def _mark_stock(numbers: I64, firsts: I64, outlets: I64, days: I64) -> Flags:
    stock = np.zeros(len(numbers), np.bool_)
    for group in range(len(firsts) - 1):
        first, after = firsts[group], firsts[group + 1]
        if after - first >= STOCK_TEXTS:
            own = numbers[first:after]
            stock[first:after] = _find_stock(outlets[own], days[own])
    return stock


@compiled
def _link(
    start: tuple[int, float],
    numbers: I64,
    grouped: tuple[I64, I64],
    sorted_places: tuple[I64, I64],
    stock: Flags,
    changed: Flags,
    outlets: I64,
    sizes: I64,
) -> tuple[int, I64, I64]:
    """Pairs of the texts from `start` on with the texts before each, until they are many; and how far.

    `grouped` are where each group begins in `numbers`, and each one's group; `sorted_places` what
    `_sort_by_text` gives.
    """
    firsts, groups = grouped
    places, bounds = sorted_places
    room = BUFFERED_PAIRS + len(sizes)
    lefts, rights = np.empty(room, np.int64), np.empty(room, np.int64)
    count = 0
    shared, stock_shared = np.zeros(len(sizes), np.int32), np.zeros(len(sizes), np.int32)
    met = np.empty(len(sizes), np.int64)
    text, min_share = start
    while text < len(sizes) and count < BUFFERED_PAIRS:
        seen = 0
        for own in places[bounds[text] : bounds[text + 1]]:
            group = groups[own]
            first, after = firsts[group], firsts[group + 1]
            if after - first > MAX_LINKED:
                after = first + HUBS
            for place in range(first, min(after, own)):
                other = numbers[place]
                if not changed[text] and not changed[other]:
                    continue
                if not shared[other] and not stock_shared[other]:
                    met[seen] = other
                    seen += 1
                if stock[own] and stock[place] and outlets[text] == outlets[other]:
                    stock_shared[other] += 1
                else:
                    shared[other] += 1
        for other in met[:seen]:
            smaller = min(sizes[text], sizes[other])
            enough = min(LEAST_SHARED, smaller)
            every = shared[other] + stock_shared[other]
            if shared[other] >= enough or every >= max(enough, min_share * smaller):
                lefts[count], rights[count] = text, other
                count += 1
            shared[other] = stock_shared[other] = 0
        text += 1
    return text, lefts[:count].copy(), rights[:count].copy()
