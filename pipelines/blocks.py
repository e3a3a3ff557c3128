"""The text blocks of a parsed page in order, each with the markup it stands in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

BLOCK_TAGS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"}
    | {"hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary"}
    | {"table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
SKIPPED_TAGS = frozenset(
    {"audio", "canvas", "embed", "head", "iframe", "input", "link", "map", "math", "meta", "noscript"}
    | {"object", "option", "script", "select", "style", "svg", "template", "textarea", "title", "video"}
)
HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
HINT_ATTRIBUTES = ("class", "role", "itemprop", "data-component", "data-testid")
HINT_LEVELS = 4  # ancestors whose class and id words are read; further out they describe the whole page


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A run of text between two block tags; `link_share` is the share of its characters that are links."""

    text: str
    tag: str
    hints: str  # class, id, role and itemprop words of the element and its nearest ancestors, in kebab case
    own_hints: str  # those of the element alone
    parent_hints: str  # those of the block around it
    tags: frozenset[str]  # of the element and all its ancestors
    link_share: float
    position: int


@dataclass(frozen=True)
class PageBlocks:
    """All blocks of a page, and where each text stands."""

    blocks: tuple[SourceBlock, ...]
    by_text: Mapping[str, SourceBlock]

    def find(self, text: str) -> SourceBlock | None:
        return self.by_text.get(squash(text))


@dataclass(slots=True)
class _Frame:
    """An open block element while the page is walked."""

    tag: str
    own_hints: str
    parent_hints: str
    hints: str
    tags: frozenset[str]


@dataclass(slots=True)
class _Walk:
    frames: list[_Frame]
    parts: list[str] = field(default_factory=list)
    link_chars: int = 0
    links_open: int = 0
    found: list[SourceBlock] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        if text:
            self.parts.append(text)
            if self.links_open:
                self.link_chars += len(text.strip())

    def flush(self) -> None:
        frame = self.frames[-1]
        whole = "".join(self.parts)
        if whole and not whole.isspace():
            share = min(1.0, self.link_chars / max(1, len(squash(whole))))
            lines = [" ".join(line.split()) for line in whole.split("\x1d")]
            for line in filter(None, lines):
                self.found.append(
                    SourceBlock(
                        text=line,
                        tag=frame.tag,
                        hints=frame.hints,
                        own_hints=frame.own_hints,
                        parent_hints=frame.parent_hints,
                        tags=frame.tags,
                        link_share=share,
                        position=len(self.found),
                    )
                )
        self.parts.clear()
        self.link_chars = 0


def read_blocks(tree: HtmlElement) -> PageBlocks:
    """The blocks of a page, without scripts, styles and controls. The tree stays as it is."""
    walk = _Walk([_Frame("html", "", "", "", frozenset({"html"}))])
    walker = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if event in ("comment", "pi"):
            walk.add(element.tail)
        elif event == "start":
            if element.tag in SKIPPED_TAGS:
                walker.skip_subtree()
            else:
                _open(walk, element)
        elif element.tag in SKIPPED_TAGS:
            walk.add(element.tail)
        else:
            _close(walk, element)
    walk.flush()
    by_text: dict[str, SourceBlock] = {}
    for block in walk.found:
        key = squash(block.text)
        known = by_text.get(key)
        # a line that is a link in one place and a heading in another counts as the heading
        if known is None or block.link_share < known.link_share:
            by_text[key] = block
    return PageBlocks(tuple(walk.found), by_text)


def squash(text: str) -> str:
    """Text without any white space, for looking it up."""
    return "".join(text.split())


def _open(walk: _Walk, element: HtmlElement) -> None:
    tag = element.tag
    if tag == "a":
        walk.links_open += _leads_away(element)
    elif tag == "br":
        walk.parts.append("\x1d")
    elif tag in BLOCK_TAGS:
        walk.flush()
        own = _own_hints(element)
        outer = walk.frames[-1]
        nearest = [frame.own_hints for frame in walk.frames[-HINT_LEVELS + 1 :]]
        hints = " ".join([own, *reversed(nearest)])
        walk.frames.append(_Frame(tag, own, outer.own_hints, hints, outer.tags | {tag}))
    walk.add(element.text)


def _close(walk: _Walk, element: HtmlElement) -> None:
    tag = element.tag
    if tag == "a":
        walk.links_open -= _leads_away(element)
    elif tag in BLOCK_TAGS:
        walk.flush()
        walk.frames.pop()
    walk.add(element.tail)


def _leads_away(element: HtmlElement) -> bool:
    """Whether a link leads to another page, rather than to a place on this one."""
    return not (element.get("href") or "#").lstrip().startswith("#")


def _own_hints(element: HtmlElement) -> str:
    # a heading's id is its own text as an anchor
    names = HINT_ATTRIBUTES if element.tag in HEADING_TAGS else (*HINT_ATTRIBUTES, "id")
    values = [element.get(name) for name in names]
    words = " ".join(value for value in values if value)[:300]
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_+", "-", words).lower()
