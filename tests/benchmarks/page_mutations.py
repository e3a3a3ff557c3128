"""Seeded damage to pages: what a byte of a page, a tag of it or a part of it can become."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

MAX_CHARS = 3_000_000
TAG = re.compile(r"<[^>]*>")
CHARSETS = ("utf-16", "utf-16-le", "utf-32", "cp1252", "cp1251", "shift_jis", "gb18030", "utf-7", "latin-1")
ODD = ("\0", "\x0b", "\x1b", "\x85", "\ufeff", "\u202e", "\u2028", "\ud800", "\ufffd", "&#0;", "&#xD800;")
ODD_MARKUP = (
    "<",
    ">",
    "<!--",
    "-->",
    "<![CDATA[",
    "</",
    "<p",
    "<script>",
    "</script>",
    "<style>",
    "<table><tr><td>",
    "</body></html>",
    "<plaintext>",
    "<svg><math>",
    "<template>",
    "<noscript>",
    "<base href='//'>",
    '<time datetime="0000-00-00">',
    '<time datetime="2024-05-07T10:05:00Z">',
    '<meta property="article:published_time" content="9999-99-99">',
    '<script type="application/ld+json">{"@type":"NewsArticle","author":[[[',
    '<script type="application/ld+json">{"@type":["LiveBlogPosting"],"liveBlogUpdate":{"a":[null]}}</script>',
)
ATTRIBUTES = ("class", "id", "href", "datetime", "content", "style", "x")
ODD_VALUES = ("", "x" * 5000, "é\ud83d", "javascript:alert(1)", "//", "http://[::1", "\0", "a b\tc", "%ff")

Mutation = Callable[[random.Random, str, Sequence[str]], str]


def mutate(chance: random.Random, pages: Sequence[str]) -> bytes:
    """One of the pages after one to six kinds of damage, as the bytes of a response."""
    page = chance.choice(pages)
    for _ in range(chance.randint(1, 6)):
        page = chance.choice(MUTATIONS)(chance, page, pages)
    if chance.random() < 0.2:
        body = page[:MAX_CHARS].encode(chance.choice(CHARSETS), "replace")
    else:
        body = page[:MAX_CHARS].encode("utf-8", chance.choice(("surrogatepass", "replace")))
    return damage_bytes(chance, body) if chance.random() < 0.2 else body


def damage_bytes(chance: random.Random, body: bytes) -> bytes:
    """Some bytes flipped, or the body cut off."""
    damaged = bytearray(body)
    for _ in range(min(len(damaged), chance.choice((1, 10, 200)))):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged[: chance.randint(0, len(damaged))] if chance.random() < 0.3 else damaged)


def _span(chance: random.Random, length: int, most: int) -> tuple[int, int]:
    start = chance.randint(0, length)
    return start, min(length, start + chance.randint(0, most))


def _tags(page: str) -> list[re.Match[str]]:
    return list(TAG.finditer(page))


def delete_tags(chance: random.Random, page: str, _: Sequence[str]) -> str:
    share = chance.choice((0.01, 0.1, 0.5))
    return TAG.sub(lambda match: "" if chance.random() < share else match.group(), page)


def repeat_part(chance: random.Random, page: str, _: Sequence[str]) -> str:
    start, end = _span(chance, len(page), chance.choice((50, 2_000, 50_000)))
    return page[:end] + page[start:end] * chance.choice((1, 3, 30)) + page[end:]


def delete_part(chance: random.Random, page: str, _: Sequence[str]) -> str:
    start, end = _span(chance, len(page), chance.choice((5, 2_000, 50_000)))
    return page[:start] + page[end:]


def swap_parts(chance: random.Random, page: str, _: Sequence[str]) -> str:
    cuts = sorted(chance.randint(0, len(page)) for _ in range(3))
    return page[: cuts[0]] + page[cuts[1] : cuts[2]] + page[cuts[0] : cuts[1]] + page[cuts[2] :]


def splice_pages(chance: random.Random, page: str, pages: Sequence[str]) -> str:
    other = chance.choice(pages)
    return page[: chance.randint(0, len(page))] + other[chance.randint(0, len(other)) :]


def truncate(chance: random.Random, page: str, _: Sequence[str]) -> str:
    return page[: chance.randint(0, len(page))]


def insert_odd_text(chance: random.Random, page: str, _: Sequence[str]) -> str:
    for _number in range(chance.choice((1, 5, 50))):
        at = chance.randint(0, len(page))
        page = page[:at] + chance.choice(ODD) + page[at:]
    return page


def insert_odd_markup(chance: random.Random, page: str, _: Sequence[str]) -> str:
    at = chance.randint(0, len(page))
    return page[:at] + chance.choice(ODD_MARKUP) * chance.choice((1, 1, 40, 700)) + page[at:]


def change_attribute(chance: random.Random, page: str, _: Sequence[str]) -> str:
    tags = _tags(page)
    if not tags:
        return page
    match = chance.choice(tags)
    attribute = f' {chance.choice(ATTRIBUTES)}="{chance.choice(ODD_VALUES)}"'
    return page[: match.end() - 1] + attribute * chance.choice((1, 1, 500)) + page[match.end() - 1 :]


def rename_tags(chance: random.Random, page: str, _: Sequence[str]) -> str:
    old = chance.choice(("p", "div", "h1", "li", "article", "a"))
    new = chance.choice(("p", "span", "table", "x-y", "pre"))
    return re.sub(rf"(</?){old}\b", rf"\g<1>{new}", page)


def join_lines(chance: random.Random, page: str, _: Sequence[str]) -> str:
    return chance.choice(("\r", "\r\n", " ", "\n\n", "\u2028", "\x0b")).join(page.splitlines())


def flatten(chance: random.Random, page: str, _: Sequence[str]) -> str:
    return TAG.sub(chance.choice(("\n", " ", "")), page)


MUTATIONS: tuple[Mutation, ...] = (
    delete_tags,
    repeat_part,
    delete_part,
    swap_parts,
    splice_pages,
    truncate,
    insert_odd_text,
    insert_odd_markup,
    change_attribute,
    rename_tags,
    join_lines,
    flatten,
)
