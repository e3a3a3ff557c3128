"""Who copied whom in the demo press, from the origins that its content names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import combinations

from flows.demo.content import Block, PressArticle, Taken
from pipelines.records import Direction

MIN_PASSAGE_WORDS = 12
MIN_NEAR_SHARE = 0.5  # from here on both articles are mostly the same text
# A day without a zone begins somewhere on Earth 14 hours before it does in UTC, and ends 12 hours after.
EARLIEST_ZONE = timedelta(hours=14)
LATEST_ZONE = timedelta(hours=12)


class LabelledKind(StrEnum):
    """What a reader would call the relation of two articles."""

    WIRE = "wire"  # mostly the same text, credited to the agency by both
    UNCREDITED = "uncredited"  # mostly the same text, and one of them hides whose it is
    PARTIAL = "partial"  # one took some paragraphs


@dataclass(frozen=True, slots=True)
class LabelledCopy:
    """Two articles that share a passage; the later one first if the order is known, else in order of URL."""

    article_url: str
    source_url: str
    direction: Direction
    kind: LabelledKind
    common_agency: str | None  # whose text both hold, credited or not
    is_credited_by_both: bool
    shared_words: int  # in the paragraphs that neither of them edited
    article_share: float  # share of each article's words in common paragraphs, edited ones included
    source_share: float


def label_copies(articles: Sequence[PressArticle], urls: Mapping[str, str]) -> tuple[LabelledCopy, ...]:
    """All pairs that share at least one whole paragraph of twelve words, edited ones left out of account."""
    agencies = {article.id: article.agencies for article in articles}
    ordered = [_put_later_first(*pair, urls) for pair in combinations(articles, 2)]
    pairs = [_label_pair(article, source, urls, agencies) for article, source in ordered]
    return tuple(pair for pair in pairs if pair is not None)


def _label_pair(
    article: PressArticle,
    source: PressArticle,
    urls: Mapping[str, str],
    agencies: Mapping[str, tuple[str, ...]],
) -> LabelledCopy | None:
    ours, theirs = _held(article), _held(source)
    places = ours.keys() & theirs.keys()
    lengths = [_unedited_words(ours[place], theirs[place]) for place in places]
    if max(lengths, default=0) < MIN_PASSAGE_WORDS:
        return None
    shares = tuple(
        sum(_count_words(held[place].text) for place in places) / sum(_count_words(b.text) for b in of.blocks)
        for held, of in ((ours, article), (theirs, source))
    )
    credited = bool(set(article.agencies) & set(source.agencies))
    return LabelledCopy(
        article_url=urls[article.id],
        source_url=urls[source.id],
        direction=Direction.SOURCE_FIRST if _is_before(source, article) else Direction.UNKNOWN,
        kind=_kind(min(shares), credited),
        common_agency=next((agency for name, _ in sorted(places) for agency in agencies[name]), None),
        is_credited_by_both=credited,
        shared_words=sum(lengths),
        article_share=shares[0],
        source_share=shares[1],
    )


def _kind(share: float, is_credited: bool) -> LabelledKind:
    if share < MIN_NEAR_SHARE:
        return LabelledKind.PARTIAL
    return LabelledKind.WIRE if is_credited else LabelledKind.UNCREDITED


def _put_later_first(
    one: PressArticle, other: PressArticle, urls: Mapping[str, str]
) -> tuple[PressArticle, PressArticle]:
    if _is_before(one, other):
        return other, one
    if _is_before(other, one) or urls[one.id] < urls[other.id]:
        return one, other
    return other, one


def _held(article: PressArticle) -> dict[tuple[str, int], Block]:
    """The article's paragraphs by their place of origin; its own ones originate in itself."""
    return {
        (block.origin.article, block.origin.paragraph) if block.origin else (article.id, position): block
        for position, block in enumerate(article.blocks)
    }


def _unedited_words(one: Block, other: Block) -> int:
    """Words that both print of a paragraph: a dateline that one of them lacks is left out; 0 if edited."""
    taken = [block.origin.taken for block in (one, other) if block.origin]
    if Taken.EDITED in taken:
        return 0
    return min(_count_words(one.text), _count_words(other.text))


def _is_before(one: PressArticle, other: PressArticle) -> bool:
    ours, theirs = _interval(one.published), _interval(other.published)
    return ours is not None and theirs is not None and ours[1] < theirs[0]


def _interval(moment: datetime | date | None) -> tuple[datetime, datetime] | None:
    if isinstance(moment, datetime):
        return moment, moment
    if moment is None:
        return None
    start = datetime.combine(moment, time(), UTC)
    return start - EARLIEST_ZONE, start + timedelta(days=1) + LATEST_ZONE


def _count_words(text: str) -> int:
    return len(text.split())
