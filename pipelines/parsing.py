"""From markup to a parsed page: what would stall or cut a parser is told first."""

from __future__ import annotations

import re

from lxml.etree import ElementDefaultClassLookup, ErrorTypes, HTMLParser, ParserError
from lxml.html import HtmlComment, HtmlElement, HtmlProcessingInstruction, fromstring
from trafilatura.utils import is_dubious_html, repair_faulty_html

from pipelines.printable import without_unprintable_references

MAX_TAGS = 60_000  # the parser takes seconds beyond this; real article pages stay under 20,000
MAX_TAG_CHARS = 500_000  # one tag, inlined images left out: class attributes of megabytes stall the parser
MAX_PLAIN_TAG_CHARS = 5_000  # a tag no longer than this needs no closer look …
MAX_PLAIN_MARKUP_CHARS = 500_000  # … nor do all tags together
MAX_MARKUP_CHARS = 2_000_000  # all tags, inlined images left out; the largest real page has 0.8 million
MAX_ATTRIBUTES = 2_000  # of one tag: parsing time is quadratic in them
CHARS_PER_ATTRIBUTE = 2  # at least: a space and a letter
MAX_ALL_ATTRIBUTES = 100_000  # of all tags; real pages stay under 11,000
MAX_VISIBLE_CHARS = 1_500_000  # some 250,000 words: a book, not an article
HEAD_CHARS = 4_096  # in which the first tags stand
MAX_DEPTH = 500  # of tags in tags; browsers nest no deeper than 512, real pages no deeper than 60
TAG = re.compile(r"<[a-zA-Z][^>]*")
LONG_TAG = re.compile(rf"<[a-zA-Z][^>]{{{MAX_PLAIN_TAG_CHARS}}}")
ANY_TAG = re.compile(r"<[^>]*>")
HIDDEN_START = re.compile(r"<(?:!--|(script|style|SCRIPT|STYLE)\b)")
INLINE_DATA = re.compile(r"""data:[^"'\s>]*""")
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
TOO_DEEP = f"boolean(descendant::*[count(ancestor::*) > {MAX_DEPTH}])"

_settings = {
    "collect_ids": False,
    "default_doctype": False,
    "encoding": "utf-8",
    "remove_comments": True,
    "remove_pis": True,
}


def _parser_with(**settings: bool) -> HTMLParser:
    """A parser of lxml.html's elements, without its kinds of form fields, which cost a call an element."""
    parser = HTMLParser(**_settings, **settings)
    parser.set_element_class_lookup(
        ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction)
    )
    return parser


_parser = _parser_with()  # stops at 256 levels and loses what follows
_deep_parser = _parser_with(huge_tree=True)


class ExcessiveDepth(Exception):
    """Tags are nested deeper than any reader of pages follows."""


def parse_html(html: str) -> HtmlElement | None:
    """The parsed page; None if there is no document in it.

    Raises:
        ExcessiveDepth: a parser would lose text.
    """
    start = html[:50].lower()
    body = _repaired(without_unprintable_references(html), start).encode("utf-8", "replace")
    tree = _parse(body, _parser)
    stop = _parser.error_log.last_error
    if stop is not None and stop.type == ErrorTypes.ERR_RESOURCE_LIMIT:
        tree = _parse(body, _deep_parser)
        stop = _deep_parser.error_log.last_error
        if tree is None or tree.xpath(TOO_DEEP) or (stop and stop.type == ErrorTypes.ERR_RESOURCE_LIMIT):
            raise ExcessiveDepth(f"tags nested more than {MAX_DEPTH} deep")
    if tree is None or (is_dubious_html(start) and len(tree) < 2):
        return None
    return tree


def _repaired(html: str, start: str) -> str:
    """A page with its first tags repaired; what is wrong stands in its first lines."""
    end = html.find("\n", HEAD_CHARS) + 1
    return repair_faulty_html(html[:end], start) + html[end:] if end else repair_faulty_html(html, start)


def excess_of_markup(html: str) -> str | None:
    """What about this markup would stall a parser; None if nothing."""
    tags = html.count("<")
    if tags > MAX_TAGS:
        return f"{tags} tags, the limit is {MAX_TAGS}"
    if _may_exceed(html):
        bare = _without_scripts(html)  # a comparison in a script looks like a long tag
        excess = _excess_of_tags(bare) if _may_exceed(bare) else None
        if excess is not None:
            return excess
    if len(html) > MAX_VISIBLE_CHARS:
        visible = len(ANY_TAG.sub("", _without_scripts(html)))
        if visible > MAX_VISIBLE_CHARS:
            return f"{visible} characters of text, the limit is {MAX_VISIBLE_CHARS}"
    return None


def _may_exceed(html: str) -> bool:
    """Whether a tag, or all tags together, are long enough for a closer look."""
    if any(len(part) > MAX_PLAIN_TAG_CHARS and LONG_TAG.search(part) for part in html.split(">")):
        return True
    return _markup_chars(html) > MAX_PLAIN_MARKUP_CHARS


def _markup_chars(html: str) -> int:
    """The characters of all tags; for a page too short to have too many, of all the page."""
    if len(html) <= MAX_PLAIN_MARKUP_CHARS:
        return len(html)
    return sum(match.end() - match.start() for match in TAG.finditer(html))


def _parse(body: bytes, parser: HTMLParser) -> HtmlElement | None:
    try:
        return fromstring(body, parser=parser)
    except ParserError:  # an empty document
        return None


def _excess_of_tags(html: str) -> str | None:
    tags = [INLINE_DATA.sub("", tag) if "data:" in tag else tag for tag in TAG.findall(html)]
    for tag in tags:
        if len(tag) > MAX_TAG_CHARS:
            return f"a tag of {len(tag)} characters, the limit is {MAX_TAG_CHARS}"
        own = _count_attributes(tag) if len(tag) > CHARS_PER_ATTRIBUTE * MAX_ATTRIBUTES else 0
        if own > MAX_ATTRIBUTES:
            return f"a tag with {own} attributes, the limit is {MAX_ATTRIBUTES}"
    chars = sum(map(len, tags))
    attributes = sum(map(_count_attributes, tags)) if chars > CHARS_PER_ATTRIBUTE * MAX_ALL_ATTRIBUTES else 0
    if attributes > MAX_ALL_ATTRIBUTES:
        return f"{attributes} attributes, the limit is {MAX_ALL_ATTRIBUTES}"
    if chars > MAX_MARKUP_CHARS:
        return f"{chars} characters in tags, the limit is {MAX_MARKUP_CHARS}"
    return None


def _count_attributes(tag: str) -> int:
    return len(QUOTED.sub('""', tag).replace("/", " ").replace('""', '"" ').split()) - 1


def _without_scripts(html: str) -> str:
    """Markup without scripts, styles and comments; one pass, also where they are never closed."""
    kept: list[str] = []
    position = 0
    for match in HIDDEN_START.finditer(html):
        if match.start() < position:
            continue
        kept.append(html[position : match.start()])
        closing = "-->" if match[1] is None else f"</{match[1]}"
        end = html.find(closing, match.end())
        position = len(html) if end < 0 else end + len(closing)
    return "".join([*kept, html[position:]])
