"""How far articles look back for their sources, as a run leaves it: by their stories, and by nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pipelines.look_back import longest_look_back
from pipelines.pairing import IndexedArticle

StoryDays = Mapping[str, int | None]


class Members(Protocol):
    """What is asked of the stored stories; see `warehouse.neighbours.StoredArticles`."""

    def stories_of(self, article_ids: Collection[str]) -> list[tuple[str, str]]: ...
    def members(self, story: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class StoryChange:
    """What a run does to the look-backs: to its story's own, and by whom it makes an article of the story.

    `before` are the look-backs of the stored stories; None looks back over everything.
    """

    before: StoryDays = field(default_factory=dict)
    story: str | None = None
    look_back_days: int | None = None
    joined: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()

    @property
    def after(self) -> StoryDays:
        return self.before if self.story is None else {**self.before, self.story: self.look_back_days}

    @property
    def is_bounded(self) -> bool:
        """Whether any story bounds its look-back, before or after; else there is nothing to ask."""
        return any(days is not None for days in (*self.before.values(), self.look_back_days))

    @property
    def is_new_bound(self) -> bool:
        """Whether the run's story is known by another look-back."""
        is_known = self.story is not None and self.story in self.before
        return is_known and self.before.get(self.story or "") != self.look_back_days

    @property
    def is_of_consequence(self) -> bool:
        """Whether stored articles may look back otherwise than they did."""
        return self.is_bounded and bool(self.joined or self.left or self.is_new_bound)


UNCHANGED = StoryChange()


def find_other_look_backs(change: StoryChange, stored: Members, fresh: Collection[str]) -> frozenset[str]:
    """Articles, apart from the fresh ones, whose look-back a run changes."""
    if not change.is_of_consequence:
        return frozenset()
    concerned = set(change.joined | change.left)
    if change.is_new_bound and change.story is not None:
        concerned.update(stored.members(change.story))
    concerned.difference_update(fresh)
    before = _stories_of(concerned, stored)
    return frozenset(
        article_id
        for article_id in concerned
        if longest_look_back(change.before.get(story) for story in before[article_id])
        != _after(change, article_id, before[article_id])
    )


def mark_look_backs(
    articles: Iterable[IndexedArticle], change: StoryChange, stored: Members
) -> list[IndexedArticle]:
    """The articles, each with its look-back as the run leaves it."""
    given = list(articles)
    if not change.is_bounded or not given:
        return given
    stories = _stories_of({one.article_id for one in given}, stored)
    return [
        one._replace(look_back_days=_after(change, one.article_id, stories[one.article_id])) for one in given
    ]


def _after(change: StoryChange, article_id: str, stories: Collection[str]) -> int | None:
    own = set(stories)
    if change.story is not None and article_id in change.left:
        own.discard(change.story)
    if change.story is not None and article_id in change.joined:
        own.add(change.story)
    return longest_look_back(change.after.get(story) for story in own)


def _stories_of(article_ids: Collection[str], stored: Members) -> Mapping[str, set[str]]:
    stories: dict[str, set[str]] = defaultdict(set)
    if not article_ids:
        return stories
    for article_id, story in stored.stories_of(sorted(article_ids)):
        stories[article_id].add(story)
    return stories
