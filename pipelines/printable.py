"""Text without what no reader sees: control characters, halves of surrogate pairs, switches of direction."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from pipelines.records import Article

Record = TypeVar("Record")

# NUL and the controls, C1 included; half surrogates; marks that turn the reading order of what
# follows; the byte order mark; code points that are no characters. Tab, line feed and return stay.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff]"
)
SEPARATORS = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f")  # between words, so a space takes their place
NUMERIC_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,40})|([0-9]{1,40}))(?![0-9a-fA-F]);?")
MAX_CODE_POINT = 0x10FFFF
PLAIN = b"\t\n\r" + bytes(range(0x20, 0x7F))


def printable(text: str) -> str:
    """The text without unprintable characters. C1 controls are read as Windows-1252, as browsers do."""
    return UNPRINTABLE.sub(_replacement, text)


def holds_unprintable(text: str) -> bool:
    """Whether a text holds a character that `printable` takes out."""
    # Python's own check is fast and takes more for unprintable: soft hyphens, uncommon spaces
    return not text.replace("\n", "").isprintable() and UNPRINTABLE.search(without_plain(text)) is not None


def without_plain(text: str) -> str:
    """The characters of a text that aren't printable ASCII, without looking at each of the others."""
    rare = text.encode("utf-8", "surrogatepass").translate(None, PLAIN)
    return rare.decode("utf-8", "surrogatepass")


def without_unprintable_references(markup: str) -> str:
    """Markup without numeric references to characters that no text holds: `&#1;`, `&#xD800;`."""
    found = set(NUMERIC_REFERENCE.findall(markup)) if "&#" in markup else ()
    if not any(_is_bad(int(digits, 16) if digits else int(number)) for digits, number in found):
        return markup
    return NUMERIC_REFERENCE.sub(_checked_reference, markup)


def printable_article(article: Article) -> Article:
    """The article with every string printable; a page's data may spell out any character."""
    texts = [*(one.text for one in article.paragraphs), *(block.text for block in article.removed)]
    if not holds_unprintable("".join(texts)):  # nearly always: the rest is little
        rest = _printable_record(replace(article, paragraphs=(), removed=()))
        return replace(rest, paragraphs=article.paragraphs, removed=article.removed)
    clean = _printable_record(article)
    if clean is article:
        return article
    return replace(clean, paragraphs=tuple(one for one in clean.paragraphs if one.text.strip()))


def _printable_record(record: Record) -> Record:
    changed = {}
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        clean = _printable_value(value)
        if clean is not value:
            changed[field.name] = clean
    return replace(record, **changed) if changed else record  # type: ignore[type-var]


def _printable_value(value: object) -> object:
    if isinstance(value, str):
        return printable(value) if UNPRINTABLE.search(value) else value
    if isinstance(value, tuple):
        clean = tuple(map(_printable_value, value))
        return value if all(new is old for new, old in zip(clean, value, strict=True)) else clean
    if is_dataclass(value) and not isinstance(value, type):
        return _printable_record(value)
    return value


def _replacement(match: re.Match[str]) -> str:
    character = match.group()
    if character in SEPARATORS:
        return " "
    return cp1252_of(ord(character)) if "\x80" <= character <= "\x9f" else ""


def cp1252_of(byte: int) -> str:
    """What Windows-1252 writes with a byte; empty for the five that it leaves out."""
    return bytes([byte]).decode("cp1252", "ignore")


def _checked_reference(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    if not _is_bad(code):
        return match.group()
    return " " if code <= MAX_CODE_POINT and chr(code) in SEPARATORS else ""


def _is_bad(code: int) -> bool:
    """Whether no text holds the character."""
    if code > MAX_CODE_POINT:
        return True
    # the parser reads references to C1 controls as Windows-1252 itself
    return not 0x80 <= code <= 0x9F and UNPRINTABLE.fullmatch(chr(code)) is not None
