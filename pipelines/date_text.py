"""Reads a text that is nothing but a date: a date line, a time element, a metadata value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import cache

from pipelines.calendars import ERA, common_year, from_persian, is_persian_year, with_common_era
from pipelines.date_clock import Clock, clock_shapes, take_clock
from pipelines.lexicon import DateWords, fold, load_date_words, split_words
from pipelines.records import Precision, TimeSignal

MAX_CHARS = 160  # a date with label, weekday, time and zone is shorter in every language we know
YEARS = range(1600, 2200)
TWO_DIGIT_PIVOT = 70  # 69 is 2069, 70 is 1970

_COMPACT = re.compile(
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:t?(?P<hh>\d{2})(?P<mm>\d{2})(?P<ss>\d{2})?(?P<z>z|[+-]\d{2}:?\d{2})?)?"
)
_LATIN_WORD = re.compile(r"(?<![^\W\d_])[a-z]{4,}(?![^\W\d_])")  # shorter ones may be of a clock
_IDEOGRAPH = re.compile("[㐀-鿿]")
PUNCTUATION = re.compile(r"[\s,.|\-–—‐−•·/():;\[\]【】。、・'’\"@~+]*")
_NUMERIC_SEPARATORS = {("/", "/"), ("-", "-"), (".", "."), ("年", "月"), ("년", "월"), ("‐", "‐"), ("–", "–")}
_VIETNAMESE_MONTH = "thang"  # "30 tháng 1 năm 2024": the month is a number behind a word


class DateLabel(StrEnum):
    """What the words beside a date say about it."""

    PUBLISHED = "published"
    MODIFIED = "modified"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LabelledDate:
    label: DateLabel
    time: TimeSignal


@dataclass(frozen=True, slots=True)
class _Number:
    value: int
    digits: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Days:
    """The days a text may mean; more than one: it doesn't say which."""

    days: frozenset[date]
    precision: Precision


def read_date_text(text: str, signal: str) -> TimeSignal | None:
    """The time that `text` states, if the whole of it is one date with at most a label.

    A date that can be read in two ways (03/04/2024) gives a signal whose value is None.
    Text beside the date, an impossible day or a date without year gives None.
    """
    labelled = read_labelled_date(text, signal)
    return labelled.time if labelled else None


def read_labelled_date(text: str, signal: str) -> LabelledDate | None:
    """As `read_date_text`, with the label: "Updated: 30 Jan 2024" is MODIFIED."""
    if len(text) > MAX_CHARS:
        return None
    words = load_date_words()
    clock, rest = take_clock(_spell_out(_joined(with_common_era(fold(text)), words)), words)
    found = _find_days(rest, words, has_clock=clock is not None)
    if found is None:
        return None
    return LabelledDate(_find_label(rest, words), _to_signal(text.strip(), signal, found, clock))


def read_date_line(text: str, signal: str) -> tuple[LabelledDate, ...]:
    """The dates of a line that holds nothing but dates: "Published … | Updated …"; else empty."""
    if len(text) > 2 * MAX_CHARS or not _may_be_dates(text):
        return ()
    whole = read_labelled_date(text, signal)
    if whole is not None:
        return (whole,)
    parts = [read_labelled_date(part, signal) for part in _split_at_labels(text)]
    dates = tuple(part for part in parts if part is not None)
    return dates if len(dates) == len(parts) else ()


def _may_be_dates(text: str) -> bool:
    """Whether a text has no Latin word and no ideograph that stands in no date."""
    folded = fold(text)
    if not _latin_words().issuperset(_LATIN_WORD.findall(folded)):
        return False
    return folded.isascii() or _ideographs().issuperset(_IDEOGRAPH.findall(folded))


@cache
def _latin_words() -> frozenset[str]:
    words = load_date_words()
    parts = (part for phrase, _ in words.month_phrases for part in _LATIN_WORD.findall(phrase))
    return words.known | frozenset(parts) | {"hours"}


@cache
def _ideographs() -> frozenset[str]:
    sources = (*load_date_words().known, *(shape.pattern for shape in clock_shapes()), ERA.pattern)
    return frozenset(_IDEOGRAPH.findall("".join(sources)))


def _split_at_labels(text: str) -> list[str]:
    """`text` cut before each label that follows a number, and at bars and bullets."""
    words = load_date_words()
    labels = (words.published | words.modified) - words.fillers
    cuts, seen_digit = [0], False
    for match in re.finditer(r"\d+|[^\W\d_]+|[|·•]", text):
        is_label = fold(match.group()) in labels or match.group() in "|·•"
        if is_label and seen_digit:
            cuts.append(match.start())
            seen_digit = False
        seen_digit = seen_digit or match.group().isdecimal()
    parts = [text[start:end].strip(" |·•,;\t") for start, end in zip(cuts, [*cuts[1:], None], strict=True)]
    return [part for part in parts if part]


def _joined(folded: str, words: DateWords) -> str:
    """A text whose months of two words are one: "kanun alawwal" of the Levant."""
    for phrase, month in words.month_phrases:
        folded = folded.replace(phrase, month)
    return folded


def _spell_out(folded: str) -> str:
    """A compact date (20240130T2022Z) with its separators; any other text unchanged."""
    match = _COMPACT.fullmatch(folded.strip())
    if match is None:
        return folded
    day = f"{match['y']}-{match['m']}-{match['d']}"
    if match["hh"] is None:
        return day
    seconds = f":{match['ss']}" if match["ss"] else ""
    return f"{day} {match['hh']}:{match['mm']}{seconds}{match['z'] or ''}"


def _find_days(rest: str, words: DateWords, *, has_clock: bool) -> _Days | None:
    tokens = split_words(rest)
    if not _is_punctuation_between(rest, [token.span() for token in tokens]):
        return None
    numbers = [
        _Number(int(token.group()), len(token.group()), *token.span())
        for token in tokens
        if token.group().isdecimal()
    ]
    names = [token.group() for token in tokens if not token.group().isdecimal()]
    months, weekdays = _find_months(names, words, is_stopped=re.search(r"\d\.\s?[^\W\d]", rest) is not None)
    if not _words_beside_clock(has_clock).issuperset(names):
        return None
    days = _days_of(rest, numbers, months)
    if days is None:
        return _month_alone(numbers, months) if not has_clock else None
    return _Days(_agreeing(days, weekdays), Precision.DAY) if days else None


@cache
def _words_beside_clock(has_clock: bool) -> frozenset[str]:
    """The words that can stand beside the numbers of a date; names of zones only beside a clock time."""
    words = load_date_words()
    known = words.published | words.modified | words.fillers | words.weekdays.keys() | words.months.keys()
    return known | words.zones.keys() | words.american_zones.keys() if has_clock else known


def _is_punctuation_between(rest: str, spans: list[tuple[int, int]]) -> bool:
    edges = [0, *(edge for span in spans for edge in span), len(rest)]
    return all(
        PUNCTUATION.fullmatch(rest, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)
    )


def _find_months(
    names: list[str], words: DateWords, *, is_stopped: bool
) -> tuple[list[frozenset[int]], frozenset[int]]:
    """The months named and the weekdays named; "mar" is a month only where no other month stands.

    A spelling that means different months (Polish and Croatian "listopada") is settled by the
    full stop after the day, where that can settle it.
    """
    clear = [name for name in names if name in words.months and name not in words.weekdays]
    unclear = [name for name in names if name in words.months and name in words.weekdays]
    months = clear or unclear
    weekdays = [words.weekdays[name] for name in names if name in words.weekdays and name not in months]
    styled = words.months_after_full_stop if is_stopped else words.months_after_space
    numbers = [styled.get(name, words.months[name]) for name in months]
    return numbers, frozenset().union(*weekdays)


def _days_of(rest: str, numbers: list[_Number], months: list[frozenset[int]]) -> frozenset[date] | None:
    """The possible days; empty: impossible ones only; None: no date of this shape."""
    if len(months) == 2 and months[0] & months[1]:  # "3 أيار/مايو"
        months = [months[0] & months[1]]
    if len(months) == 1 and len(numbers) == 2 and _may_be_day_and_year(rest, numbers):
        return frozenset(_named_days(numbers[0], numbers[1], months[0]))
    if not months and len(numbers) == 3:
        return frozenset(_numeric_days(rest, numbers))
    return None


def _may_be_day_and_year(rest: str, numbers: list[_Number]) -> bool:
    """Whether two numbers beside a month are its day and year: "16-19 March" are days."""
    first, second = numbers
    return (
        4 in (first.digits, second.digits)
        or re.search(r"[^\W\d_]", rest[first.end : second.start]) is not None
    )


def _named_days(first: _Number, second: _Number, months: frozenset[int]) -> Iterator[date]:
    year, day = (first, second) if first.digits == 4 else (second, first)
    for month in months:
        yield from _valid(year, month, day.value)


def _numeric_days(rest: str, numbers: list[_Number]) -> Iterator[date]:
    first, second, third = numbers
    between = (rest[first.end : second.start].strip(), rest[second.end : third.start].strip())
    if between[0] == _VIETNAMESE_MONTH:
        yield from _valid(third, second.value, first.value)
    if between not in _NUMERIC_SEPARATORS:
        return
    if first.digits == 4:
        yield from _valid(first, second.value, third.value)
        return
    day_first = list(_valid(third, second.value, first.value))
    yield from day_first
    # with dots and a full year, the day comes first wherever it can
    if not (day_first and between[0] == "." and third.digits == 4):
        yield from _valid(third, first.value, second.value)
    if third.digits == 2:
        yield from _valid(first, second.value, third.value)


def _valid(year: _Number, month: int, day: int) -> Iterator[date]:
    """The day, if there is such a one."""
    if year.digits == 4 and is_persian_year(year.value):
        yield from _persian(year.value, month, day)
        return
    century = 0 if year.digits == 4 else 2000 if year.value < TWO_DIGIT_PIVOT else 1900
    full = common_year(century + year.value)
    if year.digits not in (2, 4) or full not in YEARS:
        return
    try:
        yield date(full, month, day)
    except ValueError:  # no such day
        return


def _persian(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield from_persian(year, month, day)
    except ValueError:  # no such day
        return


def _month_alone(numbers: list[_Number], months: list[frozenset[int]]) -> _Days | None:
    if len(months) != 1 or len(numbers) != 1 or numbers[0].digits != 4 or numbers[0].value not in YEARS:
        return None
    return _Days(frozenset(date(numbers[0].value, month, 1) for month in months[0]), Precision.MONTH)


def _agreeing(days: frozenset[date], weekdays: frozenset[int]) -> frozenset[date]:
    """The days that fall on the weekday named, if any does."""
    return frozenset(day for day in days if day.weekday() in weekdays) or days


def _find_label(rest: str, words: DateWords) -> DateLabel:
    names = {token.group() for token in split_words(rest)} - words.fillers
    if names & (words.modified - words.published):
        return DateLabel.MODIFIED
    return DateLabel.PUBLISHED if names & words.published else DateLabel.NONE


def _to_signal(raw: str, signal: str, found: _Days, clock: Clock | None) -> TimeSignal:
    if len(found.days) != 1:
        return TimeSignal(signal, raw, None, None, None)
    (day,) = found.days
    if clock is None:
        return TimeSignal(
            signal, raw, datetime(day.year, day.month, day.day, tzinfo=UTC), found.precision, None
        )
    naive = datetime(day.year, day.month, day.day, clock.hour, clock.minute, clock.second)
    minutes = clock.offset_minutes(naive)
    zone = UTC if not minutes else timezone(timedelta(minutes=minutes))
    moment = naive.replace(tzinfo=zone) + timedelta(days=clock.days_later)
    return TimeSignal(signal, raw, moment, clock.precision, clock.zone)
