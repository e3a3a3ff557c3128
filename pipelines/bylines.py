"""The line of a page that says who wrote its article, as readers see it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from pipelines.blocks import PageBlocks, SourceBlock
from pipelines.boilerplate import BYLINE_HINTS
from pipelines.credit_forms import PICTURE_MARK, source_label
from pipelines.headline import Head, is_foreign
from pipelines.people import has_byline_prefix, split_names

MAX_CHARS = 160
MAX_LINKS = 4  # to authors; further ones are those of teasers
AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|a|in)?|auteurs?|autori|writers?|contributors?|columnists?|journalists?|profiles?|people"
    r"|staff|by|redaktion|redaktor|skribent|avtor|yazar(?:lar)?|penulis)/",
    re.IGNORECASE,
)
FOREIGN_HINTS = re.compile(r"comment|related|teaser|sidebar|popular|recommend|newsletter|author-?bio|footer")


def find_byline(page: PageBlocks, head: Head) -> str | None:
    """The byline: beside the headline by words or markup, else anywhere by markup."""
    near = (*head.below, *head.above)
    for block in near:
        if has_byline_prefix(block.text) and _may_be(block):
            return block.text
    for block in (*near, *page.blocks):
        if _is_marked(block) and _may_be(block):
            return block.text
    return None


def find_linked_names(tree: HtmlElement, head: Head) -> str | None:
    """The texts of the first links beside the headline that lead to authors' pages."""
    names: list[str] = []
    texts = " ".join(block.text for block in (*head.below, *head.above))
    for link in tree.iter("a"):
        is_author = link.get("rel") == "author" or AUTHOR_PATH.search(link.get("href") or "")
        text = " ".join(link.text_content().split()) if is_author else ""
        if text and text in texts and split_names(text):
            names.append(text)
    return ", ".join(dict.fromkeys(names[:MAX_LINKS])) or None


def _is_marked(block: SourceBlock) -> bool:
    return BYLINE_HINTS.search(f"{block.own_hints} {block.parent_hints}") is not None


def _may_be(block: SourceBlock) -> bool:
    text = block.text
    if not 3 <= len(text) <= MAX_CHARS or is_foreign(block) or FOREIGN_HINTS.search(block.hints):
        return False
    if PICTURE_MARK.search(text) or source_label().search(text):
        return False
    return bool(split_names(text))
