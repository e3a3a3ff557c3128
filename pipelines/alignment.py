"""Word-for-word alignment of two texts: which runs of words they share, edits bridged.

Shared shingles are joined to exact runs, runs to chains across small edits. Chains are found
anywhere in either text, so moved paragraphs are found; there is no one best path through both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.chains import Chain, chain_runs, complete_chain, count_equal, drop_covered, span_of
from pipelines.folding import U64
from pipelines.runs import Block, find_runs
from pipelines.shingles import SHINGLE_WORDS, ShingleSet, hash_shingles, index_shingles

LEAST_WORDS = 12  # shorter shared runs are mostly names with titles and set phrases
LEAST_EDITED_WORDS = 20  # where edits break every run of twelve: two write-ups of one sentence share fewer
NEAR_JACCARD = 0.5  # the same text, edited
REWORDED_SHINGLE_WORDS = 3  # what is left of a sentence in which every fifth word was changed
LEAST_COPIED_WORDS = 40  # shared word for word, before the rest is searched for reworded parts
LEAST_REWORDED_WORDS = 8  # equal in such a part …
MAX_ADDED_WORDS = 4  # that the edges of an edit may add to what shingles show
LEAST_EQUAL_SHARE = 0.6  # … and how much of it they must be


@dataclass(frozen=True, slots=True, eq=False)
class IndexedText:
    """A text ready to be aligned: its folded words' hashes and its distinct shingles."""

    words: U64
    shingles: ShingleSet


@dataclass(frozen=True, slots=True)
class Alignment:
    """What two texts share: chains, longest first, and over all distinct shingles."""

    chains: tuple[Chain, ...]
    jaccard: float
    longest_run_words: int


def align_texts(one: IndexedText, other: IndexedText) -> Alignment:
    """All chains of at least twelve equal words between two texts, each in word positions.

    There are none unless one holds twelve words on end, or twenty with edits between. Where half of
    all shingles agree, five words are enough: the texts themselves are short then. Where much is
    copied word for word, parts that were reworded more heavily are added.
    """
    shared, runs = find_runs(one.shingles, other.shingles, SHINGLE_WORDS)
    if not shared:
        return Alignment((), 0.0, 0)
    jaccard = shared / (len(one.shingles.values) + len(other.shingles.values) - shared)
    longest = max(run.length for run in runs)
    is_near = jaccard >= NEAR_JACCARD
    is_edited = not is_near and longest < LEAST_WORDS
    if is_edited and sum(run.length for run in runs) < LEAST_EDITED_WORDS - MAX_ADDED_WORDS:
        return Alignment((), jaccard, longest)
    chains = _find_chains(runs, one.words, other.words, SHINGLE_WORDS if is_near else LEAST_WORDS)
    if is_edited and max(map(count_equal, chains), default=0) < LEAST_EDITED_WORDS:
        return Alignment((), jaccard, longest)
    if sum(map(count_equal, chains)) >= LEAST_COPIED_WORDS:
        chains += _find_reworded(one.words, other.words, chains)
    return Alignment(tuple(drop_covered(chains, len(one.words), len(other.words))), jaccard, longest)


def _find_chains(runs: list[Block], one: U64, other: U64, least: int) -> list[Chain]:
    """Completed chains of at least `least` equal words."""
    promising = (chain for chain in chain_runs(runs) if count_equal(chain) >= least - MAX_ADDED_WORDS)
    completed = (complete_chain(chain, one, other) for chain in promising)
    return [chain for chain in completed if count_equal(chain) >= least]


def _find_reworded(one: U64, other: U64, chains: list[Chain]) -> list[Chain]:
    """Chains of shorter shingles among the words that no chain covers yet."""
    mine, theirs = one.copy(), other.copy()
    for chain in chains:
        start, end, other_start, other_end = span_of(chain)
        mine[start:end] = 0  # two values that never meet
        theirs[other_start:other_end] = 1
    if min(np.count_nonzero(mine), np.count_nonzero(theirs != 1)) < LEAST_REWORDED_WORDS:
        return []
    _, runs = find_runs(_index(mine), _index(theirs), REWORDED_SHINGLE_WORDS)
    found = _find_chains(runs, mine, theirs, LEAST_REWORDED_WORDS)
    return [chain for chain in found if _share_equal(chain) >= LEAST_EQUAL_SHARE]


def _index(words: U64) -> ShingleSet:
    return index_shingles(hash_shingles(words, REWORDED_SHINGLE_WORDS))


def _share_equal(chain: Chain) -> float:
    """Equal words over the words of the longer side, 0.0 to 1.0."""
    start, end, other_start, other_end = span_of(chain)
    return count_equal(chain) / max(end - start, other_end - other_start)
