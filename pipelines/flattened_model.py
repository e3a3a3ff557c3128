"""How likely each line of a flattened page is the article's, by a small trained model.

Boosted trees of equal depth, and the vocabulary they were trained with; the weights are in
`data/flattened_model.json`, written by `tests/benchmarks/train_flattened.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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
    columns: NDArray[np.int32]
    limits: NDArray[np.float32]
    leaves: F64
    vocabulary: Mapping[str, float]  # what each word says for an article


def judge_lines(lines: Sequence[Line], junk: Sequence[str | None]) -> F64:
    """Probability of each line to be text of the article; shape (lines,)."""
    model = load_model()
    return predict(model, measure_lines(lines, junk, model.vocabulary))


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
        columns=np.array([tree["columns"] for tree in trees], np.int32),
        limits=np.array([tree["limits"] for tree in trees], np.float32),
        leaves=np.array([tree["leaves"] for tree in trees]),
        vocabulary=stored["vocabulary"],
    )


def _predict_chunk(model: LineModel, features: F64) -> F64:
    """All trees walked down together; arrays are flat, as numpy is quickest at taking from them."""
    trees, inner = model.columns.shape
    values, columns, limits = features.astype(np.float32).ravel(), model.columns.ravel(), model.limits.ravel()
    rows = np.arange(len(features), dtype=np.int32) * np.int32(features.shape[1])
    starts = np.arange(trees, dtype=np.int32)[:, None]
    nodes = np.zeros((trees, len(features)), np.int32)
    for _ in range(model.depth):
        places = nodes + starts * inner
        is_above = values.take(columns.take(places) + rows) > limits.take(places)
        nodes = 2 * nodes + 1 + is_above
    total = model.start + model.leaves.ravel().take(nodes - inner + starts * (inner + 1)).sum(axis=0)
    probability: F64 = 1.0 / (1.0 + np.exp(-total))
    return probability
