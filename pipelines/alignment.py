"""Word-for-word alignment of two texts: which runs of words they share, edits bridged.

Shared shingles are joined to exact runs, runs to chains across small edits. Chains are found
anywhere in either text, so moved paragraphs are found; there is no one best path through both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.chains import (
    MAX_ADDED_WORDS,
    Chains,
    count_equal,
    drop_covered,
    find_chains,
    join_chains,
    select_chains,
    spans_of,
)
from pipelines.folding import U64
from pipelines.runs import Occurrences, find_runs, index_shingles
from pipelines.shingles import SHINGLE_WORDS, hash_shingles

LEAST_WORDS = 12  # shorter shared runs are mostly names with titles and set phrases
LEAST_EDITED_WORDS = 20  # where edits break every run of twelve: two write-ups of one sentence share fewer
NEAR_JACCARD = 0.5  # the same text, edited
REWORDED_SHINGLE_WORDS = 3  # what is left of a sentence in which every fifth word was changed
LEAST_COPIED_WORDS = 40  # shared word for word, before the rest is searched for reworded parts
LEAST_REWORDED_WORDS = 8  # equal in such a part …
LEAST_EQUAL_SHARE = 0.6  # … and how much of it they must be
NO_CHAINS = Chains(np.zeros((0, 3), np.int64), np.zeros(1, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class IndexedText:
    """A text ready to be aligned: its folded words' hashes and where its shingles stand."""

    words: U64
    shingles: Occurrences


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """What two texts share: chains, longest first, and over all distinct shingles."""

    chains: Chains
    jaccard: float
    longest_run_words: int


def index_text(words: U64) -> IndexedText:
    """Prepare a text's folded words for alignment."""
    return IndexedText(words, index_shingles(hash_shingles(words)))


def align_texts(one: IndexedText, other: IndexedText) -> Alignment:
    """All chains of at least twelve equal words between two texts, each in word positions.

    There are none unless one holds twelve words on end, or twenty with edits between. Where half of
    all shingles agree, five words are enough: the texts themselves are short then. Where much is
    copied word for word, parts that were reworded more heavily are added.
    """
    shared, runs = find_runs(one.shingles, other.shingles, SHINGLE_WORDS)
    if not shared:
        return Alignment(NO_CHAINS, 0.0, 0)
    jaccard = shared / (_count_distinct(one) + _count_distinct(other) - shared)
    longest = int(runs[:, 2].max())
    is_near = jaccard >= NEAR_JACCARD
    is_edited = not is_near and longest < LEAST_WORDS
    if is_edited and runs[:, 2].sum() < LEAST_EDITED_WORDS - MAX_ADDED_WORDS:
        return Alignment(NO_CHAINS, jaccard, longest)
    chains = find_chains(runs, one.words, other.words, SHINGLE_WORDS if is_near else LEAST_WORDS)
    equal = count_equal(chains)
    if is_edited and equal.max(initial=0) < LEAST_EDITED_WORDS:
        return Alignment(NO_CHAINS, jaccard, longest)
    if equal.sum() >= LEAST_COPIED_WORDS:
        chains = join_chains(chains, _find_reworded(one.words, other.words, chains))
    return Alignment(drop_covered(chains, len(one.words), len(other.words)), jaccard, longest)


def align_same(words: U64) -> Alignment:
    """A text aligned with itself."""
    whole = Chains(np.array([[0, 0, len(words)]], np.int64), np.array([0, 1], np.int64))
    return Alignment(whole, 1.0, len(words))


def _count_distinct(text: IndexedText) -> int:
    return len(text.shingles.firsts) - 1


def _find_reworded(one: U64, other: U64, chains: Chains) -> Chains:
    """Chains of shorter shingles among the words that no chain covers yet."""
    mine, theirs = one.copy(), other.copy()
    for start, end, other_start, other_end in spans_of(chains).tolist():
        mine[start:end] = 0  # two values that never meet
        theirs[other_start:other_end] = 1
    if min(np.count_nonzero(mine), np.count_nonzero(theirs != 1)) < LEAST_REWORDED_WORDS:
        return NO_CHAINS
    _, runs = find_runs(_index(mine), _index(theirs), REWORDED_SHINGLE_WORDS)
    if not len(runs):
        return NO_CHAINS
    found = find_chains(runs, mine, theirs, LEAST_REWORDED_WORDS)
    return select_chains(found, np.flatnonzero(_shares_equal(found) >= LEAST_EQUAL_SHARE))


def _index(words: U64) -> Occurrences:
    return index_shingles(hash_shingles(words, REWORDED_SHINGLE_WORDS))


def _shares_equal(chains: Chains) -> np.typing.NDArray[np.float64]:
    """For each chain, its equal words over the words of its longer side, 0.0 to 1.0."""
    spans = spans_of(chains)
    longer = np.maximum(spans[:, 1] - spans[:, 0], spans[:, 3] - spans[:, 2])
    shares: np.typing.NDArray[np.float64] = count_equal(chains) / longer
    return shares
