"""What the words of a flattened page's lines say for or against an article, by a trained vocabulary.

The weights of words, of logistic regression on the lines of many sites, are in
`data/flattened_model.json`: words of pleas, controls and captions weigh less than nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from pipelines.flattened_runs import F64, shift, window_mean

COUNTED_WORDS = 40  # of a longer line only these are weighed; it is prose by then
WORDS_REACH = (-2, -1, 1, 2)
WORDS_WINDOWS = (3, 10)
VOCABULARY_FEATURES = (
    "vocabulary",
    "vocabulary_mean",
    *(f"vocabulary{step:+d}" for step in WORDS_REACH),
    *(f"vocabulary~{reach}" for reach in WORDS_WINDOWS),
)

_DIGITS = re.compile(r"\d+")


def measure_vocabulary(words: Sequence[Sequence[str]], vocabulary: Mapping[str, float]) -> F64:
    """The values of `VOCABULARY_FEATURES`, for lines of these words."""
    sums = np.array([sum(vocabulary.get(word, 0.0) for word in weighed_words(line)) for line in words])
    lengths = np.array([max(min(len(line), COUNTED_WORDS), 1) for line in words], dtype=np.float64)
    means = sums / np.sqrt(lengths)
    around = [shift(means, step) for step in WORDS_REACH]
    return np.column_stack([sums, means, *around, *(window_mean(means, reach) for reach in WORDS_WINDOWS)])


def weighed_words(words: Sequence[str]) -> list[str]:
    """The different words of a line's beginning, sorted; all numbers are "0"."""
    return sorted({_DIGITS.sub("0", word) for word in words[:COUNTED_WORDS]})
