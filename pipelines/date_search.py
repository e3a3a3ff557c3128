"""Finds the dates in a short line that says more: "By Ann Roe · Updated 3 May 2024 · 5 min read"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.date_text import PUNCTUATION, LabelledDate, read_date_line
from pipelines.lexicon import DateWords, fold, load_date_words, split_words

MAX_LINE_CHARS = 240
MAX_WORDS = 14  # a date with label, weekday, clock and zone has fewer
MAY_HOLD_DATE = re.compile(r"(?<!\d)\d{1,4}(?!\d)(?:.{0,40}?)(?<!\d)(?:\d{2}|\d{4})(?!\d)", re.DOTALL)
MAX_OTHER_WORDS = 16  # names, roles, "5 min read" beside the date
MAX_PLAIN_WORDS = 3  # small words beside the date: more make a sentence
MAX_CASELESS_WORDS = 7  # the same in scripts without capitals
MAX_IDEOGRAPHS = 30
IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
SENTENCE_MARK = re.compile(r"[。，；]")
OTHER_MATTER = re.compile(r"(?:©|\(c\)|copyright|all rights)", re.IGNORECASE)


def find_dates(line: str, signal: str) -> tuple[LabelledDate, ...]:
    """The dates that stand in `line`, with their labels; empty for a long line or one without a date."""
    if len(line) > MAX_LINE_CHARS or not MAY_HOLD_DATE.search(line) or OTHER_MATTER.search(line):
        return ()
    whole = read_date_line(line, signal)
    if whole:
        return whole
    runs = list(_runs(line))
    found = [(run, date) for run in runs for date in _dates_of(line, run, signal)]
    if not found or _is_prose(line, [run for run, _ in found]):
        return ()
    return tuple(date for _, date in found)


def _is_prose(line: str, dated: list[list[re.Match[str]]]) -> bool:
    """Whether the words beside the dates make a sentence."""
    taken = {token.start() for run in dated for token in run}
    outside = [token.group() for token in split_words(line) if token.start() not in taken]
    letters = [word for word in outside if not word.isdecimal()]
    if any(IDEOGRAPH.fullmatch(word) for word in letters):
        return len(letters) > MAX_IDEOGRAPHS or SENTENCE_MARK.search(line) is not None
    fillers = load_date_words().fillers
    plain = [word for word in letters if not word[0].isupper() and fold(word) not in fillers]
    limit = MAX_PLAIN_WORDS if any(word[0].isupper() for word in letters) else MAX_CASELESS_WORDS
    return len(letters) > MAX_OTHER_WORDS or len(plain) > limit


def _runs(line: str) -> Iterator[list[re.Match[str]]]:
    """Stretches of words and numbers that can all belong to a date."""
    words = load_date_words()
    run: list[re.Match[str]] = []
    for token in split_words(line):
        is_near = bool(run) and PUNCTUATION.fullmatch(line, run[-1].end(), token.start()) is not None
        if run and not (is_near and _belongs(token.group(), words)):
            yield run
            run = []
        if _belongs(token.group(), words):
            run.append(token)
    if run:
        yield run


def _belongs(token: str, words: DateWords) -> bool:
    if token.isdecimal():
        return True
    return fold(token) in words.known


def _dates_of(line: str, run: list[re.Match[str]], signal: str) -> tuple[LabelledDate, ...]:
    """The dates of a run, also without a number at its ends: "3 May 2024 · 12 comments"."""
    if sum(token.group().isdecimal() for token in run) < 2 or len(run) > 3 * MAX_WORDS:
        return ()
    for first, last in ((0, 0), (0, 1), (1, 0), (1, 1)):
        part = run[first : len(run) - last]
        if part:
            end = _end_with_clock(line, part[-1].end())
            found = read_date_line(line[part[0].start() : end], signal)
            if found:
                return found
    return ()


def _end_with_clock(line: str, end: int) -> int:
    """Behind the dot or sign that closes "p.m." or a zone."""
    return end + 1 if line[end : end + 1] in (".", ")") else end
