"""How likely each line of a flattened page is the article's, by a small trained model.

Boosted trees of equal depth; the weights and their recipe are in `data/flattened_model.json`,
written by `tests/benchmarks/train_flattened.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from pipelines.flattened_features import feature_names, measure_lines
from pipelines.flattened_lines import Line
from pipelines.flattened_runs import F64

CHUNK_LINES = 4_096  # lines judged at a time, which bounds the memory of a long page


@dataclass(frozen=True, slots=True, eq=False)
class LineModel:
    """Trees laid out as heaps: the children of node n are 2n + 1 (not above) and 2n + 2.

    `columns` and `limits` have shape (trees, 2^depth - 1), `leaves` (trees, 2^depth).
    """

    depth: int
    start: float
    columns: NDArray[np.int64]
    limits: F64
    leaves: F64


def judge_lines(lines: Sequence[Line], junk: Sequence[str | None]) -> F64:
    """Probability of each line to be text of the article; shape (lines,)."""
    return predict(load_model(), measure_lines(lines, junk))


def predict(model: LineModel, features: F64) -> F64:
    """The model's probability for each row of features."""
    chunks = [
        _predict_chunk(model, features[first : first + CHUNK_LINES])
        for first in range(0, len(features), CHUNK_LINES)
    ]
    return np.concatenate(chunks) if chunks else np.zeros(0)


@cache
def load_model() -> LineModel:
    """The packaged model.

    Raises:
        ValueError: it was trained on other features than `measure_lines` gives.
    """
    stored = json.loads((files("pipelines") / "data" / "flattened_model.json").read_text(encoding="utf-8"))
    names = feature_names()
    if tuple(stored["features"]) != names:
        raise ValueError("flattened_model.json was trained on other features")
    trees = stored["trees"]
    return LineModel(
        depth=stored["depth"],
        start=stored["start"],
        columns=np.array([[names.index(node[0]) for node in tree["nodes"]] for tree in trees]),
        limits=np.array([[node[1] for node in tree["nodes"]] for tree in trees]),
        leaves=np.array([tree["leaves"] for tree in trees]),
    )


def _predict_chunk(model: LineModel, features: F64) -> F64:
    rows = np.arange(len(features))[:, None]
    trees = np.arange(len(model.leaves))[None, :]
    nodes = np.zeros((len(features), len(model.leaves)), dtype=np.int64)
    for _ in range(model.depth):
        is_above = features[rows, model.columns[trees, nodes]] > model.limits[trees, nodes]
        nodes = 2 * nodes + 1 + is_above
    inner = model.columns.shape[1]
    total = model.start + model.leaves[trees, nodes - inner].sum(axis=1)
    probability: F64 = 1.0 / (1.0 + np.exp(-total))
    return probability
