"""Every statement of an HTML page about when its article appeared or changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from htmldate import find_date
from lxml.html import HtmlElement

from pipelines.blocks import PageBlocks, SourceBlock
from pipelines.date_text import DateLabel, read_date_line
from pipelines.dates import read_time, read_url_date
from pipelines.metadata import PageMetadata
from pipelines.records import Precision, RemovedBlock, TimeSignal

MAX_TIME_ELEMENTS = 4  # further ones belong to teasers and comments
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
FOREIGN_TAGS = frozenset({"aside", "nav", "footer"})
FOREIGN_HINTS = re.compile(
    r"related|teaser|sidebar|comment|popular|recommend|latest|most-?read|widget|footer|newsletter|promo|breaking"
)
DATE_HINTS = re.compile(r"date|time|publi|byline|meta\b|posted|dateline|stamp|datum|fecha")
KNOWN_META = ("article:published_time", "article:modified_time", "og:updated_time")


def read_page_times(
    tree: HtmlElement, page: PageBlocks, metadata: PageMetadata, url: str, removed: Sequence[RemovedBlock]
) -> tuple[TimeSignal, ...]:
    """The time signals of a page, each once, structured data first. Nothing is chosen here."""
    signals = [
        *_from_data(metadata),
        *_from_metas(metadata),
        *_from_elements(tree),
        *_from_lines(page, metadata, removed),
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
        if len(content) > 100 or not any(char.isdigit() for char in content):
            continue
        bare = re.sub(r"[^a-z0-9]", "", key)
        if key in KNOWN_META or bare in PUBLISHED_META:
            yield read_time(content, f"meta:{key}")
        elif bare in MODIFIED_META:
            yield read_time(content, f"meta:modified:{key}")


def _from_elements(tree: HtmlElement) -> Iterator[TimeSignal]:
    seen = 0
    for element in tree.iter("time", "abbr", "span", "meta", "div", "p"):
        itemprop = (element.get("itemprop") or "").lower()
        raw = element.get("datetime") or element.get("content") or element.get("title")
        if itemprop in ("datepublished", "datemodified") and element.tag != "meta":
            text = raw or element.text_content()
            name = "datePublished" if itemprop == "datepublished" else "dateModified"
            yield read_time(text, f"microdata:{name}")
        elif element.tag == "time" and seen < MAX_TIME_ELEMENTS and not _is_foreign(element):
            seen += 1
            yield from _time_element(element)


def _time_element(element: HtmlElement) -> Iterator[TimeSignal]:
    around = f"{element.get('class') or ''} {element.get('id') or ''} {_parent_words(element)}"
    name = "time:modified" if MODIFIED_WORDS.search(around) else "time"
    raw = (element.get("datetime") or "").strip() or " ".join(element.text_content().split())
    if raw and any(char.isdigit() for char in raw):
        yield read_time(raw, name)


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


def _from_lines(
    page: PageBlocks, metadata: PageMetadata, removed: Sequence[RemovedBlock]
) -> Iterator[TimeSignal]:
    """Lines that are nothing but a date: those cut from the body, and those near the headline."""
    cut = [block.text for block in removed if block.rule == "date_line"]
    cut += [date for block in removed if block.rule == "byline" and (date := _date_in_byline(block.text))]
    near = [block.text for block in _date_blocks(page, metadata)]
    for text in list(dict.fromkeys([*cut, *near]))[:MAX_DATE_LINES]:
        for dated in read_date_line(text, "text"):
            is_modified = dated.label is DateLabel.MODIFIED
            time = dated.time
            yield TimeSignal(
                "text:modified" if is_modified else "text",
                time.value_raw,
                time.value,
                time.precision,
                time.zone,
            )


def _date_in_byline(text: str) -> str | None:
    """The date at the end of a line such as "By Ann Roe, May 6, 2021"."""
    for match in re.finditer(r"\s*[,|•·–—-]\s+|\s{2,}", text):
        if read_date_line(text[match.end() :], "text"):
            return text[match.end() :]
    return None


def _date_blocks(page: PageBlocks, metadata: PageMetadata) -> list[SourceBlock]:
    """Short blocks with a digit whose markup speaks of dates, outside of teasers."""
    return [
        block
        for block in page.blocks
        if len(block.text) <= MAX_DATE_LINE_CHARS
        and any(char.isdigit() for char in block.text)
        and DATE_HINTS.search(f"{block.own_hints} {block.parent_hints}")
        and not FOREIGN_TAGS & block.tags
        and not FOREIGN_HINTS.search(block.hints)
    ]
