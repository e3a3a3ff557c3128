"""The head of a flattened page: title, standfirst, byline and date around the article's beginning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.date_text import DateLabel, LabelledDate, read_date_line
from pipelines.flattened_lines import Line, is_finished
from pipelines.flattened_rules import find_edge_rule, find_junk_rule, has_byline_start
from pipelines.flattened_title import find_titles
from pipelines.flattened_words import words_of
from pipelines.records import TimeSignal

DATE_REACH = 8  # lines around title and first paragraph in which the date is sought
TAIL_REACH = 4  # lines after the text, for pages that put the date there
STANDFIRST_WORDS = range(5, 80)
MAX_HEAD_LINE_CHARS = 160
MAX_NAME_WORDS = 12
MAX_PARTS = 5
MAX_LABEL_WORDS = 4
MAX_CLOCK_CHARS = 24

_PARTS = re.compile(r"\s+[-–—/]\s+|\s*[|•·]\s*")
_CLOCK = re.compile(r"\W*\d{1,2}[:.h]\d{2}")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\d{4}|\d[./-]\d{1,2}[./-]\d\d")


@dataclass(frozen=True, slots=True)
class Head:
    """Places of lines in the page; `titles` are all copies of the title, the first one first."""

    titles: tuple[int, ...]
    subtitle: int | None
    byline: int | None
    byline_raw: str | None
    date: int | None
    published: TimeSignal | None


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What a line of the head says: dates, and perhaps a name beside them."""

    place: int
    dates: tuple[LabelledDate, ...]
    name: str | None


def read_head(lines: Sequence[Line], first: int, last: int) -> Head:
    """The head of the article whose text is in the lines `first` to `last` (inclusive)."""
    titles = find_titles(lines, first)
    top = titles[0] if titles else max(first - DATE_REACH, 0)
    stamps = _read_stamps(lines, top, first, last)
    date, published = _choose_date(stamps, titles[0] if titles else first)
    byline, byline_raw = _choose_byline(lines, stamps, top, first, date)
    known = {stamp.place for stamp in stamps} | ({byline} if byline is not None else set())
    subtitle = _find_subtitle(lines, titles, known, first)
    return Head(titles, subtitle, byline, byline_raw, date, published)


def _read_stamps(lines: Sequence[Line], top: int, first: int, last: int) -> list[_Stamp]:
    around = range(max(top - DATE_REACH, 0), min(first + 2, len(lines)))
    tail = range(last + 1, min(last + 1 + TAIL_REACH, len(lines)))
    stamps = [_read_stamp(lines, at) for at in (*around, *tail)]
    return [stamp for stamp in stamps if stamp is not None]


def _read_stamp(lines: Sequence[Line], at: int) -> _Stamp | None:
    """The dates of a line that holds a date and at most a name or a place beside it."""
    text = lines[at].text
    if len(text) > MAX_HEAD_LINE_CHARS or not _YEAR.search(text):
        return None
    dates = _read_with_neighbours(lines, at)
    if dates:
        return _Stamp(at, dates, None)
    return _read_parts(at, text) or _split_name_and_date(at, text)


def _read_with_neighbours(lines: Sequence[Line], at: int) -> tuple[LabelledDate, ...]:
    """The dates of a line, with the label that stands above it and the clock time below it."""
    text = lines[at].text
    dates = read_date_line(text, "text")
    if len(dates) != 1:
        return dates
    above = lines[at - 1].text if at else ""
    below = lines[at + 1].text if at + 1 < len(lines) else ""
    if _CLOCK.match(below) and len(below) <= MAX_CLOCK_CHARS:
        dates = read_date_line(f"{text} {below}", "text") or dates
    if (
        dates[0].label is DateLabel.NONE
        and len(above.split()) <= MAX_LABEL_WORDS
        and not _DIGIT.search(above)
    ):
        labelled = read_date_line(f"{above} {text}", "text")
        dates = (replace(dates[0], label=labelled[0].label),) if len(labelled) == 1 else dates
    return dates


def _read_parts(at: int, text: str) -> _Stamp | None:
    """ "Ann Lee - Jan 30, 2024 / 8:22 PM": parts of which the longest readable run is the date."""
    parts = [part for part in _PARTS.split(text) if part]
    if not 1 < len(parts) <= MAX_PARTS:
        return None
    for size in range(len(parts) - 1, 0, -1):
        for start in range(len(parts) - size + 1):
            dates = read_date_line(" ".join(parts[start : start + size]), "text")
            if dates:
                others = [*parts[:start], *parts[start + size :]]
                names = [part for part in others if has_byline_start(part) or _is_personal_name(part)]
                return _Stamp(at, dates, names[0] if names else None)
    return None


def _split_name_and_date(at: int, text: str) -> _Stamp | None:
    """ "By Ann Lee, January 30, 2024": a name or place, then a date, or the other way round."""
    for cut in [match.start() for match in re.finditer(r"(?<=[\s,(:：])\S", text)][:MAX_NAME_WORDS]:
        for rest, date in ((text[:cut], text[cut:]), (text[cut:], text[:cut])):
            name = rest.strip(" ,(:;-–—|")
            is_name = _is_name(name) or (has_byline_start(name) and len(name.split()) <= MAX_LABEL_WORDS)
            dates = read_date_line(date.strip(" ,(:;-–—|"), "text") if is_name else ()
            if dates:
                return _Stamp(at, dates, name if has_byline_start(name) else None)
    return None


def _choose_date(stamps: Sequence[_Stamp], title: int) -> tuple[int | None, TimeSignal | None]:
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
    lines: Sequence[Line], stamps: Sequence[_Stamp], top: int, first: int, date: int | None
) -> tuple[int | None, str | None]:
    for at in range(max(top - 3, 0), min(first + 2, len(lines))):
        text = lines[at].text
        named = next((stamp.name for stamp in stamps if stamp.place == at and stamp.name), None)
        if named is not None:
            return at, named
        if has_byline_start(text) and _is_name(text) and not is_finished(text):
            return at, text
    for at in range(top + 1, first):
        is_beside_date = date is not None and 0 < abs(at - date) <= 2
        if is_beside_date and _is_personal_name(lines[at].text):
            return at, lines[at].text
    return None, None


def _is_name(text: str) -> bool:
    """A few words, most of them with a capital (or in a script without), no sentence."""
    words = re.findall(r"[^\W\d_]+", text)
    if not 0 < len(words) <= MAX_NAME_WORDS or find_junk_rule(text) or re.search(r"\d", text):
        return False
    capital = sum(word[0].isupper() or not word[0].islower() for word in words)
    return capital >= len(words) / 2 and not (is_finished(text) and len(words) > 4)


def _is_personal_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 3 and all(word[0].isupper() and word[-1].islower() for word in words)


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
    below = next((at for at in range(title + 1, min(title + 3, len(lines))) if at not in titles), None)
    if below is None or below in known or not _is_standfirst(lines[below].text):
        return None
    is_before_stamp = any(below < at <= max(first, below + 3) for at in known)
    is_unfinished = below <= first and not is_finished(lines[below].text)
    return below if is_before_stamp or is_unfinished else None


def _is_standfirst(text: str) -> bool:
    words = words_of(text)
    if len(words) not in STANDFIRST_WORDS or len(text) < 25:
        return False
    return not (find_junk_rule(text) or find_edge_rule(text) or has_byline_start(text))
