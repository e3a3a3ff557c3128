"""Where a line of a flattened page stands: in which run of prose, behind which junk, among which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from pipelines.flattened_runs import F64, best_run, distance, shift, sum_before, window_mean

RUN_COST = 12.0  # words that a line which is no prose costs a run
HEAD_LINES = 12  # lines above the run among which its title stands
COMMENT_REACH = 12
NEAR_LINES = 8  # lines this close speak of the same thing, inside an article
POINTERS = frozenset({"related", "read_more", "newsletter", "share_bar"})
PLACE_FEATURES = (
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
    "relative_length",
)
JUNK_FEATURES = (
    "junk",
    "junk~3",
    "junk~8",
    "since_pointer",
    "since_comments",
    "run_until",
    "run_from",
    "run_share",
    "junk-2",
    "junk-1",
    "junk+1",
    "junk+2",
    "picture-1",
    "picture+1",
    "pointer-1",
    "pointer+1",
    "comments~12",
)
WORD_FEATURES = ("shared_near", "shared_far", "shared_with_copies")


def measure_places(words: Sequence[Sequence[str]], prose: F64) -> F64:
    """The values of `PLACE_FEATURES`; `prose` are the words of each line that reads as prose, else 0."""
    count = len(words)
    places = np.arange(count, dtype=np.float64)
    total = max(float(prose.sum()), 1.0)
    before = (np.cumsum(prose) - prose) / total
    start, end = best_run(np.where(prose > 0, prose, -RUN_COST))
    inside = (places >= start) & (places < end)
    run_words = {word for line in words[start:end] for word in line}
    head = {word for line in words[max(start - HEAD_LINES, 0) : start] for word in line}
    usual = float(np.median(prose[prose > 0])) if (prose > 0).any() else 1.0
    lengths = np.array([min(len(line), 120) for line in words], dtype=np.float64)
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
            _shares(words, run_words),
            distance(prose > 0),
            distance((prose > 0)[::-1])[::-1],
            _shares(words, head),
            lengths / usual,
        ]
    )


def measure_junk(junk: Sequence[str | None], prose: F64) -> F64:
    """The values of `JUNK_FEATURES`: junk around, lines since a pointer or the comments, and the own run."""
    is_junk = np.array([rule is not None for rule in junk], dtype=np.float64)
    is_pointer = np.array([rule in POINTERS for rule in junk], dtype=np.float64)
    is_comments = np.array([rule == "comments" for rule in junk], dtype=np.float64)
    is_picture = np.array([rule == "picture" for rule in junk], dtype=np.float64)
    gains = np.where(prose > 0, prose, -RUN_COST)
    until, after = sum_before(gains), sum_before(gains[::-1])[::-1]
    return np.column_stack(
        [
            is_junk,
            window_mean(is_junk, 3),
            window_mean(is_junk, 8),
            distance(is_pointer > 0),
            distance(is_comments > 0),
            until,
            after,
            (until + after) / max(float((until + after).max()), 1.0),
            *(shift(is_junk, step) for step in (-2, -1, 1, 2)),
            *(shift(is_picture, step) for step in (-1, 1)),
            *(shift(is_pointer, step) for step in (-1, 1)),
            window_mean(is_comments, COMMENT_REACH),
        ]
    )


def measure_sharing(words: Sequence[Sequence[str]], copies: F64) -> F64:
    """The values of `WORD_FEATURES`: shares of a line's words that near, far and repeated lines have too."""
    own = [set(line) for line in words]
    everywhere = Counter(word for line in own for word in line)
    near: Counter[str] = Counter(word for line in own[:NEAR_LINES] for word in line)
    repeated = {word for line, again in zip(own, copies, strict=True) if again for word in line}
    rows = []
    for at, line in enumerate(own):
        if at + NEAR_LINES < len(own):
            near.update(own[at + NEAR_LINES])
        if at > NEAR_LINES:
            near.subtract(own[at - NEAR_LINES - 1])
        count = len(line)
        if not count:
            rows.append((-1.0, -1.0, -1.0))
            continue
        beside = sum(near[word] > 1 for word in line)
        far = sum(everywhere[word] > near[word] for word in line)
        rows.append((beside / count, far / count, len(line & repeated) / count))
    return np.array(rows)


def _shares(words: Sequence[Sequence[str]], vocabulary: set[str]) -> F64:
    """For each line, the share of its words that are in the vocabulary; -1 without any."""
    shares = [sum(word in vocabulary for word in line) / len(line) if line else -1.0 for line in words]
    return np.array(shares)
