"""Candidate readings of a page by trafilatura, as typed paragraphs."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element, iterwalk
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from pipelines.records import Paragraph, ParagraphKind

KIND_OF_TAG = {
    "head": ParagraphKind.HEADING,
    "item": ParagraphKind.LIST,
    "quote": ParagraphKind.QUOTE,
}
BLOCK_TAGS = frozenset(
    {"p", "head", "item", "quote", "list", "table", "row", "code", "body", "div", "fw", "ab"}
)
LINE = "\x1d"  # stands for a line break while a block is put together


def read_fast(tree: HtmlElement) -> tuple[Paragraph, ...]:
    """trafilatura's reading of a page by its own rules alone; empty if it finds nothing."""
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
    return paragraphs_of(document.body)


def paragraphs_of(body: _Element) -> tuple[Paragraph, ...]:
    """The blocks of trafilatura's result, a paragraph for each line of text in them."""
    return tuple(_paragraphs(body))


def _paragraphs(body: _Element) -> Iterator[Paragraph]:
    parts: list[str] = []
    open_tags: list[str] = []
    for event, element in iterwalk(body, events=("start", "end")):
        tag = element.tag
        if tag in BLOCK_TAGS:
            yield from _lines(parts, open_tags)
            if event == "start":
                open_tags.append(tag)
            else:
                open_tags.pop()
        if event == "start":
            parts.append(LINE if tag == "lb" else " " if tag == "cell" else "")
            parts.append(element.text or "")
        else:
            parts.append(element.tail or "")
    yield from _lines(parts, open_tags)


def _lines(parts: list[str], open_tags: list[str]) -> Iterator[Paragraph]:
    kinds = [KIND_OF_TAG[tag] for tag in reversed(open_tags) if tag in KIND_OF_TAG]
    kind = kinds[0] if kinds else ParagraphKind.TEXT
    for line in "".join(parts).split(LINE):
        text = " ".join(line.split())
        if text:
            yield Paragraph(kind, text)
    parts.clear()
