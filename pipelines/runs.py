"""The runs of equal words that two texts share, found by their common shingles."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipelines.compiled import compiled
from pipelines.folding import I32, I64, U64

MAX_CROSSED = 256  # occurrences of one shingle matched each with each; beyond, with the nearest
EMPTY, LOWER_HALF, HALF_BITS = np.uint64(0), np.uint64(0xFFFFFFFF), np.uint64(32)
MAX_RUNS = 20_000  # only a text that repeats itself without end has more


class Occurrences(NamedTuple):
    """Where each distinct shingle of a text stands.

    The `k`-th distinct one stands at `positions[firsts[k] : firsts[k + 1]]`, ascending; `of` gives `k`
    for each position; `slots` is a hash table: the upper half of a shingle, and `k + 1`; 0 where it is empty.
    """

    shingles: U64
    slots: U64
    of: I32
    firsts: I32
    positions: I32


def find_runs(one: Occurrences, other: Occurrences, width: int) -> tuple[int, I64]:
    """How many distinct shingles two texts share, and the longest runs of words these make up.

    `width` is the number of words in a shingle. Runs: int64, shape (runs, 3), each with its start in
    either text and its length in words, in order of their start.
    """
    if len(one.shingles) > len(other.shingles):  # the shorter text is walked along
        shared, runs = _match(*other, *one, width)
        runs = runs[np.lexsort((runs[:, 0], runs[:, 1]))][:, [1, 0, 2]]
    else:
        shared, runs = _match(*one, *other, width)
    if len(runs) > MAX_RUNS:
        longest = np.lexsort((runs[:, 1], runs[:, 0], -runs[:, 2]))[:MAX_RUNS]
        runs = runs[np.sort(longest)]
    return shared, runs


def index_shingles(shingles: U64) -> Occurrences:
    """Find the distinct shingles of a text and their places."""
    return Occurrences(shingles, *_index(shingles))


@compiled
def _index(shingles: U64) -> tuple[U64, I32, I32, I32]:
    total = len(shingles)
    size = 8
    while size < 2 * total:
        size *= 2
    slots = np.zeros(size, np.uint64)
    of = np.empty(total, np.int32)
    seen = np.empty(total, np.int32)  # position of the first occurrence of each
    distinct = 0
    for place in range(total):
        shingle = shingles[place]
        slot = np.int64(shingle & np.uint64(size - 1))
        entry = slots[slot]
        own = np.int64(entry & LOWER_HALF) - 1
        while entry != EMPTY and ((entry ^ shingle) >> HALF_BITS != EMPTY or shingles[seen[own]] != shingle):
            slot = (slot + 1) & (size - 1)
            entry = slots[slot]
            own = np.int64(entry & LOWER_HALF) - 1
        if entry == EMPTY:
            own = np.int64(distinct)
            slots[slot] = (shingle & ~LOWER_HALF) | np.uint64(distinct + 1)
            seen[distinct] = place
            distinct += 1
        of[place] = own
    firsts = np.zeros(distinct + 1, np.int32)
    for place in range(total):
        firsts[of[place] + 1] += 1
    for rank in range(distinct):
        firsts[rank + 1] += firsts[rank]
    after = firsts.copy()
    positions = np.empty(total, np.int32)
    for place in range(total):
        positions[after[of[place]]] = place
        after[of[place]] += 1
    return slots, of, firsts, positions


@compiled
def _nearest(
    place: int, own: int, other: int, firsts: I32, positions: I32, other_firsts: I32, other_positions: I32
) -> tuple[int, int]:
    """Which occurrences of a shingle that is repeated all over are matched with the one at `place`.

    A range of positions: each occurrence in the text that has more of them is matched with the next one in
    the other, or its last.
    """
    first, after = firsts[own], firsts[own + 1]
    other_first, other_after = other_firsts[other], other_firsts[other + 1]
    theirs = other_positions[other_first:other_after]
    if after - first >= len(theirs):
        nearest = min(np.searchsorted(theirs, place), len(theirs) - 1)
        return other_first + nearest, other_first + nearest + 1
    rank = np.searchsorted(positions[first:after], place)
    before = positions[first + rank - 1] if rank else -1
    low = np.searchsorted(theirs, before + 1)
    high = len(theirs) if first + rank == after - 1 else np.searchsorted(theirs, place + 1)
    return other_first + low, other_first + high


@compiled
def _match(
    shingles: U64,
    slots: U64,
    of: I32,
    firsts: I32,
    positions: I32,
    other_shingles: U64,
    other_slots: U64,
    other_of: I32,
    other_firsts: I32,
    other_positions: I32,
    width: int,
) -> tuple[int, I64]:
    total, other_total = len(shingles), len(other_shingles)
    runs = np.empty((64, 3), np.int64)
    count = 0
    shared = 0
    # the last run on each diagonal, and where it ended
    latest = np.empty(total + other_total + 1, np.int32)
    ended = np.full(total + other_total + 1, -2, np.int32)
    for place in range(total):
        shingle = shingles[place]
        slot = np.int64(shingle & np.uint64(len(other_slots) - 1))
        entry = other_slots[slot]
        while entry != EMPTY:
            other = np.int64(entry & LOWER_HALF) - 1
            is_alike = (entry ^ shingle) >> HALF_BITS == EMPTY
            if is_alike and other_shingles[other_positions[other_firsts[other]]] == shingle:
                break
            slot = (slot + 1) & (len(other_slots) - 1)
            entry = other_slots[slot]
        if entry == EMPTY:
            continue
        other = np.int64(entry & LOWER_HALF) - 1
        own = of[place]
        if positions[firsts[own]] == place:
            shared += 1
        low, high = other_firsts[other], other_firsts[other + 1]
        if (firsts[own + 1] - firsts[own]) * (high - low) > MAX_CROSSED:
            low, high = _nearest(place, own, int(other), firsts, positions, other_firsts, other_positions)
        for rank in range(low, high):
            other_place = other_positions[rank]
            diagonal = place - other_place + other_total
            if ended[diagonal] == place - 1:
                runs[latest[diagonal], 2] += 1
            else:
                if count == len(runs):
                    runs = np.concatenate((runs, np.empty_like(runs)))
                runs[count, 0], runs[count, 1], runs[count, 2] = place, other_place, width
                latest[diagonal] = count
                count += 1
            ended[diagonal] = place
    return shared, runs[:count].copy()
