"""What a line of a flattened page looks like, in numbers, with its neighbours and its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from pipelines.flattened_lines import Line
from pipelines.flattened_places import (
    JUNK_FEATURES,
    PLACE_FEATURES,
    WORD_FEATURES,
    measure_junk,
    measure_places,
    measure_sharing,
)
from pipelines.flattened_runs import F64, shift, window_mean
from pipelines.flattened_vocabulary import VOCABULARY_FEATURES, measure_vocabulary
from pipelines.flattened_words import (
    TEXT_FEATURES,
    TOPICS,
    content_words,
    measure_text,
    measure_topics,
    words_of,
)

PROSE_WORDS = 8  # fewer words make no sentence of a report
OWN = (*TEXT_FEATURES, "marked", "gap_before", "gap_after", "copies", "first_copy", *TOPICS)
AROUND = ("words", "finished", "function", "capitals", "gap_before", "copies", "marked", "bars", "glued")
REACH = (-3, -2, -1, 1, 2, 3)
TOPICS_AROUND = (
    *("share", "related", "legal", "account", "comment", "plea", "credit", "author", "reader", "consent"),
)
TOPIC_REACH = (-1, 1)
TOPIC_WINDOWS = (5, 15)
PROSE_WINDOWS = (2, 5, 12, 30)


def measure_lines(lines: Sequence[Line], junk: Sequence[str | None], vocabulary: Mapping[str, float]) -> F64:
    """The features of every line; shape (lines, features), columns as `feature_names`.

    `junk` names the rule by which a line is junk wherever it stands, None for the others;
    `vocabulary` is what each word says for an article.
    """
    if not lines:
        return np.zeros((0, len(feature_names())))
    words = [words_of(line.text) for line in lines]
    return np.hstack([measure_shapes(lines, junk, words), measure_vocabulary(words, vocabulary)])


def measure_shapes(lines: Sequence[Line], junk: Sequence[str | None], words: Sequence[list[str]]) -> F64:
    """The features that need no trained vocabulary, of lines with these words."""
    content = [content_words(line) for line in words]
    own = _own_features(lines, words)
    prose = _prose_words(own)
    columns = [own, *_neighbours(own)]
    for reach in PROSE_WINDOWS:
        columns.append(window_mean(prose, reach)[:, None])
        columns.append(window_mean(own[:, OWN.index("finished")], reach)[:, None])
    columns.append(measure_places(content, prose))
    columns.append(measure_junk(junk, prose))
    columns.append(measure_sharing(content, own[:, OWN.index("copies")]))
    return np.hstack(columns)


def feature_names() -> tuple[str, ...]:
    """The columns of `measure_lines`."""
    around = [f"{name}{step:+d}" for name in AROUND for step in REACH]
    topics = [f"{name}{step:+d}" for name in TOPICS_AROUND for step in TOPIC_REACH]
    topic_windows = [f"{name}~{reach}" for name in TOPICS_AROUND for reach in TOPIC_WINDOWS]
    windows = [f"{name}~{reach}" for reach in PROSE_WINDOWS for name in ("prose", "finished")]
    places = (*PLACE_FEATURES, *JUNK_FEATURES, *WORD_FEATURES)
    return (*OWN, *around, *topics, *topic_windows, *windows, *places, *VOCABULARY_FEATURES)


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


def _neighbours(own: F64) -> list[F64]:
    """What the lines around look like and speak of."""
    columns: list[F64] = []
    for name in AROUND:
        values = own[:, OWN.index(name)]
        columns.extend(shift(values, step)[:, None] for step in REACH)
    topics = [own[:, OWN.index(name)] for name in TOPICS_AROUND]
    columns.extend(shift(values, step)[:, None] for values in topics for step in TOPIC_REACH)
    columns.extend(window_mean(values, reach)[:, None] for values in topics for reach in TOPIC_WINDOWS)
    return columns


def _prose_words(own: F64) -> F64:
    """Words of the lines that read as prose; 0 for the others."""
    words = own[:, OWN.index("words")]
    finished = own[:, OWN.index("finished")] + (own[:, OWN.index("stops")] > 1)
    return np.where((words >= PROSE_WORDS) & (finished > 0), np.minimum(words, 120.0), 0.0)
