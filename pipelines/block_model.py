"""How likely each block of a page is the article's, by small trained models.

Boosted symmetric trees: all nodes of a level ask the same question, so a tree is a list of
questions and a table of leaves. Weights are in `data/block_model.json`; recipe and training are
in `tests/benchmarks/train_blocks.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
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
    """Question `i` of tree `t`: is column `names[columns[i, t]]` above `limits[i, t]`?

    The answer is bit `i` of the number of the leaf. Shapes: `columns` and `limits` (depth, trees),
    `leaves` (trees, 2^depth).
    """

    names: tuple[str, ...]
    start: float
    columns: NDArray[np.intp]
    limits: F32
    leaves: F32


@dataclass(frozen=True, slots=True, eq=False)
class BlockModels:
    """The models that judge a page one after the other."""

    first: BlockModel  # sees the page alone
    second: BlockModel  # takes what the first says for a reading of the page
    third: BlockModel  # takes trafilatura's reading; for a page of which the second isn't sure


def predict(model: BlockModel, measures: Mapping[str, F32]) -> F32:
    """The model's probability for each block, from columns of measures."""
    values = np.stack([measures[name] for name in model.names])
    chunks = [
        _predict_chunk(model, values[:, first : first + CHUNK_BLOCKS])
        for first in range(0, values.shape[1], CHUNK_BLOCKS)
    ]
    return np.concatenate(chunks)


@cache
def load_models() -> BlockModels:
    """The packaged models."""
    return read_models((files("pipelines") / "data" / "block_model.json").read_text(encoding="utf-8"))


def read_models(text: str) -> BlockModels:
    """The models that a file of weights holds.

    Raises:
        ValueError: they were trained on other columns than those we measure.
    """
    stored = json.loads(text)
    return BlockModels(*(_read_model(stored[name]) for name in ("first", "second", "third")))


def _read_model(stored: Mapping[str, list[dict[str, list[list[object]]]]]) -> BlockModel:
    trees = stored["trees"]
    questions = [tree["questions"] for tree in trees]
    names = sorted({str(name) for tree in questions for name, _ in tree})
    if not set(names) <= set(column_names()):
        raise ValueError(f"trained on unknown columns: {set(names) - set(column_names())}")
    row_of = {name: row for row, name in enumerate(names)}
    return BlockModel(
        names=tuple(names),
        start=float(stored["start"]),  # type: ignore[arg-type]
        columns=np.array([[row_of[str(name)] for name, _ in tree] for tree in questions], np.intp).T.copy(),
        limits=np.array([[limit for _, limit in tree] for tree in questions], np.float32).T.copy(),
        leaves=np.array([tree["leaves"] for tree in trees], np.float32),
    )


def _predict_chunk(model: BlockModel, values: F32) -> F32:
    depth, trees = model.columns.shape
    leaf = np.zeros((trees, values.shape[1]), np.uint8)
    for question in reversed(range(depth)):  # twice itself, and the answer as the last bit
        leaf += leaf
        leaf += values[model.columns[question]] > model.limits[question, :, None]
    places = leaf + (np.arange(trees) << depth)[:, None]
    total = model.start + np.take(model.leaves, places).sum(axis=0, dtype=np.float64)
    probability: F32 = (1.0 / (1.0 + np.exp(-total))).astype(np.float32)
    return probability
