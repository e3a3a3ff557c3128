"""Sitemaps of any kind, as bytes, to the URLs and further sitemaps they list."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from pipelines.feeds import resolve_link
from pipelines.records import Candidate, Hints, Reason, Rejected, Via

MAX_SITEMAP_ENTRIES = 50_000  # the protocol's limit
MAX_SITEMAP_BYTES = 50 * 1024 * 1024  # the protocol's limit, inflated
MAX_RAW_CHARS = 500  # of a title or a bad URL: what a person can still read
MAX_LOC_CHARS = 4096  # the protocol allows 2048
GZIP_MAGIC = b"\x1f\x8b"
DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
ROOT = re.compile(rb"<(?:[\w.-]+:)?(urlset|sitemapindex)[\s>/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SitemapChild:
    """A sitemap that an index lists, with its date as written."""

    url: str
    modified_raw: str | None = None


@dataclass(frozen=True, slots=True)
class SitemapReading:
    """What a sitemap lists; `fault` says why nothing of it could be read."""

    kind: str  # urlset, index, text, or "unknown"
    entries: tuple[Candidate, ...] = ()
    children: tuple[SitemapChild, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    fault: str | None = None
    is_capped: bool = False


def is_sitemap(body: bytes) -> bool:
    """Whether a body is an XML sitemap or sitemap index, judged by its root element."""
    start = _inflate_start(body)
    return ROOT.search(start) is not None


def read_sitemap(body: bytes, base_url: str) -> SitemapReading:
    """Every entry of a sitemap: urlset, index, gzipped or a plain list of URLs.

    Never raises for what a site may send; a bad entry costs that entry only. Entities are
    never expanded and nothing is fetched: a document type declaration is refused as a
    fault, since the protocol has none and only attacks use it.
    """
    inflated = inflate_sitemap(body)
    if isinstance(inflated, str):
        return SitemapReading("unknown", fault=inflated)
    root = ROOT.search(inflated)
    if root is None:
        return _read_text(inflated, base_url)
    if DOCTYPE.search(inflated, 0, root.start()):
        return SitemapReading("unknown", fault="has a document type declaration, which a sitemap may not")
    is_index = root[1].lower() == b"sitemapindex"
    return _collect(_walk(inflated), base_url, is_index=is_index)


def inflate_sitemap(body: bytes) -> bytes | str:
    """The sitemap's bytes, gunzipped if need be, or why not."""
    if not body.startswith(GZIP_MAGIC):
        return body
    inflated, rest = b"", body
    try:
        while rest.startswith(GZIP_MAGIC):  # several members may stand end to end
            inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
            inflated += inflater.decompress(rest, MAX_SITEMAP_BYTES + 1 - len(inflated))
            if len(inflated) > MAX_SITEMAP_BYTES:
                return f"inflates to more than {MAX_SITEMAP_BYTES} bytes"
            rest = inflater.unused_data
    except zlib.error as error:
        return inflated or f"damaged gzip: {error}"
    return inflated


@dataclass(slots=True)
class _Entry:
    loc: str = ""
    lastmod: str | None = None
    title: str | None = None
    publication_date: str | None = None


def _inflate_start(body: bytes) -> bytes:
    if not body.startswith(GZIP_MAGIC):
        return body[:4096]
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, 4096)
    except zlib.error:
        return b""


def _walk(document: bytes) -> Iterator[_Entry]:
    """The entries of the document, one at a time, each element forgotten once read."""
    events = etree.iterparse(
        BytesIO(document),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in events:
            if _local_name(element) in ("url", "sitemap"):
                yield _entry_of(element)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError:
        return  # damage that the parser can't mend: what came before it stands


def _entry_of(element: etree._Element) -> _Entry:
    entry = _Entry()
    for child in element:
        name = _local_name(child)
        if name == "loc":
            entry.loc = _text(child) or ""
        elif name == "lastmod":
            entry.lastmod = _text(child)
        elif name == "news":
            for detail in child:
                if _local_name(detail) == "title":
                    entry.title = _text(detail)
                elif _local_name(detail) == "publication_date":
                    entry.publication_date = _text(detail)
    return entry


def _local_name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _text(element: etree._Element) -> str | None:
    return "".join(element.itertext()).strip()[:MAX_LOC_CHARS] or None


@dataclass(slots=True)
class _Collected:
    entries: list[Candidate] = field(default_factory=list)
    children: list[SitemapChild] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def _collect(found: Iterator[_Entry], base_url: str, *, is_index: bool) -> SitemapReading:
    collected = _Collected()
    is_capped = False
    for position, entry in enumerate(found):
        if position >= MAX_SITEMAP_ENTRIES:
            is_capped = True
            break
        url = _absolute_url(entry.loc)
        if isinstance(url, Rejected):
            collected.rejected.append(url)
        elif is_index:
            collected.children.append(SitemapChild(url, entry.lastmod))
        else:
            hints = Hints(_cut(entry.title), _cut(entry.publication_date), _cut(entry.lastmod))
            collected.entries.append(Candidate(url, Via.SITEMAP, base_url, hints))
    return SitemapReading(
        "index" if is_index else "urlset",
        tuple(collected.entries),
        tuple(collected.children),
        tuple(collected.rejected),
        is_capped=is_capped,
    )


def _absolute_url(loc: str) -> str | Rejected:
    """The protocol wants absolute URLs; guessing at others would fetch what nobody listed."""
    if not re.match(r"https?://", loc, re.IGNORECASE):
        return Rejected(loc[:MAX_RAW_CHARS] or "(empty)", Reason.BAD_URL, "not an absolute http(s) URL")
    return resolve_link(loc, loc)


def _cut(text: str | None) -> str | None:
    return text[:MAX_RAW_CHARS] if text else None


def _read_text(body: bytes, base_url: str) -> SitemapReading:
    """A sitemap of one URL a line; whatever has no URL line at the top is no sitemap."""
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if not lines or isinstance(_absolute_url(lines[0]), Rejected):
        return SitemapReading("unknown", fault="not a sitemap")
    entries: list[Candidate] = []
    rejected: list[Rejected] = []
    for line in lines[:MAX_SITEMAP_ENTRIES]:
        url = _absolute_url(line)
        if isinstance(url, Rejected):
            rejected.append(url)
        else:
            entries.append(Candidate(url, Via.SITEMAP, base_url))
    return SitemapReading(
        "text", tuple(entries), rejected=tuple(rejected), is_capped=len(lines) > MAX_SITEMAP_ENTRIES
    )
