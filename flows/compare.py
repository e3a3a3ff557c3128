"""New articles against all that are stored, and the groups that follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipelines.copies import compare_articles
from pipelines.groups import group_copies
from pipelines.records import Article, ComparedArticle, Copy, GroupMember, ReusedPassage
from warehouse.rows import CopyRow, Filing, ReusedPassageRow, Row, WireGroupRow

PARAGRAPH_BREAK = len("\n\n")


@dataclass(frozen=True, slots=True)
class Findings:
    """What the comparison of a run's new versions gave: their pairs, and all groups there are now."""

    copies: tuple[Copy, ...]
    passages: tuple[ReusedPassage, ...]
    groups: tuple[GroupMember, ...]

    def rows(self) -> Iterator[Row]:
        yield from map(CopyRow.of, self.copies)
        yield from map(ReusedPassageRow.of, self.passages)
        yield from map(WireGroupRow.of, self.groups)


def compare_fresh(
    fresh: Sequence[ComparedArticle], stored: Sequence[ComparedArticle], stored_copies: Sequence[Copy]
) -> Findings:
    """Compare new article versions with each other and with all others."""
    changed = frozenset(article.article_id for article in fresh)
    articles = [*(article for article in stored if article.article_id not in changed), *fresh]
    comparison = compare_articles(articles, changed)
    untouched = [
        copy for copy in stored_copies if copy.article_id not in changed and copy.source_id not in changed
    ]
    ids = [article.article_id for article in articles]
    groups = group_copies(ids, [*untouched, *comparison.copies], articles)
    return Findings(comparison.copies, comparison.passages, groups)


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
