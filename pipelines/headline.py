"""The blocks around a page's headline, where byline and date line stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.blocks import HEADING_TAGS, PageBlocks, SourceBlock
from pipelines.text_shape import count_words, folded_key

MAX_HEADLINE_CHARS = 400
BLOCKS_BEFORE = 6  # a kicker, a date line and a byline may stand over the headline
BLOCKS_AFTER = 24  # as far as the body may begin: picture, caption, share buttons
LONG_WORDS = 32  # a block of running text this long is the body
LONG_CHARS = 60  # a shorter block is not counted
MAX_LINK_SHARE = 0.5
BODY_BLOCKS = 8  # a date line may stand under a long standfirst or the first paragraph
MIN_SHARED = 8  # letters of a headline that make it part of the title or the other way round
MIN_SHARED_SHARE = 0.4  # of the title, where a block is no heading
FOREIGN_TAGS = frozenset({"nav", "aside", "footer", "form"})
FOREIGN_HINTS = re.compile(
    r"related|teaser|sidebar|comment|popular|recommend|latest|most-?read|widget|footer|newsletter|promo|breaking"
    r"|trending|more-from|read-?next|\bcards?\b|carousel"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The blocks over the headline, nearest first, those under it, and the first of the body."""

    above: tuple[SourceBlock, ...]
    below: tuple[SourceBlock, ...]
    body: tuple[SourceBlock, ...]


def find_head(page: PageBlocks, titles: Sequence[str]) -> Head:
    """Where the article's own lines of dates and names stand; without blocks of teasers and of the site."""
    headline = _find_headline(page, titles)
    if headline is None:
        end = _body_start(page, 0, len(page.blocks))
        first = max(0, end - BLOCKS_AFTER) if end < len(page.blocks) else 0
        return Head((), _own(page.blocks[first:end]), _own(page.blocks[end : end + BODY_BLOCKS]))
    start = headline.position
    end = _body_start(page, start, start + BLOCKS_AFTER)
    above = [block for block in page.blocks[max(0, start - BLOCKS_BEFORE) : start] if not _is_masthead(block)]
    below, body = page.blocks[start:end], page.blocks[end : end + BODY_BLOCKS]
    return Head(tuple(reversed(above)), _own(below), _own(body))


def is_foreign(block: SourceBlock) -> bool:
    """Whether a block belongs to the site or to other articles by its markup."""
    return bool(FOREIGN_TAGS & block.tags) or FOREIGN_HINTS.search(block.hints) is not None


def _is_masthead(block: SourceBlock) -> bool:
    """Whether a block over the headline is the site's: its date is that of the visit."""
    is_in_article = bool({"article", "main"} & block.tags)
    return is_foreign(block) or ("header" in block.tags and not is_in_article)


def _find_headline(page: PageBlocks, titles: Sequence[str]) -> SourceBlock | None:
    """The first heading that says the title, else the first block that does, else the first heading."""
    claimed = [title for title in titles[:6] if title]
    keys = {folded_key(title) for title in claimed} - {""}
    starts = tuple(title[:MIN_SHARED] for title in claimed)
    short = [block for block in page.blocks if len(block.text) <= MAX_HEADLINE_CHARS]
    headings = [block for block in short if block.tag == "h1"]
    first = next((block for block in headings if _says_title(block, keys)), None)
    if first is not None:
        return first
    alike = [block for block in short if block.text.startswith(starts) and _says_title(block, keys)]
    ranked = sorted(
        alike, key=lambda block: (block.tag not in HEADING_TAGS, block.link_share > MAX_LINK_SHARE)
    )
    return next(iter(ranked or headings), None)


def _says_title(block: SourceBlock, keys: set[str]) -> bool:
    key = folded_key(block.text)
    if key in keys:
        return True
    if len(key) < MIN_SHARED:
        return False
    return any(
        (key in other and len(key) >= MIN_SHARED_SHARE * len(other))
        or (len(other) >= MIN_SHARED and other in key)
        for other in keys
    )


def _own(blocks: Sequence[SourceBlock]) -> tuple[SourceBlock, ...]:
    return tuple(block for block in blocks if not is_foreign(block))


def _body_start(page: PageBlocks, start: int, end: int) -> int:
    """The first block of running text from `start` on; `end` if none stands before it."""
    return next((block.position for block in page.blocks[start:end] if _is_long(block)), end)


def _is_long(block: SourceBlock) -> bool:
    if len(block.text) < LONG_CHARS or block.link_share > MAX_LINK_SHARE:
        return False
    return count_words(block.text) >= LONG_WORDS
