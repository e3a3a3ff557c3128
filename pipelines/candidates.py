"""Which pairs of articles are worth an exact comparison: those that share fingerprints.

Nothing is estimated and, but for texts that hundreds of articles share, nothing is left out: two
texts with a common run of twelve words share two fingerprints for certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.folding import I64, U64, count_between, mix

DOCUMENT_BITS = 24  # of a posting's 64; a fingerprint keeps 40: chance meetings are weeded out later
MAX_DOCUMENTS = 1 << DOCUMENT_BITS
MAX_LINKED = 256  # documents of one fingerprint that are linked each with each
HUBS = 16  # beyond, each is linked to so many of them and to the one before
LEAST_SHARED = 2  # fingerprints; see `select_fingerprints`
STOCK_DOCUMENTS = 5  # texts of one outlet with the same words: its own stock, not copied from each other …
MIN_STOCK_SHARE = 0.2  # … unless they make up so much of either: then these are versions of one text
BUFFERED_PAIRS = 8_000_000  # 64 MB

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The texts to pair up.

    `fingerprints` of each, sorted and distinct; `outlets` int64, shape (documents,), a number for
    each text's outlet, -1 for a text that several outlets carry; `changed`, shape (documents,).
    """

    fingerprints: Sequence[U64]
    outlets: I64
    changed: Flags


@dataclass(frozen=True, slots=True, eq=False)
class _Postings:
    """Fingerprints that several documents have; each array of shape (postings,).

    `documents`, grouped by fingerprint and ascending within each; `starts`, where the group of each
    posting begins; `sizes`, how many documents the group holds; `is_stock`, whether at least five
    are of the posting's outlet.
    """

    documents: I64
    starts: I64
    sizes: I64
    is_stock: Flags


def find_candidates(documents: Documents) -> tuple[I64, I64]:
    """Pairs of documents, the smaller number first and in order, with at least one that changed.

    Words that many texts of one outlet share make no candidate of two texts of that outlet, unless
    they are a fifth of either: a plea or a copyright line is nobody's copy.

    Raises:
        ValueError: more than 16 million documents.
    """
    if len(documents.fingerprints) > MAX_DOCUMENTS:
        raise ValueError(f"{len(documents.fingerprints)} documents are more than {MAX_DOCUMENTS}")
    postings = _collect(documents)
    capped = np.zeros(len(documents.fingerprints), dtype=np.bool_)
    capped[postings.documents[(postings.sizes > MAX_LINKED) & ~postings.is_stock]] = True
    pairs, shared, fresh = _count(_pair_up(postings, documents))
    left, right = pairs >> DOCUMENT_BITS, pairs & (MAX_DOCUMENTS - 1)
    smaller = np.minimum(*(_lengths(documents)[side] for side in (left, right)))
    needed = np.minimum(LEAST_SHARED, smaller)
    needed[capped[left] | capped[right]] = 1  # the others they share may not have been linked
    enough = (fresh >= needed) | (shared >= np.maximum(needed, MIN_STOCK_SHARE * smaller))
    return left[enough], right[enough]


def _lengths(documents: Documents) -> I64:
    return np.array([len(own) for own in documents.fingerprints], dtype=np.int64)


def _collect(documents: Documents) -> _Postings:
    numbers = np.repeat(np.arange(len(documents.fingerprints), dtype=np.uint64), _lengths(documents))
    every = np.concatenate([*documents.fingerprints, np.zeros(0, dtype=np.uint64)])
    # winnowed hashes are mostly small ones: mixed again, their high bits are even
    coded = (mix(every) >> np.uint64(DOCUMENT_BITS) << np.uint64(DOCUMENT_BITS)) | numbers
    coded.sort()
    values = coded >> np.uint64(DOCUMENT_BITS)
    opens = np.ones(len(values), dtype=np.bool_)
    opens[1:] = values[1:] != values[:-1]
    lengths = count_between(np.flatnonzero(opens), len(values))
    opens[:-1] &= opens[1:]  # now: the postings that stand alone
    found = (coded[~opens] & np.uint64(MAX_DOCUMENTS - 1)).astype(np.int64)
    lengths = lengths[lengths > 1]
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return _Postings(
        found, starts, np.repeat(lengths, lengths), _find_stock(starts, documents.outlets[found])
    )


def _find_stock(starts: I64, outlets: I64) -> Flags:
    """Whether at least five postings of the group are of the same outlet as this one."""
    if not len(starts):
        return np.zeros(0, dtype=np.bool_)
    keys = starts * (int(outlets.max()) + 2) + outlets + 1
    _, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    is_stock: Flags = (counts[which] >= STOCK_DOCUMENTS) & (outlets >= 0)
    return is_stock


def _pair_up(postings: _Postings, documents: Documents) -> Iterator[I64]:
    """Pairs of postings of one fingerprint, coded by `_encode`."""
    ranks = np.arange(len(postings.starts)) - postings.starts
    small = postings.sizes <= MAX_LINKED
    here = np.flatnonzero(small)
    for distance in range(1, MAX_LINKED):
        here = here[ranks[here] >= distance]
        if not len(here):
            break
        yield _encode(here - distance, here, postings, documents)
    large = np.flatnonzero(~small & (ranks > 0))
    yield _encode(large - 1, large, postings, documents)
    for hub in range(HUBS):
        others = large[ranks[large] > hub + 1]
        yield _encode(postings.starts[others] + hub, others, postings, documents)


def _encode(left: I64, right: I64, postings: _Postings, documents: Documents) -> I64:
    """Two documents and, in the lowest bit, whether their fingerprint is their outlet's stock."""
    one, other = postings.documents[left], postings.documents[right]
    is_stock = postings.is_stock[left] & (documents.outlets[one] == documents.outlets[other])
    wanted = (documents.changed[one] | documents.changed[other]) & (one != other)
    coded = (((one << DOCUMENT_BITS) | other) << 1) | is_stock
    chosen: I64 = coded[wanted]
    return chosen


def _count(batches: Iterator[I64]) -> tuple[I64, I64, I64]:
    """The distinct pairs, sorted; how many fingerprints each shares; how many that are no stock."""
    coded, counts = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    waiting: list[I64] = []
    for batch in batches:
        waiting.append(batch)
        if sum(map(len, waiting)) > BUFFERED_PAIRS:
            coded, counts = _merge(coded, counts, waiting)
            waiting = []
    coded, counts = _merge(coded, counts, waiting)
    pairs, which = np.unique(coded >> 1, return_inverse=True)
    shared = np.bincount(which, counts, len(pairs)).astype(np.int64)
    fresh = np.bincount(which, counts * (1 - (coded & 1)), len(pairs)).astype(np.int64)
    return pairs, shared, fresh


def _merge(coded: I64, counts: I64, more: list[I64]) -> tuple[I64, I64]:
    fresh, fresh_counts = np.unique(np.concatenate([*more, np.zeros(0, np.int64)]), return_counts=True)
    merged, which = np.unique(np.concatenate([coded, fresh]), return_inverse=True)
    totals: I64 = np.bincount(which, np.concatenate([counts, fresh_counts]), len(merged)).astype(np.int64)
    return merged, totals
