"""What the block model sees: measures of every block of a page, of its surroundings and its containers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from pipelines.block_context import CAPTION_HINTS, ZONE_HINTS
from pipelines.block_readings import BlockReading, with_reading
from pipelines.block_surroundings import F32, LEVELS, UNSET, Columns, Layout, add_surroundings, layout_of
from pipelines.block_texts import SHAPES, WORDINGS, measure_text
from pipelines.blocks import HEADING_TAGS, PageBlocks, SourceBlock, squash
from pipelines.boilerplate import BYLINE_HINTS
from pipelines.standfirst import HINTS as STANDFIRST_HINTS
from pipelines.text_shape import folded_key

HINT_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "body": re.compile(
        r"\b(?:body|content|entry|post|story|text|article|paragraph|copy|wysiwyg|rich-?text|prose|news-?text)\b"
    ),
    "head": re.compile(r"\b(?:head(?:er|line|ing)?|title|hero|top|masthead|kicker|eyebrow)\b"),
    "meta": re.compile(
        r"\b(?:meta|date|time|info|details|tags?|categor\w+|topics?|label|published|updated|source)\b"
    ),
    "aside": re.compile(
        r"\b(?:side-?bar|aside|widget|rail|footer|nav\w*|menu|modal|popup|overlay|banner|bottom|tabs?|carousel"
        r"|slider|login|search|list|cards?|item)\b"
    ),
    "zone": ZONE_HINTS,
    "hidden": re.compile(r"\b(?:hidden|sr-only|visually-?hidden|screen-?reader\w*|noprint|invisible|a11y)\b"),
    "embed": re.compile(
        r"\b(?:(?:pull-?|block)?quote|embed\w*|tweet|twitter\w*|instagram\w*|gallery|video|image|img|photo|media"
        r"|fact-?box|infobox|box)\b"
    ),
    "byline": BYLINE_HINTS,
    "caption": CAPTION_HINTS,
    "standfirst": STANDFIRST_HINTS,
}
HINT_SEARCHES = tuple((1 << number, pattern.search) for number, pattern in enumerate(HINT_PATTERNS.values()))
TAG_GROUPS: Mapping[str, frozenset[str]] = {
    "p": frozenset({"p"}),
    "h1": frozenset({"h1"}),
    "heading": HEADING_TAGS,
    "li": frozenset({"li", "dd", "dt"}),
    "cell": frozenset({"td", "th"}),
    "div": frozenset({"div", "section", "article", "main", "body", "html"}),
}
OUTER_TAGS = (
    *("nav", "aside", "footer", "header", "figure", "form", "table"),
    *("li", "article", "main", "section", "blockquote", "details"),
)
RELATIONS = (*("in_data", "is_title", "like_title", "described", "is_author", "copies", "seen"),)
MIN_DATA_CHARS = 20  # a shorter block may be in the page's data by chance
MIN_LIKE_CHARS = 15
MIN_DESCRIBED_CHARS = 30


@dataclass(frozen=True, slots=True)
class PageStatements:
    """What is known of a page when its blocks are measured."""

    titles: tuple[str, ...]
    authors: tuple[str, ...]
    description: str | None
    data_body: str | None  # `articleBody` of the page's JSON-LD


def measure_blocks(page: PageBlocks, layout: Layout, view: PageStatements) -> Columns:
    """The measures of each block, a column for each; those of a reading are not among them."""
    columns: Columns = {}
    texts = [measure_text(block.text) for block in page.blocks]
    _add_rows(columns, (*SHAPES, *WORDINGS), _table([values for _, values in texts]))
    columns["link_share"] = np.array([block.link_share for block in page.blocks], np.float32)
    columns["strong_share"] = np.array([block.strong_share for block in page.blocks], np.float32)
    _add_tags(columns, page)
    _add_relations(columns, page, view, [bare for bare, _ in texts])
    _add_hints(columns, page, layout)
    add_surroundings(columns, layout)
    return columns


@cache
def column_names() -> tuple[str, ...]:
    """The names of all columns, those of a reading among them."""
    page = PageBlocks((SourceBlock("x", "x", "p", "", "", "", frozenset({"p"}), 0.0, 0),))
    layout, none = layout_of(page), np.zeros(1, np.float32)
    columns = measure_blocks(page, layout, PageStatements((), (), None, None))
    return tuple(with_reading(columns, layout, BlockReading(none, none)))


def _table(rows: Sequence[Sequence[float]]) -> F32:
    """Rows of numbers, as columns."""
    flat = np.fromiter(chain.from_iterable(rows), np.float32, len(rows) * len(rows[0]))
    return np.ascontiguousarray(flat.reshape(len(rows), -1).T)


def _add_rows(columns: Columns, names: tuple[str, ...], table: F32) -> None:
    columns.update(zip(names, table, strict=True))


def _add_tags(columns: Columns, page: PageBlocks) -> None:
    """Each block's tag, and the tags around it."""
    kinds: dict[tuple[str, frozenset[str]], int] = {}
    kind = [kinds.setdefault((block.tag, block.tags), len(kinds)) for block in page.blocks]
    table = _table([_tags(tag, tags) for tag, tags in kinds])[:, kind]
    _add_rows(columns, (*TAG_GROUPS, *(f"in_{tag}" for tag in OUTER_TAGS)), table)


@lru_cache(maxsize=4_096)
def _tags(tag: str, tags: frozenset[str]) -> tuple[float, ...]:
    return (*(tag in group for group in TAG_GROUPS.values()), *(outer in tags for outer in OUTER_TAGS))


def _add_relations(columns: Columns, page: PageBlocks, view: PageStatements, bare: list[str]) -> None:
    """How the text of each block relates to the page's statements and to the other blocks."""
    titles = [key for key in map(folded_key, view.titles) if key]
    authors = {folded_key(author) for author in view.authors}
    described = folded_key(view.description or "")[:60]
    data = squash(view.data_body or "")
    copies = Counter(block.key for block in page.blocks)
    seen: set[str] = set()
    rows = []
    for block, text in zip(page.blocks, bare, strict=True):
        key, length = block.key, len(text)
        rows.append(
            (
                UNSET if not data else len(key) > MIN_DATA_CHARS and key in data,
                text in titles,
                length > MIN_LIKE_CHARS and any(text in title or title in text for title in titles),
                length > MIN_DESCRIBED_CHARS < len(described) and text.startswith(described[:length]),
                text in authors,
                copies[key],
                key in seen,
            )
        )
        seen.add(key)
    _add_rows(columns, RELATIONS, _table(rows))


def _add_hints(columns: Columns, page: PageBlocks, layout: Layout) -> None:
    """What class words say of each block, of its nearest containers, and whether it is hidden."""
    own = np.array([_hint_flags(container.own_hints) for container in page.containers] or [0], np.int64)
    near, at, place = own.copy(), layout.outer, layout.container
    for _ in range(LEVELS - 1):
        near |= own[at]
        at = layout.outer[at]
    names = tuple(HINT_PATTERNS)
    _add_rows(columns, tuple(f"own_{name}" for name in names), _bits(own[place], len(names)))
    _add_rows(columns, tuple(f"near_{name}" for name in names), _bits(near[place], len(names)))
    hidden = [container.is_hidden for container in page.containers] or [False]
    if any(hidden):
        for inner, container in enumerate(page.containers):  # a container comes after the one around it
            hidden[inner] |= hidden[container.outer]
    columns["is_hidden"] = np.array(hidden, np.float32)[place]


def _bits(flags: NDArray[np.int64], count: int) -> F32:
    """A row for each bit."""
    return ((flags >> np.arange(count)[:, None]) & 1).astype(np.float32)


@lru_cache(maxsize=16_384)
def _hint_flags(hints: str) -> int:
    """Which of the patterns class words match, a bit each."""
    flags = 0
    for word in hints.split():
        flags |= _word_flags(word)
    return flags


@lru_cache(maxsize=16_384)
def _word_flags(word: str) -> int:
    flags = 0
    for bit, search in HINT_SEARCHES:
        if search(word):
            flags |= bit
    return flags
