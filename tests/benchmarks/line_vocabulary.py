"""Learns what each word says for or against an article, from the lines of many sites."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pipelines.flattened_vocabulary import weighed_words

MIN_SITES = 5  # a word that fewer sites use names a site, a person or a place
MIN_WORDS = 3  # shorter lines are labels, which the line's shape shows
MAX_WEIGHING_WORDS = 15  # a line weighs as the root of its words, up to these
FAR_WEIGHT = 0.3  # lines far from the article are easily told from it
DOUBTFUL = (0.3, 0.7)  # lines of which such a share is in the gold text teach nothing
SAME_CHARS = 80  # lines of a site that begin alike are counted once
REGULARIZATION = 0.1
LEAST_WEIGHT = 0.04


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a page, with the share of it that is in the gold text; -1: optional."""

    site: str
    text: str
    words: list[str]
    label: float
    is_near: bool


def site_of(host: str) -> str:
    return ".".join(host.removeprefix("www.").split(".")[-2:])


def learn_vocabulary(lines: Iterable[Said]) -> dict[str, float]:
    """The weight of each word in the log-odds that a line with it is an article's."""
    chosen = list({(line.site, line.text[:SAME_CHARS]): line for line in lines if _teaches(line)}.values())
    words = [weighed_words(line.words) for line in chosen]
    sites: dict[str, set[str]] = defaultdict(set)
    for line, own in zip(chosen, words, strict=True):
        for word in own:
            sites[word].add(line.site)
    called = {line.site.partition(".")[0] for line in chosen}  # no word that is a site's own name
    names = sorted(word for word, found in sites.items() if len(found) >= MIN_SITES and word not in called)
    column_of = {word: column for column, word in enumerate(names)}
    columns = [[column_of[word] for word in own if word in column_of] for own in words]
    ends = np.cumsum([0, *map(len, columns)])
    table = csr_matrix(
        (np.ones(ends[-1]), np.concatenate(columns).astype(int), ends), (len(chosen), len(names))
    )
    model = LogisticRegression(C=REGULARIZATION, solver="liblinear", tol=0.01, random_state=0)
    model.fit(table, [line.label >= DOUBTFUL[1] for line in chosen], sample_weight=_weights(chosen))
    found = zip(names, model.coef_[0].tolist(), strict=True)
    return {word: round(weight, 2) for word, weight in found if abs(weight) >= LEAST_WEIGHT}


def _teaches(line: Said) -> bool:
    is_sure = 0 <= line.label <= DOUBTFUL[0] or line.label >= DOUBTFUL[1]
    return is_sure and len(line.words) >= MIN_WORDS


def _weights(lines: list[Said]) -> np.ndarray:
    """A site with many lines weighs more than one with few, by the root only."""
    counts = Counter(line.site for line in lines)
    weights = np.array(
        [
            (min(len(line.words), MAX_WEIGHING_WORDS) / counts[line.site]) ** 0.5
            * (1.0 if line.is_near else FAR_WEIGHT)
            for line in lines
        ]
    )
    return weights / weights.mean()
