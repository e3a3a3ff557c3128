"""New articles against all that are stored, and the groups that follow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Protocol

import numpy as np

from flows.look_backs import UNCHANGED, StoryChange, find_other_look_backs, mark_look_backs
from pipelines.copies import ALL_HISTORY, Comparison, compare_articles, compare_linked
from pipelines.direction import AnyArticle
from pipelines.folding import U64
from pipelines.group_names import Names, candidate_names
from pipelines.groups import GROUP_JACCARD, Grouping, group_copies
from pipelines.identical import visible_carriers
from pipelines.library import Library
from pipelines.look_back import Reach
from pipelines.pairing import IndexedArticle, LinkedTexts, link_articles
from pipelines.records import Article, ComparedArticle, Copy, PublishedArticle
from pipelines.relinking import find_relinked
from warehouse.rows import (
    ComparedRow,
    CopyRow,
    Filing,
    GroupMergeRow,
    ReusedPassageRow,
    Row,
    WireGroupRow,
)

PARAGRAPH_BREAK = len("\n\n")
LINKS_AT_ONCE = 500  # whose articles are read together


class Stored(Protocol):
    """What is asked of the stored articles; see `warehouse.neighbours.StoredArticles`."""

    def indexed(self, article_ids: Collection[str]) -> list[IndexedArticle]: ...
    def neighbours(self, fingerprints: U64, apart_from: Collection[str]) -> list[IndexedArticle]: ...
    def articles(self, article_ids: Collection[str]) -> dict[str, ComparedArticle]: ...
    def published(self, article_ids: Collection[str]) -> list[PublishedArticle]: ...
    def near_copies(self, article_ids: Collection[str], least_jaccard: float) -> list[Copy]: ...
    def group_members(self, article_ids: Collection[str]) -> dict[str, str]: ...
    def taken_group_ids(self, group_ids: Sequence[str]) -> frozenset[str]: ...
    def stories_of(self, article_ids: Collection[str]) -> list[tuple[str, str]]: ...
    def members(self, story: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Findings:
    """What a comparison gave: all pairs of the articles compared, and all groups that these touch."""

    compared: tuple[str, ...]
    comparison: Comparison
    grouping: Grouping

    def rows(self, run_id: str) -> Iterator[Row]:
        yield from map(ComparedRow, self.compared)
        yield from map(CopyRow.of, self.comparison.copies)
        yield from map(ReusedPassageRow.of, self.comparison.passages)
        yield from map(WireGroupRow.of, self.grouping.members)
        for merge in self.grouping.merges:
            yield GroupMergeRow.of(merge, run_id)


def compare_all(
    articles: Sequence[ComparedArticle], names: Names, look_backs: Mapping[str, int | None] = ALL_HISTORY
) -> Findings:
    """Compare articles with each other where they are all there is; groups keep the names they had."""
    comparison = compare_articles(articles, look_backs=look_backs)
    ids = [article.article_id for article in articles]
    return Findings((), comparison, group_copies(ids, comparison.copies, articles, names))


class Comparer(Protocol):
    """Where the work of a comparison is done."""

    def index(self, fresh: Mapping[str, ComparedArticle]) -> dict[str, IndexedArticle]:
        """The index entries of new articles, with all their fingerprints."""
        ...

    def compare(
        self, around: Neighbourhood, fresh: Mapping[str, ComparedArticle], stored: Stored
    ) -> Comparison:
        """The pairs among the articles with at least one that is changed."""
        ...


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The changed articles, by id, and the others that share a fingerprint with one of them."""

    changed: Mapping[str, IndexedArticle]
    others: Sequence[IndexedArticle]

    def all(self) -> list[IndexedArticle]:
        return [*self.changed.values(), *self.others]


class Here:
    """Does all of it in this process."""

    def index(self, fresh: Mapping[str, ComparedArticle]) -> dict[str, IndexedArticle]:
        library = Library(fresh.__getitem__)
        return {entry.article_id: entry for entry in library.index_articles(list(fresh))}

    def compare(
        self, around: Neighbourhood, fresh: Mapping[str, ComparedArticle], stored: Stored
    ) -> Comparison:
        links = link_articles(around.all(), around.changed)
        return _compare(links, fresh, around, stored)


HERE = Here()


def compare_fresh(
    fresh: Sequence[ComparedArticle],
    stored: Stored,
    comparer: Comparer = HERE,
    change: StoryChange = UNCHANGED,
) -> Findings:
    """Compare new article versions with each other and with all others that they look back to.

    The result is that of one comparison of them all: where new articles change how stored ones are linked, or
    `change` how far they look back, these are compared anew.
    """
    known = {article.article_id: article for article in fresh}
    entries = comparer.index(known)
    entries |= _by_id(stored.indexed(find_other_look_backs(change, stored, known)))
    neighbours = _neighbours(entries.values(), entries, stored)
    relinked = find_relinked(*_before_and_after(entries, neighbours, stored), entries)
    if relinked:
        entries |= _by_id(stored.indexed(relinked))
        neighbours = _neighbours(entries.values(), entries, stored)
    marked = mark_look_backs([*entries.values(), *neighbours], change, stored)
    around = Neighbourhood(_by_id(marked[: len(entries)]), marked[len(entries) :])
    comparison = comparer.compare(around, known, stored)
    return Findings(tuple(sorted(entries)), comparison, _regroup(entries, comparison.copies, known, stored))


def _by_id(entries: Iterable[IndexedArticle]) -> dict[str, IndexedArticle]:
    return {entry.article_id: entry for entry in entries}


def _neighbours(
    entries: Collection[IndexedArticle], apart_from: Collection[str], stored: Stored
) -> list[IndexedArticle]:
    fingerprints = [entry.fingerprints for entry in entries]
    return stored.neighbours(np.concatenate([np.zeros(0, np.uint64), *fingerprints]), apart_from)


def _before_and_after(
    entries: Mapping[str, IndexedArticle], neighbours: Sequence[IndexedArticle], stored: Stored
) -> tuple[list[IndexedArticle], list[IndexedArticle]]:
    """The neighbourhood of the changed articles, with their old and with their new versions."""
    old = stored.indexed(list(entries))
    around = _by_id(neighbours)
    if old:
        both = [*old, *entries.values()]
        around = _by_id(_neighbours(both, entries, stored))
    return [*old, *around.values()], [*entries.values(), *around.values()]


def _compare(
    links: Iterator[LinkedTexts],
    fresh: Mapping[str, ComparedArticle],
    around: Neighbourhood,
    stored: Stored,
) -> Comparison:
    """Compare a few hundred links at a time; no more articles are held than these need."""
    changed, reach = around.changed, Reach(around.all())
    parts = []
    while batch := list(islice(links, LINKS_AT_ONCE)):
        wanted = {article_id for linked in batch for article_id in needed_articles(linked, changed)}
        known = {**stored.articles(sorted(wanted - fresh.keys())), **fresh}
        parts.append(compare_linked(batch, Library(known.__getitem__), changed, reach))
    return Comparison(
        tuple(copy for part in parts for copy in part.copies),
        tuple(passage for part in parts for passage in part.passages),
    )


def needed_articles(linked: LinkedTexts, changed: Collection[str]) -> Iterator[str]:
    """The ids of the articles that a comparison of two texts looks at."""
    for side in {linked.one, linked.other}:
        yield from visible_carriers(side)
        yield from (article_id for article_id in side if article_id in changed)


def _regroup(
    changed: Collection[str],
    copies: Sequence[Copy],
    fresh: Mapping[str, ComparedArticle],
    stored: Stored,
) -> Grouping:
    """The groups of the changed articles, of their near-identical copies, and of all that was with them."""
    near = [copy for copy in copies if copy.jaccard >= GROUP_JACCARD]
    seeds = {*changed, *(copy.article_id for copy in near), *(copy.source_id for copy in near)}
    previous = stored.group_members(sorted(seeds))
    ids = sorted(seeds | previous.keys())
    unchanged = [
        copy
        for copy in stored.near_copies(ids, GROUP_JACCARD)
        if copy.article_id not in changed and copy.source_id not in changed
    ]
    articles: list[AnyArticle] = [*fresh.values(), *stored.published(sorted(set(ids) - fresh.keys()))]
    names = Names(previous, stored.taken_group_ids(candidate_names(ids)))
    return group_copies(ids, [*unchanged, *near], articles, names)


def to_compare(article: Article, filing: Filing) -> ComparedArticle:
    """A new version as the copy finder needs it."""
    lengths = [len(paragraph.text) + PARAGRAPH_BREAK for paragraph in article.paragraphs]
    return ComparedArticle(
        article_id=filing.article_id,
        outlet=article.outlet,
        text=article.text,
        paragraph_starts=tuple(accumulate([0, *lengths[:-1]])),
        published_earliest=filing.published_earliest,
        published_latest=filing.published_latest,
        agencies=article.agencies,
    )
