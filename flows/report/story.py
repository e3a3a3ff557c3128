"""A story as the report's sections read it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from flows.report.ownership import Basis, Ledger, Owned, keep_ledger
from warehouse.story_report import ReportArticle, StoryRows

WHOLE = "near-identical copy"
PART = "takes text from others"
OPEN = "shares text, order not proven"
OWN = "own text"
KINDS = (OWN, PART, OPEN, WHOLE)

EXACT = timedelta(hours=1)  # a wider interval comes from a day without a time, or a time without a zone


def is_exact(article: ReportArticle) -> bool:
    """Whether it is known to the hour when the article appeared."""
    start, end = article.published_earliest, article.published_latest
    return start is not None and end is not None and end - start <= EXACT


@dataclass(frozen=True)
class Story:
    """The rows of a story with what several sections ask of them."""

    rows: StoryRows
    ledger: Ledger

    @classmethod
    def of(cls, rows: StoryRows) -> Story:
        return cls(rows, keep_ledger(rows))

    @cached_property
    def articles(self) -> tuple[ReportArticle, ...]:
        """The story's own, the earliest first."""
        return tuple(article for article in self.rows.articles if article.is_of_story)

    @cached_property
    def by_id(self) -> dict[str, ReportArticle]:
        """These, and the articles of other stories that share text with them."""
        return {article.article_id: article for article in self.rows.articles}

    @cached_property
    def outlets(self) -> tuple[str, ...]:
        """In the order of their first articles."""
        return tuple(dict.fromkeys(article.outlet for article in self.articles))

    @cached_property
    def paragraphs_of(self) -> dict[str, list[Owned]]:
        """What is known about each article's paragraphs."""
        found: defaultdict[str, list[Owned]] = defaultdict(list)
        for paragraph in self.ledger.paragraphs:
            found[paragraph.article_id].append(paragraph)
        return dict(found)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """How much of each article is its own, in one of four words."""
        return {article.article_id: self._kind(article) for article in self.articles}

    def _kind(self, article: ReportArticle) -> str:
        if article.is_copy:
            return WHOLE
        bases = {paragraph.basis for paragraph in self.paragraphs_of.get(article.article_id, ())}
        if bases & {Basis.CREDITED, Basis.UNCREDITED, Basis.TAKEN}:
            return PART
        return OPEN if Basis.UNDECIDED in bases else OWN
