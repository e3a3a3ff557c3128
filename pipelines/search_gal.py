"""GDELT's article list (GAL): every article it saw, a file for each minute that brought some."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.match import count_found
from pipelines.records import Candidate, Hints, Via
from pipelines.search import Query, SearchRequest, SearchStep, compact_time
from pipelines.sitemaps import inflate_sitemap
from pipelines.urls import outlet_of

QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
FIRST_MINUTES = (1, 2)  # files come in the minutes after each quarter of an hour, two or three in a row
REACH = timedelta(days=1)  # back from now, where a story has no beginning
LAG = timedelta(minutes=30)  # files of the last minutes may still come


class GdeltArticleList:
    """Filters the lists by outlet, title and summary: without full text, and without a cap of 250."""

    name = "gdelt-gal"
    endpoint = "http://data.gdeltproject.org/gdeltv3/gal"
    pause_seconds = 1.0

    def start(self, query: Query, endpoint: str) -> SearchStep:
        if not query.conditions:
            return SearchStep(fault="[match] has no term to look for")
        until = min(query.end, query.now - LAG)
        since = query.since or until - REACH
        if since >= until:
            return SearchStep(fault="the story's window has not begun")
        minutes = [
            quarter + minute * MINUTE for quarter in _quarters(since, until) for minute in FIRST_MINUTES
        ]
        return SearchStep(more=tuple(_request(endpoint, minute) for minute in minutes))

    def read(self, query: Query, request: SearchRequest, body: bytes) -> SearchStep:
        inflated = inflate_sitemap(body)
        if isinstance(inflated, str):
            return SearchStep(fault=inflated)
        candidates = tuple(
            _candidate(article, request.url) for article in _articles(inflated) if _is_wanted(article, query)
        )
        return SearchStep(candidates, tuple(_next_minute(request)))


def _quarters(since: datetime, until: datetime) -> Iterator[datetime]:
    """The quarters of an hour in the window, newest first: where a budget ends, the old ones lack."""
    quarter = until.astimezone(UTC).replace(second=0, microsecond=0)
    quarter -= (quarter.minute % 15) * MINUTE
    while quarter + QUARTER > since:
        yield quarter
        quarter -= QUARTER


def _next_minute(request: SearchRequest) -> Iterator[SearchRequest]:
    """The minute after one that had a file, up to the next quarter."""
    assert request.since is not None
    following = request.since + MINUTE
    if following.minute % 15 > max(FIRST_MINUTES):
        yield _request(request.endpoint, following)


def _request(endpoint: str, minute: datetime) -> SearchRequest:
    url = f"{endpoint.rstrip('/')}/{compact_time(minute)}.gal.json.gz"
    return SearchRequest(url, endpoint, minute, minute + MINUTE, is_optional=True, is_lasting=True)


def _articles(lines: bytes) -> Iterator[dict[str, Any]]:
    """The articles of a file, one a line; a damaged line costs that line."""
    for line in lines.splitlines():
        try:
            article = json.loads(line.decode("utf-8", "replace"), strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(article, dict) and isinstance(article.get("url"), str):
            yield article


def _is_wanted(article: dict[str, Any], query: Query) -> bool:
    """Whether title and summary meet half of the conditions; for the story's own outlets, one.

    A summary is a sentence: it seldom holds all that the whole text does.
    """
    text = f"{_text(article, 'title')}\n{_text(article, 'desc')}"
    met = sum(count_found("|".join(group), text) > 0 for group in query.conditions)
    if met == len(query.conditions):
        return True
    is_named = _is_of_hosts(article["url"], query.hosts)
    return met >= (1 if is_named else max(2, -(-len(query.conditions) // 2)))


def _is_of_hosts(url: str, hosts: tuple[str, ...]) -> bool:
    try:
        outlet = outlet_of(url)
    except ValueError:
        return False
    return any(outlet == outlet_of(f"http://{host}/") for host in hosts)


def _candidate(article: dict[str, Any], source_url: str) -> Candidate:
    hints = Hints(
        title=_text(article, "title")[:500].strip() or None,
        seen_raw=_text(article, "date")[:50] or None,
        outlet=_text(article, "outletName")[:200].strip() or None,
    )
    return Candidate(article["url"], Via.SEARCH, source_url, hints)


def _text(article: dict[str, Any], key: str) -> str:
    value = article.get(key)
    return value if isinstance(value, str) else ""
