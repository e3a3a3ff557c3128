"""Feeds and sitemaps to read: a collection of odd ones, and what damage makes of them."""

from __future__ import annotations

import random
import re
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import feedparser

SUITES = Path(__file__).parents[2].parent / "shared/data/suites"
FEEDS = SUITES / "feedparser-feeds.tar.gz"
URL_CASES = SUITES / "urltestdata.json"
BASE = "http://harbour-post.example/feeds/all.xml"
MARKUP = (b"<", b">", b"&", b"]]>", b"<!--", b"<![CDATA[", b"\x00", b"\xff", b"</item>", b"<item>", b"&#x0;")
SITEMAP = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"%s>%s</urlset>'
ENTRY = b"<url><loc>http://harbour-post.example/a?b=1&amp;c=2</loc>%s</url>"
SITEMAPS = (  # the shapes that the protocol and its extensions show, filled with invented pages
    SITEMAP % (b"", ENTRY % b"<lastmod>2024-01-29</lastmod><changefreq>daily</changefreq>"),
    SITEMAP % (b"", ENTRY % b"<lastmod>2024-01-29T08:15:00+03:00</lastmod>" * 3),
    b'<?xml version="1.0"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    b"<sitemap><loc>http://harbour-post.example/1.xml.gz</loc><lastmod>2024-01-29T08:15:00Z</lastmod></sitemap>"
    b"<sitemap><loc>http://harbour-post.example/2.xml.gz</loc></sitemap></sitemapindex>",
    SITEMAP
    % (
        b' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"',
        ENTRY % b"<n:news><n:publication><n:name>Post</n:name><n:language>en</n:language></n:publication>"
        b"<n:publication_date>2024-01-29T08:15:00+03:00</n:publication_date><n:title>Cranes</n:title></n:news>",
    ),
    SITEMAP
    % (
        b' xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"',
        ENTRY % b"<i:image><i:loc>http://harbour-post.example/crane.jpg</i:loc></i:image>",
    ),
    SITEMAP
    % (
        b' xmlns:v="http://www.google.com/schemas/sitemap-video/1.1"',
        ENTRY % b"<v:video><v:content_loc>http://harbour-post.example/crane.mp4</v:content_loc></v:video>",
    ),
    b"http://harbour-post.example/a\r\nhttp://harbour-post.example/b\r\n",
)


def collected_feeds() -> Iterator[bytes]:
    """The bodies of the shared collection, in its order."""
    with tarfile.open(FEEDS) as suite:
        for member in suite.getmembers():
            file = suite.extractfile(member) if member.isfile() else None
            if file is not None:
                yield file.read()


def damage(body: bytes, chance: random.Random) -> bytes:
    """The body with one to four holes, copies, swapped bytes or pieces of markup in it, or cut off."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(body) + 1)
        end = min(len(body), start + chance.randint(1, 60))
        kind = chance.randrange(5)
        if kind == 0:
            body = body[:start] + body[end:]
        elif kind == 1:
            body = body[:end] + body[start:]
        elif kind == 2:
            body = body[:start] + chance.randbytes(end - start) + body[end:]
        elif kind == 3:
            body = body[:start] + chance.choice(MARKUP) + body[start:]
        else:
            body = body[:start]
    return body


def linked_entries(body: bytes) -> int:
    """How many entries with a link feedparser finds by itself, with its defaults."""
    parsed = feedparser.parse(BytesIO(body), response_headers={"content-location": BASE})
    return sum(
        bool(entry.get("link") or re.match(r"https?://", str(entry.get("id") or ""), re.IGNORECASE))
        for entry in parsed.entries
    )
