"""The lines of a flattened page: read, freed of white space, and joined where a sentence was cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

MAX_LINES = 50_000  # lines after these are cut unread: no page of one article has as many
SIGNED_CHARS = 200  # a byline follows a title, not a text as long as this
FULL_LINE_CHARS = 40  # an unfinished line this long is a cut sentence, not a label
BROKEN_STYLE_SHARE = 0.04  # share of lines that begin in mid-sentence on pages cut at inline tags

_INVISIBLE = "\u200b\u2060\ufeff\x00"
_SPACES = re.compile(r"\s{2,}|[^\S\u00a0\u202f]")  # a single no-break space is the author's own
_MARKER = re.compile(r"(?:[*+•·▪●■◦‣⁃∙-]|o(?=\s+[A-Z]))\s+(?=\S)")
_SIGNED = re.compile(r"(?:[Bb]y|von|par|por|di|door)\s+[A-ZÀ-ÖØ-Þ]\S*(?:\s+\S+){0,5}")
_TERMINAL = re.compile(r"[.!?…。！？؟।][\"'”’»)\]*›“」』]*$")
_CLOSING = tuple(",.;:!?)]}%’”»…、。，；：」』")
_OPENING = tuple("([{“„«‘,-–—:")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; `text` has no list marker and no two spaces in a row.

    `sources` are the texts of the page's lines that were joined into this one.
    """

    text: str
    sources: tuple[str, ...]
    gap_before: int  # blank lines above it
    is_marked: bool  # it begins with a list marker


def read_lines(text: str) -> tuple[list[Line], list[str]]:
    """The page's lines that hold anything, sentences joined; and the texts beyond the limit."""
    lines: list[Line] = []
    beyond: list[str] = []
    gap = 0
    for mark in _INVISIBLE:
        text = text.replace(mark, "")
    for raw in text.splitlines():
        plain = _SPACES.sub(" ", raw.strip())
        if not plain:
            gap += 1
        elif len(lines) >= MAX_LINES:
            beyond.append(plain)
        else:
            lines.append(_to_line(plain, gap))
            gap = 0
    return list(join_sentences(lines)), beyond


def is_finished(text: str) -> bool:
    """Whether a line ends as a sentence does."""
    return _TERMINAL.search(text[-8:]) is not None


def starts_inside(text: str) -> bool:
    """Whether a line begins as only the rest of a sentence does."""
    return text[:1].islower() or text.startswith(_CLOSING)


def join_sentences(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines with the parts of a sentence put together again."""
    is_broken = _is_broken(lines)
    run: list[Line] = []
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        if run and not _belongs(
            run[-1], line, following, sum(len(part.text) for part in run[-3:]), is_broken
        ):
            yield _join(run)
            run = []
        run.append(line)
    if run:
        yield _join(run)


def _is_broken(lines: Sequence[Line]) -> bool:
    """Whether the page as a whole was cut at inline tags or at a fixed width."""
    inside = sum(starts_inside(line.text) and not line.is_marked for line in lines)
    return inside > 2 and inside >= BROKEN_STYLE_SHARE * len(lines)


def _belongs(before: Line, line: Line, following: Line | None, run_chars: int, is_broken: bool) -> bool:
    """Whether `line` goes on with the sentence that `before` leaves open."""
    if line.is_marked or line.gap_before > 1 or is_finished(before.text):
        return (
            is_broken and line.gap_before == 0 and line.text.startswith(_CLOSING[:4]) and not line.is_marked
        )
    if _SIGNED.fullmatch(line.text):
        return is_broken and line.gap_before == 0 and run_chars > SIGNED_CHARS
    if starts_inside(line.text):
        return line.text.startswith(_CLOSING) or run_chars >= 3
    if not is_broken or line.gap_before:
        return False
    if before.text.endswith(_OPENING) and run_chars >= FULL_LINE_CHARS:
        return True
    if run_chars < FULL_LINE_CHARS:
        return False
    return following is not None and starts_inside(following.text) and not is_finished(line.text)


def _to_line(plain: str, gap: int) -> Line:
    marker = _MARKER.match(plain)
    if marker and plain.startswith("- ") and " - " in plain[2:] and is_finished(plain):
        marker = None  # direct speech behind a dash: "- No, - she said."
    return Line(plain[marker.end() :] if marker else plain, (plain,), gap, marker is not None)


def _join(run: Sequence[Line]) -> Line:
    if len(run) == 1:
        return run[0]
    parts = [run[0].text]
    for line in run[1:]:
        tight = line.text.startswith(_CLOSING) or parts[-1].endswith(("(", "[", "“", "„", "«", "‘"))
        parts.append(line.text if tight else f" {line.text}")
    sources = tuple(source for line in run for source in line.sources)
    return replace(run[0], text="".join(parts), sources=sources)


def texts_of(lines: Iterable[Line]) -> list[str]:
    return [line.text for line in lines]
