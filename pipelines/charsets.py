"""Which charset bytes are written in, and their text; nothing fails, at worst a byte is read wrong."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

from pipelines.printable import cp1252_of

SNIFF_BYTES = 64 * 1024
HEAD_BYTES = 4096  # where a page states its charset

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
ASCII_ONLY = ("utf-7", "hz", "iso2022")  # charsets whose every byte is ASCII, so they pass for UTF-8
WIDE = ("utf-16", "utf-32")
MIN_ZERO_SHARE = 0.01  # of the sample: wide charsets write the spaces and tags of any page with zero bytes
MIN_ZEROS_IN_PLACE = 0.8  # share of the zero bytes that stand where the charset puts them
SURE_UTF8 = 10  # times as many whole characters as stray bytes: UTF-8 whatever the page declares
# French has 4 to 7 % of them, Czech and Turkish over 10; in other alphabets nearly every letter is one …
MAX_ACCENT_SHARE = 0.1
MIN_FOREIGN_SHARE = 0.3  # … so text with this share, tags left out, is not western European
META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
ANY_TAG = re.compile(rb"<[^>]*>")
XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE)
STRAY = re.compile("[\udc80-\udcff]")  # a byte that was no UTF-8, as `surrogateescape` keeps it
# characters beyond the basic plane that some databases write as two encoded halves of three bytes
SPLIT_PAIR = re.compile("\udced[\udca0-\udcaf][\udc80-\udcbf]\udced[\udcb0-\udcbf][\udc80-\udcbf]")
HALF_PAIR = re.compile("\udced[\udca0-\udcbf][\udc80-\udcbf]")


def decode_text(body: bytes, charset: str | None) -> str:
    """The text of a body; `charset` is what the Content-Type header declares.

    A byte order mark goes before it, valid UTF-8 too. What few bytes of a UTF-8 text are not UTF-8
    are read as Windows-1252: they come from pasted quotation marks.
    """
    for bom, name in BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace").lstrip("\ufeff")
    wide = _wide_charset(body[:SNIFF_BYTES])
    declared = [name for name in _declared(body, charset) if wide or not name.startswith(WIDE)]
    for candidate in _exact_charsets(body, declared, wide):
        try:
            return body.decode(candidate)
        except UnicodeError:
            continue
    return _decode_damaged(body, declared)


def _exact_charsets(body: bytes, declared: list[str], wide: str | None) -> Iterator[str]:
    """Charsets to try strictly, best first; UTF-8 leads since hardly anything else is valid UTF-8."""
    if wide is not None:
        yield wide
    yield from (name for name in declared if name.startswith(ASCII_ONLY))
    if wide is None:
        yield "utf-8"


def _decode_damaged(body: bytes, declared: list[str]) -> str:
    """Text that is no valid UTF-8: UTF-8 with stray bytes, a declared charset, or a guess."""
    escaped = SPLIT_PAIR.sub(_joined_pair, body.decode("utf-8", "surrogateescape"))
    escaped = HALF_PAIR.sub("", escaped)
    stray = len(STRAY.findall(escaped))
    whole = sum(character > "\x7f" for character in STRAY.sub("", escaped))
    is_foreign = _share_of_high_bytes(ANY_TAG.sub(b"", body[:SNIFF_BYTES])) > MIN_FOREIGN_SHARE
    others = [name for name in declared if name != "utf-8" and not (is_foreign and name == "cp1252")]
    if SURE_UTF8 * stray <= whole or (stray <= whole and not others):
        return STRAY.sub(lambda match: cp1252_of(ord(match.group()) - 0xDC00), escaped)
    # a header's Latin-1 is often the server's default: what the page itself says goes first
    for candidate in sorted(others, key=lambda name: name == "cp1252"):
        try:
            return body.decode(candidate)
        except UnicodeError:
            continue
    return body.decode(others[0] if others else _guess(body[:SNIFF_BYTES]), "replace")


def _joined_pair(match: re.Match[str]) -> str:
    halves = match.group().encode("utf-8", "surrogateescape").decode("utf-8", "surrogatepass")
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _wide_charset(sample: bytes) -> str | None:
    """The wide charset of bytes without a byte order mark, told by where their zeros stand; else None."""
    if b"\0" not in sample:
        return None
    zeros = [sample[place::4].count(0) for place in range(4)]
    total = sum(zeros)
    if total < MIN_ZERO_SHARE * len(sample):
        return None
    least = MIN_ZEROS_IN_PLACE * total
    half = MIN_ZEROS_IN_PLACE * len(sample) / 2
    if zeros[2] + zeros[3] >= half and zeros[0] < zeros[3] / 2:
        return "utf-32-le"
    if zeros[0] + zeros[1] >= half and zeros[3] < zeros[0] / 2:
        return "utf-32-be"
    if zeros[1] + zeros[3] >= least:
        return "utf-16-le"
    return "utf-16-be" if zeros[0] + zeros[2] >= least else None


def _guess(sample: bytes) -> str:
    """The charset of bytes that nobody declared; a few accents in plain letters are western European."""
    if _share_of_high_bytes(sample) < MAX_ACCENT_SHARE:
        return "cp1252"
    best = from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"


def _share_of_high_bytes(sample: bytes) -> float:
    return sum(byte >= 0x80 for byte in sample) / max(1, len(sample))


def _declared(body: bytes, charset: str | None) -> Iterator[str]:
    head = body[:HEAD_BYTES].replace(b"\0", b"")  # so that a wide page's own label is found, too
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
