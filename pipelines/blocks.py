"""The text blocks of a parsed page in order, each with the markup it stands in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

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
CELL_TAGS = frozenset({"td", "th"})
STRONG_TAGS = frozenset({"b", "strong", "em", "i"})
INLINE_TAGS = frozenset({"span", "small", "abbr", "sup"})
UNSEEN_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|offscreen|a11y-text)(?:$|[\s_-])",
    re.IGNORECASE,
)
UNSEEN_STYLE = re.compile(
    r"clip:\s*rect|clip-path:\s*inset|display:\s*none|visibility:\s*hidden", re.IGNORECASE
)
HIDDEN_STYLE = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)
WORD_EDGE = re.compile(r"(?<=[a-z])(?=[A-Z])|_+")
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
    strong_share: float = 0.0  # of its characters in bold or italic type
    row: int | None = None  # the row of a table that it is a cell of, as a container
    container: int = 0  # the block element that holds it: an index into `PageBlocks.containers`


@dataclass(frozen=True, slots=True)
class Container:
    """A block element; the page's root is the first."""

    outer: int  # the one around it, which comes before it; the root's is itself
    own_hints: str
    is_hidden: bool  # by an attribute or an inline style


@dataclass(frozen=True)
class PageBlocks:
    """All blocks of a page, and where each text stands."""

    blocks: tuple[SourceBlock, ...]
    by_text: Mapping[str, SourceBlock]
    containers: tuple[Container, ...] = ()
    hidden: tuple[str, ...] = ()  # words inside of a line that are only for screen readers

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
    container: int


@dataclass(slots=True)
class _Walk:
    frames: list[_Frame]
    parts: list[str] = field(default_factory=list)
    link_chars: int = 0
    links_open: int = 0
    strong_chars: int = 0
    strong_open: int = 0
    found: list[SourceBlock] = field(default_factory=list)
    containers: list[Container] = field(default_factory=lambda: [Container(0, "", False)])
    hidden: list[str] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        if text:
            self.parts.append(text)
            if self.links_open or self.strong_open:
                length = len(text.strip())
                self.link_chars += length if self.links_open else 0
                self.strong_chars += length if self.strong_open else 0

    def flush(self) -> None:
        frame = self.frames[-1]
        whole = "".join(self.parts)
        if whole and not whole.isspace():
            length = max(1, len(squash(whole)))
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
                        link_share=min(1.0, self.link_chars / length),
                        position=len(self.found),
                        strong_share=min(1.0, self.strong_chars / length),
                        row=self.containers[frame.container].outer if frame.tag in CELL_TAGS else None,
                        container=frame.container,
                    )
                )
        self.parts.clear()
        self.link_chars = self.strong_chars = 0


def read_blocks(tree: HtmlElement) -> PageBlocks:
    """The blocks of a page, without scripts, styles and controls. The tree stays as it is."""
    walk = _Walk([_Frame("html", "", "", "", frozenset({"html"}), 0)])
    walker = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if event in ("comment", "pi"):
            walk.add(element.tail)
        elif event == "start":
            if element.tag in SKIPPED_TAGS:
                walker.skip_subtree()
            elif _is_unseen(element):
                walk.hidden.append(" ".join("".join(element.itertext()).split()))
                walker.skip_subtree()
            else:
                _open(walk, element)
        elif element.tag in SKIPPED_TAGS or _is_unseen(element):
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
    return PageBlocks(tuple(walk.found), by_text, tuple(walk.containers), tuple(walk.hidden))


def squash(text: str) -> str:
    """Text without any white space, for looking it up."""
    return "".join(text.split())


def _open(walk: _Walk, element: HtmlElement) -> None:
    tag = element.tag
    if tag == "a":
        walk.links_open += _leads_away(element)
    elif tag in STRONG_TAGS:
        walk.strong_open += 1
    elif tag == "br":
        walk.parts.append("\x1d")
    elif tag in BLOCK_TAGS:
        walk.flush()
        own = _own_hints(element)
        outer = walk.frames[-1]
        nearest = [frame.own_hints for frame in walk.frames[-HINT_LEVELS + 1 :]]
        hints = " ".join([own, *reversed(nearest)])
        container = len(walk.containers)
        walk.containers.append(Container(outer.container, own, _is_hidden(element)))
        walk.frames.append(_Frame(tag, own, outer.own_hints, hints, outer.tags | {tag}, container))
    walk.add(element.text)


def _close(walk: _Walk, element: HtmlElement) -> None:
    tag = element.tag
    if tag == "a":
        walk.links_open -= _leads_away(element)
    elif tag in STRONG_TAGS:
        walk.strong_open -= 1
    elif tag in BLOCK_TAGS:
        walk.flush()
        walk.frames.pop()
    walk.add(element.tail)


def _is_unseen(element: HtmlElement) -> bool:
    """Whether an element inside of a line holds words for screen readers alone."""
    if element.tag not in INLINE_TAGS:
        return False
    if UNSEEN_CLASS.search(element.get("class") or ""):
        return True
    return bool(UNSEEN_STYLE.search(element.get("style") or ""))


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and bool(HIDDEN_STYLE.search(style)))


def _leads_away(element: HtmlElement) -> bool:
    """Whether a link leads to another page, rather than to a place on this one."""
    return not (element.get("href") or "#").lstrip().startswith("#")


def _own_hints(element: HtmlElement) -> str:
    # a heading's id is its own text as an anchor
    names = HINT_ATTRIBUTES if element.tag in HEADING_TAGS else (*HINT_ATTRIBUTES, "id")
    values = [element.get(name) for name in names]
    return _in_kebab_case(" ".join(value for value in values if value)[:300])


@lru_cache(maxsize=16_384)
def _in_kebab_case(words: str) -> str:
    return WORD_EDGE.sub("-", words).lower()
