"""Versions of an article, compared word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from flows.report.story import Story
from warehouse.story_report import ReportArticle, ReportVersion

MAX_EDITS = 60  # a story's newest; the rest is one query away
MAX_WORDS = 4000  # of a changed stretch; longer ones are shown whole, as cut and put in


class Change(StrEnum):
    SAME = "same"
    CUT = "cut"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Stretch:
    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What one version changed in the one before: only the paragraphs that changed."""

    article: ReportArticle
    earlier: ReportVersion
    later: ReportVersion
    title: tuple[Stretch, ...]  # empty where the headline stayed
    paragraphs: tuple[tuple[Stretch, ...], ...]
    unchanged_paragraphs: int
    words_cut: int
    words_added: int


def find_edits(story: Story) -> tuple[tuple[Edit, ...], int]:
    """The newest versions beside the ones before them, the newest first; and how many more there are."""
    steps = [
        (earlier, later)
        for earlier, later in pairwise(story.rows.versions)
        if earlier.article_id == later.article_id
    ]
    steps.sort(key=lambda step: step[1].fetched_at, reverse=True)
    edits = tuple(
        compare_versions(story.by_id[later.article_id], earlier, later)
        for earlier, later in steps[:MAX_EDITS]
    )
    return edits, len(steps) - len(edits)


def compare_versions(article: ReportArticle, earlier: ReportVersion, later: ReportVersion) -> Edit:
    """The differences of two versions, by paragraphs first and by words within them."""
    before, after = earlier.text.split("\n\n"), later.text.split("\n\n")
    paragraphs: list[tuple[Stretch, ...]] = []
    unchanged = 0
    for tag, low, high, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            unchanged += high - low
        else:
            paragraphs += _compare_stretch("\n\n".join(before[low:high]), "\n\n".join(after[start:end]))
    stretches = [stretch for paragraph in paragraphs for stretch in paragraph]
    return Edit(
        article,
        earlier,
        later,
        compare_words(earlier.title or "", later.title or "") if earlier.title != later.title else (),
        tuple(paragraphs),
        unchanged,
        _words_in(stretches, Change.CUT),
        _words_in(stretches, Change.ADDED),
    )


def compare_words(before: str, after: str) -> tuple[Stretch, ...]:
    """Two texts as one, with what was cut and what was added."""
    old, new = re.findall(r"\S+|\n\n", before), re.findall(r"\S+|\n\n", after)
    if len(old) + len(new) > MAX_WORDS:
        return (Stretch(Change.CUT, before), Stretch(Change.ADDED, after))
    found: list[Stretch] = []
    for tag, low, high, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Stretch(Change.SAME, _spaced(old[low:high])))
            continue
        if high > low:
            found.append(Stretch(Change.CUT, _spaced(old[low:high])))
        if end > start:
            found.append(Stretch(Change.ADDED, _spaced(new[start:end])))
    return tuple(found)


def _compare_stretch(before: str, after: str) -> Iterable[tuple[Stretch, ...]]:
    """The compared words, as paragraphs again."""
    paragraph: list[Stretch] = []
    for stretch in compare_words(before, after):
        parts = stretch.text.split("\n\n")
        for place, part in enumerate(parts):
            if place:
                yield tuple(paragraph)
                paragraph = []
            if part.strip():
                paragraph.append(Stretch(stretch.change, part.strip()))
    yield tuple(paragraph)


def _spaced(words: Sequence[str]) -> str:
    return " ".join(words)


def _words_in(stretches: Iterable[Stretch], change: Change) -> int:
    return sum(len(stretch.text.split()) for stretch in stretches if stretch.change is change)
