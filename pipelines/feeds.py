"""Feeds of any kind, as bytes, to the URLs they list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from xml.sax import SAXException

import feedparser

from pipelines.records import Candidate, Hints, Reason, Rejected, Via
from pipelines.urls import resolve_url

MAX_FEED_ENTRIES = 10_000  # the largest archive feeds hold some thousand; more is a trap
MAX_RAW_CHARS = 500  # of a title, date or bad URL: what a person can still read
# An internal subset with entities is how a feed of 1 kB grows to gigabytes; no feed needs one.
ENTITY_DECLARATION = re.compile(rb"<!ENTITY", re.IGNORECASE)
PROLOGUE_BYTES = 65_536  # where a document type declaration can stand


@dataclass(frozen=True, slots=True)
class FeedReading:
    """What a feed lists; `fault` says why nothing of it could be read."""

    kind: str  # rss20, atom10, json, …, or "unknown"
    entries: tuple[Candidate, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    fault: str | None = None
    next_url: str | None = None  # the page or archive before this one, RFC 5005


def read_feed(body: bytes, base_url: str) -> FeedReading:
    """Every entry of a feed (RSS 0.9x to 2.0, RDF, Atom, JSON Feed) that has a URL.

    Never raises for what a site may send. Malformed XML gives the entries that can still
    be read; a link that is no http(s) URL costs that entry only. Titles and dates are
    handed on as the feed wrote them.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read_json_feed(body, base_url)
    if ENTITY_DECLARATION.search(body[:PROLOGUE_BYTES]):
        return FeedReading("unknown", fault="declares entities of its own, which no feed needs")
    parsed = _parse_xml_feed(body, base_url)
    if parsed is None or (not parsed.get("version") and not parsed.entries):
        return FeedReading("unknown", fault="not a feed")
    kind = parsed.get("version") or "unknown"
    reading = _collect(kind, (_xml_entry(entry) for entry in parsed.entries), base_url)
    reading = replace(reading, next_url=_earlier_page(parsed, base_url))
    if not reading.entries and not reading.rejected and _is_malformed(parsed):
        return replace(reading, fault="malformed XML, and no entry of it can be read")
    return reading


@dataclass(frozen=True, slots=True)
class _RawEntry:
    link: str | None
    hints: Hints


def _parse_xml_feed(body: bytes, base_url: str) -> Any | None:
    """feedparser's result; it is given bytes in memory, so it opens no file and no URL."""
    headers = {"content-location": base_url}
    try:
        return feedparser.parse(
            BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, RecursionError, AssertionError, LookupError, TypeError, AttributeError):
        # malformed markup reaches feedparser's fallback parsers, which raise any of these
        return None


def _is_malformed(parsed: Mapping[str, Any]) -> bool:
    """Whether the XML parser gave up; a feed that is whole and only misstates its charset is none such."""
    return bool(parsed.get("bozo")) and isinstance(parsed.get("bozo_exception"), SAXException)


def _xml_entry(entry: Mapping[str, Any]) -> _RawEntry:
    published = entry.get("published") or entry.get("created")
    return _RawEntry(
        link=_alternate_link(entry),
        hints=Hints(
            title=_shorten(entry.get("title")),
            published_raw=_shorten(published),
            modified_raw=_shorten(entry.get("updated")) if "updated" in entry.keys() else None,  # noqa: SIM118
        ),
    )


def _earlier_page(parsed: Mapping[str, Any], base_url: str) -> str | None:
    """The next page of a paged feed, else the archive document before this one; never the feed itself."""
    links = {link.get("rel"): link.get("href") for link in reversed(parsed["feed"].get("links", ()))}
    here = (links.get("self"), base_url)
    for rel in ("next", "prev-archive"):
        found = _page_url(links.get(rel), base_url)
        if found is not None and found not in [_page_url(url, base_url) for url in here]:
            return found
    return None


def _page_url(url: object, base_url: str) -> str | None:
    resolved = resolve_link(url, base_url) if isinstance(url, str) and url.strip() else None
    return resolved if isinstance(resolved, str) else None


def _alternate_link(entry: Mapping[str, Any]) -> str | None:
    # what a feed service puts in the place of the publisher's own link it names beside it
    link = entry.get("feedburner_origlink") or entry.get("link")
    if link:
        return str(link)
    identifier = entry.get("id")
    # RSS: a guid that is a permalink stands for a missing link
    if isinstance(identifier, str) and re.match(r"https?://", identifier, re.IGNORECASE):
        return identifier
    return None


def _read_json_feed(body: bytes, base_url: str) -> FeedReading:
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return FeedReading("json", fault=f"not JSON: {str(error)[:100]}")
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return FeedReading("json", fault="JSON, but no JSON Feed: it has no list of items")
    reading = _collect("json", (_json_entry(item) for item in items if isinstance(item, dict)), base_url)
    following = _page_url(document.get("next_url"), base_url)
    return replace(reading, next_url=following if following != base_url else None)


def _json_entry(item: Mapping[str, Any]) -> _RawEntry:
    link = item.get("url") or item.get("external_url")
    return _RawEntry(
        link=link if isinstance(link, str) else None,
        hints=Hints(
            title=_shorten(item.get("title")),
            published_raw=_shorten(item.get("date_published")),
            modified_raw=_shorten(item.get("date_modified")),
        ),
    )


def _collect(kind: str, raw_entries: Iterator[_RawEntry], base_url: str) -> FeedReading:
    entries: list[Candidate] = []
    rejected: list[Rejected] = []
    for position, raw in enumerate(raw_entries):
        if position >= MAX_FEED_ENTRIES:
            break
        if raw.link is None:
            continue  # an entry without a link names no URL: there is nothing to file
        found = resolve_link(raw.link, base_url)
        if isinstance(found, Rejected):
            rejected.append(found)
        else:
            entries.append(Candidate(found, Via.FEED, base_url, raw.hints))
    return FeedReading(kind, tuple(entries), tuple(rejected))


def resolve_link(link: str, base_url: str) -> str | Rejected:
    """The absolute form of a link found in a document, or why it can't be fetched."""
    try:
        return resolve_url(link, base_url)
    except ValueError as error:
        return Rejected(link.strip()[:MAX_RAW_CHARS] or "(empty)", Reason.BAD_URL, str(error)[:MAX_RAW_CHARS])


def _shorten(value: object) -> str | None:
    text = value.strip()[:MAX_RAW_CHARS] if isinstance(value, str) else ""
    return text or None
