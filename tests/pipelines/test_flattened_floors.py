"""Quality floors of the flattened-text cleaner on a small sample of real pages."""

from __future__ import annotations

import json
import sys
from itertools import islice
from pathlib import Path

import pytest

from pipelines.flattened import clean_flattened

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import flatten_pages

FLOORS = json.loads((Path(__file__).parents[1] / "floors.json").read_text(encoding="utf-8"))["flattened"]
PAGES_PER_SET = 25


@pytest.mark.skipif(not flatten_pages.PAGES.exists(), reason="../shared is absent")
@pytest.mark.parametrize("set_name", flatten_pages.FIRST_SETS)
@pytest.mark.parametrize("way", ["blocks", "nodes"])
def test_mean_f1_does_not_fall_below_the_floor(set_name: str, way: str) -> None:
    flatten = flatten_pages.flatteners()[way]
    scores = []
    for gold in islice(flatten_pages.read_pages(set_name), PAGES_PER_SET):
        page = clean_flattened(flatten(gold.html))
        scores.append(flatten_pages.score(gold, page))
    assert sum(scores) / len(scores) >= FLOORS[f"{set_name}/{way}"]
