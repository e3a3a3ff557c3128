"""From the bytes of a response to text that is safe to parse, or the reason why not."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

from pipelines.records import Reason

MAX_BYTES = 10 * 1024 * 1024  # no article page is larger; parsing time grows with it
MAX_TAGS = 60_000  # the parser takes seconds beyond this; real article pages stay under 20,000
MAX_TAG_CHARS = 500_000  # one tag, inlined images left out: class attributes of megabytes stall the parser
MAX_PLAIN_TAG_CHARS = 5_000  # a tag no longer than this needs no closer look
MAX_ATTRIBUTES = 2_000  # of one tag: parsing time is quadratic in them
MAX_VISIBLE_CHARS = 1_500_000  # some 250,000 words: a book, not an article
MAX_BROKEN_SHARE = 0.05  # control and replacement characters among all; more is no text
SNIFF_BYTES = 64 * 1024

MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"RIFF", "RIFF media"),
    (b"PK\x03\x04", "zip archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"7z\xbc\xaf", "7z archive"),
    (b"Rar!", "rar archive"),
    (b"ID3", "MP3 audio"),
    (b"OggS", "Ogg media"),
    (b"%!PS", "PostScript"),
    (b"\xd0\xcf\x11\xe0", "office document"),
    (b"\x7fELF", "program"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"\x00\x00\x01\x00", "icon"),
)
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What browsers read under these labels (WHATWG Encoding): the wider set of each family.
WIDER_CHARSET = {
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
MAX_ACCENT_SHARE = 0.05  # French has 4 % of them; in other alphabets nearly every letter is one
META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE)
BROKEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd\ufdd0-\ufdef\ufffe\uffff]|[\ud800-\udfff]")
TAG = re.compile(r"<[a-zA-Z][^>]*")
ANY_TAG = re.compile(r"<[^>]*>")
HIDDEN_START = re.compile(r"<(?:!--|(script|style|SCRIPT|STYLE)\b)")
INLINE_DATA = re.compile(r"""data:[^"'\s>]*""")
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")


def decode_body(body: bytes, charset: str | None) -> str | tuple[Reason, str]:
    """The text of a response body without control characters, or a reason and its detail.

    `charset` is what the Content-Type header declares; a byte order mark goes before it, valid UTF-8 too.
    """
    if len(body) > MAX_BYTES:
        return Reason.TOO_LARGE, f"{len(body)} bytes, the limit is {MAX_BYTES}"
    kind = _binary_kind(body)
    if kind is not None:
        return Reason.NOT_TEXT, kind
    text = _decode(body, charset)
    broken = len(BROKEN.findall(text))
    if broken > MAX_BROKEN_SHARE * len(text):
        return (
            Reason.BAD_ENCODING,
            f"{broken} of {len(text)} characters are control or replacement characters",
        )
    return BROKEN.sub("", text) if broken else text


def excess_of_markup(html: str) -> str | None:
    """What about this markup would stall a parser; None if nothing."""
    tags = html.count("<")
    if tags > MAX_TAGS:
        return f"{tags} tags, the limit is {MAX_TAGS}"
    if any(len(match.group()) > MAX_PLAIN_TAG_CHARS for match in TAG.finditer(html)):
        html = _without_scripts(html)  # a comparison in a script looks like a long tag
        for match in TAG.finditer(html):
            excess = _excess_of_tag(match.group())
            if excess is not None:
                return excess
    if len(html) > MAX_VISIBLE_CHARS:
        visible = len(ANY_TAG.sub("", _without_scripts(html)))
        if visible > MAX_VISIBLE_CHARS:
            return f"{visible} characters of text, the limit is {MAX_VISIBLE_CHARS}"
    return None


def _excess_of_tag(tag: str) -> str | None:
    if len(tag) <= MAX_PLAIN_TAG_CHARS:
        return None
    bare = INLINE_DATA.sub("", tag)
    if len(bare) > MAX_TAG_CHARS:
        return f"a tag of {len(bare)} characters, the limit is {MAX_TAG_CHARS}"
    attributes = len(QUOTED.sub('""', bare).replace("/", " ").replace('""', '"" ').split())
    if attributes > MAX_ATTRIBUTES:
        return f"a tag with {attributes} attributes, the limit is {MAX_ATTRIBUTES}"
    return None


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


def _binary_kind(body: bytes) -> str | None:
    start = body[:1024].lstrip(b" \t\r\n") if body[:1] in b" \t\r\n" else body[:1024]
    return next((kind for magic, kind in MAGIC if start.startswith(magic)), None)


def _decode(body: bytes, charset: str | None) -> str:
    for bom, name in BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace").lstrip("\ufeff")
    for candidate in _charsets(body, charset):
        try:
            return body.decode(candidate)
        except UnicodeError:
            continue
    declared = next(iter(_declared(body, charset)), None)
    return body.decode(declared or _guess(body[:SNIFF_BYTES]), "replace")


def _guess(sample: bytes) -> str:
    """The charset of bytes that nobody declared; a few accents in plain letters are western European."""
    accents = sum(byte >= 0x80 for byte in sample)
    if accents < MAX_ACCENT_SHARE * len(sample):
        return "cp1252"
    best = from_bytes(sample).best()
    return best.encoding if best is not None else "utf-8"


def _charsets(body: bytes, charset: str | None) -> Iterator[str]:
    """Charsets to try strictly, best first; UTF-8 leads since hardly anything else is valid UTF-8."""
    declared = list(_declared(body, charset))
    if b"\x1b$" in body[:SNIFF_BYTES] or b"\x1b(" in body[:SNIFF_BYTES]:
        yield from (name for name in declared if name.startswith("iso2022"))
    if b"\x00" not in body[:1024]:
        yield "utf-8"
    # a header's Latin-1 is often the server's default: what the page itself says goes first
    yield from sorted(declared, key=lambda name: name == "cp1252")


def _declared(body: bytes, charset: str | None) -> Iterator[str]:
    head = body[:4096]
    in_page = META_CHARSET.search(head) or XML_CHARSET.search(head)
    labels = [charset or "", in_page.group(1).decode("ascii", "replace") if in_page else ""]
    for label in labels:
        name = _codec_name(label)
        if name is not None:
            yield name


def _codec_name(label: str) -> str | None:
    """The text codec that a charset label means; None for an unknown label."""
    try:
        codec = codecs.lookup(label.strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if not getattr(codec, "_is_text_encoding", True) or codec.name in {"idna", "punycode", "undefined"}:
        return None
    name = codec.name.replace("_", "-") if codec.name.startswith("utf") else codec.name
    return WIDER_CHARSET.get(name, name)
