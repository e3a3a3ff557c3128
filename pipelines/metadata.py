"""What a page says about its article beside the text: title, authors, section, links, times."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

from lxml.html import HtmlElement

from pipelines.blocks import PageBlocks
from pipelines.bylines import find_byline, find_linked_names
from pipelines.headline import Head, find_head
from pipelines.jsonld import ArticleData, read_article_data
from pipelines.people import signed_names, split_names, whole_name
from pipelines.text_shape import folded_key
from pipelines.titles import choose_title
from pipelines.urls import outlet_of

MAX_METAS = 500
MAX_TAGS = 50
MAX_TAG_CHARS = 80
MAX_META_CHARS = 5_000
SECTION_KEYS = (
    "article:section",
    "og:section",
    "parsely-section",
    "section",
    "dc.subject",
    "sailthru.section",
)
AUTHOR_KEYS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dc.creator.name",
    "byl",
    "og:article:author",
)
TAG_KEYS = ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """A page's statements about its article; URLs absolute, times as written."""

    title: str | None
    title_variants: tuple[str, ...]
    description: str | None
    authors: tuple[str, ...]
    byline_raw: str | None
    meta_authors: tuple[str, ...]
    section: str | None
    tags: tuple[str, ...]
    image_url: str | None
    site_name: str | None
    canonical_url: str | None
    og_url: str | None
    og_type: str | None
    declared_languages: tuple[str, ...]
    metas: tuple[tuple[str, str], ...]  # name or property, lower case, and content
    article: ArticleData | None
    head: Head  # the blocks around the headline


def read_metadata(tree: HtmlElement, page: PageBlocks, url: str) -> PageMetadata:
    """The metadata of a parsed page. `url` resolves its relative links."""
    metas = tuple(islice(_metas(tree), MAX_METAS))
    article = read_article_data(_scripts(tree))
    site_name = _first(metas, "og:site_name", "application-name") or (article.publisher if article else None)
    title, variants = choose_title(_title_claims(tree, metas, article), _headings(tree, page), site_name, url)
    head = find_head(page, variants)
    has_author = bool(article and article.authors)
    byline = find_byline(page, head) or (None if has_author else find_linked_names(tree, head))
    own_names = [*_own_names(site_name, url), *filter(None, [article.publisher if article else None])]
    authors = _authors(metas, article, byline, own_names)
    return PageMetadata(
        title=title,
        title_variants=variants,
        description=_first(metas, "og:description", "description", "twitter:description"),
        authors=authors,
        byline_raw=byline or (", ".join(authors) or None),
        meta_authors=tuple(value for key in AUTHOR_KEYS for value in _all(metas, key) if not _is_link(value)),
        section=(article.section if article else None) or _first(metas, *SECTION_KEYS),
        tags=_tags(metas, article),
        image_url=_absolute(
            _first(metas, "og:image", "og:image:url", "twitter:image")
            or (article.image_url if article else None),
            url,
        ),
        site_name=site_name,
        canonical_url=_absolute(_link(tree, "canonical"), url),
        og_url=_absolute(_first(metas, "og:url"), url),
        og_type=_first(metas, "og:type"),
        declared_languages=tuple(_languages(tree, metas, article)),
        metas=metas,
        article=article,
        head=head,
    )


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        if content and len(content) <= MAX_META_CHARS:
            for name in ("property", "name", "itemprop", "http-equiv"):
                key = element.get(name)
                if key:
                    yield key.strip().lower(), content


def _scripts(tree: HtmlElement) -> list[str]:
    return [
        script.text or "" for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower()
    ]


def _title_claims(
    tree: HtmlElement, metas: Sequence[tuple[str, str]], article: ArticleData | None
) -> list[str]:
    """Titles that the page's head states, most trusted first."""
    head = next((element.text_content() for element in tree.iter("title")), None)
    claims = [
        _first(metas, "og:title"),
        article.headline if article and article.is_article else None,
        _first(metas, "twitter:title", "dc.title", "parsely-title", "sailthru.title", "headline"),
        head,
    ]
    return [" ".join(html.unescape(claim).split()) for claim in claims if claim and claim.strip()]


def _headings(tree: HtmlElement, page: PageBlocks) -> list[str]:
    """First-rank headings, then the first others of the page."""
    first = [" ".join(element.text_content().split()) for element in tree.iter("h1")]
    others = [block.text for block in page.blocks if block.tag == "h2" and "footer" not in block.tags]
    return [heading for heading in [*first, *others[:5]] if heading]


def _own_names(site_name: str | None, url: str) -> list[str]:
    """What the site calls itself, and its domain."""
    outlet = outlet_of(url) if url.startswith("http") else ""
    return [name for name in (site_name, outlet, outlet.split(".")[0]) if name]


def _authors(
    metas: Sequence[tuple[str, str]],
    article: ArticleData | None,
    byline: str | None,
    own_names: Sequence[str],
) -> tuple[str, ...]:
    """Names of those who sign: the first place that names more than the site itself, else the site."""
    own = {folded_key(name) for name in own_names}
    stated = [raw for key in AUTHOR_KEYS for raw in _all(metas, key) if not _is_link(raw)]
    organizations = [
        name for raw in (article.author_organizations if article else ()) for name in whole_name(raw)
    ]
    people = [name for raw in (article.authors if article else ()) for name in signed_names(raw)]
    guests = [name for name in organizations if people and folded_key(name) not in own]
    places = [
        [*people, *guests],
        [name for raw in stated for name in _names_of_meta(raw, own)],
        split_names(byline) if byline else [],
        organizations,
    ]
    foreign = [[name for name in names if folded_key(name) not in own] for names in places]
    best = next((names for names in [*foreign, *places] if names), [])
    return _unique(best)


def _names_of_meta(raw: str, own: set[str]) -> list[str]:
    """The names of a meta tag; a list that begins with the site is its address."""
    names = split_names(raw)
    return names[:1] if names and folded_key(names[0]) in own else names


def _tags(metas: Sequence[tuple[str, str]], article: ArticleData | None) -> tuple[str, ...]:
    stated = [value for key in TAG_KEYS for raw in _all(metas, key) for value in re.split(r"[,;]", raw)]
    words = [*(article.keywords if article else ()), *stated]
    clean = [" ".join(word.split()) for word in words]
    return _unique(word for word in clean if 1 < len(word) <= MAX_TAG_CHARS)[:MAX_TAGS]


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts in order, each once, whatever its case and accents."""
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(folded_key(text) or text, text)
    return tuple(first.values())


def _languages(
    tree: HtmlElement, metas: Sequence[tuple[str, str]], article: ArticleData | None
) -> Iterator[str]:
    for value in (
        tree.get("lang"),
        tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
        tree.get("xml:lang"),
        article.language if article else None,
        _first(metas, "og:locale"),
        _first(metas, "content-language", "dc.language", "language"),
    ):
        if value:
            yield value


def _link(tree: HtmlElement, relation: str) -> str | None:
    for element in tree.iter("link"):
        if relation in (element.get("rel") or "").lower().split() and element.get("href"):
            return str(element.get("href")).strip()
    return None


def _absolute(raw: str | None, base: str) -> str | None:
    """An http(s) URL; None for anything else."""
    if not raw or re.fullmatch(r"https?:/*", raw.strip(), re.IGNORECASE):
        return None
    try:
        url = urljoin(base if base.startswith("http") else "", raw.strip())
    except ValueError:
        return None
    return url if re.match(r"https?://[^/\s]+", url, re.IGNORECASE) else None


def _first(metas: Sequence[tuple[str, str]], *keys: str) -> str | None:
    return next((value for key in keys for value in _all(metas, key)), None)


def _all(metas: Sequence[tuple[str, str]], key: str) -> list[str]:
    return [content for name, content in metas if name == key]


def _is_link(value: str) -> bool:
    return value.startswith(("http:", "https:", "//", "@")) or "facebook.com" in value
