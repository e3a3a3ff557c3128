"""Web archives with a CDX server: what they hold of a host, and of a page that is gone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.records import Candidate, Hints, Via
from pipelines.search import Query, SearchRequest, SearchStep, build_url, compact_time, say_fault

MAX_LINES = 5000  # of one answer; the rest comes by its resume key
REACH = timedelta(days=90)  # back from now, where a story has no beginning
REPLAY_ENDPOINT = "https://web.archive.org/web"
REPLAY_NAME = "wayback-replay"
HTML_TYPES = ("text/html", "application/xhtml+xml")
MAX_COPIES = 500  # of one page, to choose from
# CDX servers differ in what they call a column: the Internet Archive's names, then pywb's
COLUMNS = {"url": "original", "status": "statuscode", "mime": "mimetype"}


@dataclass(frozen=True, slots=True)
class ArchivedCopy:
    """One capture of a page in a web archive."""

    original: str
    timestamp: str  # 14 digits, UTC

    @property
    def taken_at(self) -> datetime:
        return datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


class Wayback:
    """Lists the pages of the story's hosts that the archive saw in its window."""

    name = "wayback"
    endpoint = "https://web.archive.org/cdx/search/cdx"
    pause_seconds = 2.0  # the archive blocks whoever asks faster for long

    def start(self, query: Query, endpoint: str) -> SearchStep:
        if not query.hosts:
            return SearchStep(fault="the story names no host to look up: add a site, feed, sitemap or seed")
        since = query.since or query.end - REACH
        if since >= query.end:
            return SearchStep(fault="the story's window has not begun")
        return SearchStep(
            more=tuple(_host_request(endpoint, host, (since, query.end)) for host in query.hosts)
        )

    def read(self, query: Query, request: SearchRequest, body: bytes) -> SearchStep:
        reading = _read_cdx(body)
        if isinstance(reading, str):
            return SearchStep(fault=reading)
        copies, resume_key = reading
        candidates = tuple(
            Candidate(copy.original, Via.SEARCH, request.url, Hints(seen_raw=copy.taken_at.isoformat()))
            for copy in copies
        )
        if resume_key is None:
            return SearchStep(candidates)
        first = request.url.partition("&resumeKey=")[0]
        url = build_url(first, ("resumeKey", resume_key))
        return SearchStep(candidates, (SearchRequest(url, request.endpoint, request.since, request.until),))


def copies_request(url: str, endpoint: str) -> SearchRequest:
    """Asks for all copies of one page."""
    asked = build_url(
        endpoint,
        ("url", url),
        ("output", "json"),
        ("fl", "timestamp,original,mimetype,statuscode"),
        ("filter", "statuscode:200"),
        ("limit", str(MAX_COPIES)),
    )
    return SearchRequest(asked, endpoint)


def choose_copy(body: bytes, since: datetime | None, until: datetime | None) -> ArchivedCopy | str:
    """Of a page's copies the first one in the window, else the one nearest to it; or why there is none."""
    reading = _read_cdx(body)
    if isinstance(reading, str):
        return reading
    copies = sorted(reading[0], key=lambda copy: copy.timestamp)
    if not copies:
        return "the web archive has no copy"
    inside = [
        copy
        for copy in copies
        if (since is None or copy.taken_at >= since) and (until is None or copy.taken_at < until)
    ]
    after = [copy for copy in copies if since is None or copy.taken_at >= since]
    return (inside or after or copies[-1:])[0]


def replay_url(copy: ArchivedCopy, endpoint: str) -> str:
    """Where a copy lies as it was captured, without the archive's own banner and links."""
    return f"{endpoint.rstrip('/')}/{copy.timestamp}id_/{copy.original}"


def _host_request(endpoint: str, host: str, window: tuple[datetime, datetime]) -> SearchRequest:
    url = build_url(
        endpoint,
        ("url", host),
        ("matchType", "domain"),
        ("from", compact_time(window[0])),
        ("to", compact_time(window[1])),
        ("output", "json"),
        ("fl", "timestamp,original,mimetype,statuscode"),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("collapse", "urlkey"),
        ("limit", str(MAX_LINES)),
        ("showResumeKey", "true"),
    )
    return SearchRequest(url, endpoint, *window)


def _read_cdx(body: bytes) -> tuple[list[ArchivedCopy], str | None] | str:
    """The captures of an answer and its resume key; or what the server said instead."""
    text = body.decode("utf-8-sig", "replace").strip()
    if not text:
        return [], None
    try:
        rows, resume_key = _rows_of_table(text) if text.startswith("[") else _rows_of_lines(text)
    except (ValueError, RecursionError):
        return say_fault(body)
    copies = [copy for copy in map(_copy, rows) if copy is not None]
    return copies, resume_key


def _rows_of_table(text: str) -> tuple[list[Mapping[str, Any]], str | None]:
    """The Internet Archive's form: a list of rows, names first; the resume key behind an empty row."""
    table = [row for row in json.loads(text) if isinstance(row, list)]
    if not table:
        return [], None
    resume_key = None
    if len(table) >= 2 and table[-2] == [] and len(table[-1]) == 1:
        resume_key = str(table[-1][0])
        table = table[:-2]
    if not table:
        return [], resume_key
    names = [str(name) for name in table[0]]
    return [dict(zip(names, row, strict=False)) for row in table[1:] if row], resume_key


def _rows_of_lines(text: str) -> tuple[list[Mapping[str, Any]], None]:
    """pywb's form: an object a line."""
    rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError("not a CDX answer")
    return [{COLUMNS.get(name, name): value for name, value in row.items()} for row in rows], None


def _copy(row: Mapping[str, Any]) -> ArchivedCopy | None:
    original, timestamp = str(row.get("original") or ""), str(row.get("timestamp") or "")
    is_page = row.get("mimetype") in (*HTML_TYPES, None) and str(row.get("statuscode") or "200") == "200"
    if not is_page or not original.lower().startswith(("http://", "https://")):
        return None
    copy = ArchivedCopy(original, timestamp)
    try:
        copy.taken_at.isoformat()
    except ValueError:
        return None
    return copy
