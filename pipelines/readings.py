"""trafilatura's reading of a page, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element, iterwalk
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

BLOCK_TAGS = frozenset(
    {"p", "head", "item", "quote", "list", "table", "row", "code", "body", "div", "fw", "ab"}
)
LINE = "\x1d"  # stands for a line break while a block is put together


def read_fast(tree: HtmlElement) -> tuple[str, ...]:
    """The lines of trafilatura's reading of a page by its own rules alone; empty if it finds nothing."""
    document = bare_extraction(
        tree,
        fast=True,  # without its fallbacks, which read the page twice more
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        deduplicate=False,  # it cuts what it has seen on other pages: wire copy
        with_metadata=False,
    )
    if not isinstance(document, Document) or document.body is None:
        return ()
    return tuple(lines_of(document.body))


def lines_of(body: _Element) -> Iterator[str]:
    """The lines of text in trafilatura's result."""
    parts: list[str] = []
    for event, element in iterwalk(body, events=("start", "end")):
        tag = element.tag
        if tag in BLOCK_TAGS or tag == "lb":
            parts.append(LINE)
        elif tag == "cell":
            parts.append(" ")
        parts.append((element.text if event == "start" else element.tail) or "")
    for line in "".join(parts).split(LINE):
        text = " ".join(line.split())
        if text:
            yield text
