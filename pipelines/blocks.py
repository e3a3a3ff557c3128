"""The text blocks of a parsed page in order, each with the markup it stands in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

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
HINT_ATTRIBUTES_AND_ID = (*HINT_ATTRIBUTES, "id")
HINT_LEVELS = 4  # ancestors whose class and id words are read; further out they describe the whole page
LINE = "\x1d"  # stands for a line break while a block is put together


# What a tag means to the walk over a page; all others mean nothing. Inline ones may be for screen readers.
BLOCK, SKIPPED, LINK, STRONG, BREAK, INLINE = range(6)
KIND_OF_TAG = {
    **dict.fromkeys(BLOCK_TAGS, BLOCK),
    **dict.fromkeys(SKIPPED_TAGS, SKIPPED),
    **dict.fromkeys(STRONG_TAGS, STRONG),
    **dict.fromkeys(INLINE_TAGS, INLINE),
    "a": LINK,
    "br": BREAK,
}


class SourceBlock(NamedTuple):
    """A run of text between two block tags; `link_share` is the share of its characters that are links."""

    text: str
    key: str  # the text without any white space, for looking it up
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


class Container(NamedTuple):
    """A block element; the page's root is the first."""

    outer: int  # the one around it, which comes before it; the root's is itself
    own_hints: str
    is_hidden: bool  # by an attribute or an inline style


@dataclass(frozen=True)
class PageBlocks:
    """All blocks of a page, and where each text stands."""

    blocks: tuple[SourceBlock, ...]
    containers: tuple[Container, ...] = ()
    hidden: tuple[str, ...] = ()  # words inside of a line that are only for screen readers

    def find(self, text: str) -> SourceBlock | None:
        """The block of that text; the one with the fewest links, if several are."""
        return self._by_key.get(squash(text))

    @cached_property
    def _by_key(self) -> Mapping[str, SourceBlock]:
        by_key: dict[str, SourceBlock] = {}
        for block in self.blocks:
            known = by_key.get(block.key)
            # a line that is a link in one place and a heading in another counts as the heading
            if known is None or block.link_share < known.link_share:
                by_key[block.key] = block
        return by_key


@dataclass(slots=True)
class _Frame:
    """An open block element while the page is walked."""

    tag: str
    own_hints: str
    tags: frozenset[str]
    container: int
    hints: str | None = None  # with those of the frames around it; put together for the first text


@dataclass(slots=True)
class _Walk:
    """What a walk over the page has found so far; links and strong type count while they are open."""

    frames: list[_Frame] = field(default_factory=lambda: [_Frame("html", "", frozenset({"html"}), 0)])
    parts: list[str] = field(default_factory=list)
    link_chars: int = 0
    links: list[bool] = field(default_factory=list)  # the open ones: whether each leads away
    links_away: int = 0
    strong_chars: int = 0
    strong_open: int = 0
    found: list[SourceBlock] = field(default_factory=list)
    containers: list[Container] = field(default_factory=lambda: [Container(0, "", False)])
    hidden: list[str] = field(default_factory=list)

    def open_block(self, element: HtmlElement) -> None:
        if self.parts:
            self.flush()
        tag, attributes = element.tag, dict(element.items())
        own = _own_hints(tag, attributes) if attributes else ""
        outer = self.frames[-1]
        self.frames.append(_Frame(tag, own, _with_tag(outer.tags, tag), len(self.containers)))
        self.containers.append(Container(outer.container, own, _is_hidden(attributes)))

    def open_inline(self, kind: int, element: HtmlElement) -> None:
        if kind == LINK:
            self.links.append(_leads_away(element))
            self.links_away += self.links[-1]
        elif kind == STRONG:
            self.strong_open += 1
        elif kind == BREAK:
            self.parts.append(LINE)

    def close_block(self) -> None:
        if self.parts:
            self.flush()
        self.frames.pop()

    def close_inline(self, kind: int) -> None:
        if kind == LINK:
            self.links_away -= self.links.pop()
        elif kind == STRONG:
            self.strong_open -= 1

    def add(self, text: str) -> None:
        self.parts.append(text)
        if self.links_away or self.strong_open:
            length = len(text.strip())
            self.link_chars += length if self.links_away else 0
            self.strong_chars += length if self.strong_open else 0

    def flush(self) -> None:
        """Make a block of each line of the text so far."""
        whole = "".join(self.parts)
        lines = [(words, "".join(words)) for line in whole.split(LINE) if (words := line.split())]
        link_share = strong_share = 0.0
        if lines and (self.link_chars or self.strong_chars):
            length = sum([len(key) for _, key in lines])
            link_share = min(1.0, self.link_chars / length)
            strong_share = min(1.0, self.strong_chars / length)
        for words, key in lines:
            self._add_block(" ".join(words), key, link_share, strong_share)
        self.parts.clear()
        self.link_chars = self.strong_chars = 0

    def _add_block(self, text: str, key: str, link_share: float, strong_share: float) -> None:
        frame = self.frames[-1]
        if frame.hints is None:
            frame.hints = " ".join([outer.own_hints for outer in self.frames[: -HINT_LEVELS - 1 : -1]])
        self.found.append(
            SourceBlock(
                text,
                key,
                frame.tag,
                frame.hints,
                frame.own_hints,
                self.frames[-2].own_hints if len(self.frames) > 1 else "",
                frame.tags,
                link_share,
                len(self.found),
                strong_share,
                self.containers[frame.container].outer if frame.tag in CELL_TAGS else None,
                frame.container,
            )
        )


def read_blocks(tree: HtmlElement) -> PageBlocks:
    """The blocks of a page, without scripts, styles and controls. The tree stays as it is."""
    walk = _Walk()
    walker = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    is_skipped = False
    for event, element in walker:
        kind = KIND_OF_TAG.get(element.tag)
        if event == "start":
            if kind == SKIPPED or (kind == INLINE and _is_unseen(element)):
                if kind == INLINE:
                    walk.hidden.append(" ".join("".join(element.itertext()).split()))
                walker.skip_subtree()
                is_skipped = True
                continue
            if kind == BLOCK:
                walk.open_block(element)
            elif kind is not None:
                walk.open_inline(kind, element)
            text = element.text
        else:
            if is_skipped:  # what follows a skipped start is its end
                is_skipped = False
            elif kind == BLOCK:
                walk.close_block()
            elif kind is not None:
                walk.close_inline(kind)
            text = element.tail
        if text and (walk.parts or not text.isspace()):
            walk.add(text)
    walk.flush()
    return PageBlocks(tuple(walk.found), tuple(walk.containers), tuple(walk.hidden))


def squash(text: str) -> str:
    """Text without any white space, for looking it up."""
    return "".join(text.split())


def _is_unseen(element: HtmlElement) -> bool:
    """Whether an element inside of a line holds words for screen readers alone."""
    names, style = element.get("class"), element.get("style")
    if names and UNSEEN_CLASS.search(names):
        return True
    return bool(style and UNSEEN_STYLE.search(style))


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    style = attributes.get("style")
    return "hidden" in attributes or (style is not None and bool(HIDDEN_STYLE.search(style)))


def _leads_away(element: HtmlElement) -> bool:
    """Whether a link leads to another page, rather than to a place on this one."""
    return not (element.get("href") or "#").lstrip().startswith("#")


@lru_cache(maxsize=4_096)
def _with_tag(tags: frozenset[str], tag: str) -> frozenset[str]:
    return tags | {tag}


def _own_hints(tag: str, attributes: Mapping[str, str]) -> str:
    # a heading's id is its own text as an anchor
    names = HINT_ATTRIBUTES if tag in HEADING_TAGS else HINT_ATTRIBUTES_AND_ID
    values = [value for name in names if (value := attributes.get(name))]
    return _in_kebab_case(" ".join(values)[:300]) if values else ""


@lru_cache(maxsize=16_384)
def _in_kebab_case(words: str) -> str:
    return words if words.islower() and "_" not in words else WORD_EDGE.sub("-", words).lower()
