"""Near-identical copies as groups, with the text that the others are copies of."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.alignment import NEAR_JACCARD
from pipelines.direction import AnyArticle, agencies_of, is_before, publishing_agency
from pipelines.group_names import Names, name_groups
from pipelines.records import Copy, GroupMember, GroupMerge, GroupRole

NO_NAMES = Names({}, frozenset())
GROUP_JACCARD = NEAR_JACCARD  # containment never joins: unrelated stories would chain together


@dataclass(frozen=True, slots=True)
class Grouping:
    """One row a member, in order of the groups' names; and which former groups are part of another now."""

    members: tuple[GroupMember, ...]
    merges: tuple[GroupMerge, ...]


def group_copies(
    article_ids: Sequence[str],
    copies: Iterable[Copy],
    articles: Sequence[AnyArticle],
    names: Names = NO_NAMES,
) -> Grouping:
    """The groups of near-identical articles among `article_ids`.

    Articles are joined, directly or through others, where half of all shingles agree. An article without
    near-identical copies is in no group. One member is the origin: see `_choose_origin`. A group keeps the
    name it has; see `name_groups`.
    """
    near = [copy for copy in copies if copy.jaccard >= GROUP_JACCARD]
    known = {article.article_id: article for article in articles}
    held = _containments(article_ids, near)
    groups = _connect(article_ids, near)
    named, merges = name_groups(groups, names)
    members: list[GroupMember] = []
    for group_id, ids in sorted(zip(named, groups, strict=True)):
        group = [known[article_id] for article_id in ids]
        agency = _most_credited(group)
        origin = _choose_origin(group, agency, held)
        for article_id in ids:
            role = GroupRole.ORIGIN if article_id == origin else GroupRole.COPY
            members.append(GroupMember(group_id, article_id, role, agency))
    return Grouping(tuple(members), merges)


def _connect(article_ids: Sequence[str], near: Iterable[Copy]) -> list[list[str]]:
    """Connected articles, two or more together: ids sorted within each group, groups by first id."""
    leaders = {article_id: article_id for article_id in article_ids}

    def leader_of(article_id: str) -> str:
        while leaders[article_id] != article_id:
            leaders[article_id] = leaders[leaders[article_id]]
            article_id = leaders[article_id]
        return article_id

    for copy in near:
        if copy.article_id in leaders and copy.source_id in leaders:
            first, second = sorted((leader_of(copy.article_id), leader_of(copy.source_id)))
            leaders[second] = first
    groups = defaultdict(list)
    for article_id in sorted(leaders):
        groups[leader_of(article_id)].append(article_id)
    return [ids for _, ids in sorted(groups.items()) if len(ids) > 1]


def _most_credited(group: Sequence[AnyArticle]) -> str | None:
    """The agency that most members credit or are published by; of several, the first by name."""
    counts = Counter(agency for article in group for agency in agencies_of(article))
    return min(counts, key=lambda agency: (-counts[agency], agency), default=None)


def _choose_origin(group: Sequence[AnyArticle], agency: str | None, containments: Mapping[str, float]) -> str:
    """The member that the others are taken to be copies of.

    The agency's own text; failing that, one that credits the agency. Among these, or among all,
    the one proven to be the earliest; failing that, of those not proven later than another, the
    one that holds most of the others' words, then the one with the smallest id.
    """
    own = [article for article in group if agency is not None and publishing_agency(article) == agency]
    credited = [article for article in group if agency in article.agencies]
    eligible = own or credited or list(group)
    first = min(eligible, key=_latest)
    undefeated = [article for article in eligible if not is_before(first, article)]
    best = min(undefeated, key=lambda article: (-containments[article.article_id], article.article_id))
    return best.article_id


def _latest(article: AnyArticle) -> float:
    latest = article.published_latest
    return math.inf if latest is None else latest.timestamp()


def _containments(ids: Sequence[str], near: Iterable[Copy]) -> dict[str, float]:
    """For each article, how much of its near-identical ones it holds, summed."""
    held = dict.fromkeys(ids, 0.0)
    for copy in near:
        if copy.source_id in held and copy.article_id in held:
            held[copy.source_id] += copy.containment
            held[copy.article_id] += copy.source_containment
    return held
