"""The press as data: outlets and articles, read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipelines.records import ParagraphKind

EDITIONS = (1, 2)
DATELINE_END = " — "  # what divides a dateline from the text of its paragraph
SOURCE_MARK = "@"
MARKS = {"## ": ParagraphKind.HEADING, "> ": ParagraphKind.QUOTE}
CREDIT_MARK = "% "
ITEM_MARK = "- "


class Taken(StrEnum):
    """How a paragraph was taken from another article."""

    VERBATIM = "verbatim"
    BARE = "bare"  # verbatim, but without the dateline
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Origin:
    """The paragraph that another one was taken from; `paragraph` counts from 0."""

    article: str
    paragraph: int
    taken: Taken


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph as printed. `is_credit`: a line that only names the agency."""

    kind: ParagraphKind
    text: str
    origin: Origin | None = None
    is_credit: bool = False


@dataclass(frozen=True, slots=True)
class Outlet:
    """One site. Links that lead nowhere are part of it: see outlets.toml."""

    key: str
    host: str
    name: str
    template: str
    zone: str
    tagline: str
    copyright: str
    is_agency: bool = False
    dates: tuple[str, ...] = ()
    jsonld: str = "flat"  # or graph: the article is one node among others
    language: str = "en"
    charset: str = "utf-8"
    feed: str | None = None
    feed_path: str | None = None
    feed_query: str = ""
    sitemap: str | None = None
    sitemap_path: str | None = None
    disallow: tuple[str, ...] = ()
    listings: tuple[tuple[str, str], ...] = ()  # path, title
    failing: tuple[str, ...] = ()  # paths that answer 500
    broken_links: tuple[tuple[str, str], ...] = ()  # path, title of pages that are gone
    dead_links: tuple[tuple[str, str, str], ...] = ()  # host:port, path, title; nobody listens there
    cookies: str | None = None
    plea: str | None = None
    newsletter: str | None = None
    live: str | None = None
    bio: str | None = None
    comments: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()  # sent with every page
    robots_lines: tuple[str, ...] = ()  # added to robots.txt


@dataclass(frozen=True, slots=True)
class PressArticle:
    """An article as one edition prints it; `published` is a date where the outlet gives no time."""

    id: str  # outlet/name
    outlet: Outlet
    path: str
    title: str
    blocks: tuple[Block, ...]
    subtitle: str | None = None
    byline: str | None = None
    published: datetime | date | None = None
    modified: datetime | None = None
    language: str = "en"
    section: str | None = None
    tags: tuple[str, ...] = ()
    caption: str | None = None
    agencies: tuple[str, ...] = ()
    is_story: bool = False
    is_paywalled: bool = False
    amp_path: str | None = None
    old_path: str | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """Everything that one edition of the press prints."""

    outlets: tuple[Outlet, ...]
    articles: tuple[PressArticle, ...]

    def articles_of(self, outlet: Outlet) -> tuple[PressArticle, ...]:
        """The outlet's articles, in the order of its file."""
        return tuple(article for article in self.articles if article.outlet == outlet)

    def outlet_at(self, host: str) -> Outlet | None:
        """The outlet that answers under a host name."""
        return next((outlet for outlet in self.outlets if outlet.host == host), None)


@lru_cache(maxsize=len(EDITIONS))
def load_press(edition: int = 1) -> Press:
    """The press in one of its editions.

    Raises:
        ValueError: no such edition, or a content file breaks a rule of its own (the message says which).
    """
    if edition not in EDITIONS:
        raise ValueError(f"the demo press has editions 1 and 2, not {edition!r}")
    folder = files("flows.demo") / "press"
    values = tomllib.loads((folder / "outlets.toml").read_text("utf-8"))
    outlets = tuple(_read_outlet(entry) for entry in values["outlet"])
    articles: dict[str, PressArticle] = {}
    for outlet in outlets:  # the agency comes first: the others take paragraphs from it
        content = tomllib.loads((folder / "articles" / f"{outlet.key}.toml").read_text("utf-8"))
        for entry in content["article"]:
            article = _read_article(outlet, entry, articles)
            articles[article.id] = _print_second(article, entry) if edition > 1 else article
    return Press(outlets, tuple(articles.values()))


def _read_outlet(entry: Mapping[str, Any]) -> Outlet:
    return Outlet(**{key: _freeze(value) for key, value in entry.items()})


def _freeze(value: Any) -> Any:
    return tuple(_freeze(item) for item in value) if isinstance(value, list) else value


def _read_article(
    outlet: Outlet, entry: Mapping[str, Any], known: Mapping[str, PressArticle]
) -> PressArticle:
    plain = ("path", "title", "subtitle", "byline", "published", "section", "caption", "amp_path", "old_path")
    return PressArticle(
        id=f"{outlet.key}/{entry['id']}",
        outlet=outlet,
        blocks=_read_blocks(entry["text"], known),
        language=entry.get("language", outlet.language),
        tags=tuple(entry.get("tags", ())),
        agencies=tuple(entry.get("agencies", ())),
        is_story=entry.get("story", False),
        is_paywalled=entry.get("paywall", False),
        **{key: entry[key] for key in plain if key in entry},
    )


def _print_second(article: PressArticle, entry: Mapping[str, Any]) -> PressArticle:
    """The article as the second edition has it: one sentence corrected, a paragraph added at the end."""
    second = entry.get("second")
    if second is None:
        return article
    edited = tuple(
        replace(block, text=block.text.replace(second["old"], second["new"])) for block in article.blocks
    )
    if edited == article.blocks:
        raise ValueError(f"{article.id}: the second edition corrects a sentence that isn't there")
    return replace(article, blocks=edited + _read_blocks(second["added"], {}), modified=second["modified"])


def _read_blocks(text: str, known: Mapping[str, PressArticle]) -> tuple[Block, ...]:
    """Paragraphs divided by empty lines; the marks at their start are explained in press/README.md."""
    blocks: list[Block] = []
    for part in text.strip().split("\n\n"):
        if part.startswith(ITEM_MARK):
            blocks.extend(
                Block(ParagraphKind.LIST, line.removeprefix(ITEM_MARK)) for line in part.splitlines()
            )
        else:
            blocks.append(_read_block(part, known))
    return tuple(blocks)


def _read_block(part: str, known: Mapping[str, PressArticle]) -> Block:
    mark = next((mark for mark in MARKS if part.startswith(mark)), "")
    kind = MARKS.get(mark, ParagraphKind.TEXT)
    body = part.removeprefix(mark)
    if body.startswith(CREDIT_MARK):
        return Block(kind, body.removeprefix(CREDIT_MARK), is_credit=True)
    if not body.startswith(SOURCE_MARK):
        return Block(kind, body)
    head, _, own = body.removeprefix(SOURCE_MARK).partition("\n")
    name, number, *taken = head.split()
    origin = Origin(name, int(number) - 1, Taken(taken[0]) if taken else Taken.VERBATIM)
    if (origin.taken is Taken.EDITED) != bool(own):
        raise ValueError(f"{head!r}: an edited paragraph brings its own text, any other one doesn't")
    taken_text = known[name].blocks[origin.paragraph].text
    if origin.taken is Taken.BARE:
        taken_text = taken_text.partition(DATELINE_END)[2]
    return Block(kind, own or taken_text, origin)
