"""Which of a page's runs of likely lines is the article: not always the one with most words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from pipelines.flattened_lines import Line
from pipelines.flattened_runs import F64, best_run
from pipelines.flattened_title import is_stamp
from pipelines.flattened_words import topic_words, words_of

MAX_RUNS = 4
RIVAL_SHARE = 0.05  # a run with less than this share of the best one's words is no rival
STAMP_REACH = 8  # byline or date stand this close above an article
COMMENT_REACH = 3  # the heading of the comments stands this close above them
STAMP_WEIGHT = 1.6
COMMENT_WEIGHT = 0.4
NOTICE_WEIGHT = 0.3
DATELINE_WEIGHT = 6.0  # "HARBOURTOWN, 3 May (Agency) —" opens an article, and next to nothing else
OPENING_LINES = 4  # a dateline stands in one of them
MIN_BESIDE_NOTICE = 10.0  # words that a run must gain to be taken for the article beside a notice
NOTICE_SHARE = 0.06  # share of words of consent that makes a run a notice

_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ .,'’/-]{3,40}"
_IN_BRACKETS = r"[^()\n]{2,60}\((?:[a-z]{2,6}(?:/[a-z]{2,6})?|[^\W\d_a-z][^()]{1,30})\)"
_DATELINE = re.compile(rf"(?:{_CAPITALS}|(?=[^\W\d_]){_IN_BRACKETS})\s?[-–—―]\s")


def choose_run(lines: Sequence[Line], gains: F64, eased: F64, junk: Sequence[str | None]) -> tuple[int, int]:
    """Start and end (exclusive) of the article's run; `gains` are words, negative for unlikely lines.

    `eased` are the gains by a lower bar, for the article that stands beside a long notice of consent.
    """
    start, end = _choose(lines, gains, junk)
    if start < end and _share_of_consent(lines[start:end]) >= NOTICE_SHARE:
        rest = eased.copy()
        rest[start:end] = -np.inf
        other = _choose(lines, rest, junk)
        if float(rest[slice(*other)].sum()) >= MIN_BESIDE_NOTICE:
            return other
    return start, end


def opens_with_dateline(text: str) -> bool:
    """Whether a line opens as a report does: place and agency, or a place in capitals, before a dash."""
    return _DATELINE.match(text) is not None


def _choose(lines: Sequence[Line], gains: F64, junk: Sequence[str | None]) -> tuple[int, int]:
    rest = gains.copy()
    runs: list[tuple[float, int, int]] = []
    for _ in range(MAX_RUNS):
        start, end = best_run(rest)
        total = float(rest[start:end].sum())
        if start == end or (runs and total < RIVAL_SHARE * runs[0][0]):
            break
        runs.append((total, start, end))
        rest[start:end] = -np.inf
    if not runs:
        return 0, 0
    if len(runs) == 1:
        return runs[0][1:]
    best = max(runs, key=lambda run: run[0] * _weight(lines, junk, run[1], run[2]))
    return best[1:]


def _weight(lines: Sequence[Line], junk: Sequence[str | None], start: int, end: int) -> float:
    """How far what stands above and in a run speaks for an article."""
    weight = 1.0
    above = range(max(start - STAMP_REACH, 0), min(start + 2, len(lines)))
    if any(is_stamp(lines[at].text) for at in above):
        weight *= STAMP_WEIGHT
    if "comments" in junk[max(start - COMMENT_REACH, 0) : start]:
        weight *= COMMENT_WEIGHT
    if _share_of_consent(lines[start:end]) >= NOTICE_SHARE:
        weight *= NOTICE_WEIGHT
    if any(opens_with_dateline(line.text) for line in lines[start : start + OPENING_LINES]):
        weight *= DATELINE_WEIGHT
    return weight


def _share_of_consent(lines: Sequence[Line]) -> float:
    """The share of the words that speak of cookies, data and consent."""
    words = [word for line in lines for word in words_of(line.text)]
    return sum(word in topic_words()["consent"] for word in words) / max(len(words), 1)
