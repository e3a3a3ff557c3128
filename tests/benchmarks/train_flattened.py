"""Trains the line model of the flattened-text cleaner and writes its weights as JSON.

Needs lightgbm (and inscriptis, for the second flattening) beside the project's own dependencies,
in an environment of its own. Recipe: every page flattened three ways, and four times more as a
light dump; of the pages of all kinds one flattening and one light dump. A line is the article's if
at least half of its 4-word shingles are in the gold text; lines far from the article are sampled.
With --folds, sites are split, and the whole cleaner is scored on each page with a model that never
saw its site; without, one model learns from all pages.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import lightgbm
import numpy as np
from flatten_pages import FIRST_SETS, GoldPage, flatteners, read_pages, score, shingles, split_words
from light_dumps import make_light_dump
from numpy.typing import NDArray

from pipelines.flattened import clean_lines
from pipelines.flattened_features import feature_names, measure_lines
from pipelines.flattened_lines import Line, read_lines
from pipelines.flattened_rules import find_junk_rule

F64 = NDArray[np.float64]

OF_ALL_KINDS = "web-content-extraction"  # shops and forums too, so its pages weigh less
SETS = (*FIRST_SETS, "chinese-news", "newspaper4k-tests", OF_ALL_KINDS)
LIGHT_DUMPS = 4
LIGHT_WEIGHT = 0.5
ALL_KINDS_WEIGHT = 0.25
DEPTH = 6
LEAVES = 31
TREES = 200
LEARNING_RATE = 0.07
NEAR_LINES = 20  # lines this close to the article are all kept
FAR_SHARE = 0.1  # of the others this share is
LEAST_WORDS = 200  # a shorter article weighs less
PROCESSES = 2
OUTPUT = Path(__file__).parents[2] / "pipelines" / "data" / "flattened_model.json"


@dataclass(frozen=True, slots=True)
class Example:
    """One page in one flattening; -1 in `labels` marks optional lines. The page is kept without HTML."""

    page: GoldPage
    way: str
    lines: tuple[Line, ...]
    junk: tuple[str | None, ...]
    features: NDArray[np.float32]
    labels: F64
    words: F64


def make_examples(page: GoldPage) -> list[Example]:
    """The page in every flattening, and as light dumps."""
    ways = flatteners()
    is_other = page.set_name == OF_ALL_KINDS
    chosen = random.Random(page.page_id).choice(sorted(ways))
    bare = replace(page, html="")
    flattened = {way: flatten(page.html) for way, flatten in ways.items() if not is_other or way == chosen}
    examples = [example for way, text in flattened.items() for example in _to_examples(bare, way, text)]
    if examples:
        texts = [line.text for line in examples[0].lines]
        for number in range(1 if is_other else LIGHT_DUMPS):
            dump = make_light_dump(texts, examples[0].labels, f"{page.page_id}{number}")
            examples.extend(_to_examples(bare, "light", dump))
    return examples


def fold_of(host: str, folds: int) -> int:
    """The same number for all hosts of a site."""
    site = ".".join(host.removeprefix("www.").split(".")[-2:])
    return hashlib.sha256(site.encode()).digest()[1] % folds


def fit(examples: Sequence[Example]) -> lightgbm.Booster:
    random_state = np.random.default_rng(0)
    features, labels, weights = [], [], []
    for example in examples:
        near, kept = _sample(example.labels, random_state)
        own = example.words[example.labels >= 0.5].sum()
        weight = (example.words + 3) / max(own, LEAST_WORDS) * np.where(near, 1, 1 / FAR_SHARE)
        features.append(example.features[kept])
        labels.append(example.labels[kept] >= 0.5)
        weights.append(weight[kept] * _weight(example))
    all_weights = np.concatenate(weights)
    settings = {
        "objective": "binary",
        "num_leaves": LEAVES,
        "max_depth": DEPTH,
        "learning_rate": LEARNING_RATE,
        "min_data_in_leaf": 40,
        "feature_fraction": 0.3,
        "bagging_fraction": 0.5,
        "bagging_freq": 1,
        "lambda_l2": 5,
        "max_bin": 63,
        "num_threads": 1,
        "seed": 0,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    table = lightgbm.Dataset(
        np.vstack(features), np.concatenate(labels).astype(int), weight=all_weights / all_weights.mean()
    )
    return lightgbm.train(settings, table, TREES)


def export(model: lightgbm.Booster, path: Path) -> None:
    """Write the trees as heaps of full depth."""
    names = feature_names()
    trees = [_to_heap(tree["tree_structure"], names) for tree in model.dump_model()["tree_info"]]
    stored = {
        "about": "Boosted trees: a node is [feature, limit]; children of node n are 2n+1 (value <= limit) "
        "and 2n+2; the leaves' sum plus start is the log-odds. Written by train_flattened.py.",
        "features": names,
        "depth": DEPTH,
        "start": 0.0,
        "trees": trees,
    }
    text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text.replace('{"nodes"', '\n{"nodes"') + "\n", encoding="utf-8")


def _to_heap(root: dict[str, object], names: Sequence[str]) -> dict[str, object]:
    """A node that is missing from a heap of full depth sends every line to the left."""
    inner: list[tuple[str, float]] = [(names[0], 1e30)] * (2**DEPTH - 1)
    leaves = [0.0] * 2**DEPTH
    stack = [(root, 0, 0)]
    while stack:
        node, place, depth = stack.pop()
        if depth == DEPTH:
            leaves[place - len(inner)] = round(node["leaf_value"], 4)
        elif "leaf_value" in node:
            stack.append((node, 2 * place + 1, depth + 1))
        else:
            inner[place] = (names[int(node["split_feature"])], float(f"{node['threshold']:.5g}"))
            stack.append((node["left_child"], 2 * place + 1, depth + 1))
            stack.append((node["right_child"], 2 * place + 2, depth + 1))
    return {"nodes": inner, "leaves": leaves}


def _to_examples(page: GoldPage, way: str, text: str) -> Iterator[Example]:
    lines, _ = read_lines(text)
    if not lines:
        return
    gold, optional = set(shingles(page.text)), set(shingles("\n".join(page.optional)))
    gold_lines = {tuple(split_words(line)) for line in page.text.splitlines()}
    labels = [_label(line.text, gold, optional, gold_lines) for line in lines]
    words = [min(len(split_words(line.text)), 60) + 1 for line in lines]
    junk = tuple(find_junk_rule(line.text) for line in lines)
    features = measure_lines(lines, junk).astype(np.float32)
    yield Example(page, way, tuple(lines), junk, features, np.array(labels), np.array(words, float))


def _label(
    text: str,
    gold: set[tuple[str, ...]],
    optional: set[tuple[str, ...]],
    gold_lines: set[tuple[str, ...]],
) -> float:
    words = tuple(split_words(text))
    if len(words) < 4:
        return float(bool(words) and words in gold_lines)
    own = set(shingles(text))
    share = len(own & gold) / len(own)
    return -1.0 if share < 0.5 < len(own & optional) / len(own) else share


def _weight(example: Example) -> float:
    weight = ALL_KINDS_WEIGHT if example.page.set_name == OF_ALL_KINDS else 1.0
    return weight * (LIGHT_WEIGHT if example.way == "light" else 1.0)


def _sample(labels: F64, random_state: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    near = np.zeros(len(labels), dtype=bool)
    for place in np.flatnonzero(labels >= 0.5):
        near[max(place - NEAR_LINES, 0) : place + NEAR_LINES + 1] = True
    kept = near | (random_state.random(len(labels)) < FAR_SHARE)
    return near, kept & (labels >= 0)


def _report(examples: Sequence[Example], folds: int) -> None:
    """F1 of the whole cleaner, each page judged by a model that never saw its site."""
    scores: dict[tuple[str, str], list[float]] = {}
    for fold in range(folds):
        model = fit([example for example in examples if fold_of(example.page.host, folds) != fold])
        for example in examples:
            is_scored = example.way != "light" and example.page.set_name != OF_ALL_KINDS
            if is_scored and fold_of(example.page.host, folds) == fold:
                likely = np.asarray(model.predict(example.features, num_threads=1))
                page = clean_lines(example.lines, example.junk, likely, ())
                key = (example.page.set_name, example.way)
                scores.setdefault(key, []).append(score(example.page, page))
    for (set_name, way), values in sorted(scores.items()):
        print(f"{set_name:30} {way:12} {np.mean(values):.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    pages = (page for name in SETS for page in read_pages(name) if page.text)
    with ProcessPoolExecutor(PROCESSES) as workers:
        examples = [one for found in workers.map(make_examples, pages, chunksize=8) for one in found]
    if arguments.folds:
        _report(examples, arguments.folds)
    else:
        export(fit(examples), arguments.output)


if __name__ == "__main__":
    main()
