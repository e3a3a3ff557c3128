"""The head of a flattened page: title, standfirst, byline and date around the article's beginning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.date_text import DateLabel, LabelledDate, read_date_line
from pipelines.flattened_features import words_of
from pipelines.flattened_lines import Line, is_finished, starts_inside
from pipelines.flattened_rules import find_edge_rule, find_junk_rule, has_byline_start
from pipelines.records import TimeSignal

TITLE_REACH = 40  # lines above the text in which the title is sought
DATE_REACH = 8  # lines around title and first paragraph in which the date is sought
TAIL_REACH = 4  # lines after the text, for pages that put the date there
MIN_TITLE_SCORE = 1.0
NO_TITLE = -10.0
MIN_TITLE_CHARS = 20  # a shorter one may begin another line by chance
MAX_LONGER = 200
TITLE_WORDS = range(2, 45)
STANDFIRST_WORDS = range(5, 80)
MAX_HEAD_LINE_CHARS = 160
MAX_NAME_WORDS = 12
BODY_LINES_READ = 15  # enough of the article to know its words

_PARTS = re.compile(r"\s+[-–—/]\s+|\s*[|•·]\s*")
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
    titles = _find_titles(lines, first)
    top = titles[0] if titles else max(first - DATE_REACH, 0)
    stamps = _read_stamps(lines, top, first, last)
    date, published = _choose_date(stamps, titles[0] if titles else first)
    byline, byline_raw = _choose_byline(lines, stamps, top, first, date)
    known = {stamp.place for stamp in stamps} | ({byline} if byline is not None else set())
    subtitle = _find_subtitle(lines, titles, known, first)
    return Head(titles, subtitle, byline, byline_raw, date, published)


def same_words(text: str) -> str:
    """`text` by its words only, to compare titles."""
    return " ".join(words_of(text))


def _find_titles(lines: Sequence[Line], first: int) -> tuple[int, ...]:
    body = lines[first : first + BODY_LINES_READ]
    vocabulary = {word for line in body[1:] for word in _content_words(line.text)}
    opening = set(_content_words(body[0].text)) if body else set()
    start = max(first - TITLE_REACH, 0)
    keys = [same_words(line.text) for line in lines[: first + 3]]
    repeated = {key for key, count in Counter(keys).items() if count > 1}
    longer = [key for key in keys if len(key) > MIN_TITLE_CHARS][:MAX_LONGER]
    best, best_score = None, MIN_TITLE_SCORE
    for at in range(start, min(first + 1, len(lines))):
        known = vocabulary | (opening if at < first else set())
        is_repeated = keys[at] in repeated or any(_is_title_of_page(key, keys[at]) for key in longer)
        score = is_repeated + _title_score(lines[at].text, known, first - at)
        if score > best_score:
            best, best_score = at, score
    if best is None:
        return ()
    copies = [at for at, key in enumerate(keys) if key == keys[best] and at != best]
    return (best, *copies)


def _title_score(text: str, known: set[str], distance: int) -> float:
    """How much a line `distance` lines above the text looks like the title; NO_TITLE: it can't be it."""
    words = words_of(text)
    if len(words) not in TITLE_WORDS or (not distance and (is_finished(text) or starts_inside(text))):
        return NO_TITLE
    if find_junk_rule(text) or find_edge_rule(text) or has_byline_start(text) or _dates_in(text):
        return NO_TITLE
    content = _content_words(text)
    overlap = sum(word in known for word in content) / len(content) if content else 0.0
    score = 2.0 * overlap - 0.04 * distance
    score += 0.5 * (len(words) >= 4) + 0.3 * (len(words) >= 6)
    return score - 0.8 * (is_finished(text) and not text.endswith(("?", "!", "…", "”", '"', "»")))


def _is_title_of_page(key: str, title: str) -> bool:
    """Whether a line is this title with the site's name after it."""
    return (
        len(title) > MIN_TITLE_CHARS and title != key and key.startswith(title) and len(key) < len(title) + 40
    )


def _content_words(text: str) -> list[str]:
    return [word for word in words_of(text) if len(word) > 3 or word >= "\u2e80"]


def _read_stamps(lines: Sequence[Line], top: int, first: int, last: int) -> list[_Stamp]:
    around = range(max(top - DATE_REACH, 0), min(first + 2, len(lines)))
    tail = range(last + 1, min(last + 1 + TAIL_REACH, len(lines)))
    stamps = [_read_stamp(at, lines[at].text) for at in (*around, *tail)]
    return [stamp for stamp in stamps if stamp is not None]


def _read_stamp(at: int, text: str) -> _Stamp | None:
    """The dates of a line that holds a date and at most a name or a place beside it."""
    if len(text) > MAX_HEAD_LINE_CHARS or not _YEAR.search(text):
        return None
    dates = read_date_line(text, "text")
    if dates:
        return _Stamp(at, dates, None)
    parts = [part for part in _PARTS.split(text) if part]
    read = [read_date_line(part, "text") for part in parts]
    if any(read) and len(parts) <= 5:
        names = [part for part, found in zip(parts, read, strict=True) if not found and _is_name(part)]
        return _Stamp(at, tuple(date for found in read for date in found), names[0] if names else None)
    return _split_name_and_date(at, text)


def _split_name_and_date(at: int, text: str) -> _Stamp | None:
    """ "By Ann Lee, January 30, 2024": a name, then a date, or the other way round."""
    cuts = [match.start() for match in re.finditer(r"(?<=[\s,(])\S", text)][:MAX_NAME_WORDS]
    for cut in cuts:
        name = text[:cut].strip(" ,(:;-–—|")
        dates = read_date_line(text[cut:], "text")
        if dates and (has_byline_start(name) or _is_name(name)):
            return _Stamp(at, dates, name)
    match = re.search(r"\b(?i:by|von|par|por|di|door|av)\s+[^\W\d_]", text)
    if match is not None and match.start() > 0:
        dates = read_date_line(text[: match.start()].strip(" ,(:;-–—|"), "text")
        if dates:
            return _Stamp(at, dates, text[match.start() :].strip())
    return None


def _dates_in(text: str) -> bool:
    return any(map(str.isdecimal, text)) and bool(read_date_line(text, "text"))


def _choose_date(stamps: Sequence[_Stamp], title: int) -> tuple[int | None, TimeSignal | None]:
    """The date of publication: one that says so, else the unlabelled one that is nearest to the title."""
    found = [
        (date.label is not DateLabel.PUBLISHED, abs(stamp.place - title), stamp.place, date.time)
        for stamp in stamps
        for date in stamp.dates
        if date.label is not DateLabel.MODIFIED
    ]
    if not found:
        return (stamps[0].place if stamps else None), None
    _, _, place, time = min(found, key=lambda choice: choice[:3])
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
    """The standfirst: between two copies of the title, before byline or date, or unfinished below the title."""
    if not titles:
        return None
    title = titles[0]
    copies = sorted(titles)
    for before, after in zip(copies, copies[1:], strict=False):
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
