"""The links of a page that may lead to more coverage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from pipelines.decoding import decode_body
from pipelines.feeds import resolve_link
from pipelines.match import Match, count_conditions
from pipelines.parsing import ExcessiveDepth, excess_of_markup, parse_html
from pipelines.planning import mentionable
from pipelines.records import Candidate, Capture, Hints, Via
from pipelines.urls import canonicalize_url, requestable_url

MAX_LINKS = 100  # of a page, the most promising first; a page that lists more is an index
MAX_ANCHOR_CHARS = 300
HTML_TYPES = ("text/html", "application/xhtml+xml", "")
FURNITURE = frozenset({"nav", "form", "button", "select", "dialog"})
PAGE_FURNITURE = frozenset({"header", "footer"})  # inside an article they belong to it
CONTENT = frozenset({"article", "main"})
UNWANTED_REL = frozenset({"nofollow", "sponsored", "ugc", "license", "author", "tag", "search"})
FILE_SUFFIX = re.compile(
    r"\.(jpe?g|png|gif|webp|avif|svg|ico|css|js|json|xml|rss|atom|pdf|docx?|xlsx?|pptx?|zip|gz|mp[34]|m4[av]"
    r"|mov|avi|webm|ogg|wav|epub|apk|exe|dmg|ics)$",
    re.IGNORECASE,
)
NOFOLLOW = re.compile(r"\b(nofollow|none)\b", re.IGNORECASE)


def find_links(capture: Capture, match: Match) -> tuple[Candidate, ...]:
    """Links to other pages, those first that the story's terms or a paragraph of the text speak for.

    Left out are the site's furniture (menus, forms, page header and footer), links that the
    page asks not to follow, share links, files and front pages. Never raises for what a page holds.
    """
    tree = _parse(capture)
    if tree is None or _asks_not_to_follow(tree):
        return ()
    base_url = _base_url(tree, capture.final_url)
    own = {canonicalize_url(capture.url), canonicalize_url(capture.final_url)}
    best: dict[str, tuple[int, int, Candidate]] = {}
    for position, anchor in enumerate(tree.iter("a")):
        url = _target(anchor, base_url)
        if url is None or canonicalize_url(url) in own or _is_furniture(anchor):
            continue
        text = " ".join("".join(anchor.itertext()).split())[:MAX_ANCHOR_CHARS]
        candidate = Candidate(url, Via.LINK, capture.url, Hints(title=text or None))
        ranked = (_rank(anchor, candidate, match), position, candidate)
        key = canonicalize_url(url)
        best[key] = min(best.get(key, ranked), ranked, key=lambda one: one[:2])
    chosen = sorted(best.values(), key=lambda one: one[:2])[:MAX_LINKS]
    return tuple(candidate for _, _, candidate in chosen)


def _parse(capture: Capture) -> Any | None:
    decoded = decode_body(capture.body, capture.charset)
    if capture.media_type not in HTML_TYPES or not isinstance(decoded, str) or excess_of_markup(decoded):
        return None
    try:
        return parse_html(decoded)
    except ExcessiveDepth:
        return None


def _rank(anchor: Any, candidate: Candidate, match: Match) -> int:
    if count_conditions(match, mentionable(candidate)):
        return 0
    return 1 if any(parent.tag == "p" for parent in anchor.iterancestors()) else 2


def _asks_not_to_follow(tree: Any) -> bool:
    return any(
        (meta.get("name") or "").lower() == "robots" and NOFOLLOW.search(meta.get("content") or "")
        for meta in tree.iter("meta")
    )


def _base_url(tree: Any, url: str) -> str:
    for base in tree.iter("base"):
        resolved = resolve_link(base.get("href") or "", url)
        if isinstance(resolved, str):
            return resolved
    return url


def _target(anchor: Any, base_url: str) -> str | None:
    """The URL to ask for; None where a link leads to no page of its own."""
    href = (anchor.get("href") or "").strip()
    rel = frozenset((anchor.get("rel") or "").lower().split())
    if not href or href.startswith("#") or rel & UNWANTED_REL or anchor.get("download") is not None:
        return None
    resolved = resolve_link(href, base_url)
    if not isinstance(resolved, str):
        return None
    try:
        url = requestable_url(resolved)
    except ValueError:
        return None
    parts = urlsplit(url)
    is_share = "://" in unquote(parts.query)  # carries another page's address
    is_front = parts.path in ("", "/") and not parts.query
    return None if is_share or is_front or FILE_SUFFIX.search(parts.path) else url


def _is_furniture(anchor: Any) -> bool:
    tags = list(_tags_around(anchor))
    return any(
        tag in FURNITURE or (tag in PAGE_FURNITURE and not CONTENT.intersection(tags[above:]))
        for above, tag in enumerate(tags)
    )


def _tags_around(anchor: Any) -> Iterator[str]:
    """The tags around an element, the nearest first."""
    for parent in anchor.iterancestors():
        if isinstance(parent.tag, str):
            yield parent.tag
