"""From the bytes of a response to text that is safe to parse, or the reason why not."""

from __future__ import annotations

import re

from pipelines.charsets import decode_text
from pipelines.printable import UNPRINTABLE, printable, without_plain
from pipelines.records import Reason

MAX_BYTES = 10 * 1024 * 1024  # no article page is larger; parsing time grows with it
MAX_BROKEN_SHARE = 0.05  # control and replacement characters among all; more is no text
SNIFF_BYTES = 1024

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
    (b"{\\rtf", "RTF document"),
    (b"\xd0\xcf\x11\xe0", "office document"),
    (b"\x7fELF", "program"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"\x00\x00\x01\x00", "icon"),
)
PDF = re.compile(rb"%PDF-\d\.\d")  # its readers look for it in the first 1,024 bytes


def decode_body(body: bytes, charset: str | None) -> str | tuple[Reason, str]:
    """The printable text of a response body, or a reason and its detail.

    `charset` is what the Content-Type header declares.
    """
    if len(body) > MAX_BYTES:
        return Reason.TOO_LARGE, f"{len(body)} bytes, the limit is {MAX_BYTES}"
    kind = _binary_kind(body[:SNIFF_BYTES])
    if kind is not None:
        return Reason.NOT_TEXT, kind
    text = decode_text(body, charset)
    rare = without_plain(text)
    unprintable = len(UNPRINTABLE.findall(rare))
    broken = unprintable + rare.count("\ufffd")
    if broken > MAX_BROKEN_SHARE * len(text):
        return (
            Reason.BAD_ENCODING,
            f"{broken} of {len(text)} characters are control or replacement characters",
        )
    return printable(text) if unprintable else text


def _binary_kind(start: bytes) -> str | None:
    if PDF.search(start):
        return "PDF"
    start = start.lstrip(b" \t\r\n")
    return next((kind for magic, kind in MAGIC if start.startswith(magic)), None)
