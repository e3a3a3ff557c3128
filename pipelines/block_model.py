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
    """Question `q`: is column `names[columns[q]]` above `limits[q]`? Trees ask the same ones again and again.

    What tree `t` asks is `asked[:, t]`; the answer to `asked[i, t]` is bit `i` of the number of its leaf.
    Shapes: `columns` and `limits` (questions), `asked` (depth, trees), `leaves` (trees, 2^depth).
    """

    names: tuple[str, ...]
    start: float
    columns: NDArray[np.intp]
    limits: F32
    asked: NDArray[np.intp]
    leaves: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BlockModels:
    """The models that judge a page one after the other."""

    first: BlockModel  # sees the page alone
    second: BlockModel  # takes what the first says for a reading of the page
    third: BlockModel  # takes trafilatura's reading; for a page of which the second isn't sure


def predict(model: BlockModel, measures: Mapping[str, F32]) -> F32:
    """The model's probability for each block, from columns of measures."""
    values = np.concatenate([measures[name] for name in model.names]).reshape(len(model.names), -1)
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
    asked = [[(str(name), float(limit)) for name, limit in tree["questions"]] for tree in trees]  # type: ignore[arg-type]
    questions = sorted({question for tree in asked for question in tree})
    names = sorted({name for name, _ in questions})
    if not set(names) <= set(column_names()):
        raise ValueError(f"trained on unknown columns: {set(names) - set(column_names())}")
    number_of = {question: number for number, question in enumerate(questions)}
    return BlockModel(
        names=tuple(names),
        start=float(stored["start"]),  # type: ignore[arg-type]
        columns=np.array([names.index(name) for name, _ in questions], np.intp),
        limits=np.array([limit for _, limit in questions], np.float32),
        asked=np.array([[number_of[question] for question in tree] for tree in asked], np.intp).T.copy(),
        leaves=np.array([tree["leaves"] for tree in trees], np.float32).astype(np.float64),
    )


def _predict_chunk(model: BlockModel, values: F32) -> F32:
    answers = (values.take(model.columns, axis=0) > model.limits[:, None]).view(np.uint8)
    depth, trees = model.asked.shape
    leaf = np.zeros((trees, values.shape[1]), np.uint8)
    for question in reversed(model.asked):  # twice itself, and the answer as the last bit
        leaf += leaf
        leaf += answers.take(question, axis=0)
    places = leaf + (np.arange(trees) << depth)[:, None]
    total = model.start + model.leaves.take(places).sum(axis=0)
    probability: F32 = (1.0 / (1.0 + np.exp(-total))).astype(np.float32)
    return probability
