"""GDELT's DOC 2.0 API: full-text search of the world's online news, 250 articles an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pipelines.records import Candidate, Hints, Via
from pipelines.search import Query, SearchRequest, SearchStep, build_url, compact_time, say_fault

MAX_RECORDS = 250  # the most that an answer lists; the rest is not paged, only sliced
FIRST_SLICE = timedelta(days=7)  # a quiet story fits into a few requests; a busy week is halved
MIN_SLICE = timedelta(minutes=15)  # the service's own resolution
REACH = timedelta(days=90)  # back from now, where a story has no beginning
SETTLED = timedelta(days=3)  # after that, what was seen in a slice changes no more
MIN_TERM_CHARS = 3  # shorter ones are refused as too short
MAX_QUERY_CHARS = 500  # longer ones are refused as too long
THROTTLE = re.compile(r"limit requests|too many requests|rate limit", re.IGNORECASE)
# a backslash that starts no escape of JSON: titles hold them raw
BAD_ESCAPE = re.compile(r'\\(?:(?=["\\/bfnrt])(.)|(u[0-9a-fA-F]{4})|)', re.DOTALL)


class GdeltDoc:
    """Searches by the terms of `[match]`, in slices of the story's window."""

    name = "gdelt"
    endpoint = "https://api.gdeltproject.org/api/v2/doc/doc"
    pause_seconds = 5.0  # what the service asks for, in so many words

    def start(self, query: Query, endpoint: str) -> SearchStep:
        if not write_query(query):
            return SearchStep(fault="[match] has no term that it can be asked for")
        since = query.since or query.end - REACH
        if since >= query.end:
            return SearchStep(fault="the story's window has not begun")
        return SearchStep(
            more=tuple(
                _request(query, endpoint, (start, end))
                for start, end in _slices(since, query.end, FIRST_SLICE)
            )
        )

    def read(self, query: Query, request: SearchRequest, body: bytes) -> SearchStep:
        articles = _read_articles(body)
        if isinstance(articles, str):
            return SearchStep(fault=articles, is_throttled=THROTTLE.search(articles) is not None)
        candidates = tuple(_candidate(article, request.url) for article in articles)
        if len(articles) < MAX_RECORDS:
            return SearchStep(candidates)
        return SearchStep(candidates, tuple(_halves(query, request)))


def write_query(query: Query) -> str:
    """The story's terms as the service reads them: groups in parentheses, phrases in quotes.

    A group with a term that can't be asked for is left out whole: too much is found
    rather than too little. Empty if nothing is left.
    """
    askable = [group for group in query.conditions if all(map(_is_askable, group))]
    if not askable:
        some = [tuple(filter(_is_askable, group)) for group in query.conditions]
        askable = [group for group in some if group]
    words = ""
    for group in askable:
        terms = [f'"{term}"' if re.search(r"\W", term) else term for term in map(_bare, group)]
        part = f"({' OR '.join(terms)})" if len(terms) > 1 else terms[0]
        longer = f"{words} {part}".strip()
        if len(longer) <= MAX_QUERY_CHARS:
            words = longer
    return words


def _bare(term: str) -> str:
    return " ".join(re.sub(r'["()]', " ", term).split())


def _is_askable(term: str) -> bool:
    return not term.endswith("*") and len(_bare(term)) >= MIN_TERM_CHARS


def _slices(since: datetime, until: datetime, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
    start = since
    while start < until:
        yield start, min(start + step, until)
        start += step


def _halves(query: Query, request: SearchRequest) -> Iterator[SearchRequest]:
    since, until = request.since, request.until
    if since is None or until is None or until - since <= MIN_SLICE:
        return  # the service tells nothing finer apart
    middle = (since + (until - since) / 2).replace(microsecond=0)
    for start, end in ((since, middle), (middle, until)):
        yield _request(query, request.endpoint, (start, end))


def _request(query: Query, endpoint: str, slice_: tuple[datetime, datetime]) -> SearchRequest:
    since, until = slice_
    url = build_url(
        endpoint,
        ("query", write_query(query)),
        ("mode", "artlist"),
        ("format", "json"),
        ("maxrecords", str(MAX_RECORDS)),
        ("sort", "dateasc"),
        ("startdatetime", compact_time(since)),
        ("enddatetime", compact_time(until)),
    )
    return SearchRequest(url, endpoint, since, until, is_lasting=until < query.now - SETTLED)


def _read_articles(body: bytes) -> list[dict[str, Any]] | str:
    """The articles of an answer, or what the service says instead: with status 200, as plain text."""
    text = body.decode("utf-8-sig", "replace").strip()
    if not text.startswith("{"):
        return say_fault(body)
    try:
        document = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        try:
            document = json.loads(BAD_ESCAPE.sub(_mend_escape, text), strict=False)
        except (ValueError, RecursionError) as error:
            return f"damaged JSON: {str(error)[:100]}"
    articles = document.get("articles", [])
    if not isinstance(articles, list):
        return "JSON without a list of articles"
    return [
        article for article in articles if isinstance(article, dict) and isinstance(article.get("url"), str)
    ]


def _mend_escape(found: re.Match[str]) -> str:
    return found[0] if found[1] or found[2] else "\\\\"


def _candidate(article: dict[str, Any], source_url: str) -> Candidate:
    title, seen = article.get("title"), article.get("seendate")
    hints = Hints(
        title=title.strip()[:500] or None if isinstance(title, str) else None,
        seen_raw=seen[:50] if isinstance(seen, str) else None,
    )
    return Candidate(article["url"], Via.SEARCH, source_url, hints)
