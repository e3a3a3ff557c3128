"""Texts that are the same word for word: compared once, however many articles carry them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import combinations, product

from pipelines.folding import U64

MAX_LINKED_PAIRS = 2_048  # between the carriers of two texts: every pair of 64 carriers of one text
HUBS = 16  # beyond that, each carrier is paired with so many others; all stay connected


def digest_words(words: U64) -> bytes:
    """Equal for two texts only where all their folded words are equal."""
    return blake2b(words.astype("<u8").tobytes(), digest_size=16).digest()


def group_carriers(digests: Sequence[bytes]) -> dict[bytes, list[int]]:
    """The positions at which each digest stands, ascending."""
    carriers: dict[bytes, list[int]] = {}
    for position, digest in enumerate(digests):
        carriers.setdefault(digest, []).append(position)
    return carriers


def pair_within(carriers: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Pairs among the carriers of one text: all, or each with the first sixteen."""
    if len(carriers) * (len(carriers) - 1) // 2 <= MAX_LINKED_PAIRS:
        return combinations(carriers, 2)
    return ((one, other) for nth, other in enumerate(carriers) for one in carriers[: min(nth, HUBS)])


def pair_across(carriers: Sequence[int], others: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Pairs of a carrier of one text and one of another: all, or each with the first sixteen."""
    if len(carriers) * len(others) <= MAX_LINKED_PAIRS:
        return product(carriers, others)
    return _through_hubs(carriers, others)


def _through_hubs(carriers: Sequence[int], others: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The hubs in the inner loop: what is known of them stays at hand."""
    for other in others:
        yield from ((hub, other) for hub in carriers[:HUBS])
    for carrier in carriers[HUBS:]:
        yield from ((carrier, hub) for hub in others[:HUBS])
