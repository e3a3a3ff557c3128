"""What surrounds a block: its place on the page, blocks of the same markup, containers and neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.blocks import PageBlocks

F32 = NDArray[np.float32]
Places = NDArray[np.intp]
Columns = dict[str, F32]

NEAR = (-3, -2, -1, 1, 2, 3)
NEAR_COLUMNS = (
    *("words", "link_share", "finished", "heading", "p", "home_prose", "read_more"),
    *("plea", "li"),
)
WINDOWS = (2, 5, 10)
LEVELS = 4  # containers around a block that are measured
PROSE_WORDS = 8  # a shorter block is no running text
FAR = 60  # blocks; further away is all the same
UNSET = -1.0


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where the blocks of a page stand: arrays over the blocks, and over the containers."""

    container: Places  # the innermost one of each block
    home: Places  # a number for each kind of markup, the same for blocks of the very same
    outer: Places  # the container around each container
    end: Places  # one past the last container inside of each container
    depth: NDArray[np.float64]  # of each container

    def inside(self, values: F32) -> NDArray[np.float64]:
        """The sum of the blocks' values in each container, with all that is in it."""
        own = np.bincount(self.container, values, len(self.outer))
        sums = np.concatenate([[0.0], np.cumsum(own)])
        return np.asarray(sums[self.end] - sums[:-1])


def layout_of(page: PageBlocks) -> Layout:
    """The layout of a page; a page without containers is one."""
    outer = [container.outer for container in page.containers] or [0]
    depth = [0] * len(outer)
    for inner in range(1, len(outer)):
        depth[inner] = depth[outer[inner]] + 1
    end = list(range(1, len(outer) + 1))
    for inner in range(len(outer) - 1, 0, -1):  # a container comes after the one around it
        end[outer[inner]] = max(end[outer[inner]], end[inner])
    homes: dict[tuple[str, str], int] = {}
    home = [homes.setdefault((block.tag, block.hints), len(homes)) for block in page.blocks]
    return Layout(
        container=np.array([block.container for block in page.blocks], np.intp),
        home=np.array(home, np.intp),
        outer=np.array(outer, np.intp),
        end=np.array(end, np.intp),
        depth=np.array(depth, np.float64),
    )


def add_surroundings(columns: Columns, layout: Layout) -> None:
    """What surrounds each block, without a reading of the page."""
    _add_places(columns)
    _add_homes(columns, layout)
    _add_containers(columns, layout)
    add_neighbours(columns, NEAR_COLUMNS)
    links = columns["words"] * columns["link_share"]
    add_windows(columns, {"prose": columns["prose"], "links": links})
    add_page(
        columns,
        {
            "blocks": len(links),
            "prose": float(columns["prose"].sum()),
            "paragraphs": float((columns["p"] * (columns["words"] >= PROSE_WORDS)).sum()),
        },
    )


def _add_places(columns: Columns) -> None:
    """Where each block stands on the page and to its headline."""
    words = columns["words"]
    count = len(words)
    index = np.arange(count, dtype=np.float32)
    prose = words * (1 - columns["link_share"]) * (words >= PROSE_WORDS)
    columns["prose"] = prose
    columns["place"] = index / np.float32(count)
    columns["prose_before"] = ((np.cumsum(prose) - prose) / max(1.0, float(prose.sum()))).astype(np.float32)
    heads = np.flatnonzero(columns["h1"] * columns["like_title"])
    heads = heads if len(heads) else np.flatnonzero(columns["is_title"])
    columns["after_headline"] = (
        np.clip(index - int(heads[0]), -100, 300) if len(heads) else np.full(count, -500, np.float32)
    )
    add_distances(columns, "heading", columns["heading"])
    calls = np.maximum(columns["read_more"], columns["ui"]) * (columns["heading"] + columns["colon"] > 0)
    columns["since_call"] = _distance(calls)


def add_distances(columns: Columns, name: str, flags: F32) -> None:
    """Blocks since the last flagged one, and until the next."""
    columns[f"since_{name}"] = _distance(flags)
    columns[f"until_{name}"] = _distance(flags[::-1])[::-1]


def _distance(flags: F32) -> F32:
    """Blocks since the last flagged one, at most `FAR`."""
    index = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags > 0, index, -2 * FAR))
    return np.minimum(index - last, FAR).astype(np.float32)


def _add_homes(columns: Columns, layout: Layout) -> None:
    """Measures of all blocks that share a block's very markup."""
    home, prose, words = layout.home, columns["prose"], columns["words"]
    size = np.bincount(home)
    words_sum = np.bincount(home, words)
    measures = {
        "size": size,
        "prose": np.bincount(home, prose) / max(1.0, float(prose.sum())),
        "mean": words_sum / size,
        "links": np.bincount(home, words * columns["link_share"]) / np.maximum(1, words_sum),
        "ends": np.bincount(home, columns["finished"]) / size,
    }
    for name, values in measures.items():
        columns[f"home_{name}"] = values[home].astype(np.float32)


def _add_containers(columns: Columns, layout: Layout) -> None:
    """Measures of the subtrees around each block, from the innermost outwards."""
    prose, words = layout.inside(columns["prose"]), layout.inside(columns["words"])
    links = layout.inside(columns["words"] * columns["link_share"])
    measures = {
        "prose": prose / max(1.0, float(prose[0])),
        "links": links / np.maximum(1, words),
        "blocks": layout.inside(np.ones(len(layout.container), np.float32)),
    }
    add_levels(columns, layout, measures)


def add_levels(columns: Columns, layout: Layout, measures: dict[str, NDArray[np.float64]]) -> None:
    """Measures of containers, for those around each block: the second innermost first."""
    at = layout.container
    for level in range(1, LEVELS + 1):
        at = layout.outer[at]
        for name, values in measures.items():
            columns[f"up{level}_{name}"] = values[at].astype(np.float32)


def add_neighbours(columns: Columns, names: Sequence[str]) -> None:
    """Measures of the blocks before and after each block."""
    count = len(columns["words"])
    padded = np.full((len(names), count + 6), UNSET, np.float32)
    for row, name in enumerate(names):
        padded[row, 3:-3] = columns[name]
        for step in NEAR:
            columns[f"{name}{step:+d}"] = padded[row, 3 + step : 3 + step + count]


def add_windows(columns: Columns, measures: dict[str, F32]) -> None:
    """Means over windows around each block."""
    count = len(columns["words"])
    index = np.arange(count)
    for reach in WINDOWS:
        high, low = np.minimum(index + reach + 1, count), np.maximum(index - reach, 0)
        for name, values in measures.items():
            sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
            columns[f"{name}~{reach}"] = ((sums[high] - sums[low]) / (high - low)).astype(np.float32)


def add_page(columns: Columns, whole: dict[str, float]) -> None:
    """What holds for the page as a whole, the same for each block."""
    count = len(columns["words"])
    for name, value in whole.items():
        columns[f"page_{name}"] = np.full(count, value, np.float32)
