"""Trains the line model of the flattened-text cleaner and writes its weights as JSON.

Needs lightgbm and scikit-learn (and inscriptis, for the second flattening) beside the project's
own dependencies, in an environment of its own. Recipe: every page flattened three ways, and four
times more as a light dump; of the pages of all kinds one flattening and one light dump. A line is
the article's if at least half of its 4-word shingles are in the gold text; lines far from the
article are sampled. The trees see what a vocabulary says of a line that was learned on other sites;
three forests, each of another sample and seed, are averaged.
With --folds, sites are split, and the whole cleaner is scored on each page with a model that never
saw its site; without, one model learns from all pages.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import lightgbm
import numpy as np
from flatten_pages import FIRST_SETS, GoldPage, flatteners, read_pages, score, shingles, split_words
from light_dumps import make_light_dump
from line_vocabulary import Said, learn_vocabulary, site_of
from line_weights import DEPTH, write_weights
from numpy.typing import NDArray

from pipelines.flattened import clean_lines
from pipelines.flattened_features import measure_shapes
from pipelines.flattened_lines import Line, read_lines
from pipelines.flattened_rules import find_junk_rule
from pipelines.flattened_vocabulary import COUNTED_WORDS, measure_vocabulary
from pipelines.flattened_words import words_of

F64 = NDArray[np.float64]

OF_ALL_KINDS = "web-content-extraction"  # shops and forums too, so its pages weigh less
SETS = (*FIRST_SETS, "chinese-news", "newspaper4k-tests", OF_ALL_KINDS)
LIGHT_DUMPS = 4
LIGHT_WEIGHT = 0.75
ALL_KINDS_WEIGHT = 0.25
LEAVES = 31
TREES = 200
FORESTS = 3
LEARNING_RATE = 0.07
NEAR_LINES = 20  # lines this close to the article are all kept
FAR_SHARE = 0.1  # of the others this share is
LEAST_WORDS = 200  # a shorter article weighs less
VOCABULARY_FOLDS = 4
PROCESSES = 2
OUTPUT = Path(__file__).parents[2] / "pipelines" / "data" / "flattened_model.json"


@dataclass(frozen=True, slots=True)
class Example:
    """One page in one flattening; -1 in `labels` marks optional lines. The page is kept without HTML."""

    page: GoldPage
    way: str
    lines: tuple[Line, ...]
    junk: tuple[str | None, ...]
    said: tuple[list[str], ...]  # the words of each line that are weighed
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


def fold_of(host: str, folds: int, salt: str = "") -> int:
    """The same number for all hosts of a site."""
    return hashlib.sha256(f"{salt}{site_of(host)}".encode()).digest()[1] % folds


@dataclass(frozen=True, slots=True)
class Trained:
    forests: tuple[lightgbm.Booster, ...]
    vocabulary: dict[str, float]

    def judge(self, example: Example) -> F64:
        """How likely each line of an example is the article's."""
        features = np.hstack([example.features, measure_vocabulary(example.said, self.vocabulary)])
        odds = [forest.predict(features, raw_score=True, num_threads=1) for forest in self.forests]
        return 1.0 / (1.0 + np.exp(-np.mean(odds, axis=0)))


def fit(examples: Sequence[Example]) -> Trained:
    """The trees, and the vocabulary of all sites; the trees saw for each site that of the others."""
    seen: list[Example] = []
    for fold in range(VOCABULARY_FOLDS):
        places = [fold_of(example.page.host, VOCABULARY_FOLDS, "words") for example in examples]
        others = [example for example, place in zip(examples, places, strict=True) if place != fold]
        vocabulary = learn_vocabulary(_say(others))
        for example, place in zip(examples, places, strict=True):
            if place == fold:
                columns = measure_vocabulary(example.said, vocabulary).astype(np.float32)
                seen.append(replace(example, features=np.hstack([example.features, columns])))
    forests = tuple(_grow_trees(seen, seed) for seed in range(FORESTS))
    return Trained(forests, learn_vocabulary(_say(examples)))


def _say(examples: Sequence[Example]) -> Iterator[Said]:
    """The lines of the examples that the vocabulary is learned from: each page in one flattening."""
    for example in examples:
        if example.way == "blocks" or (example.way != "light" and example.page.set_name == OF_ALL_KINDS):
            site, near = site_of(example.page.host), _near(example.labels)
            for line, words, label, is_near in zip(
                example.lines, example.said, example.labels, near, strict=True
            ):
                yield Said(site, line.text, words, float(label), bool(is_near))


def _grow_trees(examples: Sequence[Example], seed: int) -> lightgbm.Booster:
    """A forest that another seed grows from another sample of the lines."""
    random_state = np.random.default_rng(seed)
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
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    table = lightgbm.Dataset(
        np.vstack(features), np.concatenate(labels).astype(int), weight=all_weights / all_weights.mean()
    )
    return lightgbm.train(settings, table, TREES)


def _to_examples(page: GoldPage, way: str, text: str) -> Iterator[Example]:
    lines, _ = read_lines(text)
    if not lines:
        return
    gold, optional = set(shingles(page.text)), set(shingles("\n".join(page.optional)))
    gold_lines = {tuple(split_words(line)) for line in page.text.splitlines()}
    labels = [_label(line.text, gold, optional, gold_lines) for line in lines]
    words = [min(len(split_words(line.text)), 60) + 1 for line in lines]
    junk = tuple(find_junk_rule(line.text) for line in lines)
    said = [words_of(line.text) for line in lines]
    features = measure_shapes(lines, junk, said).astype(np.float32)
    weighed = tuple(line[:COUNTED_WORDS] for line in said)
    yield Example(page, way, tuple(lines), junk, weighed, features, np.array(labels), np.array(words, float))


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


def _near(labels: F64) -> np.ndarray:
    """Which lines stand in the article or close to it."""
    near = np.zeros(len(labels), dtype=bool)
    for place in np.flatnonzero(labels >= 0.5):
        near[max(place - NEAR_LINES, 0) : place + NEAR_LINES + 1] = True
    return near


def _sample(labels: F64, random_state: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    near = _near(labels)
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
                page = clean_lines(example.lines, example.junk, model.judge(example), ())
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
        trained = fit(examples)
        write_weights(trained.forests, trained.vocabulary, arguments.output)


if __name__ == "__main__":
    main()
