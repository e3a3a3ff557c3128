"""Cleans a flattened web page: a text dump with menus, pleas and icon names around an article."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.flattened_body import MAX_BIO_CHARS, find_rules, holds_article, is_label
from pipelines.flattened_head import Head, read_head
from pipelines.flattened_lines import Line, is_finished, read_lines
from pipelines.flattened_model import judge_lines
from pipelines.flattened_rules import find_junk_rule
from pipelines.flattened_runs import F64
from pipelines.flattened_title import same_words, site_suffix
from pipelines.people import split_names
from pipelines.records import FlattenedPage, Paragraph, ParagraphKind, RemovedBlock

MIN_REPEATED_WORDS = 3


def clean_flattened(text: str) -> FlattenedPage:
    """The article in a flattened page, and every line that was cut, with the rule that cut it.

    The standfirst is the subtitle and also the first paragraph, of kind LEAD. `published` has
    the signal "text". A page without article text has no paragraphs.
    """
    lines, beyond = read_lines(text)
    junk = [find_junk_rule(line.text) for line in lines]
    return clean_lines(lines, junk, judge_lines(lines, junk), beyond)


def clean_lines(
    lines: Sequence[Line], junk: Sequence[str | None], likely: F64, beyond: Sequence[str]
) -> FlattenedPage:
    """The article in lines that are judged already, each `likely` its text (0.0 to 1.0) or `junk` by rule."""
    rules = find_rules(lines, likely, junk)
    kept = [at for at, rule in enumerate(rules) if rule is None]
    if not holds_article(lines, likely, kept):
        return _empty_page(lines, rules, beyond)
    head = read_head(lines, kept)
    rules = _apply_head(lines, rules, head)
    return _build_page(lines, rules, head, beyond)


def _apply_head(lines: Sequence[Line], rules: Sequence[str | None], head: Head) -> list[str | None]:
    """The rules with the lines of the head marked; the standfirst is kept."""
    applied = list(rules)
    if head.titles:
        title = same_words(lines[head.titles[0]].text)
        for at, line in enumerate(lines):
            if applied[at] is None and _repeats_title(line.text, title):
                applied[at] = "repeated_title"
        for at in head.titles:
            applied[at] = "title" if at == head.titles[0] else "repeated_title"
    for at in head.stamps:
        if applied[at] is None:
            applied[at] = "date_line"
    if head.byline is not None:
        applied[head.byline] = "byline"
    if head.date is not None:
        applied[head.date] = "date_line"
    if head.subtitle is not None:
        applied[head.subtitle] = None
    return _cut_bios(lines, applied, head)


def _repeats_title(text: str, title: str) -> bool:
    """Whether a line says the title again, or its beginning; a word or two may recur in the text."""
    key = same_words(text)
    if len(key.split()) < MIN_REPEATED_WORDS:
        return False
    return key == title or (title.startswith(f"{key} ") and not is_finished(text))


def _cut_bios(lines: Sequence[Line], rules: Sequence[str | None], head: Head) -> list[str | None]:
    """Cut the last lines that name the article's author in full."""
    applied = list(rules)
    names = [name for name in split_names(head.byline_raw or "") if len(name.split()) > 1]
    kept = [at for at, rule in enumerate(rules) if rule is None and at != head.subtitle]
    for at in reversed(kept[1:]):
        text = lines[at].text
        if len(text) > MAX_BIO_CHARS or not any(name in text for name in names):
            break
        applied[at] = "bio"
    return applied


def _build_page(
    lines: Sequence[Line], rules: Sequence[str | None], head: Head, beyond: Sequence[str]
) -> FlattenedPage:
    order = [at for at, rule in enumerate(rules) if rule is None]
    if head.subtitle is not None:
        order = [head.subtitle, *(at for at in order if at != head.subtitle)]
    paragraphs = tuple(Paragraph(_kind(lines, order, at, head), lines[at].text) for at in order)
    removed: list[RemovedBlock] = []
    title = lines[head.titles[0]].text if head.titles else None
    suffix = site_suffix(title, lines) if title else ""
    if title and suffix:
        title = title.removesuffix(suffix)
        removed.append(RemovedBlock(0, suffix.strip(), "site_name"))
    position = 0
    for line, rule in zip(lines, rules, strict=True):
        if rule is None:
            position += 1
        elif rule != "title":
            removed.extend(RemovedBlock(position, source, rule) for source in line.sources)
    removed.extend(RemovedBlock(position, source, "beyond_limit") for source in beyond)
    return FlattenedPage(
        title=title,
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
    return ParagraphKind.HEADING if is_label(line) and at != order[-1] else ParagraphKind.TEXT


def _empty_page(lines: Sequence[Line], rules: Sequence[str | None], beyond: Sequence[str]) -> FlattenedPage:
    removed = [
        RemovedBlock(0, source, rule or "outside_article")
        for line, rule in zip(lines, rules, strict=True)
        for source in line.sources
    ]
    removed += [RemovedBlock(0, source, "beyond_limit") for source in beyond]
    return FlattenedPage(None, None, None, None, (), tuple(removed))
