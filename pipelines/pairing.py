"""Which articles to compare: texts that share fingerprints, each once however many articles carry it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
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


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Articles as the index knows them, column by column; see `IndexedArticle`.

    A million records would be walked by the garbage collector again and again, these lists are not.
    """

    article_ids: list[str] = field(default_factory=list)
    outlets: list[str] = field(default_factory=list)
    times: list[datetime | None] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    fingerprints: list[U64] = field(default_factory=list)

    def extend(self, articles: Sequence[IndexedArticle]) -> Columns:
        """Itself, with the articles added."""
        self.article_ids.extend([one.article_id for one in articles])
        self.outlets.extend([one.outlet for one in articles])
        self.times.extend([one.published_latest for one in articles])
        self.digests.extend([one.digest for one in articles])
        self.sizes.extend([one.size for one in articles])
        self.fingerprints.extend([one.fingerprints for one in articles])
        return self


@dataclass(frozen=True, slots=True, eq=False)
class IndexedTexts:
    """Different texts, in the order in which they appeared, as far as it is known; each a row of the columns.

    `carriers` are the ids of the articles that carry it, the earliest first; `outlets` and `days` as in
    `candidates.Texts`, the names of outlets by their numbers.
    """

    carriers: list[tuple[str, ...]]
    digests: list[str]
    fingerprints: list[U64]
    sizes: I64
    outlets: I64
    days: I64
    outlet_names: Mapping[int, str]

    def link(self, is_changed: Flags) -> tuple[I64, I64]:
        """Pairs of texts that share fingerprints, at least one of them changed: see `find_candidates`."""
        texts = Texts(is_changed, self.outlets, self.days, self.sizes)
        return find_candidates(collect_postings(self.fingerprints), texts)


def link_articles(articles: Sequence[IndexedArticle], changed: Collection[str]) -> Iterator[LinkedTexts]:
    """Pairs of texts that share a fingerprint, at least one of them carried by a changed article.

    `changed` holds article ids. The order of `articles` makes no difference: texts count in the order in
    which they appeared, as far as it is known, and the two sides of a pair in the order of their content.
    A pair of texts is left out where no article of one looks back as far as one of the other.
    """
    changed = frozenset(changed)
    texts = group_texts(Columns().extend(articles))
    ids = texts.carriers
    is_changed = [not changed.isdisjoint(own) for own in ids]
    for own, size, wanted in zip(ids, texts.sizes.tolist(), is_changed, strict=True):
        if wanted and len(own) > 1 and size:
            yield LinkedTexts(own, own)
    lefts, rights = texts.link(np.array(is_changed, dtype=np.bool_))
    reach = Reach(articles)
    for left, right in zip(lefts.tolist(), rights.tolist(), strict=True):
        if not reach.joins_any(ids[left], ids[right]):
            continue
        if texts.digests[left] < texts.digests[right]:
            yield LinkedTexts(ids[left], ids[right])
        else:
            yield LinkedTexts(ids[right], ids[left])


def group_texts(articles: Columns) -> IndexedTexts:
    """The texts of articles; the earliest first: what counts where not all can be linked."""
    times = np.array([np.inf if time is None else time.timestamp() for time in articles.times], np.float64)
    order = np.array(sorted(range(len(times)), key=articles.article_ids.__getitem__), np.int64)
    order = order[np.argsort(times[order], kind="stable")]
    numbers: dict[str, int] = {}
    text_of = np.array(
        [numbers.setdefault(articles.digests[place], len(numbers)) for place in order.tolist()], np.int64
    )
    firsts = order[np.unique(text_of, return_index=True)[1]]
    outlets, names = _number_outlets(articles.outlets)
    own_outlets = outlets[firsts]
    own_outlets[text_of[outlets[order] != outlets[firsts][text_of]]] = NO_OUTLET  # of several outlets
    days = np.where(np.isinf(times), NO_DAY, np.where(np.isinf(times), 0, times) // DAY_SECONDS)
    return IndexedTexts(
        _carriers(articles.article_ids, order, text_of, len(numbers)),
        list(numbers),
        [articles.fingerprints[place] for place in firsts.tolist()],
        np.array(articles.sizes, np.int64)[firsts],
        own_outlets,
        days.astype(np.int64)[firsts],
        names,
    )


def _number_outlets(outlets: Sequence[str]) -> tuple[I64, Mapping[int, str]]:
    """A number for the outlet of each article, -1 where it is unknown; and whose number each is."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(outlets))}
    names = {number: name for name, number in numbers.items()}
    numbers[UNKNOWN_OUTLET] = NO_OUTLET
    return np.array([numbers[outlet] for outlet in outlets], np.int64), names


def _carriers(article_ids: Sequence[str], order: I64, text_of: I64, texts: int) -> list[tuple[str, ...]]:
    if texts == len(order):
        return [(article_ids[place],) for place in order.tolist()]
    by_text = order[np.argsort(text_of, kind="stable")].tolist()
    ends = np.cumsum(np.bincount(text_of, minlength=texts)).tolist()
    return [
        tuple([article_ids[place] for place in by_text[first:after]]) for first, after in pairwise([0, *ends])
    ]
