"""Which blocks of a reading belong to the site: general rules, each with a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from pipelines.block_context import MAX_RULE_CHARS, BlockInContext, describe_blocks, is_caption, to_paragraph
from pipelines.blocks import SourceBlock
from pipelines.date_search import find_dates
from pipelines.date_text import read_date_line
from pipelines.editor_notes import is_editor_note
from pipelines.picture_credits import closes_with_credit, is_credit_line, names_owner
from pipelines.records import Paragraph, ParagraphKind
from pipelines.site_words import bare_words, load_site_words
from pipelines.text_shape import UNSPACED, folded_key

MAX_BYLINE_WORDS = 12
MAX_CREDIT_WORDS = 45
MAX_PLEA_WORDS = 30
MAX_BIO_WORDS = 70
MAX_LINK_BLOCK_WORDS = 40
MAX_DATE_CHARS = 160
MAX_DATE_WORDS = 15  # of a line whose class says date
MAX_NOTICE_WORDS = 80
MAX_DANGLING = 3  # headings at the end; more are the page's own way of writing

SURE = 0.9  # of a block of the article: a list of links may well be the article
LINK_SHARE = 0.85  # of a block's characters: it is a link, not a sentence that holds one

ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?", re.IGNORECASE)
AGENCY_BREAK = re.compile(r"_{3,}")  # agencies part a report from what follows it so, and copies keep it
SHORTCODE = re.compile(r"^\[/?[a-z_-]+(?: [^\]]*)?\](?:.{0,80}\[/[a-z_-]+\])?")
CONTRIBUTED = re.compile(r"\bcontributed (?:to th(?:is|e) (?:report|story|reporting)|reporting)\b")
COPYRIGHT_SIGN = re.compile(r"^\W{0,2}(?:©|\(c\)\s|copyright\b|&copy;)", re.IGNORECASE)
DATE_HINTS = re.compile(r"\b(?:date|time|timestamp|datum|fecha|data|pub-?date|published)\b")
BYLINE_HINTS = re.compile(r"(?:by-?line|author|autor|auteur|writer|signature|contributor)")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the rules know of the page beside the blocks."""

    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


class Verdict(NamedTuple):
    """A text and the rule that cuts it; None keeps it. `block` is where it stands, if in the markup."""

    text: str
    key: str  # the text without any white space
    rule: str | None
    block: SourceBlock | None = None
    kind: ParagraphKind | None = None  # None: as the markup says

    @property
    def paragraph(self) -> Paragraph:
        if self.kind is None and self.block is not None:
            return to_paragraph(self.block)
        return Paragraph(self.kind or ParagraphKind.TEXT, self.text)


def judge_blocks(
    body: Sequence[SourceBlock], words: Sequence[int], likelihoods: Sequence[float], facts: PageFacts
) -> list[str | None]:
    """For each block of a body the rule that cuts it; None keeps it. `likelihoods` are the model's."""
    blocks = describe_blocks(body, words, likelihoods)
    rules = [_rule_for(block, facts) for block in blocks]
    _cut_dangling_headings(blocks, rules)
    return rules


def _rule_for(block: BlockInContext, facts: PageFacts) -> str | None:
    """The first rule that cuts this block."""
    text = block.paragraph.text
    if not any(map(str.isalnum, text)):
        return None if AGENCY_BREAK.fullmatch(text) else "symbols"
    if len(text) > MAX_RULE_CHARS or is_editor_note(block.folded):
        return None
    if _is_title(block, facts):
        return "title"
    for name, is_cut in _RULES:
        if is_cut(block, facts):
            return name
    return None


def _is_title(block: BlockInContext, facts: PageFacts) -> bool:
    if block.source.tag == "h1" and block.is_leading:
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
    if CLOCK.fullmatch(text):
        return True
    if len(text) > MAX_DATE_CHARS or not any(map(str.isdigit, text)):
        return False
    if block.is_leading or (block.words <= MAX_DATE_WORDS and DATE_HINTS.search(block.source.own_hints)):
        return bool(find_dates(text, "text"))
    return bool(read_date_line(text, "text"))


def _is_read_more(block: BlockInContext, facts: PageFacts) -> bool:
    match = load_site_words().read_more.match(block.folded.lstrip(" \t»>▶►•*-–—|([→"))
    if match is None or block.words > MAX_LINK_BLOCK_WORDS:
        return False
    rest = block.folded.lstrip(" \t»>▶►•*-–—|([→")[match.end() :].lstrip()
    if not rest or rest[:1] in (":", "：", "|", ">", "»"):
        return True
    return block.link_share >= 0.5 and len(match.group().split()) > 1


def _is_link_block(block: BlockInContext, facts: PageFacts) -> bool:
    if block.link_share < LINK_SHARE or block.words > MAX_LINK_BLOCK_WORDS or block.likelihood >= SURE:
        return False
    if not block.is_edge and ADDRESS.fullmatch(block.paragraph.text):  # which the author spells out
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
    hints = block.source.own_hints
    return bool(BYLINE_HINTS.search(hints)) and not block.is_sentence


def _is_credit(block: BlockInContext, facts: PageFacts) -> bool:
    if not block.is_trailing or block.words > MAX_CREDIT_WORDS:
        return False
    if COPYRIGHT_SIGN.match(block.paragraph.text) or CONTRIBUTED.search(block.folded):
        return True
    match = load_site_words().credit.match(block.folded.lstrip(" ([*_–—-"))
    if match is None:
        return False
    rest = block.folded.lstrip(" ([*_–—-")[match.end() :].lstrip()
    return match.group().rstrip().count(" ") > 0 or rest[:1] in (":", "：", "/", "|", "©")


def _is_in_zone(block: BlockInContext, facts: PageFacts) -> bool:
    """Whether class words name a place that isn't the article's, and the model isn't sure that it is."""
    return block.in_zone and block.words <= MAX_LINK_BLOCK_WORDS and block.likelihood < SURE


def _is_plea(block: BlockInContext, facts: PageFacts) -> bool:
    if block.words > MAX_PLEA_WORDS or block.is_speech:
        return False
    if not (block.is_edge or block.link_share >= 0.5 or block.in_zone):
        return False
    return load_site_words().plea.is_in(block.folded)


def _is_notice(block: BlockInContext, facts: PageFacts) -> bool:
    return block.words <= MAX_NOTICE_WORDS and load_site_words().notice.is_in(block.folded)


def _is_bio(block: BlockInContext, facts: PageFacts) -> bool:
    if not block.is_trailing or block.words > MAX_BIO_WORDS:
        return False
    opening = " ".join(block.folded.split()[:14])
    return load_site_words().bio.is_in(opening) and block.paragraph.text[:1].isupper()


def _is_side_caption(block: BlockInContext, facts: PageFacts) -> bool:
    """A caption outside the running text, or one that credits a picture."""
    if _credits_picture(block):
        return True
    if not is_caption(block.source):
        return False
    return block.is_edge or names_owner(block.paragraph.text)


def _credits_picture(block: BlockInContext) -> bool:
    text = block.paragraph.text
    if closes_with_credit(text, block.words):
        return True
    return not block.is_sentence and is_credit_line(text, block.words)


_RULES = (
    ("ui", _is_ui),
    ("shortcode", _is_shortcode),
    ("counter", _is_counter),
    ("byline", _is_byline),
    ("date_line", _is_date),
    ("read_more", _is_read_more),
    ("link_block", _is_link_block),
    ("credit", _is_credit),
    ("plea", _is_plea),
    ("notice", _is_notice),
    ("bio", _is_bio),
    ("caption", _is_side_caption),
    ("zone", _is_in_zone),
)


def _cut_dangling_headings(blocks: Sequence[BlockInContext], rules: list[str | None]) -> None:
    """Cut headings at the end that head nothing."""
    kept = [index for index, rule in enumerate(rules) if rule is None]
    closing = list(takewhile(lambda i: blocks[i].paragraph.kind is ParagraphKind.HEADING, reversed(kept)))
    if len(closing) <= MAX_DANGLING:
        for index in closing:
            rules[index] = "dangling_heading"
