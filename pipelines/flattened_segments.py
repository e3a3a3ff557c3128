"""Which of a page's runs of likely lines is the article: not always the one with most words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.flattened_lines import Line
from pipelines.flattened_runs import F64, best_run
from pipelines.flattened_title import is_stamp
from pipelines.flattened_words import topic_words, words_of

MAX_RUNS = 4
RIVAL_SHARE = 0.25  # a run with less than this share of the best one's words is no rival
STAMP_REACH = 8  # byline or date stand this close above an article
COMMENT_REACH = 3  # the heading of the comments stands this close above them
STAMP_WEIGHT = 1.6
COMMENT_WEIGHT = 0.4
NOTICE_WEIGHT = 0.3
NOTICE_SHARE = 0.06  # share of words of consent that makes a run a notice


def choose_run(lines: Sequence[Line], gains: F64, junk: Sequence[str | None]) -> tuple[int, int]:
    """Start and end (exclusive) of the article's run; `gains` are words, negative for unlikely lines."""
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
    return weight


def _share_of_consent(lines: Sequence[Line]) -> float:
    """The share of the words that speak of cookies, data and consent."""
    words = [word for line in lines for word in words_of(line.text)]
    return sum(word in topic_words()["consent"] for word in words) / max(len(words), 1)
