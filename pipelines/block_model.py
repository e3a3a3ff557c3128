"""How likely each block of a page is the article's, by a small trained model.

Boosted symmetric trees: all nodes of a level ask the same question, so a tree is a list of
questions and a table of leaves. Weights are in `data/block_model.json`; recipe and training are
in `tests/benchmarks/train_blocks.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from pipelines.block_features import column_names
from pipelines.block_surroundings import F32

CHUNK_BLOCKS = 1_024  # judged at a time, which bounds the memory of a long page


@dataclass(frozen=True, slots=True, eq=False)
class BlockModel:
    """Question `i` of tree `t`: is column `columns[t, i]` above `limits[t, i]`? That is bit `i` of the leaf.

    Shapes: `columns` and `limits` (trees, depth), `leaves` (trees, 2^depth).
    """

    start: float
    columns: NDArray[np.intp]
    limits: F32
    leaves: F32


def predict(model: BlockModel, measures: F32) -> F32:
    """The model's probability for each row of measures."""
    chunks = [
        _predict_chunk(model, measures[first : first + CHUNK_BLOCKS])
        for first in range(0, len(measures), CHUNK_BLOCKS)
    ]
    return np.concatenate(chunks)


@cache
def load_model() -> BlockModel:
    """The packaged model."""
    return read_model((files("pipelines") / "data" / "block_model.json").read_text(encoding="utf-8"))


def read_model(text: str) -> BlockModel:
    """The model that a file of weights holds.

    Raises:
        ValueError: it was trained on other columns than `measure_blocks` gives.
    """
    stored = json.loads(text)
    names = column_names()
    if tuple(stored["columns"]) != names:
        raise ValueError("the block model was trained on other columns")
    trees = stored["trees"]
    return BlockModel(
        start=stored["start"],
        columns=np.array([[names.index(name) for name, _ in tree["questions"]] for tree in trees], np.intp),
        limits=np.array([[limit for _, limit in tree["questions"]] for tree in trees], np.float32),
        leaves=np.array([tree["leaves"] for tree in trees], np.float32),
    )


def _predict_chunk(model: BlockModel, measures: F32) -> F32:
    trees, depth = model.columns.shape
    values = np.ascontiguousarray(measures.T)
    leaf = np.zeros((trees, len(measures)), np.intp)
    for question in range(depth):
        is_above = values[model.columns[:, question]] > model.limits[:, question, None]
        leaf |= is_above.astype(np.intp) << question
    total = model.start + np.take_along_axis(model.leaves, leaf, axis=1).sum(axis=0, dtype=np.float64)
    probability: F32 = (1.0 / (1.0 + np.exp(-total))).astype(np.float32)
    return probability
