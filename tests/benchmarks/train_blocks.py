"""Trains the block model of the HTML cleaner and writes its weights as JSON.

Needs catboost beside the project's own dependencies, in an environment of its own. Recipe: every
block of a gold page is the article's if at least half of its 4-word shingles are in the gold text
(a shorter block: if it continues the gold text from its neighbour); a page weighs the same
whatever its length; standfirsts of sets that leave them out and optional paragraphs don't count.
With `--folds N` sites are split, each page is judged by a model that never saw its site, and the
table of text F1 is printed; `--fold-models` keeps these models for `bench_cleaning`. Without, one model
learns from all pages and is written.
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
from typing import Any

import numpy as np
from trafilatura.utils import load_html

from pipelines.block_features import PageStatements, column_names, measure_blocks
from pipelines.blocks import PageBlocks, read_blocks, squash
from pipelines.metadata import read_metadata
from pipelines.readings import read_fast
from pipelines.standfirst import find_standfirst
from tests.benchmarks.page_scores import (
    SHINGLE_WORDS,
    fold_of,
    read_pages,
    score_page,
    score_set,
    tokens,
)

SETS = (
    *("article-extraction-benchmark", "fundus-evaluation", "fundus-parser-tests"),
    *("chinese-news", "newspaper4k-tests", "web-content-extraction"),
)
WITHOUT_LEAD = frozenset({"article-extraction-benchmark", "fundus-evaluation"})
TREES = 300
DEPTH = 6
LEARNING_RATE = 0.1
MIN_PAGE_WORDS = 150  # of gold text: a shorter page doesn't weigh more
OUTPUT = Path(__file__).parents[2] / "pipelines" / "data" / "block_model.json"

Row = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """One gold page: measures of its blocks, the share of each in the gold text, and which count."""

    row: Row
    texts: tuple[str, ...]
    measures: np.ndarray
    labels: np.ndarray
    counts: np.ndarray
    lead: int | None

    @property
    def weights(self) -> np.ndarray:
        words = self.measures[:, column_names().index("words")]
        return (words + 3) / max(float(words[self.labels >= 0.5].sum()), MIN_PAGE_WORDS)


def make_example(row: Row) -> Example | None:
    tree = load_html(row["html"])
    page = read_blocks(tree) if tree is not None else None
    if tree is None or page is None or not page.blocks:
        return None
    facts = read_metadata(tree, page, row["url"] or f"http://pages.example/{row['id']}")
    data = facts.article.body if facts.article else None
    reading = tuple(paragraph.text for paragraph in read_fast(tree))
    view = PageStatements(facts.title_variants, facts.authors, facts.description, data, reading)
    lead = find_standfirst(page, None, facts.title_variants, facts.description)
    counts = np.ones(len(page.blocks), dtype=bool)
    if row["optional_paragraphs"]:
        counts &= label_blocks(page, "\n".join(row["optional_paragraphs"])) < 0.5
    if lead is not None and row["set"] in WITHOUT_LEAD:
        counts[lead.position] = False
    texts = tuple(block.text for block in page.blocks)
    labels = label_blocks(page, row["text"])
    position = lead.position if lead is not None else None
    slim = {key: value for key, value in row.items() if key != "html"}
    return Example(slim, texts, measure_blocks(page, view), labels, counts, position)


def label_blocks(page: PageBlocks, gold: str) -> np.ndarray:
    """The share of each block's shingles that are in the gold text; shape (blocks,)."""
    known = _shingles(tokens(gold))
    lines = {squash(line) for line in gold.splitlines()}
    words = [tokens(block.text) for block in page.blocks]
    labels = np.zeros(len(words))
    for index, own in enumerate(words):
        if len(own) >= SHINGLE_WORDS:
            found = [shingle in known for shingle in _shingles(own)]
            labels[index] = sum(found) / len(found)
    for index, own in enumerate(words):
        if 0 < len(own) < SHINGLE_WORDS:
            is_line = len(own) >= 2 and squash(page.blocks[index].text) in lines
            labels[index] = float(is_line or _continues(index, words, labels, known))
    return labels


def _shingles(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}


def _continues(
    index: int, words: Sequence[list[str]], labels: np.ndarray, known: set[tuple[str, ...]]
) -> bool:
    """Whether a short block follows or precedes a block of the article in the gold text."""
    long = [i for i, own in enumerate(words) if len(own) >= SHINGLE_WORDS and labels[i] >= 0.5]
    before = next((words[i] for i in reversed(long) if i < index), [])
    after = next((words[i] for i in long if i > index), [])
    joined = ((before[-3:] + words[index])[-SHINGLE_WORDS:], (words[index] + after[:3])[:SHINGLE_WORDS])
    return any(tuple(run) in known for run in joined)


def fit(examples: Sequence[Example]) -> Any:
    from catboost import CatBoostClassifier

    weights = np.concatenate([example.weights[example.counts] for example in examples])
    model = CatBoostClassifier(
        iterations=TREES,
        depth=DEPTH,
        learning_rate=LEARNING_RATE,
        l2_leaf_reg=6,
        rsm=0.3,
        bootstrap_type="Bernoulli",
        subsample=0.7,
        random_seed=0,
        thread_count=os.cpu_count(),
        verbose=0,
        allow_writing_files=False,
    )
    return model.fit(
        np.vstack([example.measures[example.counts] for example in examples]),
        np.concatenate([example.labels[example.counts] >= 0.5 for example in examples]).astype(int),
        sample_weight=weights / weights.mean(),
    )


def export(model: Any, path: Path) -> None:
    """Write the trees: a question is [column, limit], true above it; its answers are the bits of the leaf."""
    raw = path.with_suffix(".raw")
    model.save_model(str(raw), format="json")
    stored = json.loads(raw.read_text(encoding="utf-8"))
    raw.unlink()
    names = column_names()
    scale, (bias,) = stored["scale_and_bias"]
    columns = [feature["flat_feature_index"] for feature in stored["features_info"]["float_features"]]
    trees = [
        {
            "questions": [
                [names[columns[split["float_feature_index"]]], float(f"{split['border']:.6g}")]
                for split in _padded(tree["splits"])
            ],
            "leaves": [round(scale * value, 4) for value in _padded_leaves(tree)],
        }
        for tree in stored["oblivious_trees"]
    ]
    about = (
        "Symmetric trees: question i of a tree is [column, limit]; bit i of the leaf's number is whether "
        "the column is above it. The sum of the leaves and start is the log-odds. Written by train_blocks.py."
    )
    whole = {"about": about, "columns": names, "start": round(bias, 5), "trees": trees}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text.replace('{"questions"', '\n{"questions"') + "\n", encoding="utf-8")


def _padded(splits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    never = {"float_feature_index": 0, "border": 1e30}
    return [*splits, *[never] * (DEPTH - len(splits))]


def _padded_leaves(tree: dict[str, Any]) -> list[float]:
    leaves = list(tree["leaf_values"])
    return leaves + [0.0] * (2**DEPTH - len(leaves))


def print_folds(examples: Sequence[Example], folds: int, models: Path | None) -> None:
    """Text F1 of each set, every page judged by a model that never saw its site; the models are kept."""
    kept: dict[str, np.ndarray] = {}
    for fold in range(folds):
        model = fit([example for example in examples if fold_of(example.row, folds) != fold])
        if models is not None:
            export(model, models / f"{fold}.json")
        for example in examples:
            if fold_of(example.row, folds) == fold:
                kept[example.row["id"]] = model.predict_proba(example.measures)[:, 1] >= 0.5
    for name in SETS:
        own = [example for example in examples if example.row["set"] == name]
        best = score_set(_score(example, example.labels >= 0.5) for example in own)
        found = score_set(_score(example, kept[example.row["id"]]) for example in own)
        print(f"{name:30} {found.f1:.4f} same {found.identical:.2f}   best choice of blocks {best.f1:.4f}")


def _score(example: Example, kept: np.ndarray) -> Any:
    left_out = example.lead if example.row["set"] in WITHOUT_LEAD else None
    lines = [text for i, text in enumerate(example.texts) if kept[i] and i != left_out]
    return score_page("\n".join(lines), example.row["text"], example.row["optional_paragraphs"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int)
    parser.add_argument("--fold-models", type=Path, help="a folder that gets the models of the folds")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    rows = [row for name in SETS for row in read_pages(name)]
    with ProcessPoolExecutor() as pool:
        examples = [found for found in pool.map(make_example, rows, chunksize=8) if found is not None]
    if arguments.folds:
        print_folds(examples, arguments.folds, arguments.fold_models)
    else:
        export(fit(examples), arguments.output)


if __name__ == "__main__":
    main()
