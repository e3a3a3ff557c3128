"""Lines of a flattened page's head that hold a date, with the name, place or counts beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.date_text import DateLabel, LabelledDate, read_date_line
from pipelines.flattened_lines import Line, is_finished
from pipelines.flattened_rules import find_junk_rule, has_byline_start

DATE_REACH = 8  # lines around title and first paragraph in which the date is sought
HEAD_REACH = 4  # the text's first lines, among which byline and date may have been taken for it
TAIL_REACH = 4  # lines after the text, for pages that put the date there
MAX_HEAD_LINE_CHARS = 160
MAX_NAME_WORDS = 12
MAX_PARTS = 6
MAX_NAME_CHARS = 60
MAX_STAMP_WORDS = 30
MAX_DATE_WORDS = 12
MAX_LABEL_WORDS = 4
MAX_CLOCK_CHARS = 24

_AND = re.compile(r"\s*[,;&]\s*(?:and\s+)?|\s+(?:and|und|et|y|e|en|och|og|i|и)\s+")
_FUNCTION = re.compile(
    r"[\s,|–-]+(?:\w+ )?(?:contributor|reporter|staff(?: writer| reporter)?|writer|correspondent|editor|"
    r"columnist|journalist)s?$",
    re.IGNORECASE,
)
_SIGNED_BEHIND = re.compile(r"^\S{2,4} (?:기자|특파원)\b|^\S{2,4}(?:记者|記者)$")
_PARTS = re.compile(r"\s+[-–—/]\s+|\s*[|•·]\s*")
_AROUND = " ,;:-–—|/•·()★"
_UPDATED_AGO = re.compile(r"\W*(?:last )?updated (?:\d+ \w+ |an? \w+ )?ago$", re.IGNORECASE)
_BESIDE = frozenset({"in", "at", "on", "updated", "comments", "views"})
_CLOCK = re.compile(r"\W*\d{1,2}[:.h]\d{2}")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\d{4}|\d[./-]\d{1,2}[./-]\d\d")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a line of the head says: dates, and perhaps a name beside them."""

    place: int
    dates: tuple[LabelledDate, ...]
    name: str | None


def read_stamps(lines: Sequence[Line], top: int, first: int, last: int) -> list[Stamp]:
    around = range(max(top - DATE_REACH, 0), min(first + HEAD_REACH, last + 1))
    tail = range(last + 1, min(last + 1 + TAIL_REACH, len(lines)))
    stamps = [_read_stamp(lines, at) for at in (*around, *tail)]
    return [stamp for stamp in stamps if stamp is not None]


def _read_stamp(lines: Sequence[Line], at: int) -> Stamp | None:
    """The dates of a line that holds a date and at most a name or a place beside it."""
    text = lines[at].text
    if len(text) > MAX_HEAD_LINE_CHARS or not _YEAR.search(text) or find_junk_rule(text) == "picture":
        return None
    dates = _read_with_neighbours(lines, at) or read_date_line(_UPDATED_AGO.sub("", text), "text")
    if dates:
        return Stamp(at, dates, None)
    return _read_parts(at, text) or _split_name_and_date(at, text) or _read_amid(at, text)


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


def _read_parts(at: int, text: str) -> Stamp | None:
    """ "Ann Lee - Jan 30, 2024 / 8:22 PM": parts of which the longest readable run is the date."""
    parts = [part for part in _PARTS.split(text) if part]
    if not 1 < len(parts) <= MAX_PARTS:
        return None
    for size in range(len(parts) - 1, 0, -1):
        for start in range(len(parts) - size + 1):
            dates = read_date_line(" ".join(parts[start : start + size]), "text")
            if dates:
                others = [*parts[:start], *parts[start + size :]]
                names = [part for part in others if has_byline_start(part) or is_personal_name(part)]
                return Stamp(at, dates, names[0] if names else None)
    return None


def _split_name_and_date(at: int, text: str) -> Stamp | None:
    """ "By Ann Lee, January 30, 2024": a name or place, then a date, or the other way round."""
    for cut in [match.start() for match in re.finditer(r"(?<=[\s,(:：])\S", text)][:MAX_NAME_WORDS]:
        for rest, date in ((text[:cut], text[cut:]), (text[cut:], text[:cut])):
            name = rest.strip(" ,(:;-–—|")
            is_signed = is_name(name) or (has_byline_start(name) and len(name.split()) <= MAX_LABEL_WORDS)
            dates = read_date_line(date.strip(" ,(:;-–—|"), "text") if is_signed else ()
            if dates:
                return Stamp(at, dates, name if has_byline_start(name) else None)
    return None


def _read_amid(at: int, text: str) -> Stamp | None:
    """ "Ann Lee 31 Jan 2024 1,204": the longest readable run of words, among names, counts and labels."""
    words = _UPDATED_AGO.sub("", text).split()
    if len(words) > MAX_STAMP_WORDS or is_finished(text):
        return None
    for size in range(min(len(words) - 1, MAX_DATE_WORDS), 0, -1):
        for start in range(len(words) - size + 1):
            run = words[start : start + size]
            if not any(map(_DIGIT.search, run)):
                continue
            dates = read_date_line(" ".join(run).strip(_AROUND), "text")
            before, after = " ".join(words[:start]), " ".join(words[start + size :])
            if dates and _is_beside_date(before) and _is_beside_date(after):
                return Stamp(at, dates, before.strip(_AROUND) if _signs(before) else None)
    return None


def _is_beside_date(text: str) -> bool:
    """Whether a text is what pages set beside a date: a name, a place, counts, a label of time."""
    plain = text.strip(_AROUND)
    if not re.search(r"[^\W\d_]", plain) or _signs(plain) or find_junk_rule(plain):
        return True
    is_parted = text != plain and len(plain.split()) <= MAX_NAME_WORDS
    return is_parted or plain.lower() in _BESIDE or (plain.isupper() and len(plain.split()) <= 3)


def _signs(text: str) -> bool:
    plain = text.strip(_AROUND)
    return is_personal_name(plain) or (has_byline_start(plain) and is_name(plain))


def is_name(text: str) -> bool:
    """A few words, most of them with a capital (or in a script without), no sentence."""
    words = re.findall(r"[^\W\d_]+", text)
    if not 0 < len(words) <= MAX_NAME_WORDS or find_junk_rule(text) or re.search(r"\d", text):
        return False
    capital = sum(word[0].isupper() or not word[0].islower() for word in words)
    return capital >= len(words) / 2 and not (is_finished(text) and len(words) > 4)


def is_personal_name(text: str) -> bool:
    """One or more names, with at most the function of their bearers behind them."""
    if _SIGNED_BEHIND.search(text):
        return len(text) <= MAX_NAME_CHARS
    names = _AND.split(_FUNCTION.sub("", text).strip(" ,|"))
    return len(names) <= MAX_PARTS and all(map(_is_one_name, names))


def _is_one_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 3 and all(word[0].isupper() and word[-1].islower() for word in words)
