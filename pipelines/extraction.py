"""The body of a page: the better reading of trafilatura, without what belongs to the site."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from lxml.html import HtmlElement

from pipelines.blocks import PageBlocks, SourceBlock, squash
from pipelines.boilerplate import PageFacts, Verdict, judge_blocks
from pipelines.readings import read_default, read_precise
from pipelines.records import Paragraph, ParagraphKind, RemovedBlock
from pipelines.standfirst import find_standfirst
from pipelines.text_shape import count_words

MIN_PRECISE_SHARE = 0.6  # of the default reading's length: below it the precise one lost body text
MIN_BODY_CHARS = 250  # a shorter reading may have missed the body: the page's own data is asked
MIN_BODY_WORDS = 8  # of the first paragraph that is taken as running text
MIN_SIBLINGS = 3  # paragraphs of one markup that make it the body's
DATA_GAIN = 2.0  # how much longer the page's own data must be to stand in for a reading


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of an article, what was cut, and the standfirst if the page has one."""

    paragraphs: tuple[Paragraph, ...]
    removed: tuple[RemovedBlock, ...]
    subtitle: str | None


@dataclass(frozen=True, slots=True)
class BodyHints:
    """What the page's metadata says that helps to find its body."""

    facts: PageFacts
    description: str | None = None
    data_body: str | None = None  # `articleBody` of its JSON-LD
    is_live_blog: bool = False


def extract_body(tree: HtmlElement, page: PageBlocks, hints: BodyHints) -> Body:
    """The body of a parsed page. The tree stays as it is.

    Of trafilatura's two readings, the precise one counts unless it lost much. Rules then cut the
    site's own blocks, and the standfirst becomes a lead. Every block cut is kept with the rule's name.
    """
    precise = read_precise(tree)
    # where the precise reading has that share of all prose, the default one cannot overrule it
    default = () if _length(precise) >= MIN_PRECISE_SHARE * _prose_length(page) else read_default(tree)
    reading = precise if _length(precise) >= MIN_PRECISE_SHARE * _length(default) else default
    from_data = _data_paragraphs(hints.data_body)
    if _length(reading) < MIN_BODY_CHARS and _length(from_data) > DATA_GAIN * _length(reading):
        reading = from_data
    verdicts = judge_blocks(_with_lost_siblings(reading, page), page, hints.facts)
    verdicts = _with_lead(verdicts, page, hints)
    kept = tuple(verdict.paragraph for verdict in verdicts if verdict.rule is None)
    if hints.is_live_blog:
        kept = tuple(map(_as_post, kept))
    removed = _removed(verdicts, default if reading is precise else ())
    lead = kept[0].text if kept and kept[0].kind is ParagraphKind.LEAD else None
    return Body(kept, removed, lead)


def _with_lost_siblings(reading: Sequence[Paragraph], page: PageBlocks) -> Sequence[Paragraph]:
    """The reading with the paragraphs that it skipped between others of the very same markup."""
    sources = [page.find(paragraph.text) for paragraph in reading]
    homes = Counter(_home(source) for source in sources if source is not None and source.tag == "p")
    body = [source for source in sources if source is not None and homes[_home(source)] >= MIN_SIBLINGS]
    if not body:
        return reading
    known = "".join(squash(paragraph.text) for paragraph in reading)
    span = page.blocks[min(s.position for s in body) : max(s.position for s in body)]
    lost = [
        block
        for block in span
        if homes[_home(block)] >= MIN_SIBLINGS and block.link_share < 0.5 and squash(block.text) not in known
    ]
    whole = list(reading)
    places = [source.position if source is not None else -1 for source in sources]
    for block in lost:
        at = next((i for i, place in enumerate(places) if place > block.position), len(whole))
        whole.insert(at, Paragraph(ParagraphKind.TEXT, block.text))
        places.insert(at, block.position)
    return whole


def _home(block: SourceBlock) -> tuple[str, str]:
    """The markup that paragraphs of one body share."""
    return block.tag, block.hints


def _as_post(paragraph: Paragraph) -> Paragraph:
    is_text = paragraph.kind is ParagraphKind.TEXT
    return Paragraph(ParagraphKind.POST, paragraph.text) if is_text else paragraph


def _prose_length(page: PageBlocks) -> int:
    """Characters of all blocks that are not mostly links: no reading is longer."""
    return sum(len(block.text) for block in page.blocks if block.link_share < 0.5)


def _length(paragraphs: Sequence[Paragraph]) -> int:
    return sum(len(paragraph.text) for paragraph in paragraphs)


def _data_paragraphs(data_body: str | None) -> tuple[Paragraph, ...]:
    """`articleBody` as paragraphs; its markup, if any, is dropped."""
    if not data_body:
        return ()
    text = re.sub(r"</?(?:p|div|br|h\d|li)\b[^>]{0,300}>", "\n", html.unescape(data_body))
    text = re.sub(r"<[^<>]{1,300}>", "", text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(Paragraph(ParagraphKind.TEXT, line) for line in lines if line)


def _removed(verdicts: Sequence[Verdict], default: Sequence[Paragraph]) -> tuple[RemovedBlock, ...]:
    """What was cut: by rule, and what the precise reading left out of the default one."""
    position = 0
    removed: list[RemovedBlock] = []
    for verdict in verdicts:
        if verdict.rule is None:
            position += 1
        else:
            removed.append(RemovedBlock(position, verdict.paragraph.text, verdict.rule))
    places = {squash(verdict.paragraph.text) for verdict in verdicts}
    whole = "".join(squash(verdict.paragraph.text) for verdict in verdicts)
    kept_at = _positions(verdicts)
    before = 0
    for paragraph in default:
        key = squash(paragraph.text)
        before = kept_at.get(key, before)
        if key not in places and key not in whole:
            removed.append(RemovedBlock(before, paragraph.text, "precise_reading"))
    return tuple(sorted(removed, key=lambda block: block.position))


def _positions(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """For each kept text, the index of the paragraph after it."""
    kept = [squash(verdict.paragraph.text) for verdict in verdicts if verdict.rule is None]
    return {key: index + 1 for index, key in enumerate(kept)}


def _with_lead(verdicts: list[Verdict], page: PageBlocks, hints: BodyHints) -> list[Verdict]:
    """The verdicts with the standfirst marked as lead, or put in front where the reading lost it."""
    body = next((verdict for verdict in verdicts if _is_body(verdict)), None)
    start = page.find(body.paragraph.text) if body else None
    lead = find_standfirst(page, start, hints.facts.titles, hints.description)
    if lead is None:
        return verdicts
    key = squash(lead.text)
    before_body = list(takewhile(lambda v: not _is_body(v) or squash(v.paragraph.text) == key, verdicts))
    # the same sentence further down is the body quoting its standfirst, and stays
    others = [verdict for verdict in before_body if squash(verdict.paragraph.text) != key]
    front = Verdict(Paragraph(ParagraphKind.LEAD, lead.text), None)
    return [front, *others, *verdicts[len(before_body) :]]


def _is_body(verdict: Verdict) -> bool:
    paragraph = verdict.paragraph
    is_text = paragraph.kind in (ParagraphKind.TEXT, ParagraphKind.QUOTE)
    return verdict.rule is None and is_text and count_words(paragraph.text) >= MIN_BODY_WORDS
