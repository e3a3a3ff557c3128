"""Trains the line model of the flattened-text cleaner and writes its weights as JSON.

Needs scikit-learn (and inscriptis, for the second flattening) beside the project's own
dependencies, in an environment of its own. Recipe: every page flattened three ways, and once more
as a light dump (the article with a few lines of junk around it, blank lines between); a line is
the article's if at least half of its 4-word shingles are in the gold text; lines far from the
article are sampled. With --folds, sites are split and each page is judged by a model that never
saw its site; without, one model learns from all pages.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from flatten_pages import FIRST_SETS, GoldPage, flatteners, read_pages, score, shingles, split_words
from sklearn.ensemble import HistGradientBoostingClassifier

from pipelines.flattened_features import F64, feature_names, measure_lines
from pipelines.flattened_lines import Line, read_lines
from pipelines.flattened_rules import find_junk_rule

SETS = {
    **dict.fromkeys(FIRST_SETS, 1.0),
    "chinese-news": 1.0,
    "newspaper4k-tests": 1.0,
    "web-content-extraction": 0.1,
}
DEPTH = 5
TREES = 120
NEAR_LINES = 25  # lines this close to the article are all kept
FAR_SHARE = 0.15  # of the others this share is
OUTPUT = Path(__file__).parents[2] / "pipelines" / "data" / "flattened_model.json"


@dataclass(frozen=True, slots=True)
class Example:
    """One page in one flattening; -1 in `labels` marks optional lines."""

    page: GoldPage
    way: str
    texts: tuple[str, ...]
    features: F64
    labels: F64
    words: F64


def make_examples(page: GoldPage) -> list[Example]:
    """The page in every flattening, and as a light dump."""
    examples = []
    for way, flatten in flatteners().items():
        lines, _ = read_lines(flatten(page.html))
        if lines:
            examples.append(_to_example(page, way, lines))
    if examples and page.set_name != "web-content-extraction":
        lines, _ = read_lines(_light_dump(examples[0]))
        if lines:
            examples.append(_to_example(page, "light", lines))
    return examples


def fold_of(host: str, folds: int) -> int:
    """The same number for all hosts of a site."""
    site = ".".join(host.removeprefix("www.").split(".")[-2:])
    return hashlib.sha256(site.encode()).digest()[1] % folds


def fit(examples: Sequence[Example]) -> HistGradientBoostingClassifier:
    random_state = np.random.default_rng(0)
    features, labels, weights = [], [], []
    for example in examples:
        near, kept = _sample(example.labels, random_state)
        own = example.words[example.labels >= 0.5].sum()
        weight = (example.words + 3) / max(own, 200) * np.where(near, 1, 1 / FAR_SHARE)
        features.append(example.features[kept])
        labels.append(example.labels[kept] >= 0.5)
        weights.append(weight[kept] * SETS[example.page.set_name])
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_depth=DEPTH,
        max_leaf_nodes=2**DEPTH,
        learning_rate=0.1,
        l2_regularization=5,
        min_samples_leaf=60,
        max_features=0.5,
        early_stopping=False,
        random_state=0,
    )
    all_weights = np.concatenate(weights)
    return model.fit(
        np.vstack(features), np.concatenate(labels), sample_weight=all_weights / all_weights.mean()
    )


def export(model: HistGradientBoostingClassifier, path: Path) -> None:
    """Write the trees as heaps of full depth."""
    names = feature_names()
    trees = [_to_heap(stage[0].nodes, names) for stage in model._predictors]
    stored = {
        "about": "Boosted trees: a node is [feature, limit]; children of node n are 2n+1 (value <= limit) "
        "and 2n+2; the leaves' sum plus start is the log-odds. Written by train_flattened.py.",
        "features": names,
        "depth": DEPTH,
        "start": round(float(model._baseline_prediction[0][0]), 6),
        "trees": trees,
    }
    text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text.replace('{"nodes"', '\n{"nodes"') + "\n", encoding="utf-8")


def _to_heap(nodes: np.ndarray, names: Sequence[str]) -> dict[str, object]:
    inner: list[tuple[str, float]] = [(names[0], 1e30)] * (2**DEPTH - 1)
    leaves = [0.0] * 2**DEPTH
    stack = [(0, 0, 0)]
    while stack:
        at, place, depth = stack.pop()
        node = nodes[at]
        if depth == DEPTH:
            leaves[place - len(inner)] = round(float(node["value"]), 5)
        elif node["is_leaf"]:
            stack += [(at, 2 * place + 1, depth + 1)]
        else:
            inner[place] = (names[int(node["feature_idx"])], float(f"{float(node['num_threshold']):.6g}"))
            stack += [
                (int(node["left"]), 2 * place + 1, depth + 1),
                (int(node["right"]), 2 * place + 2, depth + 1),
            ]
    return {"nodes": inner, "leaves": leaves}


def _to_example(page: GoldPage, way: str, lines: Sequence[Line]) -> Example:
    gold, optional = set(shingles(page.text)), set(shingles("\n".join(page.optional)))
    gold_lines = {tuple(split_words(line)) for line in page.text.splitlines()}
    labels = [_label(line.text, gold, optional, gold_lines) for line in lines]
    words = [min(len(split_words(line.text)), 60) + 1 for line in lines]
    junk = [find_junk_rule(line.text) for line in lines]
    texts = tuple(line.text for line in lines)
    return Example(
        page,
        way,
        texts,
        measure_lines(lines, junk).astype(np.float32),
        np.array(labels),
        np.array(words, float),
    )


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


def _light_dump(example: Example) -> str:
    """The article's lines with up to eight neighbours before and after, blank lines between."""
    chance = random.Random(example.page.page_id)
    own = np.flatnonzero(example.labels >= 0.5)
    if not len(own):
        return ""
    kept = set(own.tolist())
    before = [at for at in range(own[0]) if example.labels[at] >= 0][
        -chance.randint(0, 8) or len(example.texts) :
    ]
    after = [at for at in range(own[-1] + 1, len(example.texts)) if example.labels[at] >= 0][
        : chance.randint(0, 8)
    ]
    gap = chance.choice(["\n", "\n\n", "\n\n", "\n\n\n"])
    return gap.join(example.texts[at] for at in sorted(kept | set(before) | set(after)))


def _sample(labels: F64, random_state: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    near = np.zeros(len(labels), dtype=bool)
    for place in np.flatnonzero(labels >= 0.5):
        near[max(place - NEAR_LINES, 0) : place + NEAR_LINES + 1] = True
    kept = near | (random_state.random(len(labels)) < FAR_SHARE)
    return near, kept & (labels >= 0)


def _report(examples: Sequence[Example], folds: int) -> None:
    """F1 of lines kept at 0.5, each page judged by a model that never saw its site."""
    scores: dict[tuple[str, str], list[float]] = {}
    for fold in range(folds):
        model = fit([example for example in examples if fold_of(example.page.host, folds) != fold])
        for example in examples:
            if fold_of(example.page.host, folds) == fold:
                likely = model.predict_proba(example.features)[:, 1] >= 0.5
                kept = [text for text, is_kept in zip(example.texts, likely, strict=True) if is_kept]
                key = (example.page.set_name, example.way)
                scores.setdefault(key, []).append(score(example.page, kept, None))
    for (set_name, way), values in sorted(scores.items()):
        print(f"{set_name:30} {way:12} {np.mean(values):.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    examples = [example for name in SETS for page in read_pages(name) for example in make_examples(page)]
    if arguments.folds:
        _report(examples, arguments.folds)
    else:
        export(fit(examples), arguments.output)


if __name__ == "__main__":
    main()
