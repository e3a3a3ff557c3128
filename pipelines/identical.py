"""Texts that are the same word for word: compared once, however many articles carry them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import TypeVar

MAX_CARRIERS = 128  # articles of one text that are paired each with each, and with copies of it
HUBS = 8  # beyond, each is paired with so many of them, the first; only those with other texts

Carrier = TypeVar("Carrier")


def pair_within(carriers: Sequence[Carrier]) -> Iterable[tuple[Carrier, Carrier]]:
    """Pairs among the carriers of one text: all, or each with the first eight."""
    if len(carriers) <= MAX_CARRIERS:
        return combinations(carriers, 2)
    return ((one, other) for nth, other in enumerate(carriers) for one in carriers[: min(nth, HUBS)])


def pair_across(carriers: Sequence[Carrier], others: Sequence[Carrier]) -> Iterable[tuple[Carrier, Carrier]]:
    """Pairs of a carrier of one text and one of another: all, or only those of the first eight."""
    return product(visible_carriers(carriers), visible_carriers(others))


def visible_carriers(carriers: Sequence[Carrier]) -> Sequence[Carrier]:
    """The carriers of a text that stand for all of them."""
    return carriers if len(carriers) <= MAX_CARRIERS else carriers[:HUBS]
