"""Writes what the trainer of the flattened-text cleaner learned as JSON that the cleaner reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import lightgbm

from pipelines.flattened_features import feature_names

DEPTH = 6


def write_weights(forests: Sequence[lightgbm.Booster], vocabulary: Mapping[str, float], path: Path) -> None:
    """Write the vocabulary, and the trees as heaps of full depth; the forests are averaged."""
    grown = [tree for forest in forests for tree in forest.dump_model()["tree_info"]]
    stored = {
        "about": "Boosted trees: node n asks whether feature columns[n] is above limits[n]; its children "
        "are 2n+1 (not above) and 2n+2; the leaves' sum plus start is the log-odds. The vocabulary holds "
        "what a word adds to the log-odds of a line by its words. Written by train_flattened.py.",
        "features": feature_names(),
        "depth": DEPTH,
        "start": 0.0,
        "vocabulary": vocabulary,
        "trees": [_to_heap(tree["tree_structure"], len(forests)) for tree in grown],
    }
    text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text.replace('{"columns"', '\n{"columns"') + "\n", encoding="utf-8")


def _to_heap(root: dict[str, object], forests: int) -> dict[str, object]:
    """A node that is missing from a heap of full depth sends every line to the left."""
    inner: list[tuple[int, float]] = [(0, 1e30)] * (2**DEPTH - 1)
    leaves = [0.0] * 2**DEPTH
    stack = [(root, 0, 0)]
    while stack:
        node, place, depth = stack.pop()
        if depth == DEPTH:
            leaves[place - len(inner)] = round(node["leaf_value"] / forests, 4)
        elif "leaf_value" in node:
            stack.append((node, 2 * place + 1, depth + 1))
        else:
            inner[place] = (int(node["split_feature"]), float(f"{node['threshold']:.5g}"))
            stack.append((node["left_child"], 2 * place + 1, depth + 1))
            stack.append((node["right_child"], 2 * place + 2, depth + 1))
    columns, limits = zip(*inner, strict=True)
    return {"columns": columns, "limits": limits, "leaves": leaves}
