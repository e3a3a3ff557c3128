"""Runs of equal words linked to chains: passages with small edits in them.

A chain is a row of blocks of equal words; a block is its start in one text, in the other, and its length.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipelines.compiled import compiled
from pipelines.folding import I64, U64

MAX_GAP_WORDS = 12  # an edit bridged inside a passage; 25 joined what only stood close together
MAX_OPEN_RUNS = 64  # earlier runs tried as the one before
MAX_SKIP_WORDS = 2  # words changed close to the end of a passage …
LEAST_WORDS_BEYOND = 3  # … where so many more agree
MAX_ADDED_WORDS = 4  # that the edges of an edit may add to what shingles show
LEAST_NEW_WORDS = 5  # of either text, that a chain has to show for the first time
STRAIGHTNESS = 0.1  # of two ways on, the one with less difference between its gaps
BLOCKS_PER_RUN = 1 + MAX_GAP_WORDS + 2 * (MAX_GAP_WORDS // LEAST_WORDS_BEYOND + 1)


class Chains(NamedTuple):
    """The `k`-th chain is the rows `bounds[k] : bounds[k + 1]` of `blocks`, int64 of shape (blocks, 3)."""

    blocks: I64
    bounds: I64

    def __len__(self) -> int:
        return len(self.bounds) - 1


def find_chains(runs: I64, one: U64, other: U64, least: int) -> Chains:
    """Link runs across small edits, completed at the edits' edges; those of at least `least` equal words."""
    return Chains(*_chain(runs, one, other, least))


def join_chains(first: Chains, second: Chains) -> Chains:
    """The chains of both, in order."""
    return Chains(
        np.concatenate([first.blocks, second.blocks]),
        np.concatenate([first.bounds, second.bounds[1:] + len(first.blocks)]),
    )


def select_chains(chains: Chains, chosen: I64) -> Chains:
    """The chains of those numbers, in that order."""
    lengths = chains.bounds[chosen + 1] - chains.bounds[chosen]
    rows = [chains.blocks[chains.bounds[one] : chains.bounds[one + 1]] for one in chosen.tolist()]
    return Chains(
        np.concatenate([chains.blocks[:0], *rows]),
        np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
    )


def count_equal(chains: Chains) -> I64:
    """How many words of each chain are equal on both sides; int64, shape (chains,)."""
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(chains.blocks[:, 2])])
    counts: I64 = sums[chains.bounds[1:]] - sums[chains.bounds[:-1]]
    return counts


def spans_of(chains: Chains) -> I64:
    """From the first to after the last word of each chain, in either text: int64, shape (chains, 4)."""
    first, last = chains.blocks[chains.bounds[:-1]], chains.blocks[chains.bounds[1:] - 1]
    return np.stack([first[:, 0], last[:, 0] + last[:, 2], first[:, 1], last[:, 1] + last[:, 2]], axis=1)


def drop_covered(chains: Chains, words: int, other_words: int) -> Chains:
    """Keep the chains that show at least five words of either text for the first time, longest first."""
    if len(chains) < 2:
        return chains
    first = chains.blocks[chains.bounds[:-1]]
    order = np.lexsort((first[:, 2], first[:, 1], first[:, 0], -count_equal(chains)))
    return select_chains(chains, order[_shows_new(*chains, order, words, other_words)])


@compiled
def _shows_new(blocks: I64, bounds: I64, order: I64, words: int, other_words: int) -> np.ndarray:
    seen, other_seen = np.zeros(words, np.uint8), np.zeros(other_words, np.uint8)
    kept = np.zeros(len(order), np.bool_)
    for rank in range(len(order)):
        new = other_new = 0
        for row in range(bounds[order[rank]], bounds[order[rank] + 1]):
            for step in range(blocks[row, 2]):
                new += 1 - seen[blocks[row, 0] + step]
                other_new += 1 - other_seen[blocks[row, 1] + step]
                seen[blocks[row, 0] + step] = 1
                other_seen[blocks[row, 1] + step] = 1
        kept[rank] = max(new, other_new) >= LEAST_NEW_WORDS
    return kept


@compiled
def _gain(run: I64, following: I64) -> float:
    """What `following` adds to a chain that ends with `run`; below zero where it can't follow."""
    gap = following[0] - run[0] - run[2]
    other_gap = following[1] - run[1] - run[2]
    added = following[2] + min(0, gap, other_gap)
    if max(gap, other_gap) > MAX_GAP_WORDS or added <= 0:
        return -np.inf
    if following[0] <= run[0] or following[1] <= run[1]:
        return -np.inf
    return float(added - STRAIGHTNESS * abs(gap - other_gap))


@compiled
def _link(runs: I64) -> tuple[np.ndarray, I64]:
    """Each run's best score as the end of a chain, and the run before it there, or -1."""
    scores = np.empty(len(runs), np.float64)
    before = np.full(len(runs), -1, np.int64)
    still_open = np.empty(MAX_OPEN_RUNS + 1, np.int64)
    count = 0
    for place in range(len(runs)):
        kept = 0
        best, link = 0.0, -1
        for rank in range(max(0, count - MAX_OPEN_RUNS), count):
            one = still_open[rank]
            if runs[one, 0] + runs[one, 2] + MAX_GAP_WORDS < runs[place, 0]:
                continue
            still_open[kept] = one
            kept += 1
            score = scores[one] + _gain(runs[one], runs[place])
            if score >= best:
                best, link = score, one
        still_open[kept] = place
        count = kept + 1
        scores[place] = max(best, float(runs[place, 2]))
        if best > runs[place, 2]:
            before[place] = link
    return scores, before


@compiled
def _fill_gap(blocks: I64, count: int, one: U64, other: U64, ends: tuple[int, int, int, int]) -> int:
    """Add the equal words between two blocks, in order: a longest common subsequence."""
    start, end, other_start, other_end = ends
    rows, columns = end - start, other_end - other_start
    if rows <= 0 or columns <= 0:
        return count
    lengths = np.zeros((rows + 1, columns + 1), np.int64)
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            if one[start + i] == other[other_start + j]:
                lengths[i, j] = 1 + lengths[i + 1, j + 1]
            else:
                lengths[i, j] = max(lengths[i + 1, j], lengths[i, j + 1])
    i = j = 0
    while i < rows and j < columns:
        if one[start + i] == other[other_start + j]:
            blocks[count, 0], blocks[count, 1], blocks[count, 2] = start + i, other_start + j, 1
            count += 1
            i += 1
            j += 1
        elif lengths[i + 1, j] >= lengths[i, j + 1]:
            i += 1
        else:
            j += 1
    return count


@compiled
def _extend(blocks: I64, count: int, one: U64, other: U64, start: int, other_start: int, step: int) -> int:
    """Add blocks that go on from here, `step` by step, after one or two changed words."""
    room = len(one) - start if step > 0 else start + 1
    other_room = len(other) - other_start if step > 0 else other_start + 1
    done = other_done = 0
    while max(done, other_done) < MAX_GAP_WORDS:
        length = skip = other_skip = 0
        for skips in range(1, 2 * MAX_SKIP_WORDS + 1):
            for tried in range(max(0, skips - MAX_SKIP_WORDS), min(skips, MAX_SKIP_WORDS) + 1):
                at, other_at = done + tried, other_done + skips - tried
                equal = 0
                while (
                    equal < MAX_GAP_WORDS
                    and at + equal < room
                    and other_at + equal < other_room
                    and one[start + step * (at + equal)] == other[other_start + step * (other_at + equal)]
                ):
                    equal += 1
                if equal >= LEAST_WORDS_BEYOND:
                    length, skip, other_skip = equal, tried, skips - tried
                    break
            if length:
                break
        if not length:
            break
        done += skip + length
        other_done += other_skip + length
        if step > 0:
            blocks[count, 0], blocks[count, 1] = start + done - length, other_start + other_done - length
        else:
            blocks[count, 0], blocks[count, 1] = start - done + 1, other_start - other_done + 1
        blocks[count, 2] = length
        count += 1
    return count


@compiled
def _trim(runs: I64, chain: I64, trimmed: I64) -> int:
    """The blocks of a chain, so that no word stands in two of them; returns how many there are."""
    count = end = other_end = 0
    for run in chain[::-1]:
        cut = max(0, end - runs[run, 0], other_end - runs[run, 1])
        if cut < runs[run, 2]:
            trimmed[count, 0], trimmed[count, 1] = runs[run, 0] + cut, runs[run, 1] + cut
            trimmed[count, 2] = runs[run, 2] - cut
            end = trimmed[count, 0] + trimmed[count, 2]
            other_end = trimmed[count, 1] + trimmed[count, 2]
            count += 1
    return count


@compiled
def _complete(blocks: I64, count: int, chain: I64, one: U64, other: U64) -> int:
    """Add a chain's blocks with the equal words between them and close to its ends."""
    began = count
    count = _extend(blocks, count, one, other, chain[0, 0] - 1, chain[0, 1] - 1, -1)
    blocks[began:count] = blocks[began:count][::-1].copy()
    for row in range(len(chain)):
        if row:
            left, right = chain[row - 1], chain[row]
            ends = (left[0] + left[2], right[0], left[1] + left[2], right[1])
            count = _fill_gap(blocks, count, one, other, ends)
        blocks[count] = chain[row]
        count += 1
    last = chain[-1]
    return _extend(blocks, count, one, other, last[0] + last[2], last[1] + last[2], 1)


@compiled
def _chain(runs: I64, one: U64, other: U64, least: int) -> tuple[I64, I64]:
    """Take the chains out, best first."""
    scores, before = _link(runs)
    blocks = np.empty((BLOCKS_PER_RUN * len(runs), 3), np.int64)
    bounds = np.zeros(len(runs) + 1, np.int64)
    used = np.zeros(len(runs), np.bool_)
    chain = np.empty(len(runs), np.int64)
    trimmed = np.empty((len(runs), 3), np.int64)
    count = found = 0
    for last in np.argsort(-scores, kind="mergesort"):
        length = 0
        place = last
        while place >= 0 and not used[place]:
            used[place] = True
            chain[length] = place
            length += 1
            place = before[place]
        if not length:
            continue
        rows = _trim(runs, chain[:length], trimmed)
        if trimmed[:rows, 2].sum() < least - MAX_ADDED_WORDS:
            continue
        end = _complete(blocks, count, trimmed[:rows], one, other)
        if blocks[count:end, 2].sum() >= least:
            found += 1
            bounds[found] = end
            count = end
    return blocks[:count].copy(), bounds[: found + 1].copy()
