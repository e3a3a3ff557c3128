"""Flattens HTML pages the three usual ways, and scores clean text against the gold text."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from lxml import html as lxml_html

from pipelines.records import FlattenedPage, ParagraphKind

PAGES = Path(__file__).parents[3] / "shared" / "data" / "pages"
FIRST_SETS = ("article-extraction-benchmark", "fundus-evaluation", "fundus-parser-tests")
# Sets whose gold text leaves standfirsts out (counted): scored without them.
WITHOUT_LEAD = frozenset({"article-extraction-benchmark", "fundus-evaluation"})
SHINGLE_WORDS = 4

_WORD = re.compile(r"[㐀-鿿぀-ヿ가-힣]|[^\W㐀-鿿぀-ヿ가-힣]+")
_SILENT = {"script", "style", "template", "head"}
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)


@dataclass(frozen=True, slots=True)
class GoldPage:
    page_id: str
    set_name: str
    host: str
    language: str
    html: str
    text: str
    optional: tuple[str, ...]
    title: str | None


def read_pages(set_name: str) -> Iterator[GoldPage]:
    """The pages of one set; nothing where the file is absent."""
    path = PAGES / f"{set_name}.jsonl.gz"
    if not path.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield GoldPage(
                row["id"],
                set_name,
                urlsplit(row["url"] or "").hostname or row["id"],
                row.get("language") or "",
                row["html"],
                row["text"],
                tuple(row.get("optional_paragraphs") or ()),
                row.get("title"),
            )


def site_half(host: str) -> int:
    """0 or 1, the same for all pages of a site."""
    site = ".".join(host.removeprefix("www.").split(".")[-2:])
    return hashlib.sha256(site.encode()).digest()[0] % 2


def flatten_blocks(source: str) -> str:
    """A line per block element; titles of hidden icons stay."""
    root = _parse(source)
    parts: list[str] = []
    _walk(root, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\x00"))
    return "\n".join(line for line in lines if line)


def flatten_nodes(source: str) -> str:
    """A line per text node, as get_text with a newline gives it: it breaks inside sentences."""
    texts: list[str] = []
    stack: list[tuple[lxml_html.HtmlElement, bool]] = [(_parse(source), False)]
    while stack:
        node, is_end = stack.pop()
        if is_end:
            texts.append(node.tail or "")
            continue
        stack.append((node, True))
        if isinstance(node.tag, str) and node.tag.lower() not in _SILENT - {"head"}:
            texts.append(node.text or "")
            stack.extend((child, False) for child in reversed(node))
    return "\n".join(text.strip() for text in texts if text.strip())


def flatten_inscriptis(source: str) -> str:
    """The page as a text browser sets it."""
    from inscriptis import get_text

    return str(get_text(source))


def flatteners() -> dict[str, Callable[[str], str]]:
    """The flattenings that can be made here, by name."""
    ways: dict[str, Callable[[str], str]] = {"blocks": flatten_blocks}
    if find_spec("inscriptis"):
        ways["inscriptis"] = flatten_inscriptis
    ways["nodes"] = flatten_nodes
    return ways


def score(gold: GoldPage, found: FlattenedPage) -> float:
    """F1 of 4-word shingles; optional paragraphs count neither way, standfirsts as the set has them."""
    is_without = gold.set_name in WITHOUT_LEAD
    kept = [part.text for part in found.paragraphs if not (is_without and part.kind is ParagraphKind.LEAD)]
    expected, predicted = shingles(gold.text), shingles("\n".join(kept))
    for paragraph in gold.optional:
        predicted -= shingles(paragraph) - expected
    common = sum((expected & predicted).values())
    total = sum(expected.values()) + sum(predicted.values())
    return 2 * common / total if total else 1.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Every run of four words, or the whole text where it is shorter."""
    words = split_words(text)
    if 0 < len(words) < SHINGLE_WORDS:
        return Counter([tuple(words)])
    return Counter(tuple(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1))


def split_words(text: str) -> list[str]:
    """Words, case folded; an ideograph is a word."""
    return _WORD.findall(text.casefold())


def _parse(source: str) -> lxml_html.HtmlElement:
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
    return lxml_html.document_fromstring(source, parser=lxml_html.HTMLParser(remove_comments=True))


def _walk(element: lxml_html.HtmlElement, parts: list[str]) -> None:
    stack: list[tuple[lxml_html.HtmlElement, bool]] = [(element, False)]
    while stack:
        node, is_end = stack.pop()
        tag = node.tag.lower() if isinstance(node.tag, str) else ""
        if is_end:
            parts.append("" if tag in _INLINE or not tag else "\x00")
            parts.append(node.tail or "")
            continue
        stack.append((node, True))
        if not tag or tag in _SILENT:
            continue
        parts.append("" if tag in _INLINE else "\x00")
        parts.append((node.text or "").replace("\x00", " "))
        stack.extend((child, False) for child in reversed(node))
