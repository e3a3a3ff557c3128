"""The runs of equal words that two texts share, found by their common shingles."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipelines.folding import I64, count_between
from pipelines.shingles import ShingleSet, find_in

MAX_CROSSED = 256  # occurrences of one shingle matched each with each; beyond, with the nearest
MAX_RUNS = 20_000  # only a text that repeats itself without end has more


class Block(NamedTuple):
    """A run of equal words: `length` words from `start` in one text and from `other` in the other."""

    start: int
    other: int
    length: int


def find_runs(one: ShingleSet, other: ShingleSet, width: int) -> tuple[int, list[Block]]:
    """How many distinct shingles two texts share, and the longest runs of words these make up.

    `width` is the number of words in a shingle; runs come in the order of their start.
    """
    shared, starts, others = _match_shingles(one, other)
    return shared, _join_diagonals(starts, others, width) if shared else []


def _match_shingles(one: ShingleSet, other: ShingleSet) -> tuple[int, I64, I64]:
    """How many distinct shingles are shared, and the pairs of positions where they stand."""
    if len(one.values) > len(other.values):
        shared, others, starts = _match_shingles(other, one)
        return shared, starts, others
    places, found = find_in(one.values, other.values)
    mine, theirs = np.flatnonzero(found), places[found]
    if not len(mine):
        return 0, mine, theirs
    counts, other_counts = one.counts[mine], other.counts[theirs]
    if counts.max() == 1 and other_counts.max() == 1:
        return len(mine), one.positions[one.firsts[mine]], other.positions[other.firsts[theirs]]
    crossed = counts * other_counts <= MAX_CROSSED
    pairs = [_cross(one, other, mine[crossed], theirs[crossed])]
    for place, other_place in zip(mine[~crossed].tolist(), theirs[~crossed].tolist(), strict=True):
        pairs.append(_pair_nearest(_occurrences(one, place), _occurrences(other, other_place)))
    return (
        len(mine),
        np.concatenate([left for left, _ in pairs]),
        np.concatenate([right for _, right in pairs]),
    )


def _cross(one: ShingleSet, other: ShingleSet, mine: I64, theirs: I64) -> tuple[I64, I64]:
    """Every occurrence of each shingle in one text with every one in the other."""
    width = other.counts[theirs]
    pairs = one.counts[mine] * width
    which = np.repeat(np.arange(len(mine)), pairs)
    turn = np.arange(len(which)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    return (
        one.positions[one.firsts[mine][which] + turn // width[which]],
        other.positions[other.firsts[theirs][which] + turn % width[which]],
    )


def _occurrences(text: ShingleSet, shingle: int) -> I64:
    return text.positions[text.firsts[shingle] : text.firsts[shingle] + text.counts[shingle]]


def _pair_nearest(mine: I64, theirs: I64) -> tuple[I64, I64]:
    """Each occurrence in the text that has more of them with the next one in the other, or its last."""
    if len(mine) < len(theirs):
        others, starts = _pair_nearest(theirs, mine)
        return starts, others
    return mine, theirs[np.minimum(np.searchsorted(theirs, mine), len(theirs) - 1)]


def _join_diagonals(starts: I64, others: I64, width: int) -> list[Block]:
    """Join shingles that follow one another in both texts to runs of words, in order of their start."""
    order = np.lexsort((starts, starts - others))
    starts, others = starts[order], others[order]
    opens = np.ones(len(starts), dtype=np.bool_)
    opens[1:] = (starts[1:] - starts[:-1] != 1) | (others[1:] - others[:-1] != 1)
    firsts = np.flatnonzero(opens)
    lengths = count_between(firsts, len(starts)) + width - 1
    starts, others = starts[firsts], others[firsts]
    if len(firsts) > MAX_RUNS:
        longest = np.lexsort((others, starts, -lengths))[:MAX_RUNS]
        starts, others, lengths = starts[longest], others[longest], lengths[longest]
    order = np.lexsort((others, starts))
    columns = (starts[order].tolist(), others[order].tolist(), lengths[order].tolist())
    return [Block(*run) for run in zip(*columns, strict=True)]
