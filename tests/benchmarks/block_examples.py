"""What the block models learn from: the blocks of gold pages, with the share of each in the gold text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from trafilatura.utils import load_html

from pipelines.block_features import PageStatements, measure_blocks
from pipelines.block_readings import BlockReading, reading_of
from pipelines.block_surroundings import Columns, Layout, layout_of
from pipelines.blocks import PageBlocks, read_blocks, squash
from pipelines.metadata import PageMetadata, read_metadata
from pipelines.readings import read_fast
from pipelines.standfirst import find_standfirst
from tests.benchmarks.page_scores import SHINGLE_WORDS, tokens

WITHOUT_LEAD = frozenset({"article-extraction-benchmark", "fundus-evaluation"})
MIN_PAGE_WORDS = 150  # of gold text: a shorter page doesn't weigh more

Row = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """One gold page: measures of its blocks, the share of each in the gold text, and which count."""

    row: Row
    texts: tuple[str, ...]
    layout: Layout
    measures: Columns
    reading: BlockReading  # trafilatura's
    labels: np.ndarray
    counts: np.ndarray
    lead: int | None

    @property
    def weights(self) -> np.ndarray:
        words = self.measures["words"]
        return (words + 3) / max(float(words[self.labels >= 0.5].sum()), MIN_PAGE_WORDS)


def make_example(row: Row) -> Example | None:
    """The example that a gold page makes; None for a page without blocks."""
    tree = load_html(row["html"])
    page = read_blocks(tree) if tree is not None else None
    if tree is None or page is None or not page.blocks:
        return None
    facts = read_metadata(tree, page, row["url"] or f"http://pages.example/{row['id']}")
    lead = find_standfirst(page, None, facts.title_variants, facts.description)
    counts = np.ones(len(page.blocks), dtype=bool)
    if row["optional_paragraphs"]:
        counts &= label_blocks(page, "\n".join(row["optional_paragraphs"])) < 0.5
    if lead is not None and row["set"] in WITHOUT_LEAD:
        counts[lead.position] = False
    layout = layout_of(page)
    return Example(
        row={key: value for key, value in row.items() if key != "html"},
        texts=tuple(block.text for block in page.blocks),
        layout=layout,
        measures=measure_blocks(page, layout, _statements(facts)),
        reading=reading_of(page, read_fast(tree)),
        labels=label_blocks(page, row["text"]),
        counts=counts,
        lead=lead.position if lead is not None else None,
    )


def _statements(facts: PageMetadata) -> PageStatements:
    data = facts.article.body if facts.article else None
    return PageStatements(facts.title_variants, facts.authors, facts.description, data)


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
