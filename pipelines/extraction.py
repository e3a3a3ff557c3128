"""The body of a page: the blocks that are its article, each of its kind, and what was cut and why."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import numpy as np
from lxml.html import HtmlElement

from pipelines.block_features import PageStatements
from pipelines.block_judge import Flags, Judgement, judge_page
from pipelines.block_model import load_models
from pipelines.blocks import PageBlocks, squash
from pipelines.boilerplate import PageFacts, Verdict, judge_blocks
from pipelines.cut_names import join_page_blocks, name_cuts
from pipelines.editor_notes import is_editor_note
from pipelines.lexicon import fold
from pipelines.readings import read_fast
from pipelines.records import Paragraph, ParagraphKind, RemovedBlock
from pipelines.standfirst import find_standfirst
from pipelines.text_shape import count_words

MIN_BODY_CHARS = 250  # a shorter body may not be in the page's markup: the page's own data is asked
MIN_BODY_WORDS = 8  # of the first paragraph that is taken as running text
MIN_NOTE_LIKELIHOOD = 0.05  # of an editor's note on this article; those in a site's foot get next to nothing
MIN_NOTE_WORDS = 8
DATA_GAIN = 2.0  # how much longer the page's own data must be to stand in for the markup
CELL_GAP = " | "  # between the cells of a table's row


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

    Trained models judge every block of the page, with trafilatura's reading of it where they
    aren't sure. Rules then cut the site's own blocks, and the standfirst becomes a lead. Every
    other block of the page is kept with the name of the rule that cut it.
    """
    verdicts = _judge_markup(tree, page, hints)
    if hints.data_body and _length(verdicts) < MIN_BODY_CHARS:
        from_data = _data_verdicts(hints.data_body)
        if _length(from_data) > DATA_GAIN * _length(verdicts):
            cut = [verdict._replace(rule=verdict.rule or "page") for verdict in verdicts]
            verdicts = [*cut, *from_data]
    verdicts = _with_lead(verdicts, page, hints)
    kept = tuple(_paragraphs_of([verdict for verdict in verdicts if verdict.rule is None]))
    if hints.is_live_blog:
        kept = tuple(map(_as_post, kept))
    lead = kept[0].text if kept and kept[0].kind is ParagraphKind.LEAD else None
    unseen = [RemovedBlock(0, text, "screen_reader") for text in page.hidden if text]
    return Body(kept, (*unseen, *_removed(verdicts)), lead)


def _judge_markup(tree: HtmlElement, page: PageBlocks, hints: BodyHints) -> list[Verdict]:
    """A verdict for every block of the page, in order."""
    if not page.blocks:
        return []
    facts = hints.facts
    view = PageStatements(facts.titles, facts.authors, hints.description, hints.data_body)
    judged = judge_page(page, view, load_models(), partial(read_fast, tree))
    is_likely = _with_notes(page, judged)
    places = np.flatnonzero(is_likely)
    likely = [page.blocks[place] for place in places]
    words = judged.measures["words"][places].astype(int).tolist()
    cuts = judge_blocks(likely, words, judged.likelihoods[places].tolist(), facts)
    kept = is_likely.copy()
    kept[places] = [cut is None for cut in cuts]
    rules: list[str | None] = [*name_cuts(page, judged.measures, kept)]
    for place, cut in zip(places.tolist(), cuts, strict=True):
        rules[place] = cut
    return [
        Verdict(block.text, block.key, rule, block) for block, rule in zip(page.blocks, rules, strict=True)
    ]


def _with_notes(page: PageBlocks, judged: Judgement) -> Flags:
    """Which blocks are likely the article's, and the editor's notes on it that the model half believes."""
    is_likely = judged.is_likely.copy()
    words = judged.measures["words"]
    doubted = ~is_likely & (judged.likelihoods >= MIN_NOTE_LIKELIHOOD) & (words >= MIN_NOTE_WORDS)
    for place in np.flatnonzero(doubted):
        is_likely[place] = is_editor_note(fold(page.blocks[place].text))
    return is_likely


def _paragraphs_of(kept: Sequence[Verdict]) -> Iterator[Paragraph]:
    """The paragraphs of an article; the cells of a table's row make one."""
    for row, verdicts in groupby(kept, _row_of):
        texts = [verdict.paragraph for verdict in verdicts]
        if row is None:
            yield from texts
        else:
            yield Paragraph(texts[0].kind, CELL_GAP.join(paragraph.text for paragraph in texts))


def _row_of(verdict: Verdict) -> int | None:
    return verdict.block.row if verdict.block is not None else None


def _as_post(paragraph: Paragraph) -> Paragraph:
    is_text = paragraph.kind is ParagraphKind.TEXT
    return Paragraph(ParagraphKind.POST, paragraph.text) if is_text else paragraph


def _length(verdicts: Sequence[Verdict]) -> int:
    return sum(len(verdict.text) for verdict in verdicts if verdict.rule is None)


def _data_verdicts(data_body: str) -> list[Verdict]:
    """`articleBody` as paragraphs; its markup, if any, is dropped."""
    text = re.sub(r"</?(?:p|div|br|h\d|li)\b[^>]{0,300}>", "\n", html.unescape(data_body))
    text = re.sub(r"<[^<>]{1,300}>", "", text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [Verdict(line, squash(line), None) for line in lines if line]


def _removed(verdicts: Sequence[Verdict]) -> tuple[RemovedBlock, ...]:
    """What was cut, each before the paragraph it stood before."""
    kept = {verdict.key for verdict in verdicts if verdict.rule is None}
    position, row = 0, None
    removed: list[RemovedBlock] = []
    for verdict in verdicts:
        if verdict.rule is None:
            before, row = row, _row_of(verdict)
            position += row is None or row != before  # the cells of a row are one paragraph
        elif verdict.key not in kept:
            removed.append(RemovedBlock(position, verdict.text, verdict.rule))
    return join_page_blocks(removed)


def _with_lead(verdicts: list[Verdict], page: PageBlocks, hints: BodyHints) -> list[Verdict]:
    """The verdicts with the standfirst marked as lead and put in front of the body."""
    body = next((verdict for verdict in verdicts if _is_body(verdict)), None)
    start = body.block if body else None
    lead = find_standfirst(page, start, hints.facts.titles, hints.description)
    if lead is None:
        return verdicts
    at = next((index for index, verdict in enumerate(verdicts) if verdict.rule is None), 0)
    upto = next(
        (index for index, verdict in enumerate(verdicts) if _is_body(verdict) and verdict.key != lead.key),
        len(verdicts),
    )
    # the same sentence within the body is the body quoting its standfirst, and stays
    others = [
        verdict
        for index, verdict in enumerate(verdicts)
        if index > upto or verdict.key != lead.key or verdict.rule is not None
    ]
    return [*others[:at], Verdict(lead.text, lead.key, None, lead, ParagraphKind.LEAD), *others[at:]]


def _is_body(verdict: Verdict) -> bool:
    if verdict.rule is not None or count_words(verdict.text) < MIN_BODY_WORDS:
        return False
    return verdict.paragraph.kind in (ParagraphKind.TEXT, ParagraphKind.QUOTE)
