"""Which articles to compare: texts that share fingerprints, each once however many articles carry it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from pipelines.candidates import NO_DAY, NO_OUTLET, Flags, Texts, collect_postings, find_candidates
from pipelines.folding import I64, U64
from pipelines.look_back import Reach

UNKNOWN_OUTLET = "file"  # of local material without a URL of its own
DAY_SECONDS = 86_400


class IndexedArticle(NamedTuple):
    """An article as the index knows it: `digest` stands for its words, `fingerprints` for its shingles.

    `size` counts its fingerprints; `fingerprints` may hold only those that others have, too.
    """

    article_id: str
    outlet: str
    published_latest: datetime | None
    digest: str
    size: int
    fingerprints: U64
    look_back_days: int | None = None  # over how many days its sources are looked for; None: all history


class LinkedTexts(NamedTuple):
    """Two texts to compare, each with the ids of the articles that carry it, earliest first.

    One text that several articles carry is linked with itself: both sides are the same then.
    """

    one: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return self.one == self.other


def link_articles(articles: Sequence[IndexedArticle], changed: Collection[str]) -> Iterator[LinkedTexts]:
    """Pairs of texts that share a fingerprint, at least one of them carried by a changed article.

    `changed` holds article ids. The order of `articles` makes no difference: texts count in the order in
    which they appeared, as far as it is known, and the two sides of a pair in the order of their content.
    A pair of texts is left out where no article of one looks back as far as one of the other.
    """
    changed = frozenset(changed)
    texts = group_texts(articles)
    ids = [tuple([one.article_id for one in text]) for text in texts]
    is_changed = [not changed.isdisjoint(own) for own in ids]
    for own, text, wanted in zip(ids, texts, is_changed, strict=True):
        if wanted and len(own) > 1 and text[0].size:
            yield LinkedTexts(own, own)
    lefts, rights = link_texts(texts, np.array(is_changed, dtype=np.bool_))
    digests = [text[0].digest for text in texts]
    reach = Reach(articles)
    for left, right in zip(lefts.tolist(), rights.tolist(), strict=True):
        if not reach.joins_any(ids[left], ids[right]):
            continue
        if digests[left] < digests[right]:
            yield LinkedTexts(ids[left], ids[right])
        else:
            yield LinkedTexts(ids[right], ids[left])


def link_texts(texts: Sequence[Sequence[IndexedArticle]], is_changed: Flags) -> tuple[I64, I64]:
    """Pairs of different texts that share fingerprints, by their places in `texts`: see `find_candidates`."""
    sizes = np.array([text[0].size for text in texts], dtype=np.int64)
    return find_candidates(
        collect_postings([text[0].fingerprints for text in texts]),
        Texts(is_changed, number_outlets(texts), number_days(texts), sizes),
    )


def group_texts(articles: Sequence[IndexedArticle]) -> list[list[IndexedArticle]]:
    """The articles by their text, the earliest first: what counts where not all can be linked."""
    texts: dict[str, list[IndexedArticle]] = {}
    for article in sorted(articles, key=_order):
        texts.setdefault(article.digest, []).append(article)
    return list(texts.values())


def number_outlets(texts: Sequence[Sequence[IndexedArticle]]) -> I64:
    """A number for the outlet of each text; -1 where there are several, or none is known."""
    names = sorted({article.outlet for text in texts for article in text})
    numbers = {name: number for number, name in enumerate(names)}
    numbers[UNKNOWN_OUTLET] = NO_OUTLET
    return np.array(
        [
            numbers[text[0].outlet] if all(one.outlet == text[0].outlet for one in text[1:]) else NO_OUTLET
            for text in texts
        ],
        dtype=np.int64,
    )


def number_days(texts: Sequence[Sequence[IndexedArticle]]) -> I64:
    """The day by which each text had appeared; -1 where that isn't known."""
    times = [text[0].published_latest for text in texts]
    return np.array(
        [NO_DAY if time is None else int(time.timestamp() // DAY_SECONDS) for time in times], dtype=np.int64
    )


def _order(article: IndexedArticle) -> tuple[bool, float, str]:
    latest = article.published_latest
    return (latest is None, latest.timestamp() if latest else 0.0, article.article_id)
