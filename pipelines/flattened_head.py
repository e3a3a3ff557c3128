"""The head of a flattened page: title, standfirst, byline and date around the article's beginning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.date_text import DateLabel
from pipelines.flattened_lines import Line, is_finished
from pipelines.flattened_rules import find_edge_rule, find_junk_rule, has_byline_start
from pipelines.flattened_stamps import (
    DATE_REACH,
    HEAD_REACH,
    MAX_NAME_WORDS,
    Stamp,
    is_name,
    is_personal_name,
    read_stamps,
)
from pipelines.flattened_title import find_titles, is_stamp
from pipelines.flattened_words import words_of
from pipelines.records import TimeSignal

SUBTITLE_REACH = 5  # a picture's credit or a share bar may stand between title and standfirst
STANDFIRST_WORDS = range(5, 80)
OPENING_REACH = 6  # title, standfirst, byline and date, where they were taken for text


@dataclass(frozen=True, slots=True)
class Head:
    """Places of lines in the page; `titles` are all copies of the title, the first one first."""

    titles: tuple[int, ...]
    subtitle: int | None
    byline: int | None
    byline_raw: str | None
    date: int | None
    published: TimeSignal | None
    stamps: tuple[int, ...]  # lines of the head that hold nothing but dates and names


def read_head(lines: Sequence[Line], kept: Sequence[int]) -> Head:
    """The head of the article whose text, perhaps with lines of the head, is in the lines `kept`."""
    first, last = _find_opening(lines, kept), kept[-1]
    titles = find_titles(lines, first)
    top = titles[0] if titles else max(first - DATE_REACH, 0)
    stamps = read_stamps(lines, top, first, last)
    date, published = _choose_date(stamps, titles[0] if titles else first)
    byline, byline_raw = _choose_byline(lines, stamps, top, first, date)
    known = {stamp.place for stamp in stamps} | ({byline} if byline is not None else set())
    subtitle = _find_subtitle(lines, titles, known, first)
    if subtitle is None and titles and kept[0] == first - 1 and kept[0] not in {*titles, *known}:
        subtitle = kept[0] if _is_standfirst(lines[kept[0]].text) else None
    places = tuple(stamp.place for stamp in stamps if stamp.place not in (*titles, subtitle))
    return Head(titles, subtitle, byline, byline_raw, date, published, places)


def _find_opening(lines: Sequence[Line], kept: Sequence[int]) -> int:
    """The first kept line below date and byline; the first of all where none stands among short lines."""
    opening = 0
    for count, at in enumerate(kept[:OPENING_REACH]):
        below = kept[count + 1] if count + 1 < len(kept) else None
        if below is None or len(words_of(lines[at].text)) >= STANDFIRST_WORDS.stop // 2:
            break
        is_above_stamp = any(
            is_stamp(lines[place].text) for place in range(at, min(below, at + OPENING_REACH))
        )
        if is_above_stamp or (count == opening and not is_finished(lines[at].text)):
            opening = count + 1
    return kept[opening]


def _choose_date(stamps: Sequence[Stamp], title: int) -> tuple[int | None, TimeSignal | None]:
    """The date of publication: one that says so, else the unlabelled one that is nearest to the title."""
    found = [
        (
            date.time.value is None,
            date.label is not DateLabel.PUBLISHED,
            abs(stamp.place - title),
            stamp.place,
            date.time,
        )
        for stamp in stamps
        for date in stamp.dates
        if date.label is not DateLabel.MODIFIED
    ]
    if not found:
        return (stamps[0].place if stamps else None), None
    *_, place, time = min(found, key=lambda choice: choice[:4])
    return place, time


def _choose_byline(
    lines: Sequence[Line], stamps: Sequence[Stamp], top: int, first: int, date: int | None
) -> tuple[int | None, str | None]:
    for at in range(max(top - 3, 0), min(first + HEAD_REACH, len(lines))):
        text = lines[at].text
        named = next((stamp.name for stamp in stamps if stamp.place == at and stamp.name), None)
        if named is not None:
            return at, named
        if has_byline_start(text) and not is_finished(text):
            is_beside_date = date is not None and abs(at - date) <= 1 and len(text.split()) <= MAX_NAME_WORDS
            if is_beside_date or is_name(text):
                return at, text
    for at in range(top + 1, min(first + HEAD_REACH, len(lines))):
        is_beside_date = date is not None and 0 < abs(at - date) <= 2
        if is_beside_date and is_personal_name(lines[at].text):
            return at, lines[at].text
    return None, None


def _find_subtitle(lines: Sequence[Line], titles: tuple[int, ...], known: set[int], first: int) -> int | None:
    """The standfirst: between two copies of the title, before byline or date, or unfinished below it."""
    if not titles:
        return None
    title = titles[0]
    copies = sorted(titles)
    for before, after in pairwise(copies):
        between = [at for at in range(before + 1, after) if at not in known]
        if len(between) == 1 and _is_standfirst(lines[between[0]].text):
            return between[0]
    reach = range(title + 1, min(title + SUBTITLE_REACH, len(lines)))
    below = next((at for at in reach if at not in titles and not find_junk_rule(lines[at].text)), None)
    if below is not None and below not in known and _is_standfirst(lines[below].text):
        is_before_stamp = any(below < at <= max(first, below + 3) for at in known)
        is_unfinished = below <= first and not is_finished(lines[below].text)
        if is_before_stamp or is_unfinished:
            return below
    return _find_below_stamps(lines, title, known, first)


def _find_below_stamps(lines: Sequence[Line], title: int, known: set[int], first: int) -> int | None:
    """A whole sentence that labels and pictures part from the text, below title and date."""
    for at in range(title + 1, min(title + DATE_REACH, first)):
        text = lines[at].text
        if at not in known and is_finished(text) and _is_standfirst(text):
            is_parted = at + 1 < first and not is_finished(lines[at + 1].text)
            is_caption = find_junk_rule(lines[at + 1].text) == "picture"
            return at if is_parted and not is_caption else None
    return None


def _is_standfirst(text: str) -> bool:
    words = words_of(text)
    if len(words) not in STANDFIRST_WORDS or len(text) < 25:
        return False
    return not (find_junk_rule(text) or find_edge_rule(text) or has_byline_start(text))
