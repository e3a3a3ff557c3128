"""Every statement of an HTML page about when its article appeared or changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from htmldate import find_date
from lxml.html import HtmlElement

from pipelines.blocks import PageBlocks, SourceBlock
from pipelines.date_search import find_dates
from pipelines.date_text import DateLabel
from pipelines.dates import read_time, read_url_date
from pipelines.headline import FOREIGN_HINTS, FOREIGN_TAGS, Head, is_foreign
from pipelines.metadata import PageMetadata
from pipelines.records import Precision, RemovedBlock, TimeSignal

MAX_TIME_ELEMENTS = 6  # further ones belong to teasers and comments
MAX_DATE_LINES = 4
MAX_DATE_LINE_CHARS = 120
# Names of meta tags, without their punctuation.
PUBLISHED_META = frozenset(
    {"articlepublishedtime", "articlepublished", "ogarticlepublishedtime", "ogpublishedtime", "datepublished"}
    | {
        "publishdate",
        "pubdate",
        "published",
        "publishedat",
        "publishedtime",
        "publisheddate",
        "publicationdate",
    }
    | {"parselypubdate", "sailthrudate", "dcdate", "dcdateissued", "dcdatecreated", "dctermscreated", "ptime"}
    | {
        "dctermsissued",
        "dctermsdate",
        "date",
        "articledateoriginal",
        "originalpublicationdate",
        "displaydate",
    }
    | {"cxenseparserecspublishtime", "cxenseparsepublishtime", "rnewsdatepublished", "btpubdate", "timestamp"}
    | {"citationpublicationdate", "citationdate", "lastpublished", "articlepostdate", "iso8601publishdate"}
)
MODIFIED_META = frozenset(
    {"articlemodifiedtime", "ogupdatedtime", "articleupdatedtime", "datemodified", "lastmodified", "lastmod"}
    | {"modified", "modifiedat", "modifiedtime", "dctermsmodified", "dcdatemodified", "revisiondate", "utime"}
    | {"updatedat", "updatedtime", "articleupdated"}
)
MODIFIED_WORDS = re.compile(
    r"updat|modif|actuali|aktuali|aggiorn|atualiz|bijgewerkt|oppdater|uppdater|revis", re.IGNORECASE
)
DATE_HINTS = re.compile(r"date|time|publi|byline|meta\b|posted|dateline|stamp|datum|fecha")
MAY_BE_MARKED = ("time", "span", "div", "p", "abbr")
MICRODATA = {"datepublished": "microdata:datePublished", "datemodified": "microdata:dateModified"}
KNOWN_META = ("article:published_time", "article:modified_time", "og:updated_time")


def read_page_times(
    tree: HtmlElement, page: PageBlocks, metadata: PageMetadata, url: str, removed: Sequence[RemovedBlock]
) -> tuple[TimeSignal, ...]:
    """The time signals of a page, each once, structured data first. Nothing is chosen here."""
    head = metadata.head
    signals = [
        *_from_data(metadata),
        *_from_metas(metadata),
        *_from_elements(tree, " ".join(block.text for block in (*head.above, *head.below))),
        *_from_lines(page, head, removed),
    ]
    url_date = read_url_date(url)
    return tuple(dict.fromkeys([*signals, *([url_date] if url_date else [])]))


def read_fallback_time(tree: HtmlElement, url: str, not_after: datetime) -> TimeSignal | None:
    """htmldate's guess from markup, for a page without any other statement; a day, zone unknown."""
    if tree.tag != "html":
        return None  # a fragment: htmldate fails where the root itself is what it would cut
    found = find_date(
        tree,
        extensive_search=False,  # the extensive one takes any number that looks like a year
        original_date=True,
        outputformat="%Y-%m-%d",
        url=url if url.startswith("http") else None,
        max_date=not_after.strftime("%Y-%m-%d"),
    )
    if not found:
        return None
    day = datetime.strptime(found, "%Y-%m-%d").replace(tzinfo=UTC)
    return TimeSignal("htmldate", found, day, Precision.DAY, None)


def latest_believable(fetched_at: datetime) -> datetime:
    """The latest time that a page fetched then can state about its past, clocks and zones allowed for."""
    return fetched_at + timedelta(days=1)


def _from_data(metadata: PageMetadata) -> Iterator[TimeSignal]:
    article = metadata.article
    if article is None:
        return
    for name, raw in (
        ("jsonld:datePublished", article.published_raw),
        ("jsonld:dateModified", article.modified_raw),
        ("jsonld:dateCreated", article.created_raw),
    ):
        if raw:
            yield read_time(raw, name)


def _from_metas(metadata: PageMetadata) -> Iterator[TimeSignal]:
    for key, content in metadata.metas:
        if len(content) > 100 or not any(map(str.isdigit, content)):
            continue
        bare = re.sub(r"[^a-z0-9]", "", key)
        if key in KNOWN_META or bare in PUBLISHED_META:
            yield read_time(content, f"meta:{key}")
        elif bare in MODIFIED_META:
            yield read_time(content, f"meta:modified:{key}")


def _from_elements(tree: HtmlElement, head: str) -> Iterator[TimeSignal]:
    """Elements made for dates. `head` is the text around the headline, where the article's own stand."""
    seen = 0
    for element in tree.iter(*MAY_BE_MARKED):
        marked = element.get("itemprop")
        name = MICRODATA.get(marked.lower()) if marked else None
        if name is not None:
            raw = element.get("datetime") or element.get("content") or element.get("title")
            yield read_time(raw or element.text_content(), name)
        if element.tag == "time" and seen < MAX_TIME_ELEMENTS and not _is_foreign(element):
            seen += 1
            yield from _time_element(element, head)


def _time_element(element: HtmlElement, head: str) -> Iterator[TimeSignal]:
    around = f"{element.get('class') or ''} {element.get('id') or ''} {_parent_words(element)}"
    text = " ".join(element.text_content().split())
    stated = (element.get("datetime") or "").strip() or text
    if not any(map(str.isdigit, stated)):
        return
    if MODIFIED_WORDS.search(around) or MODIFIED_WORDS.search(text):
        name = "time:modified"
    else:
        name = "time" if text and text in head else "time:elsewhere"
    yield read_time(stated, name)


def _parent_words(element: HtmlElement) -> str:
    """The class and the opening words of what holds an element: "Updated at"."""
    parent = element.getparent()
    if parent is None:
        return ""
    return f"{parent.get('class') or ''} {(parent.text or '')[:40]}"


def _is_foreign(element: HtmlElement) -> bool:
    for ancestor in [element, *element.iterancestors()]:
        words = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}".lower()
        if ancestor.tag in FOREIGN_TAGS:
            return True
        if ancestor.tag in ("body", "html", "main", "article"):
            return False
        if FOREIGN_HINTS.search(words):
            return True
    return False


def _from_lines(page: PageBlocks, head: Head, removed: Sequence[RemovedBlock]) -> Iterator[TimeSignal]:
    """Dates in lines around the headline and lines cut from the body; else in those marked as dates."""
    cut = [block.text for block in removed if block.rule in ("date_line", "byline")]
    own = [*head.below, *filter(_is_marked, head.above)]
    above = [block.text for block in head.above if block not in own]
    places = (("text", [*(block.text for block in own), *cut]), ("text:above", above))
    found = [signal for name, texts in places for text in texts for signal in _from_line(text, name)]
    if not found:
        marked = [block.text for block in (*head.body, *_date_blocks(page))]
        found = [signal for text in marked for signal in _from_line(text, "text:elsewhere")]
    yield from list(dict.fromkeys(found))[:MAX_DATE_LINES]


def _from_line(text: str, name: str) -> Iterator[TimeSignal]:
    for dated in find_dates(text, name):
        is_modified = dated.label is DateLabel.MODIFIED
        yield replace(dated.time, signal="text:modified") if is_modified else dated.time


def _date_blocks(page: PageBlocks) -> list[SourceBlock]:
    """Short blocks with a digit whose markup speaks of dates, outside of teasers."""
    return [
        block
        for block in page.blocks
        if len(block.text) <= MAX_DATE_LINE_CHARS
        and any(map(str.isdigit, block.text))
        and _is_marked(block)
        and not is_foreign(block)
    ]


def _is_marked(block: SourceBlock) -> bool:
    return DATE_HINTS.search(f"{block.own_hints} {block.parent_hints}") is not None
