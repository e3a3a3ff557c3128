"""Runs of equal words linked to chains: passages with small edits in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise, product, takewhile

from pipelines.folding import U64
from pipelines.runs import Block
from pipelines.shingles import SHINGLE_WORDS

MAX_GAP_WORDS = 12  # an edit bridged inside a passage; 25 joined what only stood close together
MAX_OPEN_RUNS = 64  # earlier runs tried as the one before
MAX_SKIP_WORDS = 2  # words changed close to the end of a passage …
LEAST_WORDS_BEYOND = 3  # … where so many more agree

Chain = tuple[Block, ...]


def count_equal(chain: Chain) -> int:
    """How many words of the chain are equal on both sides."""
    return sum(block.length for block in chain)


def span_of(chain: Chain) -> tuple[int, int, int, int]:
    """From the first to after the last word of a chain, in one text and in the other."""
    first, last = chain[0], chain[-1]
    return first.start, last.start + last.length, first.other, last.other + last.length


def chain_runs(runs: list[Block]) -> Iterator[Chain]:
    """Link each run to the best one before it, then take the chains out, best first."""
    scores: list[float] = []
    before: list[int] = []
    still_open: list[int] = []
    for position, run in enumerate(runs):
        reachable = (
            one for one in still_open[-MAX_OPEN_RUNS:] if _end(runs[one]) + MAX_GAP_WORDS >= run.start
        )
        still_open = list(reachable)
        links = ((scores[one] + _gain(runs[one], run), one) for one in still_open)
        score, link = max(links, default=(0.0, -1))
        scores.append(max(score, run.length))
        before.append(link if score > run.length else -1)
        still_open.append(position)
    used: set[int] = set()
    for last in sorted(range(len(runs)), key=lambda position: (-scores[position], position)):
        chain = []
        position = last
        while position >= 0 and position not in used:
            used.add(position)
            chain.append(runs[position])
            position = before[position]
        if chain:
            yield tuple(_trim_overlaps(reversed(chain)))


def _end(run: Block) -> int:
    return run.start + run.length


def _gain(run: Block, following: Block) -> float:
    """What `following` adds to a chain that ends with `run`; below zero where it can't follow."""
    gap = following.start - run.start - run.length
    other_gap = following.other - run.other - run.length
    added = following.length + min(0, gap, other_gap)
    if max(gap, other_gap) > MAX_GAP_WORDS or added <= 0:
        return -float("inf")
    if following.start <= run.start or following.other <= run.other:
        return -float("inf")
    return added - 0.1 * abs(gap - other_gap)  # of two ways on, the straighter one


def _trim_overlaps(chain: Iterable[Block]) -> Iterator[Block]:
    """Let no word stand in two blocks of a chain."""
    end = other_end = 0
    for block in chain:
        cut = max(0, end - block.start, other_end - block.other)
        if cut < block.length:
            trimmed = Block(block.start + cut, block.other + cut, block.length - cut)
            end, other_end = trimmed.start + trimmed.length, trimmed.other + trimmed.length
            yield trimmed


def complete_chain(chain: Chain, one: U64, other: U64) -> Chain:
    """Add the equal words between the blocks of a chain and close to its ends."""
    blocks = [chain[0]]
    for left, right in pairwise(chain):
        blocks.extend(_fill_gap(left, right, one, other))
        blocks.append(right)
    before = list(_extend(one[: blocks[0].start][::-1], other[: blocks[0].other][::-1]))
    last = blocks[-1]
    end, other_end = last.start + last.length, last.other + last.length
    after = _extend(one[end:], other[other_end:])
    first = blocks[0]
    return (
        *(
            Block(first.start - start - length, first.other - other_start - length, length)
            for start, other_start, length in reversed(before)
        ),
        *blocks,
        *(Block(end + start, other_end + other_start, length) for start, other_start, length in after),
    )


def _fill_gap(left: Block, right: Block, one: U64, other: U64) -> Iterator[Block]:
    """The equal words between two blocks, in order: a longest common subsequence."""
    start, other_start = left.start + left.length, left.other + left.length
    mine, theirs = one[start : right.start].tolist(), other[other_start : right.other].tolist()
    if not mine or not theirs or set(mine).isdisjoint(theirs):
        return
    for offset, other_offset in _common_subsequence(mine, theirs):
        yield Block(start + offset, other_start + other_offset, 1)


def _common_subsequence(mine: list[int], theirs: list[int]) -> Iterator[tuple[int, int]]:
    """Positions of a longest common subsequence of two short lists."""
    lengths = [[0] * (len(theirs) + 1) for _ in range(len(mine) + 1)]
    for i in range(len(mine) - 1, -1, -1):
        for j in range(len(theirs) - 1, -1, -1):
            equal = mine[i] == theirs[j]
            lengths[i][j] = 1 + lengths[i + 1][j + 1] if equal else max(lengths[i + 1][j], lengths[i][j + 1])
    i = j = 0
    while i < len(mine) and j < len(theirs):
        if mine[i] == theirs[j]:
            yield i, j
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1


def _extend(one: U64, other: U64) -> Iterator[Block]:
    """Blocks that go on from here after one or two changed words; too short for a shingle of their own."""
    start = other_start = 0
    while max(start, other_start) < MAX_GAP_WORDS:
        reach = MAX_SKIP_WORDS + SHINGLE_WORDS
        mine = one[start : start + reach].tolist()
        theirs = other[other_start : other_start + reach].tolist()
        found = _skip(mine, theirs)
        if found is None:
            return
        yield Block(start + found.start, other_start + found.other, found.length)
        start += found.start + found.length
        other_start += found.other + found.length


_SKIPS = sorted(product(range(MAX_SKIP_WORDS + 1), repeat=2), key=sum)[1:]


def _skip(mine: list[int], theirs: list[int]) -> Block | None:
    """The nearest run of at least three equal words after at most two others."""
    for skip, other_skip in _SKIPS:
        run = mine[skip : skip + LEAST_WORDS_BEYOND]
        if len(run) == LEAST_WORDS_BEYOND and run == theirs[other_skip : other_skip + LEAST_WORDS_BEYOND]:
            rest = zip(mine[skip:], theirs[other_skip:], strict=False)
            return Block(skip, other_skip, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], rest)))
    return None


def drop_covered(chains: list[Chain], words: int, other_words: int) -> Iterator[Chain]:
    """Keep the chains that show at least five words of either text for the first time."""
    seen, other_seen = bytearray(words), bytearray(other_words)
    for chain in sorted(chains, key=lambda chain: (-count_equal(chain), chain)):
        new = other_new = 0
        for block in chain:
            end, other_end = block.start + block.length, block.other + block.length
            new += seen.count(0, block.start, end)
            other_new += other_seen.count(0, block.other, other_end)
            seen[block.start : end] = b"\1" * block.length
            other_seen[block.other : other_end] = b"\1" * block.length
        if max(new, other_new) >= SHINGLE_WORDS:
            yield chain
