"""What a reading of the page says of its blocks: whether each is in it, how far it is, what is around.

A reading is a first opinion on which blocks are the article: a small model's, or trafilatura's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.block_surroundings import (
    F32,
    FAR,
    PROSE_WORDS,
    Columns,
    Layout,
    add_distances,
    add_levels,
    add_neighbours,
    add_page,
    add_windows,
)
from pipelines.blocks import PageBlocks, squash

NEAR_COLUMNS = ("read", "in_core")
CORE_SHARE = 0.7  # of the reading that the core container holds
MIN_READ_CHARS = 20  # a shorter block must be a line of the reading of its own


@dataclass(frozen=True, slots=True, eq=False)
class BlockReading:
    """For each block whether a reading holds it, and how surely: 0.0 to 1.0."""

    is_read: F32
    sureness: F32


def reading_of(page: PageBlocks, lines: Sequence[str]) -> BlockReading:
    """Which blocks are in a reading's text; surely, if as a line of their own."""
    keys = [squash(line) for line in lines]
    own, whole = frozenset(keys), "\n".join(keys)
    is_line = [block.key in own for block in page.blocks]
    is_read = [
        is_own or (len(block.key) > MIN_READ_CHARS and block.key in whole)
        for is_own, block in zip(is_line, page.blocks, strict=True)
    ]
    return BlockReading(np.array(is_read, np.float32), np.array(is_line, np.float32))


def with_reading(columns: Columns, layout: Layout, reading: BlockReading) -> Columns:
    """The columns of `measure_blocks`, with those of a reading."""
    read = reading.is_read
    joined = {**columns, "read": read, "read_sureness": reading.sureness}
    prose = columns["prose"]
    read_prose = read * prose
    _add_places(joined, read * (columns["words"] >= PROSE_WORDS))
    home = layout.home
    prose_at_home = np.bincount(home, read_prose) / np.maximum(1, np.bincount(home, prose))
    joined["home_read"] = prose_at_home[home].astype(np.float32)
    read_inside = layout.inside(read_prose)
    add_levels(joined, layout, {"read": read_inside / np.maximum(1, layout.inside(prose))})
    _add_core(joined, layout, read_inside)
    add_neighbours(joined, NEAR_COLUMNS)
    add_windows(joined, {"read": read})
    words = float(read_prose.sum())
    add_page(joined, {"read": words / max(1.0, float(prose.sum())), "read_words": words})
    return joined


def _add_places(columns: Columns, read: F32) -> None:
    """Where each block stands to the reading's prose."""
    count = len(read)
    index = np.arange(count, dtype=np.float32)
    where = np.flatnonzero(read)
    first, last = (int(where[0]), int(where[-1])) if len(where) else (0, count - 1)
    columns["after_first_read"] = np.clip(index - first, -FAR, 2 * FAR)
    columns["before_last_read"] = np.clip(last - index, -FAR, 2 * FAR)
    add_distances(columns, "read", read)


def _add_core(columns: Columns, layout: Layout, read_inside: NDArray[np.float64]) -> None:
    """Which blocks are inside the container that holds most of the reading, and how deep."""
    core, container, depth = _core_of(read_inside, layout.depth), layout.container, layout.depth
    is_inside = (container >= core) & (container < layout.end[core])
    columns["in_core"] = is_inside.astype(np.float32)
    columns["below_core"] = np.clip(depth[container] - depth[core], -10, 10).astype(np.float32)


def _core_of(read: NDArray[np.float64], depth: NDArray[np.float64]) -> int:
    """The innermost container that holds most of the reading."""
    if read[0] <= 0:
        return 0
    most = np.flatnonzero(read >= CORE_SHARE * read[0])
    return int(most[np.argmax(depth[most])])
