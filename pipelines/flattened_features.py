"""What a line of a flattened page looks like, in numbers, with its neighbours and its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.flattened_lines import Line
from pipelines.flattened_words import TEXT_FEATURES, TOPICS, measure_text, measure_topics, words_of

F64 = NDArray[np.float64]

PROSE_WORDS = 8  # fewer words make no sentence of a report
RUN_COST = 12.0  # words that a line which is no prose costs a run
OWN = (*TEXT_FEATURES, "marked", "gap_before", "gap_after", "copies", "first_copy", *TOPICS)
AROUND = ("words", "finished", "function", "capitals", "gap_before", "copies", "marked")
POINTERS = frozenset({"related", "read_more", "newsletter", "share_bar"})
REACH = (-3, -2, -1, 1, 2, 3)


def measure_lines(lines: Sequence[Line], junk: Sequence[str | None]) -> F64:
    """The features of every line; shape (lines, features), columns as `feature_names`.

    `junk` names the rule by which a line is junk wherever it stands, None for the others.
    """
    if not lines:
        return np.zeros((0, len(feature_names())))
    words = [words_of(line.text) for line in lines]
    own = _own_features(lines, words)
    prose = _prose_words(own)
    columns = [own]
    for name in AROUND:
        values = own[:, OWN.index(name)]
        columns.extend(_shifted(values, step)[:, None] for step in REACH)
    for reach in (2, 5, 12):
        columns.append(_window_mean(prose, reach)[:, None])
        columns.append(_window_mean(own[:, OWN.index("finished")], reach)[:, None])
    columns.append(_place_features(words, prose))
    columns.append(_junk_features(junk, prose))
    return np.hstack(columns)


def feature_names() -> tuple[str, ...]:
    """The columns of `measure_lines`."""
    around = [f"{name}{step:+d}" for name in AROUND for step in REACH]
    windows = [f"{name}~{reach}" for reach in (2, 5, 12) for name in ("prose", "finished")]
    place = (
        "place",
        "lines",
        "prose_before",
        "prose_after",
        "in_run",
        "before_run",
        "after_run",
        "run_words",
        "shared_with_run",
        "lines_since_prose",
        "lines_to_prose",
        "title_shared",
        "junk",
        "junk~3",
        "junk~8",
        "since_pointer",
        "since_comments",
        "run_until",
        "run_from",
        "run_share",
    )
    return (*OWN, *around, *windows, *place)


def best_run(gains: F64) -> tuple[int, int]:
    """Start and end (exclusive) of the run of lines with the largest sum; (0, 0) if none gains."""
    best, best_start, best_end = 0.0, 0, 0
    total, start = 0.0, 0
    for at, gain in enumerate(gains.tolist()):
        total += gain
        if total <= 0:
            total, start = 0.0, at + 1
        elif total > best:
            best, best_start, best_end = total, start, at + 1
    return best_start, best_end


def _own_features(lines: Sequence[Line], words: Sequence[list[str]]) -> F64:
    seen = Counter(line.text for line in lines)
    met: set[str] = set()
    rows = []
    for at, line in enumerate(lines):
        gap_after = lines[at + 1].gap_before if at + 1 < len(lines) else 3
        copies = float(seen[line.text] - 1)
        rows.append(
            [
                *measure_text(line.text, words[at]),
                float(line.is_marked),
                float(min(line.gap_before, 3)),
                float(min(gap_after, 3)),
                min(copies, 5.0),
                float(line.text not in met),
                *measure_topics(words[at]),
            ]
        )
        met.add(line.text)
    return np.array(rows)


def _prose_words(own: F64) -> F64:
    """Words of the lines that read as prose; 0 for the others."""
    words = own[:, OWN.index("words")]
    finished = own[:, OWN.index("finished")] + (own[:, OWN.index("stops")] > 1)
    return np.where((words >= PROSE_WORDS) & (finished > 0), np.minimum(words, 120.0), 0.0)


def _shifted(values: F64, step: int) -> F64:
    """The value of the line `step` lines on; -1 beyond the page."""
    shifted = np.full(len(values), -1.0)
    if abs(step) < len(values):
        if step > 0:
            shifted[:-step] = values[step:]
        else:
            shifted[-step:] = values[:step]
    return shifted


def _window_mean(values: F64, reach: int) -> F64:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(len(values))
    first, after = np.maximum(places - reach, 0), np.minimum(places + reach + 1, len(values))
    mean: F64 = (sums[after] - sums[first]) / (2 * reach + 1)
    return mean


def _place_features(words: Sequence[Sequence[str]], prose: F64) -> F64:
    count = len(words)
    places = np.arange(count, dtype=np.float64)
    total = max(float(prose.sum()), 1.0)
    before = (np.cumsum(prose) - prose) / total
    start, end = best_run(np.where(prose > 0, prose, -RUN_COST))
    inside = (places >= start) & (places < end)
    long_words = [[word for word in line if len(word) > 3] for line in words]
    run_words = {word for line in long_words[start:end] for word in line}
    head = {word for line in long_words[max(start - 12, 0) : start] for word in line}
    return np.column_stack(
        [
            places / count,
            np.full(count, float(count)),
            before,
            1.0 - before - prose / total,
            inside.astype(np.float64),
            np.clip(start - places, 0, 200),
            np.clip(places - end + 1, 0, 200),
            np.full(count, float(prose[start:end].sum())),
            _shares(long_words, run_words),
            _distance(prose > 0),
            _distance((prose > 0)[::-1])[::-1],
            _shares(long_words, head),
        ]
    )


def _junk_features(junk: Sequence[str | None], prose: F64) -> F64:
    """Junk lines around, lines since a heading of other stories or comments, and the run it is in."""
    is_junk = np.array([rule is not None for rule in junk], dtype=np.float64)
    gains = np.where(prose > 0, prose, -RUN_COST)
    until, after = _run_until(gains), _run_until(gains[::-1])[::-1]
    return np.column_stack(
        [
            is_junk,
            _window_mean(is_junk, 3),
            _window_mean(is_junk, 8),
            _distance(np.array([rule in POINTERS for rule in junk])),
            _distance(np.array([rule == "comments" for rule in junk])),
            until,
            after,
            (until + after) / max(float((until + after).max()), 1.0),
        ]
    )


def _run_until(gains: F64) -> F64:
    """The sum of the best run that ends before each line."""
    sums, total = [], 0.0
    for gain in gains.tolist():
        sums.append(total)
        total = max(total + gain, 0.0)
    return np.array(sums)


def _shares(words: Sequence[list[str]], vocabulary: set[str]) -> F64:
    """For each line, the share of its words that are in the vocabulary; -1 without any."""
    shares = [sum(word in vocabulary for word in line) / len(line) if line else -1.0 for line in words]
    return np.array(shares)


def _distance(is_marked: NDArray[np.bool_]) -> F64:
    """Lines since the last marked one, at most 60."""
    places = np.arange(len(is_marked))
    last = np.maximum.accumulate(np.where(is_marked, places, -61))
    distance: F64 = np.minimum(places - last, 60).astype(np.float64)
    return distance
