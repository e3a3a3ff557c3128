"""What the block model sees: measures of every block of a page, of its surroundings and its containers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from pipelines.block_context import CAPTION_HINTS, MAX_RULE_CHARS, OPENING_QUOTES, ZONE_HINTS
from pipelines.block_surroundings import (
    F32,
    LEVELS,
    UNSET,
    Columns,
    add_containers,
    add_homes,
    add_neighbours,
    add_page,
    add_places,
    containers_of,
)
from pipelines.blocks import HEADING_TAGS, PageBlocks, SourceBlock, squash
from pipelines.boilerplate import BYLINE_HINTS, COPYRIGHT_SIGN, PICTURE_CREDIT
from pipelines.lexicon import fold
from pipelines.site_words import bare_words, load_site_words
from pipelines.standfirst import HINTS as STANDFIRST_HINTS
from pipelines.text_shape import SENTENCE_END, WORD, count_words, folded_key

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
SHAPES = (
    *("words", "chars", "link_share", "strong_share"),
    *("finished", "upper_start", "lower_start", "quote_start", "digits", "capitals", "all_caps", "commas"),
    *("colon", "question", "ellipsis", "year", "address", "arrow", "copyright"),
)
WORDINGS = ("ui", "counter", "plea", "read_more", "by", "credit", "bio", "picture")
RELATIONS = (
    *("line_read", "read", "in_data", "is_title", "like_title", "described", "is_author", "copies", "seen"),
)
YEAR = re.compile(r"(?:19|20)\d\d")
ADDRESS = re.compile(r"@|https?:|www\.")
ARROW = re.compile(r"[|>»›→•·]")
SAMPLE_CHARS = 150  # of a block, whose characters and words are counted
MAX_KEY_CHARS = 700  # of a block that may be title, author or description
MIN_READ_CHARS = 20  # a shorter block must be a line of the reading of its own


@dataclass(frozen=True, slots=True)
class PageStatements:
    """What is known of a page when its blocks are measured."""

    titles: tuple[str, ...]
    authors: tuple[str, ...]
    description: str | None
    data_body: str | None  # `articleBody` of the page's JSON-LD
    reading: tuple[str, ...]  # the lines of trafilatura's text


def measure_blocks(page: PageBlocks, view: PageStatements) -> F32:
    """The measures of each block; shape (blocks, columns), in the order of `column_names`."""
    columns = _own_columns(page, view)
    _add_hints(columns, page)
    add_places(columns)
    add_homes(columns, page)
    add_containers(columns, page)
    add_neighbours(columns)
    add_page(columns)
    measured: F32 = np.stack(list(columns.values()), axis=1, dtype=np.float32, casting="same_kind")
    return measured


@cache
def column_names() -> tuple[str, ...]:
    """The names of the columns of `measure_blocks`."""
    block = SourceBlock("x", "p", "", "", "", frozenset({"p"}), 0.0, 0)
    page = PageBlocks((block,), {})
    columns = _own_columns(page, PageStatements((), (), None, None, ()))
    for add in (_add_hints, add_homes, add_containers):
        if add is add_homes:
            add_places(columns)
        add(columns, page)
    add_neighbours(columns)
    add_page(columns)
    return tuple(columns)


def _own_columns(page: PageBlocks, view: PageStatements) -> Columns:
    """Measures of each block by itself, and of its text in the rest of the page."""
    relate = _Relations(page, view)
    rows = []
    for block in page.blocks:
        folded = fold(block.text[:MAX_KEY_CHARS])
        rows.append(
            (
                *_shape(block),
                *_tags(block.tag, block.tags),
                *_words(block.text, folded),
                *relate.of(block.text, folded),
            )
        )
    table = np.array(rows, dtype=np.float32).T
    names = (*SHAPES, *TAG_GROUPS, *(f"in_{tag}" for tag in OUTER_TAGS), *WORDINGS, *RELATIONS)
    return dict(zip(names, table, strict=True))


def _shape(block: SourceBlock) -> tuple[float, ...]:
    text, first = block.text, block.text[0]
    sample = text[:SAMPLE_CHARS]
    tokens = sample.split()
    return (
        count_words(text),
        len(text),
        block.link_share,
        block.strong_share,
        SENTENCE_END.search(text[-3:]) is not None,
        first.isupper(),
        first.islower(),
        first in OPENING_QUOTES,
        sum(map(str.isdigit, sample)) / len(sample),
        sum([token[0].isupper() for token in tokens]) / len(tokens),
        sample.isupper(),
        text.count(",") + text.count("，") + text.count("、"),
        text.endswith((":", "：")),
        text.endswith(("?", "？")),
        text.endswith(("…", "...")),
        YEAR.search(sample) is not None,
        ADDRESS.search(sample) is not None,
        ARROW.search(sample) is not None,
        COPYRIGHT_SIGN.match(text) is not None,
    )


@lru_cache(maxsize=4_096)
def _tags(tag: str, tags: frozenset[str]) -> tuple[float, ...]:
    return (*(tag in group for group in TAG_GROUPS.values()), *(outer in tags for outer in OUTER_TAGS))


def _words(text: str, folded: str) -> tuple[float, ...]:
    """Whether the words are those of sites about themselves."""
    if len(text) > MAX_RULE_CHARS:
        return (0.0,) * len(WORDINGS)
    site = load_site_words()
    bare = folded.lstrip(" ([*_–—-\t»>▶►•|→")
    is_short = len(text) <= 80
    return (
        is_short and bare_words(folded) in site.ui,
        is_short and site.counter.fullmatch(folded.strip(" .·|")) is not None,
        site.plea.search(folded) is not None,
        site.read_more.match(bare) is not None,
        site.byline.match(folded) is not None,
        site.credit.match(bare) is not None,
        site.bio.search(" ".join(folded.split(maxsplit=14)[:14])) is not None,
        PICTURE_CREDIT.search(text) is not None,
    )


class _Relations:
    """How the text of a block relates to the page's statements, to the reading and to the other blocks."""

    def __init__(self, page: PageBlocks, view: PageStatements) -> None:
        lines = [squash(line) for line in view.reading]
        self.lines, self.reading = frozenset(lines), "\n".join(lines)
        self.data = squash(view.data_body or "")
        self.titles = [key for key in map(folded_key, view.titles) if key]
        self.authors = {folded_key(author) for author in view.authors}
        self.described = folded_key(view.description or "")[:60]
        self.copies = Counter(squash(block.text) for block in page.blocks)
        self.seen: set[str] = set()

    def of(self, text: str, folded: str) -> tuple[float, ...]:
        key = squash(text)
        is_seen = key in self.seen
        self.seen.add(key)
        is_line = key in self.lines
        is_long = len(key) > MIN_READ_CHARS
        bare = "".join(WORD.findall(folded)) if len(text) <= MAX_KEY_CHARS else ""
        return (
            is_line,
            is_line or (is_long and key in self.reading),
            UNSET if not self.data else is_long and key in self.data,
            bare in self.titles,
            len(bare) > 15 and any(bare in title or title in bare for title in self.titles),
            len(bare) > 30 and len(self.described) > 30 and bare.startswith(self.described[: len(bare)]),
            bare in self.authors,
            self.copies[key],
            is_seen,
        )


def _add_hints(columns: Columns, page: PageBlocks) -> None:
    """What class words say of each block, of its nearest containers, and whether it is hidden."""
    own = np.array([_hint_flags(container.own_hints) for container in page.containers] or [0], dtype=np.int64)
    outer = np.array([container.outer for container in page.containers] or [0], dtype=np.intp)
    hidden = np.array([container.is_hidden for container in page.containers] or [False])
    near, is_hidden, at = own.copy(), hidden.copy(), outer
    for _ in range(LEVELS - 1):
        near |= own[at]
        at = outer[at]
    for inner, around in enumerate(outer):  # a container comes after the one around it
        is_hidden[inner] |= is_hidden[around]
    place = containers_of(page)
    for index, name in enumerate(HINT_PATTERNS):
        columns[f"own_{name}"] = (own[place] >> index & 1).astype(np.float32)
        columns[f"near_{name}"] = (near[place] >> index & 1).astype(np.float32)
    columns["is_hidden"] = is_hidden[place].astype(np.float32)


def _hint_flags(hints: str) -> int:
    """Which of the patterns class words match, a bit each."""
    flags = 0
    for word in hints.split():
        flags |= _word_flags(word)
    return flags


@lru_cache(maxsize=16_384)
def _word_flags(word: str) -> int:
    return sum(
        (pattern.search(word) is not None) << bit for bit, pattern in enumerate(HINT_PATTERNS.values())
    )
