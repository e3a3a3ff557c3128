"""Runs of lines: the best one, and windows, distances and shifts over the values of a page's lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

FARTHEST = 60  # distances in lines are cut here


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


def sum_before(gains: F64) -> F64:
    """The sum of the best run that ends before each line."""
    sums, total = [], 0.0
    for gain in gains.tolist():
        sums.append(total)
        total = max(total + gain, 0.0)
    return np.array(sums)


def shift(values: F64, step: int) -> F64:
    """The value of the line `step` lines on; -1 beyond the page."""
    shifted = np.full(len(values), -1.0)
    if abs(step) < len(values):
        if step > 0:
            shifted[:-step] = values[step:]
        else:
            shifted[-step:] = values[:step]
    return shifted


def window_mean(values: F64, reach: int) -> F64:
    """The mean over the lines at most `reach` away; what lies beyond the page counts as 0."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(len(values))
    first, after = np.maximum(places - reach, 0), np.minimum(places + reach + 1, len(values))
    mean: F64 = (sums[after] - sums[first]) / (2 * reach + 1)
    return mean


def distance(is_marked: NDArray[np.bool_]) -> F64:
    """Lines since the last marked one, at most `FARTHEST`."""
    places = np.arange(len(is_marked))
    last = np.maximum.accumulate(np.where(is_marked, places, -FARTHEST - 1))
    lines: F64 = np.minimum(places - last, FARTHEST).astype(np.float64)
    return lines
