"""What a page's JSON-LD says about its article, read tolerantly."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

MAX_SCRIPTS = 30
MAX_SCRIPT_CHARS = 1_000_000  # larger ones list products or whole sites
MAX_DEPTH = 60  # of brackets; the JSON reader recurses
MAX_NODES = 2_000

ARTICLE_TYPES = ("Article", "BlogPosting", "Report", "LiveBlogPosting", "SocialMediaPosting", "Review")
PAGE_TYPES = frozenset({"WebPage", "ItemPage", "AboutPage", "CollectionPage", "VideoObject", "MediaObject"})
WRAPPING = re.compile(r"^\s*(?://\s*)?<!\[CDATA\[|(?://\s*)?\]\]>\s*$|^\s*<!--|-->\s*$|^\s*/\*[^*]{0,300}\*/")
TRAILING_COMMA = re.compile(r",\s*([\]}])")
BRACKET = re.compile(r"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class ArticleData:
    """The article node of a page's JSON-LD; dates and text as written there."""

    types: tuple[str, ...] = ()
    url: str | None = None
    headline: str | None = None
    description: str | None = None
    body: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    image_url: str | None = None
    published_raw: str | None = None
    modified_raw: str | None = None
    created_raw: str | None = None
    authors: tuple[str, ...] = ()  # persons and nodes without a type
    author_organizations: tuple[str, ...] = ()
    publisher: str | None = None
    credits: tuple[str, ...] = ()  # creditText, copyrightHolder, sourceOrganization, provider
    language: str | None = None
    is_accessible_for_free: bool | None = None

    @property
    def is_article(self) -> bool:
        return any(name.endswith(ARTICLE_TYPES) for name in self.types)

    @property
    def is_live_blog(self) -> bool:
        return "LiveBlogPosting" in self.types


Node = dict[str, object]


def read_article_data(scripts: Sequence[str]) -> ArticleData | None:
    """The article described by the texts of a page's `application/ld+json` scripts; None if there is none.

    A script that cannot be read costs only itself. Of several article nodes the fullest counts. Without an
    article node, a page or video node that carries a date stands in.
    """
    nodes = list(_nodes_of(scripts))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    found = [_read_node(node, by_id) for node in nodes if _may_be_page(node)]
    articles = [data for data in found if data.is_article]
    if articles:
        return _with_fallbacks(max(articles, key=_fullness), articles)
    pages = [data for data in found if PAGE_TYPES & set(data.types) and data.published_raw]
    return pages[0] if pages else None


def load_script(text: str) -> object | None:
    """The value of one script, mended where that is common; None if it cannot be read."""
    if len(text) > MAX_SCRIPT_CHARS or _depth(text) > MAX_DEPTH:
        return None
    bare = _without_wrapping(text).strip("\ufeff \t\r\n").rstrip(";")
    for attempt in _attempts(bare):
        try:
            value, _ = json.JSONDecoder(strict=False).raw_decode(attempt)
        except ValueError:
            continue
        loaded: object = value
        return loaded
    return None


def _without_wrapping(script: str) -> str:
    """A script without the marks of comments and raw text around it."""
    may_begin = script.lstrip().startswith(("/", "<!"))
    if not may_begin and "]]>" not in script and "-->" not in script:
        return script
    return WRAPPING.sub("", WRAPPING.sub("", script))


def _attempts(script: str) -> Iterator[str]:
    """A script as it is, and as it may be meant."""
    yield script
    unescaped = html.unescape(script)
    yield unescaped
    yield TRAILING_COMMA.sub(r"\1", unescaped)


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in BRACKET.finditer(text):
        depth += 1 if match.group() in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _nodes_of(scripts: Sequence[str]) -> Iterator[Node]:
    """Every typed object, outer ones first."""
    waiting: list[object] = [load_script(text) for text in scripts[:MAX_SCRIPTS]]
    seen = 0
    while waiting and seen < MAX_NODES:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            if "@type" in value or "@id" in value:
                yield value
            waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))


def _may_be_page(node: Node) -> bool:
    """Whether a node's type is that of an article or a page; most nodes are crumbs, pictures, publishers."""
    names = [name.rpartition("/")[2] for name in _strings(node.get("@type"))]
    return any(name.endswith(ARTICLE_TYPES) or name in PAGE_TYPES for name in names)


def _fullness(data: ArticleData) -> int:
    wanted = (data.headline, data.published_raw, data.body, data.authors, data.publisher, data.modified_raw)
    return sum(bool(value) for value in wanted)


def _with_fallbacks(best: ArticleData, articles: list[ArticleData]) -> ArticleData:
    """`best` with the gaps filled from another node that has the same headline."""
    for other in articles:
        if other is best or other.headline != best.headline:
            continue
        best = replace(
            best,
            authors=best.authors or other.authors,
            publisher=best.publisher or other.publisher,
            published_raw=best.published_raw or other.published_raw,
            modified_raw=best.modified_raw or other.modified_raw,
            body=best.body or other.body,
        )
    return best


def _read_node(node: Node, by_id: dict[object, Node]) -> ArticleData:
    people, organizations = _split_authors(node, by_id)
    return ArticleData(
        types=tuple(name.rpartition("/")[2] for name in _strings(node.get("@type"))),
        url=_first_string(node.get("url")) or _reference(node.get("mainEntityOfPage")),
        headline=_clean(_first_string(node.get("headline")) or _first_string(node.get("name"))),
        description=_clean(_first_string(node.get("description"))),
        body=_first_string(node.get("articleBody")),
        section=_clean(_first_string(node.get("articleSection"))),
        keywords=_keywords(node.get("keywords")),
        image_url=_image(node.get("image"), by_id),
        published_raw=_first_string(node.get("datePublished")) or _first_string(node.get("uploadDate")),
        modified_raw=_first_string(node.get("dateModified")),
        created_raw=_first_string(node.get("dateCreated")),
        authors=people,
        author_organizations=organizations,
        publisher=next(iter(_names(node.get("publisher"), by_id)), None),
        credits=_credits(node, by_id),
        language=_first_string(node.get("inLanguage")),
        is_accessible_for_free=_truth(node.get("isAccessibleForFree")),
    )


def _split_authors(node: Node, by_id: dict[object, Node]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    people: list[str] = []
    organizations: list[str] = []
    for place in ("author", "creator"):
        for item in _items(node.get(place)):
            resolved = _resolve(item, by_id)
            is_organization = isinstance(resolved, dict) and any(
                name.endswith("Organization") for name in _strings(resolved.get("@type"))
            )
            (organizations if is_organization else people).extend(_names(resolved, by_id))
    return tuple(dict.fromkeys(people)), tuple(dict.fromkeys(organizations))


def _credits(node: Node, by_id: dict[object, Node]) -> tuple[str, ...]:
    places = ("creditText", "copyrightHolder", "sourceOrganization", "provider", "contributor")
    names = [name for place in places for name in _names(node.get(place), by_id)]
    return tuple(dict.fromkeys(names))


def _resolve(value: object, by_id: dict[object, Node]) -> object:
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


def _names(value: object, by_id: dict[object, Node]) -> list[str]:
    names: list[str] = []
    for item in _items(value):
        resolved = _resolve(item, by_id)
        name = resolved.get("name") if isinstance(resolved, dict) else resolved
        names.extend(
            cleaned for raw in _strings(name) if (cleaned := _clean(raw)) and not cleaned.startswith("http")
        )
    return names


def _keywords(value: object) -> tuple[str, ...]:
    items = _strings(value)
    split = items if len(items) != 1 else re.split(r"[,;]", items[0])
    return tuple(dict.fromkeys(cleaned for item in split if (cleaned := _clean(item))))


def _image(value: object, by_id: dict[object, Node]) -> str | None:
    for item in _items(value):
        resolved = _resolve(item, by_id)
        found = resolved.get("url") or resolved.get("contentUrl") if isinstance(resolved, dict) else resolved
        url = _first_string(found)
        if url:
            return url
    return None


def _reference(value: object) -> str | None:
    if isinstance(value, dict):
        return _first_string(value.get("@id")) or _first_string(value.get("url"))
    return _first_string(value)


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).strip().lower())


def _items(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _strings(value: object) -> list[str]:
    return [item for item in _items(value) if isinstance(item, str) and item.strip()]


def _first_string(value: object) -> str | None:
    return next((text.strip() for text in _strings(value)), None)


def _clean(raw: str | None) -> str | None:
    """Entities resolved, tags dropped, white space folded; None if nothing is left."""
    if raw is None:
        return None
    text = html.unescape(html.unescape(raw)) if "&" in raw else raw
    if "<" in text:
        text = re.sub(r"<[^<>]{0,500}>", "", text)
    return " ".join(text.split()) or None
