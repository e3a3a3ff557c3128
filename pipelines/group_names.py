"""Names of groups that stay when members join or leave, and when two groups turn out to be one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipelines.records import GroupMerge


@dataclass(frozen=True, slots=True)
class Names:
    """`previous`, the name of each article's group so far; `taken`, names of any groups, past ones too."""

    previous: Mapping[str, str]
    taken: Collection[str]


def name_groups(groups: Sequence[Sequence[str]], names: Names) -> tuple[list[str], tuple[GroupMerge, ...]]:
    """A name for each group of article ids, and the names that are no more, with where their articles went.

    A name stays where most of its articles are; of several names in one group, that of most articles, then
    the first, stays. A new group is called after its smallest article id whose name was never used.
    """
    claims = [
        (-count, name, place)
        for place, group in enumerate(groups)
        for name, count in _count_names(group, names).items()
    ]
    named: dict[int, str] = {}
    for _, name, place in sorted(claims):
        if place not in named and name not in named.values():
            named[place] = name
    kept = set(named.values())
    merges: dict[str, int] = {}
    for _, name, place in sorted(claims):
        if name not in kept:
            merges.setdefault(name, place)
    used = kept | set(merges)
    for place, group in enumerate(groups):
        if place not in named:
            named[place] = _new_name(group, names, used)
            used.add(named[place])
    return (
        [named[place] for place in range(len(groups))],
        tuple(GroupMerge(name, named[place]) for name, place in sorted(merges.items())),
    )


def candidate_names(article_ids: Sequence[str]) -> list[str]:
    """The names that new groups of these articles may get, where they aren't taken."""
    return [_name_after(article_id) for article_id in article_ids]


def _count_names(group: Sequence[str], names: Names) -> Counter[str]:
    return Counter(names.previous[article_id] for article_id in group if article_id in names.previous)


def _name_after(article_id: str) -> str:
    return f"g{article_id}"


def _new_name(group: Sequence[str], names: Names, used: Collection[str]) -> str:
    ordered = sorted(group)
    for article_id in ordered:
        name = _name_after(article_id)
        if name not in names.taken and name not in used:
            return name
    number = 2
    while (name := f"{_name_after(ordered[0])}-{number}") in names.taken or name in used:
        number += 1
    return name
