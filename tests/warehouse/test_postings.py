"""Fingerprints are found in the files of postings as in a sorted list, whatever their number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from warehouse.postings import NUMBER_BITS, PAGE, Segment, find_postings


def make_segment(fingerprints: list[int], articles: int = 7) -> Segment:
    shift = np.uint64(NUMBER_BITS)
    places = np.arange(len(fingerprints), dtype=np.uint64) % np.uint64(articles)
    postings = np.sort(np.array(fingerprints, np.uint64) << shift | places)
    numbers = np.arange(100, 100 + articles)
    return Segment(Path(), 100, 99 + articles, postings, numbers, postings[::PAGE])


@pytest.mark.parametrize("count", [0, 1, PAGE - 1, PAGE, PAGE + 1, 5 * PAGE + 3])
def test_every_posting_of_a_fingerprint_is_found_and_no_other(count: int) -> None:
    most = (1 << 64 - NUMBER_BITS) - 1
    drawn = np.random.default_rng(count).integers(0, 200, count).tolist()
    segment = make_segment([*drawn, *([0, most, most] if count else [])])
    wanted = np.array([0, 3, 77, 77_000, most], np.uint64)

    numbers, found = find_postings((segment, segment), wanted)

    expected = [
        (int(segment.numbers[posting & (1 << NUMBER_BITS) - 1]), posting >> NUMBER_BITS)
        for posting in segment.postings.tolist()
        if posting >> NUMBER_BITS in wanted.tolist()
    ]
    assert sorted(zip(numbers.tolist(), found.tolist(), strict=True)) == sorted(2 * expected)
