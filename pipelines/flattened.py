"""Cleans a flattened web page: a text dump with menus, pleas and icon names around an article."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.flattened_features import F64, best_run
from pipelines.flattened_head import Head, read_head
from pipelines.flattened_lines import Line, is_finished, read_lines
from pipelines.flattened_model import judge_lines
from pipelines.flattened_rules import find_edge_rule, find_junk_rule, find_tail_rule
from pipelines.flattened_title import same_words
from pipelines.flattened_words import words_of
from pipelines.records import FlattenedPage, Paragraph, ParagraphKind, RemovedBlock

RUN_BAR = 0.5  # lines likelier than this lengthen the article, others cost
MAX_GAP_COST = 6.0  # a line costs a run no more words than this, so a table doesn't end an article
KEPT_BAR = 0.4  # inside the article, less likely lines are cut …
SENTENCE_BAR = 0.1  # … unless they are sentences; at its ends, sentences as likely as this join it
TAIL_BAR = 0.75  # a heading with no text after it is only kept if likelier than this
SURE_BAR = 0.5  # an article holds at least one finished sentence as likely as this
MIN_SENTENCE_WORDS = 6
MAX_WORDS_COUNTED = 60.0
MAX_HEADING_WORDS = 14


def clean_flattened(text: str) -> FlattenedPage:
    """The article in a flattened page, and every line that was cut, with the rule that cut it.

    The standfirst is the subtitle and also the first paragraph, of kind LEAD. `published` has
    the signal "text". A page without article text has no paragraphs.
    """
    lines, beyond = read_lines(text)
    junk = [find_junk_rule(line.text) for line in lines]
    likely = judge_lines(lines, junk)
    rules = _find_rules(lines, likely, junk)
    kept = [at for at, rule in enumerate(rules) if rule is None]
    if not _holds_article(lines, likely, kept):
        return _empty_page(lines, rules, beyond)
    head = read_head(lines, kept[0], kept[-1])
    rules = _apply_head(lines, rules, head)
    return _build_page(lines, rules, head, beyond)


def _find_rules(lines: Sequence[Line], likely: F64, junk: Sequence[str | None]) -> list[str | None]:
    """For each line the rule that cuts it; None: it is the article's."""
    words = np.array([min(len(words_of(line.text)), MAX_WORDS_COUNTED) for line in lines])
    gains = np.maximum((likely - RUN_BAR) * (words + 2.0), -MAX_GAP_COST)
    gains[[rule is not None for rule in junk]] = -1.0
    start, end = _extend(lines, likely, junk, *best_run(gains))
    rules: list[str | None] = []
    for at, rule in enumerate(junk):
        if not start <= at < end:
            rules.append(rule or find_edge_rule(lines[at].text) or "outside_article")
        else:
            bar = SENTENCE_BAR if _is_sentence(lines[at].text) else KEPT_BAR
            rules.append(rule or ("unlike_article" if likely[at] < bar else None))
    return _trim(lines, likely, rules, start, end)


def _extend(
    lines: Sequence[Line], likely: F64, junk: Sequence[str | None], start: int, end: int
) -> tuple[int, int]:
    """The run with the short sentences at its ends, which a model of single lines gives up too soon."""

    def belongs(at: int) -> bool:
        text = lines[at].text
        bar = SENTENCE_BAR if _is_sentence(text) else KEPT_BAR
        return junk[at] is None and likely[at] >= bar and is_finished(text) and not find_edge_rule(text)

    while start < end < len(lines) and belongs(end):
        end += 1
    while 0 < start < end and belongs(start - 1):
        start -= 1
    return start, end


def _is_sentence(text: str) -> bool:
    """Whether a line ends as a statement; teasers like to end in a question or an ellipsis."""
    return is_finished(text) and not text.endswith(("?", "…", "..."))


def _trim(
    lines: Sequence[Line], likely: F64, rules: Sequence[str | None], start: int, end: int
) -> list[str | None]:
    """Cut junk at both ends of the article."""
    trimmed = list(rules)
    for at in range(start, end):
        rule = trimmed[at] or find_edge_rule(lines[at].text)
        if rule is None:
            break
        trimmed[at] = rule
    for at in range(end - 1, start - 1, -1):
        text = lines[at].text
        rule = trimmed[at] or find_edge_rule(text) or find_tail_rule(text)
        if rule is None and likely[at] < TAIL_BAR and _is_label(lines[at]):
            rule = "trailing_label"
        if rule is None:
            break
        trimmed[at] = rule
    return trimmed


def _is_label(line: Line) -> bool:
    """Whether a line looks like a heading or another story's headline, whole or cut off."""
    is_short = len(words_of(line.text)) <= MAX_HEADING_WORDS and not line.is_marked
    return is_short and not is_finished(line.text) and not line.text.endswith((",", ";", "”", '"', "»"))


def _holds_article(lines: Sequence[Line], likely: F64, kept: Sequence[int]) -> bool:
    return any(
        likely[at] >= SURE_BAR
        and is_finished(lines[at].text)
        and len(words_of(lines[at].text)) >= MIN_SENTENCE_WORDS
        for at in kept
    )


def _apply_head(lines: Sequence[Line], rules: Sequence[str | None], head: Head) -> list[str | None]:
    """The rules with the lines of the head marked; the standfirst is kept."""
    applied = list(rules)
    if head.titles:
        title = same_words(lines[head.titles[0]].text)
        for at, line in enumerate(lines):
            if applied[at] is None and same_words(line.text) == title:
                applied[at] = "repeated_title"
        for at in head.titles:
            applied[at] = "title" if at == head.titles[0] else "repeated_title"
    if head.byline is not None:
        applied[head.byline] = "byline"
    if head.date is not None:
        applied[head.date] = "date_line"
    if head.subtitle is not None:
        applied[head.subtitle] = None
    return applied


def _build_page(
    lines: Sequence[Line], rules: Sequence[str | None], head: Head, beyond: Sequence[str]
) -> FlattenedPage:
    order = [at for at, rule in enumerate(rules) if rule is None]
    if head.subtitle is not None:
        order = [head.subtitle, *(at for at in order if at != head.subtitle)]
    paragraphs = tuple(Paragraph(_kind(lines, order, at, head), lines[at].text) for at in order)
    removed: list[RemovedBlock] = []
    position = 0
    for line, rule in zip(lines, rules, strict=True):
        if rule is None:
            position += 1
        elif rule != "title":
            removed.extend(RemovedBlock(position, source, rule) for source in line.sources)
    removed.extend(RemovedBlock(position, source, "beyond_limit") for source in beyond)
    return FlattenedPage(
        title=lines[head.titles[0]].text if head.titles else None,
        subtitle=lines[head.subtitle].text if head.subtitle is not None else None,
        byline_raw=head.byline_raw,
        published=head.published,
        paragraphs=paragraphs,
        removed=tuple(removed),
    )


def _kind(lines: Sequence[Line], order: Sequence[int], at: int, head: Head) -> ParagraphKind:
    line = lines[at]
    if at == head.subtitle:
        return ParagraphKind.LEAD
    if line.is_marked:
        return ParagraphKind.LIST
    if line.text.startswith(">"):
        return ParagraphKind.QUOTE
    return ParagraphKind.HEADING if _is_label(line) and at != order[-1] else ParagraphKind.TEXT


def _empty_page(lines: Sequence[Line], rules: Sequence[str | None], beyond: Sequence[str]) -> FlattenedPage:
    removed = [
        RemovedBlock(0, source, rule or "outside_article")
        for line, rule in zip(lines, rules, strict=True)
        for source in line.sources
    ]
    removed += [RemovedBlock(0, source, "beyond_limit") for source in beyond]
    return FlattenedPage(None, None, None, None, (), tuple(removed))
