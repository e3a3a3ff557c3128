"""Which blocks of a page are its article: models one after the other, trafilatura where they are unsure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from pipelines.block_features import PageStatements, measure_blocks
from pipelines.block_model import BlockModel, BlockModels, predict
from pipelines.block_readings import BlockReading, reading_of, with_reading
from pipelines.block_surroundings import F32, Columns, Layout, layout_of
from pipelines.blocks import PageBlocks, SourceBlock

MIN_PROBABILITY = 0.5  # of a block of the article: mean F1 on sites not trained on is flat from 0.45 to 0.55
MAX_UNSURE_SHARE = 0.1  # of the body's words that may be misjudged: on a fifth of the pages it is more
THIRD_WEIGHT = np.float32(0.6)  # beside the second model's: the log loss on sites not trained on is least
LEAST_LIKELIHOOD = np.float32(1e-6)  # and as much below 1: no opinion outweighs all others
DOUBT_WORDS = 5  # more than the models say, so that a short body must be surer than a long one
SMALL_PAGE_BLOCKS = 40  # so few tell the models little, and trafilatura reads them in no time
MIN_BODY_WORDS = 50  # a shorter body counts as one of as many
MAX_CELL_CHARS = 200  # a longer one is a column of a page laid out as a table
MIN_LIST_ITEMS = 3


Flags = NDArray[np.bool_]
ReadLines = Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """How likely each block is the article's, which are taken for it, and what was measured of each."""

    likelihoods: F32
    is_likely: Flags
    measures: Columns


def judge_page(
    page: PageBlocks, view: PageStatements, models: BlockModels, read_lines: ReadLines
) -> Judgement:
    """A judgement of all blocks of a page that has some. `read_lines` is trafilatura's reading of it."""
    layout = layout_of(page)
    measures = measure_blocks(page, layout, view)
    opinion = opinion_of(models.first, measures)
    likelihoods = predict(models.second, with_reading(measures, layout, opinion))
    if not is_unsure(likelihoods, measures["words"]):
        likelihoods = _evened(page, layout, measures, likelihoods)
        return Judgement(likelihoods, likelihoods >= MIN_PROBABILITY, measures)
    reading = reading_of(page, read_lines())
    third = predict(models.third, with_reading(measures, layout, reading))
    likelihoods = _evened(page, layout, measures, pool(likelihoods, third))
    is_likely = likelihoods >= MIN_PROBABILITY
    if not is_likely.any():  # of a page unlike all that the models know, trafilatura's reading stands
        is_likely = reading.sureness > 0
    return Judgement(likelihoods, is_likely, measures)


def opinion_of(first: BlockModel, measures: Columns) -> BlockReading:
    """What the first model says, as a reading of the page."""
    likelihoods = predict(first, measures)
    return BlockReading((likelihoods >= MIN_PROBABILITY).astype(np.float32), likelihoods)


def is_unsure(likelihoods: F32, words: F32) -> bool:
    """Whether a page is small, much of its body may be misjudged, or there is none."""
    if len(words) <= SMALL_PAGE_BLOCKS:
        return True
    is_likely = likelihoods >= MIN_PROBABILITY
    body = float(words[is_likely].sum())
    misjudged = float((words * np.minimum(likelihoods, 1 - likelihoods)).sum()) + DOUBT_WORDS
    return not is_likely.any() or misjudged > MAX_UNSURE_SHARE * max(body, MIN_BODY_WORDS)


def pool(second: F32, third: F32) -> F32:
    """The opinions of two models as one: a weighted mean of their log-odds. It misses less than either."""
    odds: F32 = _odds(second) ** (1 - THIRD_WEIGHT) * _odds(third) ** THIRD_WEIGHT
    pooled: F32 = odds / (1 + odds)
    return pooled


def _odds(likelihoods: F32) -> F32:
    bounded = np.clip(likelihoods, LEAST_LIKELIHOOD, 1 - LEAST_LIKELIHOOD)
    odds: F32 = bounded / (1 - bounded)
    return odds


def _evened(page: PageBlocks, layout: Layout, measures: Columns, likelihoods: F32) -> F32:
    """The likelihoods; what is kept or cut whole shares its mean."""
    return _by_list(_by_row(page, likelihoods), layout, measures)


def _by_row(page: PageBlocks, likelihoods: F32) -> F32:
    """The likelihoods; short cells of a table's row share their mean, since a row is kept or cut whole."""
    evened = likelihoods.copy()
    for _, cells in groupby((block for block in page.blocks if block.row is not None), _row_of):
        places = [cell.position for cell in cells]
        if all(len(page.blocks[place].text) <= MAX_CELL_CHARS for place in places):
            evened[places] = likelihoods[places].mean()
    return evened


def _by_list(likelihoods: F32, layout: Layout, measures: Columns) -> F32:
    """The likelihoods; the items of a list share their mean, since a list is kept or cut whole."""
    items = np.flatnonzero(measures["li"])
    if not len(items):
        return likelihoods
    lists = layout.outer[layout.container[items]]
    sizes = np.bincount(lists)
    means = np.bincount(lists, likelihoods[items]) / np.maximum(1, sizes)
    is_long = sizes[lists] >= MIN_LIST_ITEMS
    evened = likelihoods.copy()
    evened[items[is_long]] = means[lists[is_long]]
    return evened


def _row_of(block: SourceBlock) -> int | None:
    return block.row
