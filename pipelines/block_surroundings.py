"""What surrounds a block: its place on the page, blocks of the same markup, containers and neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.blocks import PageBlocks

F32 = NDArray[np.float32]
Columns = dict[str, F32]

NEAR = (-3, -2, -1, 1, 2, 3)
NEAR_COLUMNS = (
    *("words", "link_share", "finished", "read", "heading", "p", "home_prose", "in_core", "read_more"),
    *("plea", "li"),
)
WINDOWS = (2, 5, 10)
LEVELS = 4  # containers around a block that are measured
CORE_SHARE = 0.7  # of the reading that the core container holds
PROSE_WORDS = 8  # a shorter block is no running text
FAR = 60  # blocks; further away is all the same
UNSET = -1.0


def containers_of(page: PageBlocks) -> NDArray[np.intp]:
    """The innermost container of each block."""
    return np.array([block.container for block in page.blocks], dtype=np.intp)


def add_places(columns: Columns) -> None:
    """Where each block stands on the page, to its headline and to trafilatura's reading."""
    words = columns["words"]
    count = len(words)
    index = np.arange(count, dtype=np.float32)
    prose = words * (1 - columns["link_share"]) * (words >= PROSE_WORDS)
    columns["prose"] = prose
    columns["place"] = (index / count).astype(np.float32)
    columns["prose_before"] = ((np.cumsum(prose) - prose) / max(1.0, float(prose.sum()))).astype(np.float32)
    heads = np.flatnonzero(columns["h1"] * columns["like_title"])
    heads = heads if len(heads) else np.flatnonzero(columns["is_title"])
    columns["after_headline"] = (
        np.clip(index - heads[0], -100, 300) if len(heads) else np.full(count, -500, np.float32)
    )
    read = columns["read"] * (words >= PROSE_WORDS)
    where = np.flatnonzero(read)
    first, last = (where[0], where[-1]) if len(where) else (0, count - 1)
    columns["after_first_read"] = np.clip(index - first, -FAR, 2 * FAR)
    columns["before_last_read"] = np.clip(last - index, -FAR, 2 * FAR)
    for name, flags in (("read", read), ("heading", columns["heading"])):
        columns[f"since_{name}"] = _distance(flags)
        columns[f"until_{name}"] = _distance(flags[::-1])[::-1]
    calls = np.maximum(columns["read_more"], columns["ui"]) * (columns["heading"] + columns["colon"] > 0)
    columns["since_call"] = _distance(calls)


def _distance(flags: F32) -> F32:
    """Blocks since the last flagged one, at most `FAR`."""
    index = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags > 0, index, -2 * FAR))
    return np.minimum(index - last, FAR).astype(np.float32)


def add_homes(columns: Columns, page: PageBlocks) -> None:
    """Measures of all blocks that share a block's very markup."""
    ids: dict[tuple[str, str], int] = {}
    home = np.array(
        [ids.setdefault((block.tag, block.hints), len(ids)) for block in page.blocks], dtype=np.intp
    )
    prose, words = columns["prose"], columns["words"]
    size = np.bincount(home)
    prose_sum, words_sum = np.bincount(home, prose), np.bincount(home, words)
    measures = {
        "size": size,
        "prose": prose_sum / max(1.0, float(prose.sum())),
        "mean": words_sum / size,
        "links": np.bincount(home, words * columns["link_share"]) / np.maximum(1, words_sum),
        "read": np.bincount(home, columns["read"] * prose) / np.maximum(1, prose_sum),
        "ends": np.bincount(home, columns["finished"]) / size,
    }
    for name, values in measures.items():
        columns[f"home_{name}"] = values[home].astype(np.float32)


def add_containers(columns: Columns, page: PageBlocks) -> None:
    """Measures of the subtrees around each block, from the innermost outwards."""
    up = np.array([container.outer for container in page.containers] or [0], dtype=np.intp)
    place = containers_of(page)
    prose, words = columns["prose"], columns["words"]
    own = (
        prose,
        words,
        words * columns["link_share"],
        columns["read"] * prose,
        np.ones(len(place), np.float32),
    )
    sums = np.stack([np.bincount(place, values, len(up)).astype(np.float64) for values in own], axis=1)
    depth = np.zeros(len(up))
    for inner in range(1, len(up)):
        depth[inner] = depth[up[inner]] + 1
    for inner in range(len(up) - 1, 0, -1):
        sums[up[inner]] += sums[inner]
    whole = max(1.0, float(prose.sum()))
    at = place
    for level in range(1, LEVELS + 1):
        at = up[at]
        inside = sums[at].T
        columns[f"up{level}_prose"] = (inside[0] / whole).astype(np.float32)
        columns[f"up{level}_links"] = (inside[2] / np.maximum(1, inside[1])).astype(np.float32)
        columns[f"up{level}_read"] = (inside[3] / np.maximum(1, inside[0])).astype(np.float32)
        columns[f"up{level}_blocks"] = inside[4].astype(np.float32)
    core = _core_of(sums[:, 3], depth)
    is_inside = np.zeros(len(up), dtype=bool)
    is_inside[core] = True
    for inner in range(core + 1, len(up)):
        is_inside[inner] = is_inside[up[inner]]
    columns["in_core"] = is_inside[place].astype(np.float32)
    columns["below_core"] = np.clip(depth[place] - depth[core], -10, 10).astype(np.float32)


def _core_of(read: NDArray[np.float64], depth: NDArray[np.float64]) -> int:
    """The innermost container that holds most of the reading."""
    if read[0] <= 0:
        return 0
    most = np.flatnonzero(read >= CORE_SHARE * read[0])
    return int(most[np.argmax(depth[most])])


def add_neighbours(columns: Columns) -> None:
    """Measures of the blocks before and after each block, and of windows around it."""
    for name in NEAR_COLUMNS:
        values = columns[name]
        padded = np.concatenate([np.full(3, UNSET, np.float32), values, np.full(3, UNSET, np.float32)])
        for step in NEAR:
            columns[f"{name}{step:+d}"] = padded[3 + step : 3 + step + len(values)]
    links = columns["words"] * columns["link_share"]
    for name, values in (("prose", columns["prose"]), ("links", links), ("read", columns["read"])):
        sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
        index = np.arange(len(values))
        for reach in WINDOWS:
            high, low = np.minimum(index + reach + 1, len(values)), np.maximum(index - reach, 0)
            columns[f"{name}~{reach}"] = ((sums[high] - sums[low]) / (high - low)).astype(np.float32)


def add_page(columns: Columns) -> None:
    """What holds for the page as a whole, the same for each block."""
    count = len(columns["words"])
    prose = float(columns["prose"].sum())
    read = float((columns["prose"] * columns["read"]).sum())
    paragraphs = float((columns["p"] * (columns["words"] >= PROSE_WORDS)).sum())
    whole = {
        "blocks": count,
        "prose": prose,
        "read": read / max(1.0, prose),
        "read_words": read,
        "paragraphs": paragraphs,
    }
    for name, value in whole.items():
        columns[f"page_{name}"] = np.full(count, value, np.float32)
