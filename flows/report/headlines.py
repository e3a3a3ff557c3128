"""Headlines given to the same text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flows.report.ownership import name_of
from flows.report.story import Story
from warehouse.story_report import ReportArticle

MAX_GROUPS = 30  # the largest
NO_HEADLINE = "(no headline)"


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline and the articles that carry it, letter for letter."""

    text: str
    articles: tuple[ReportArticle, ...]
    has_origin: bool


@dataclass(frozen=True, slots=True)
class HeadlineGroup:
    """Near-identical texts: whose they are as far as is known, and what they were called."""

    owner: str
    articles: int
    headlines: tuple[Headline, ...]


def group_headlines(story: Story) -> tuple[HeadlineGroup, ...]:
    """The groups of near-identical copies, the one with the most articles first."""
    groups: defaultdict[str, list[ReportArticle]] = defaultdict(list)
    for article in story.articles:
        if article.group_id is not None:
            groups[article.group_id].append(article)
    found = [_group(members) for members in groups.values() if len(members) > 1]
    return tuple(sorted(found, key=lambda group: -group.articles))


def _group(members: Sequence[ReportArticle]) -> HeadlineGroup:
    origin = next((one for one in members if not one.is_copy), members[0])
    variants: defaultdict[str, list[ReportArticle]] = defaultdict(list)
    for article in members:
        variants[article.title or NO_HEADLINE].append(article)
    headlines = [Headline(text, tuple(articles), origin in articles) for text, articles in variants.items()]
    ordered = sorted(headlines, key=lambda one: (not one.has_origin, -len(one.articles), one.text))
    return HeadlineGroup(origin.group_agency or name_of(origin), len(members), tuple(ordered))
