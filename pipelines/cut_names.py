"""Names for what a page holds beside its article, so that a person sees why a block was cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.block_surroundings import Columns
from pipelines.blocks import PageBlocks
from pipelines.boilerplate import LINK_SHARE, MAX_DATE_CHARS
from pipelines.date_text import read_date_line
from pipelines.records import RemovedBlock

NEAR_BLOCKS = 12  # before and after the body: further away a block is the page's, whatever its words are
MAX_CALL_WORDS = 40
MODEL = "block_model"  # for a block that only the model tells from the article
PAGE_RULES = frozenset({"navigation", "header", "footer", "aside", "form", "zone", "links", "page"})


def name_cuts(page: PageBlocks, column: Columns, kept: NDArray[np.bool_]) -> list[str]:
    """A rule name for each block of a page; those of kept blocks mean nothing.

    Where a block stands far from the body, the name says so; near it, its words do.
    """
    is_near = _is_near(kept)
    words, links = column["words"], column["link_share"]
    is_short = words <= MAX_CALL_WORDS
    in_form = column["in_form"] > 0
    conditions = (
        ("form", in_form & ~(in_form & kept).any()),  # some pages are one form as a whole
        ("footer", column["in_footer"] > 0),
        ("header", (column["in_header"] > 0) & ~is_near),
        ("aside", column["in_aside"] > 0),
        ("navigation", (column["in_nav"] > 0) | ((links >= LINK_SHARE) & (words < 6) & ~is_near)),
        ("links", ~is_near & (links >= LINK_SHARE)),
        ("page", ~is_near),
        ("title", column["is_title"] + column["h1"] > 0),
        ("ui", column["ui"] > 0),
        ("counter", column["counter"] > 0),
        ("byline", (column["by"] + column["is_author"] > 0) & (words <= 12)),
        ("caption", (column["own_caption"] > 0) | (column["in_figure"] > 0)),
        ("credit", (column["credit"] + column["copyright"] > 0) & is_short),
        ("read_more", (column["read_more"] > 0) & is_short),
        ("plea", (column["plea"] > 0) & is_short),
        ("bio", column["bio"] > 0),
        ("zone", column["near_zone"] > 0),
        ("links", links >= LINK_SHARE),
    )
    first = np.full(len(kept), len(conditions))
    for number, (_, holds) in reversed(list(enumerate(conditions))):
        first[holds] = number
    called = [*(name for name, _ in conditions), MODEL]
    names = [called[number] for number in first.tolist()]
    for place in np.flatnonzero(is_near & ~kept & (column["digits"] > 0) & (words <= 30)):
        text = page.blocks[place].text
        if names[place] != "byline" and len(text) <= MAX_DATE_CHARS and read_date_line(text, "text"):
            names[place] = "date_line"
    return names


def _is_near(kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a block stands in or around the body."""
    places = np.flatnonzero(kept)
    index = np.arange(len(kept))
    if not len(places):
        return np.ones(len(kept), dtype=bool)
    is_near: NDArray[np.bool_] = (index >= places[0] - NEAR_BLOCKS) & (index <= places[-1] + NEAR_BLOCKS)
    return is_near


def join_page_blocks(cuts: Iterable[RemovedBlock]) -> tuple[RemovedBlock, ...]:
    """The cuts; what follows each other in one zone of the site, such as a menu, is one block of lines."""
    joined: list[RemovedBlock] = []
    lines: list[str] = []
    for cut in cuts:
        last = joined[-1] if joined else None
        if (
            last is not None
            and cut.rule in PAGE_RULES
            and (last.rule, last.position) == (cut.rule, cut.position)
        ):
            lines.append(cut.text)
            continue
        _close(joined, lines)
        joined.append(cut)
        lines = [cut.text]
    _close(joined, lines)
    return tuple(joined)


def _close(joined: list[RemovedBlock], lines: Sequence[str]) -> None:
    if len(lines) > 1:
        joined[-1] = RemovedBlock(joined[-1].position, "\n".join(lines), joined[-1].rule)
