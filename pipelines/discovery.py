"""What sources list, whatever they are, and whether it lies in the story's time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import urlsplit

from pipelines.feeds import read_feed, resolve_link
from pipelines.records import Candidate, Hints, Rejected, Via
from pipelines.sitemaps import SitemapChild, is_sitemap, read_sitemap

ZONE_SLACK = timedelta(days=1)  # a date without a zone may be off by 14 hours either way
LINK_TAG = re.compile(r"<link\b[^>]{0,2000}>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
USUAL_FEEDS = ("/feed", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml")
USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml", "/sitemap_index.xml")
FEED_ROOT = re.compile(
    rb"(?:(?>(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE\s+rss[^>]*>)\s*))*+<(?:rss|feed|(?:\w+:)?RDF)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
JSON_FEED = re.compile(rb'\{.*?"(?:version|items|home_page_url)"', re.DOTALL)
MAX_HOME_CHARS = 500_000  # feeds are announced in the head
MAX_SITE_FEEDS = 20  # a portal may announce hundreds; the first ones are the general ones
NAME_DATE = re.compile(r"(?<!\d)(20\d\d)(?:[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Window:
    """The story's time window; None leaves that side open. `until` is exclusive."""

    since: datetime | None
    until: datetime | None

    def excludes(self, hints: Hints) -> bool:
        """Whether the source's own date proves that an entry lies outside.

        A page may have been published in the window and changed or seen after it, so such
        a date alone excludes only what was last changed, or seen, too early.
        """
        published = read_source_date(hints.published_raw)
        if published is not None:
            return self.is_before(published) or self.is_after(published)
        known = [read_source_date(raw) for raw in (hints.modified_raw, hints.seen_raw)]
        return any(moment is not None and self.is_before(moment) for moment in known)

    def excludes_child(self, child: SitemapChild) -> bool:
        """Whether a sitemap holds nothing of the window, by its change date or the period in its name."""
        modified = read_source_date(child.modified_raw)
        if modified is not None and self.is_before(modified):
            return True
        period = period_in_name(child.url)
        return period is not None and self.excludes_period(period)

    def excludes_period(self, period: tuple[datetime, datetime]) -> bool:
        """Whether a period, its end exclusive, has no moment in common with the window."""
        return self.is_before(period[1]) or self.is_after(period[0])

    def is_before(self, moment: datetime) -> bool:
        """Whether a moment lies before the window, in whatever zone."""
        return self.since is not None and moment < self.since - ZONE_SLACK

    def is_after(self, moment: datetime) -> bool:
        """Whether a moment lies after the window, in whatever zone."""
        return self.until is not None and moment >= self.until + ZONE_SLACK


def read_source_date(raw: str | None) -> datetime | None:
    """An RFC 822 or ISO 8601 date as a moment, UTC where no zone is given; None if it is neither."""
    if not raw:
        return None
    try:
        moment = datetime.fromisoformat(raw.strip())
    except ValueError:
        try:
            moment = parsedate_to_datetime(raw)
        except (ValueError, IndexError, TypeError):
            return None
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        return None


def period_in_name(url: str) -> tuple[datetime, datetime] | None:
    """First and last moment of the year, month or day in a sitemap's address, if it names exactly one."""
    parts = urlsplit(url)
    found = set(NAME_DATE.findall(f"{parts.path}?{parts.query}"))
    if len(found) != 1:
        return None
    year, month, day = (int(part) if part else None for part in found.pop())
    assert year is not None
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
    except ValueError:
        return None
    if day:
        return start, start + timedelta(days=1)
    if month:
        return start, (start + timedelta(days=32)).replace(day=1)
    return start, start.replace(year=year + 1)


def newest_first(child: SitemapChild) -> tuple[float, str]:
    """A key that sorts the sitemaps of an index by their date, else by the period in their name."""
    period = period_in_name(child.url)
    moment = read_source_date(child.modified_raw) or (period[1] if period else None)
    return -moment.timestamp() if moment else 0.0, child.url


@dataclass(frozen=True, slots=True)
class SourceReading:
    """What a feed or sitemap lists, whichever it turned out to be."""

    kind: str
    entries: tuple[Candidate, ...]
    children: tuple[SitemapChild, ...]
    rejected: tuple[Rejected, ...]
    fault: str | None
    next_url: str | None = None  # of a paged feed

    @property
    def summary(self) -> str:
        """A line for a person: `feed (rss20), 12 entries`."""
        counts = [f"{len(self.entries)} entries"] if self.entries or not self.children else []
        counts += [f"{len(self.children)} sitemaps"] if self.children else []
        counts += [f"{len(self.rejected)} bad"] if self.rejected else []
        return ", ".join([self.kind, *counts])


def read_source(body: bytes, base_url: str, via: Via) -> SourceReading:
    """Read a body as what it is: a sitemap by its root element, else what its list said it was."""
    if via is Via.SITEMAP or is_sitemap(body):
        sitemap = read_sitemap(body, base_url)
        if sitemap.fault is None:
            kind = f"sitemap ({sitemap.kind})"
            return SourceReading(kind, sitemap.entries, sitemap.children, sitemap.rejected, None)
        if is_sitemap(body):
            return SourceReading("sitemap", (), (), (), sitemap.fault)
    feed = read_feed(body, base_url)
    if feed.fault is None:
        return SourceReading(f"feed ({feed.kind})", feed.entries, (), feed.rejected, None, feed.next_url)
    fault = "neither a feed nor a sitemap" if feed.fault == "not a feed" else feed.fault
    return SourceReading("unknown", (), (), (), fault)


def looks_like_source(body: bytes) -> bool:
    """Whether a body is a feed or sitemap by its beginning, and not a page."""
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return is_sitemap(body) or FEED_ROOT.match(start) is not None or JSON_FEED.match(start) is not None


def find_feeds(home: str, base_url: str) -> tuple[str, ...]:
    """The feeds that a home page announces by `link rel=alternate`, in its order."""
    found: dict[str, None] = {}
    for tag in LINK_TAG.findall(home[:MAX_HOME_CHARS]):
        attributes = {name.lower(): unescape(value.strip("\"'")) for name, value in ATTRIBUTE.findall(tag)}
        is_feed = attributes.get("type", "").split(";")[0].strip().lower() in FEED_TYPES
        if is_feed and "alternate" in attributes.get("rel", "").lower().split():
            url = resolve_link(attributes.get("href", ""), base_url)
            if isinstance(url, str):
                found[url] = None
    return tuple(found)[:MAX_SITE_FEEDS]


def guess_sources(home_url: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where feeds and sitemaps usually lie, for a site that announces none: the likeliest first."""
    parts = urlsplit(home_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return tuple(origin + path for path in USUAL_FEEDS), tuple(origin + path for path in USUAL_SITEMAPS)
