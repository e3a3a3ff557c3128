"""Which blocks of a reading belong to the site: general rules, each with a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from pipelines.block_context import BODY_WORDS, MAX_RULE_CHARS, BlockInContext, describe_blocks
from pipelines.blocks import PageBlocks
from pipelines.date_text import read_date_line
from pipelines.records import Paragraph, ParagraphKind
from pipelines.site_words import bare_words, load_site_words
from pipelines.text_shape import UNSPACED, folded_key

MAX_BYLINE_WORDS = 12
MAX_CREDIT_WORDS = 45
MAX_PLEA_WORDS = 30
MAX_BIO_WORDS = 70
MAX_LINK_BLOCK_WORDS = 40
MAX_DANGLING = 3  # headings at the end; more are the page's own way of writing
LINK_SHARE = 0.85  # of a block's characters: it is a link, not a sentence that holds one

SHORTCODE = re.compile(r"^\[/?[a-z_-]+(?: [^\]]*)?\](?:.{0,80}\[/[a-z_-]+\])?")
COPYRIGHT_SIGN = re.compile(r"^\W{0,2}(?:©|\(c\)\s|copyright\b|&copy;)", re.IGNORECASE)
BYLINE_HINTS = re.compile(r"(?:by-?line|author|autor|auteur|writer|signature|contributor)")
CAPTION_HINTS = re.compile(
    r"(?:caption|image-?(?:description|credit)|photo-?credit|img-?credit|bildunterschrift|legende)"
)
PICTURE_CREDIT = re.compile(
    r"©|\((?:[^()]{0,40}\b)?(?:photo|foto|via|images?)\b[^()]{0,60}\)|\b(?:photo|foto|bild|crédit|credit)s?\s*[:/]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the rules know of the page beside the blocks."""

    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A paragraph of a reading and the rule that cuts it; None keeps it."""

    paragraph: Paragraph
    rule: str | None


def judge_blocks(paragraphs: Sequence[Paragraph], page: PageBlocks, facts: PageFacts) -> list[Verdict]:
    """A verdict for every paragraph of a reading, in order."""
    blocks = describe_blocks(paragraphs, page)
    rules = [_rule_for(block, facts) for block in blocks]
    _cut_above_title(blocks, rules)
    _cut_trailing_section(blocks, rules)
    _cut_dangling_headings(blocks, rules)
    return [Verdict(_with_kind(block), rule) for block, rule in zip(blocks, rules, strict=True)]


def _rule_for(block: BlockInContext, facts: PageFacts) -> str | None:
    """The first rule that cuts this block."""
    text = block.paragraph.text
    if not any(char.isalnum() for char in text):
        return "symbols"
    if len(text) > MAX_RULE_CHARS and block.link_share < LINK_SHARE:
        return None
    if _is_title(block, facts):
        return "title"
    for name, is_cut in _RULES:
        if is_cut(block, facts):
            return name
    return None


def _is_title(block: BlockInContext, facts: PageFacts) -> bool:
    if block.source is not None and block.source.tag == "h1" and block.is_leading:
        return True
    key = folded_key(block.paragraph.text)
    is_heading = block.paragraph.kind is ParagraphKind.HEADING
    return (block.is_leading or (is_heading and block.is_edge)) and any(
        key == folded_key(title) for title in facts.titles
    )


def _is_ui(block: BlockInContext, facts: PageFacts) -> bool:
    return block.words <= 8 and bare_words(block.folded) in load_site_words().ui


def _is_shortcode(block: BlockInContext, facts: PageFacts) -> bool:
    return bool(SHORTCODE.match(block.paragraph.text))


def _is_counter(block: BlockInContext, facts: PageFacts) -> bool:
    return block.words <= 8 and load_site_words().counter.fullmatch(block.folded.strip(" .·|")) is not None


def _is_date(block: BlockInContext, facts: PageFacts) -> bool:
    text = block.paragraph.text
    return len(text) <= 160 and any(char.isdigit() for char in text) and bool(read_date_line(text, "text"))


def _is_read_more(block: BlockInContext, facts: PageFacts) -> bool:
    match = load_site_words().read_more.match(block.folded.lstrip(" \t»>▶►•*-–—|([→"))
    if match is None or block.words > MAX_LINK_BLOCK_WORDS:
        return False
    rest = block.folded[match.end() :].lstrip()
    if not rest or rest[:1] in (":", "：", "|", ">", "»"):
        return True
    return block.link_share >= 0.5 and len(match.group().split()) > 1


def _is_link_block(block: BlockInContext, facts: PageFacts) -> bool:
    if block.link_share < LINK_SHARE or block.words > MAX_LINK_BLOCK_WORDS:
        return False
    return block.paragraph.kind is not ParagraphKind.LIST or block.is_edge


def _is_byline(block: BlockInContext, facts: PageFacts) -> bool:
    if not block.is_edge or block.words > MAX_BYLINE_WORDS:
        return False
    text = block.paragraph.text
    key = folded_key(text)
    if any(key == folded_key(author) for author in facts.authors):
        return True
    match = load_site_words().byline.match(block.folded)
    if match is not None:
        rest = re.sub(r"^\W+", "", text[match.end() :])
        return bool(rest[:1].isupper() or UNSPACED.match(rest)) and not text.rstrip().endswith(
            (".", "!", "?", ":")
        )
    hints = block.source.own_hints if block.source else ""
    return bool(BYLINE_HINTS.search(hints)) and not block.is_sentence


def _is_credit(block: BlockInContext, facts: PageFacts) -> bool:
    if not block.is_trailing or block.words > MAX_CREDIT_WORDS:
        return False
    if COPYRIGHT_SIGN.match(block.paragraph.text):
        return True
    match = load_site_words().credit.match(block.folded.lstrip(" ([*_–—-"))
    if match is None:
        return False
    rest = block.folded.lstrip(" ([*_–—-")[match.end() :].lstrip()
    return match.group().rstrip().count(" ") > 0 or rest[:1] in (":", "：", "/", "|", "©")


def _is_plea(block: BlockInContext, facts: PageFacts) -> bool:
    if (
        block.words > MAX_PLEA_WORDS
        or block.is_speech
        or not (block.is_edge or block.link_share >= 0.5 or block.in_zone)
    ):
        return False
    return bool(load_site_words().plea.search(block.folded))


def _is_bio(block: BlockInContext, facts: PageFacts) -> bool:
    if not block.is_trailing or block.words > MAX_BIO_WORDS:
        return False
    opening = " ".join(block.folded.split()[:14])
    return bool(load_site_words().bio.search(opening)) and block.paragraph.text[:1].isupper()


def _is_side_caption(block: BlockInContext, facts: PageFacts) -> bool:
    """A caption outside the running text, or one that credits a picture."""
    if not _is_caption(block):
        return False
    return block.is_edge or bool(PICTURE_CREDIT.search(block.paragraph.text))


def _is_caption(block: BlockInContext) -> bool:
    source = block.source
    return source is not None and (
        "figcaption" in source.tags or bool(CAPTION_HINTS.search(source.own_hints))
    )


def _is_in_zone(block: BlockInContext, facts: PageFacts) -> bool:
    return block.in_zone


_RULES = (
    ("ui", _is_ui),
    ("shortcode", _is_shortcode),
    ("counter", _is_counter),
    ("date_line", _is_date),
    ("read_more", _is_read_more),
    ("link_block", _is_link_block),
    ("byline", _is_byline),
    ("credit", _is_credit),
    ("plea", _is_plea),
    ("bio", _is_bio),
    ("caption", _is_side_caption),
    ("zone", _is_in_zone),
)


def _cut_above_title(blocks: Sequence[BlockInContext], rules: list[str | None]) -> None:
    """Cut the site's name, section and the like, which stand over the headline."""
    title_at = next((index for index, rule in enumerate(rules) if rule == "title"), 0)
    for index in range(title_at):
        block = blocks[index]
        if rules[index] is None and block.words < BODY_WORDS and not block.is_sentence:
            rules[index] = "above_title"


def _cut_trailing_section(blocks: Sequence[BlockInContext], rules: list[str | None]) -> None:
    """Cut what follows a closing heading such as "Read more" when only short blocks follow."""
    for index, block in enumerate(blocks):
        is_section = rules[index] in ("read_more", "ui") and block.paragraph.kind is ParagraphKind.HEADING
        if is_section and all(_is_teaser(later) for later in blocks[index + 1 :]):
            for later in range(index + 1, len(blocks)):
                rules[later] = rules[later] or "related"
            return


def _is_teaser(block: BlockInContext) -> bool:
    return block.link_share >= 0.5 or (block.words < BODY_WORDS and not block.is_sentence)


def _cut_dangling_headings(blocks: Sequence[BlockInContext], rules: list[str | None]) -> None:
    """Cut headings at the end that head nothing."""
    kept = [index for index, rule in enumerate(rules) if rule is None]
    closing = list(takewhile(lambda i: blocks[i].paragraph.kind is ParagraphKind.HEADING, reversed(kept)))
    if len(closing) <= MAX_DANGLING:
        for index in closing:
            rules[index] = "dangling_heading"


def _with_kind(block: BlockInContext) -> Paragraph:
    """The paragraph, marked as a caption where its markup says so."""
    if block.paragraph.kind is not ParagraphKind.TEXT or not _is_caption(block):
        return block.paragraph
    return Paragraph(ParagraphKind.CAPTION, block.paragraph.text)
