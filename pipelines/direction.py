"""Who was first, as far as the publication times prove it, and which agency both texts credit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pipelines.agencies import default_agencies
from pipelines.records import ComparedArticle, Direction, Evidence, PublishedArticle

AnyArticle = ComparedArticle | PublishedArticle


CLOSE_CALL = timedelta(minutes=10)  # between two intervals: clocks differ by as much
LEAST_VAGUE = timedelta(hours=1)  # of an interval: a day, or a time without a zone
CONFIDENCE_NONE = 0.5
CONFIDENCE_CLOSE = 0.8
CONFIDENCE_VAGUE = 0.9
CONFIDENCE_CLEAR = 0.98


@dataclass(frozen=True, slots=True)
class Ordered:
    """A pair in the order in which it is filed: `source` is the earlier one where that is proven."""

    article: ComparedArticle
    source: ComparedArticle
    direction: Direction


def order_pair(one: ComparedArticle, other: ComparedArticle) -> Ordered:
    """Which of two articles is filed as the source of the other.

    Proven only where the intervals in which they appeared don't overlap. Otherwise the direction
    is unknown, and a fixed rule files the pair: the one that appeared no later than the other, by
    the ends of both intervals, is the source; failing that, the one with the smaller id.
    """
    if is_before(one, other):
        return Ordered(other, one, Direction.SOURCE_FIRST)
    if is_before(other, one):
        return Ordered(one, other, Direction.SOURCE_FIRST)
    first, second = sorted((one, other), key=lambda article: article.article_id)
    latest, other_latest = first.published_latest, second.published_latest
    if latest is not None and other_latest is not None and other_latest < latest:
        first, second = second, first
    return Ordered(second, first, Direction.UNKNOWN)


def weigh(ordered: Ordered) -> tuple[tuple[Evidence, ...], float]:
    """What the order of a pair and its common agency rest on, and how sure it is that the source was first.

    Confidence runs from 0.5, where nothing speaks for either, to 1.0. A page may err about its minutes, and
    about its day if it states no more.
    """
    article, source = ordered.article, ordered.source
    evidence = [*_weigh_agency(article, source)]
    latest, earliest = source.published_latest, article.published_earliest
    if ordered.direction is Direction.SOURCE_FIRST and latest is not None and earliest is not None:
        is_close = earliest - latest < CLOSE_CALL
        is_vague = max(_width(article), _width(source)) > LEAST_VAGUE
        confidence = CONFIDENCE_CLOSE if is_close else CONFIDENCE_VAGUE if is_vague else CONFIDENCE_CLEAR
        return (Evidence.PUBLISHED_BEFORE, *evidence), confidence
    is_missing = any(
        one.published_latest is None or one.published_earliest is None for one in (article, source)
    )
    return (Evidence.TIME_MISSING if is_missing else Evidence.TIMES_OVERLAP, *evidence), CONFIDENCE_NONE


def _weigh_agency(article: ComparedArticle, source: ComparedArticle) -> Iterator[Evidence]:
    agency = find_common_agency(article, source)
    if agency is not None:
        is_own = agency in (publishing_agency(article), publishing_agency(source))
        yield Evidence.AGENCY_PAGE if is_own else Evidence.BOTH_CREDIT


def _width(article: ComparedArticle) -> timedelta:
    """How long the interval is in which an article appeared; without end where one end isn't known."""
    if article.published_earliest is None or article.published_latest is None:
        return timedelta.max
    return article.published_latest - article.published_earliest


def is_before(one: AnyArticle, other: AnyArticle) -> bool:
    """Whether it is proven that `one` appeared before `other`."""
    latest, earliest = one.published_latest, other.published_earliest
    return latest is not None and earliest is not None and latest < earliest


def find_common_agency(one: AnyArticle, other: AnyArticle) -> str | None:
    """The agency whose text both ran: credited by both, or by one and published by the other.

    Where both name several, the first that `one` and `other` agree on, in alphabetical order.
    A credit on one side alone proves nothing about the other.
    """
    common = agencies_of(one) & agencies_of(other)
    return min(common) if common else None


def agencies_of(article: AnyArticle) -> frozenset[str]:
    """The agencies that an article credits, and the one that publishes it, if one does."""
    publisher = publishing_agency(article)
    return frozenset(article.agencies if publisher is None else (*article.agencies, publisher))


def publishing_agency(article: AnyArticle) -> str | None:
    """The agency on whose own site the article stands; see `agency_of_site`."""
    return agency_of_site(article.outlet, article.agencies)


def agency_of_site(outlet: str, credited: Sequence[str]) -> str | None:
    """The agency whose own site an outlet is, or None.

    Known agencies are known by their domains; any other by an article that credits the name of its own
    domain: "(Northwire) —" at northwire.example.
    """
    known = default_agencies().of_outlet(outlet)
    if known is not None:
        return known
    label = outlet.split(".")[0].replace("-", "")
    return next((name for name in credited if _bare(name) == label), None)


def _bare(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
