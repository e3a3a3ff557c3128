"""The standfirst of a page: the sentence or two between headline and body, told apart by its markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.blocks import HEADING_TAGS, PageBlocks, SourceBlock
from pipelines.text_shape import count_words, folded_key

MIN_CHARS, MAX_CHARS = 30, 700  # a standfirst is one sentence to three
MIN_WORDS = 7
MIN_TEXT_WORDS = 12  # of a paragraph of the body; a byline or a date has fewer
MIN_HEADING_WORDS = 12  # a second-rank heading this long right under the headline is no section heading
WINDOW = 14  # blocks after the headline among which a standfirst stands
MAX_STANDFIRST_BLOCKS = 3
MAX_LINK_SHARE = 0.4
MAX_TITLE_CHARS = 300
NAMES = (
    r"stand-?first|sub-?title|sub-?head(?:ing|line)?s?\b|subtitulo|sous-titre|\bdec?k\b|\bchap(?:o|eau)\b|vorspann|unterzeile|untertitel"
    r"|entradilla|bajada|sommario|occhiello|catenaccio|ingress|manchet|zajawka|\bexcerpt\b|synopsis"
    r"|article-*(?:teaser|description|abstract)\b|post-?(?:summary|excerpt)"
)
LOOSE_NAMES = (  # of a standfirst, or of the text's opening paragraph
    r"\blede\b|\bintro(?:duction|text)?\b|\bsummary\b|article-*(?:lead|lede)\b|lead-?(?:text|paragraph)"
)
HINTS = re.compile(f"(?:{NAMES}|{LOOSE_NAMES})")
SURE_HINTS = re.compile(NAMES)
FOREIGN_TAGS = frozenset({"nav", "aside", "footer", "figcaption", "figure", "li", "table", "form"})


def find_standfirst(
    page: PageBlocks, body_start: SourceBlock | None, titles: Sequence[str], description: str | None
) -> SourceBlock | None:
    """The standfirst's block; None if nothing between headline and body is set apart.

    `body_start` is the first block of the body that reads as running text; the standfirst may be that one.
    """
    keys = {folded_key(title) for title in titles} - {""}
    headline = _find_headline(page, keys)
    if headline is None:
        return None
    described = folded_key(description or "")
    for block in page.blocks[headline.position + 1 : headline.position + 1 + WINDOW]:
        if body_start is not None and block.position > body_start.position:
            return None
        if _may_be_standfirst(block, keys) and _is_set_apart(block, page, described):
            return block
    return None


def _find_headline(page: PageBlocks, keys: set[str]) -> SourceBlock | None:
    """The first heading of first rank that says the title, else the first of any rank."""
    short = [block for block in page.blocks if len(block.text) <= MAX_TITLE_CHARS]
    headings = [block for block in short if HEADING_TAGS & block.tags and folded_key(block.text) in keys]
    first_rank = [block for block in headings if "h1" in block.tags]
    return next(iter(first_rank or headings), None)


def _may_be_standfirst(block: SourceBlock, keys: set[str]) -> bool:
    if not MIN_CHARS <= len(block.text) <= MAX_CHARS or count_words(block.text) < MIN_WORDS:
        return False
    if block.link_share > MAX_LINK_SHARE or FOREIGN_TAGS & block.tags:
        return False
    return folded_key(block.text) not in keys


def _is_set_apart(block: SourceBlock, page: PageBlocks, described: str) -> bool:
    """Whether class words, rank or the page's own description tell this block from the body's paragraphs."""
    if _opens_text(block, page):
        return SURE_HINTS.search(block.own_hints) is not None
    siblings = [
        other for other in page.blocks[block.position + 1 : block.position + 4] if other.tag == block.tag
    ]
    if HINTS.search(block.own_hints):
        return True
    if block.tag == "p" and HINTS.search(block.parent_hints):
        # a container of that name around the whole body tells nothing
        return sum(other.parent_hints == block.parent_hints for other in siblings) < MAX_STANDFIRST_BLOCKS
    is_described = _is_described(folded_key(block.text), described)
    if block.tag in HEADING_TAGS:
        return is_described or (block.tag == "h2" and count_words(block.text) >= MIN_HEADING_WORDS)
    return is_described and not any(other.hints == block.hints for other in siblings)


def _opens_text(block: SourceBlock, page: PageBlocks) -> bool:
    """Whether it is the text's own opening: running text of its rank stands next, in the same place."""
    following = page.blocks[block.position + 1 : block.position + 2]
    return any(
        other.tag == block.tag
        and page.containers[other.container].outer == page.containers[block.container].outer
        and count_words(other.text) >= MIN_TEXT_WORDS
        for other in following
    )


def _is_described(key: str, described: str) -> bool:
    return len(key) >= MIN_CHARS and (
        key == described or (len(described) >= 60 and key.startswith(described))
    )
