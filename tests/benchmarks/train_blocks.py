"""Trains the block models of the HTML cleaner and writes their weights as JSON.

Needs catboost beside the project's own dependencies, in an environment of its own. Recipe: every
block of a gold page is the article's if at least half of its 4-word shingles are in the gold text
(a shorter block: if it continues the gold text from its neighbour); a page weighs the same
whatever its length; standfirsts of sets that leave them out and optional paragraphs don't count.
What the first model says of the pages that the second learns from comes from models that never saw
their sites. With `--folds N` sites are split, each page is judged by models that never saw its site, and
the table of text F1 is printed; `--fold-models` keeps these models for `bench_cleaning`. Without, the
models learn from all pages and are written.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from pipelines.block_judge import MIN_PROBABILITY, is_unsure, opinion_of, pool
from pipelines.block_model import BlockModel, BlockModels, predict, read_models
from pipelines.block_readings import BlockReading, with_reading
from pipelines.block_surroundings import Columns
from tests.benchmarks.block_examples import WITHOUT_LEAD, Example, make_example
from tests.benchmarks.page_scores import fold_of, read_pages, score_page, score_set


@dataclass(frozen=True)
class Shape:
    """How many trees a model has, how deep, and how fast they learn."""

    trees: int
    depth: int
    rate: float


SETS = (
    *("article-extraction-benchmark", "fundus-evaluation", "fundus-parser-tests"),
    *("chinese-news", "newspaper4k-tests", "web-content-extraction"),
)
FIRST = Shape(trees=80, depth=5, rate=0.15)
SECOND = Shape(trees=450, depth=6, rate=0.1)
THIRD = Shape(trees=300, depth=6, rate=0.1)
INNER_FOLDS = 4
OUTPUT = Path(__file__).parents[2] / "pipelines" / "data" / "block_model.json"

ABOUT = (
    "Symmetric trees: question i of a tree is [column, limit]; bit i of the leaf's number is whether the "
    "column is above it. The sum of the leaves and start is the log-odds. Written by train_blocks.py."
)


def train(examples: Sequence[Example]) -> str:
    """The three models as a file of weights."""
    alone = [example.measures for example in examples]
    folds = [fold_of(example.row, INNER_FOLDS) for example in examples]
    opinions: dict[int, BlockReading] = {}
    for fold in set(folds):  # what the first model says of sites that it hasn't seen
        unseen = [place for place, own in enumerate(folds) if own == fold]
        seen = [place for place, own in enumerate(folds) if own != fold]
        model = as_model(fit([examples[i] for i in seen], [alone[i] for i in seen], FIRST))
        opinions.update((place, opinion_of(model, alone[place])) for place in unseen)
    first_read = [with_reading(e.measures, e.layout, opinions[i]) for i, e in enumerate(examples)]
    engine_read = [with_reading(e.measures, e.layout, e.reading) for e in examples]
    models = {
        "first": fit(examples, alone, FIRST),
        "second": fit(examples, first_read, SECOND),
        "third": fit(examples, engine_read, THIRD),
    }
    return json.dumps({"about": ABOUT, **models}, ensure_ascii=False, separators=(",", ":"))


def as_model(stored: dict[str, Any]) -> BlockModel:
    return read_models(json.dumps(dict.fromkeys(("first", "second", "third"), stored))).first


def fit(examples: Sequence[Example], measures: Sequence[Columns], shape: Shape) -> dict[str, Any]:
    """A model of some trees, as it is stored: a question is [column, limit], true above it."""
    from catboost import CatBoostClassifier

    names = sorted(measures[0])
    weights = np.concatenate([example.weights[example.counts] for example in examples])
    model = CatBoostClassifier(
        iterations=shape.trees,
        depth=shape.depth,
        learning_rate=shape.rate,
        l2_leaf_reg=6,
        rsm=0.3,
        bootstrap_type="Bernoulli",
        subsample=0.7,
        random_seed=0,
        thread_count=os.cpu_count(),
        verbose=0,
        allow_writing_files=False,
    )
    rows = [
        np.stack([columns[name][example.counts] for name in names], axis=1)
        for example, columns in zip(examples, measures, strict=True)
    ]
    labels = np.concatenate([example.labels[example.counts] >= 0.5 for example in examples])
    model.fit(np.vstack(rows), labels.astype(int), sample_weight=weights / weights.mean())
    return _stored(model, names, shape.depth)


def _stored(model: Any, names: Sequence[str], depth: int) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        raw = json.loads(path.read_text(encoding="utf-8"))
    scale, (bias,) = raw["scale_and_bias"]
    columns = [feature["flat_feature_index"] for feature in raw["features_info"]["float_features"]]
    trees = []
    for tree in raw["oblivious_trees"]:
        questions = [
            [names[columns[split["float_feature_index"]]], float(f"{split['border']:.6g}")]
            for split in tree["splits"]
        ]
        leaves = [round(scale * value, 4) for value in tree["leaf_values"]]
        trees.append(
            {
                "questions": questions + [[names[0], 1e30]] * (depth - len(questions)),
                "leaves": leaves + [0.0] * (2**depth - len(leaves)),
            }
        )
    return {"start": round(bias, 5), "trees": trees}


def print_folds(examples: Sequence[Example], folds: int, folder: Path | None) -> None:
    """Text F1 of each set, every page judged by models that never saw its site; the models are kept."""
    kept: dict[str, tuple[np.ndarray, bool]] = {}
    for fold in range(folds):
        models = _fold_models(examples, fold, folds, folder)
        for example in examples:
            if fold_of(example.row, folds) == fold:
                kept[example.row["id"]] = _judge(example, models)
    for name in SETS:
        own = [example for example in examples if example.row["set"] == name]
        best = score_set(_score(example, example.labels >= 0.5) for example in own)
        found = score_set(_score(example, kept[example.row["id"]][0]) for example in own)
        third = np.mean([kept[example.row["id"]][1] for example in own])
        print(
            f"{name:30} {found.f1:.4f} same {found.identical:.2f} by trafilatura's reading {third:.2f}"
            f"   best choice of blocks {best.f1:.4f}"
        )


def _fold_models(examples: Sequence[Example], fold: int, folds: int, folder: Path | None) -> BlockModels:
    """The models of one fold: those in the folder, so that a run cut short goes on, or new ones."""
    path = folder / f"{fold}.json" if folder is not None else None
    if path is not None and path.exists():
        return read_models(path.read_text(encoding="utf-8"))
    text = train([example for example in examples if fold_of(example.row, folds) != fold])
    if path is not None:
        path.write_text(text, encoding="utf-8")
    return read_models(text)


def _judge(example: Example, models: BlockModels) -> tuple[np.ndarray, bool]:
    """Which blocks are taken for the article, and whether trafilatura's reading was asked for."""
    opinion = opinion_of(models.first, example.measures)
    likelihoods = predict(models.second, with_reading(example.measures, example.layout, opinion))
    unsure = is_unsure(likelihoods, example.measures["words"])
    if unsure:
        measures = with_reading(example.measures, example.layout, example.reading)
        likelihoods = pool(likelihoods, predict(models.third, measures))
    return likelihoods >= MIN_PROBABILITY, unsure


def _score(example: Example, kept: np.ndarray) -> Any:
    left_out = example.lead if example.row["set"] in WITHOUT_LEAD else None
    lines = [text for i, text in enumerate(example.texts) if kept[i] and i != left_out]
    return score_page("\n".join(lines), example.row["text"], example.row["optional_paragraphs"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int)
    parser.add_argument("--fold-models", type=Path, help="a folder that gets the folds' models, or has them")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    rows = [row for name in SETS for row in read_pages(name)]
    with ProcessPoolExecutor() as pool:
        examples = [found for found in pool.map(make_example, rows, chunksize=8) if found is not None]
    if arguments.folds:
        print_folds(examples, arguments.folds, arguments.fold_models)
    else:
        text = train(examples)
        arguments.output.write_text(text.replace('{"questions"', '\n{"questions"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
