"""Two articles side by side, with what they share: drawn on a terminal, plain lines in a pipe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.tables import clean_for_terminal, shorten, show
from warehouse.drawn_passages import DrawnPassage
from warehouse.read import CopyLine

SAME, CHANGED, AROUND = "bold green", "bold yellow", "dim"
WORD = re.compile(r"\s*\S+")
PLAIN_CHARS = 300


def draw_pair(pair: CopyLine, passages: Sequence[DrawnPassage], console: Console) -> None:
    """A table of passages: the article on the left, its source on the right, equal words in green."""
    console.print()
    for line in _heading(pair):
        console.print(Text(line, style="bold" if "http" in line else ""))
    table = Table(show_lines=True, expand=True, header_style="bold")
    for outlet, title in ((pair.outlet, pair.title), (pair.source_outlet, pair.source_title)):
        table.add_column(Text(clean_for_terminal(f"{outlet}: {title or 'no title'}")), ratio=1)
    for passage in passages:
        table.add_row(*_both_sides(passage))
    console.print(table)


def print_pair(pair: CopyLine, passages: Sequence[DrawnPassage]) -> None:
    """The same as lines: `=` before a passage that is equal word for word, `~` before all others."""
    click.echo()
    for line in _heading(pair):
        click.echo(line)
    for passage in passages:
        mark = "=" if passage.similarity == 1.0 else "~"
        click.echo(f"  {mark} {_place(passage)}")
        click.echo(f"      {clean_for_terminal(shorten(passage.text, PLAIN_CHARS))}")
        if passage.similarity < 1.0:
            click.echo(f"      {clean_for_terminal(shorten(passage.source_text, PLAIN_CHARS))}")


def _heading(pair: CopyLine) -> Iterator[str]:
    arrow = "took from" if pair.direction == "source_first" else "shares text with"
    agency = f"; both ran {pair.common_agency}" if pair.common_agency else ""
    yield f"{clean_for_terminal(pair.url)}  {show(pair.published_at)}"
    yield f"  {arrow} {clean_for_terminal(pair.source_url)}  {show(pair.source_published_at)}"
    yield (
        f"  {pair.kind}: {pair.shared_words} words, {pair.containment:.0%} of it, "
        f"{pair.source_containment:.0%} of the other, longest run {pair.longest_run_words} words{agency}"
    )


def _place(passage: DrawnPassage) -> str:
    return (
        f"¶{passage.paragraph + 1} [{passage.start_char}-{passage.end_char}] from "
        f"¶{passage.source_paragraph + 1} [{passage.source_start_char}-{passage.source_end_char}], "
        f"{passage.words} words"
    )


def _both_sides(passage: DrawnPassage) -> tuple[Text, Text]:
    left, right = _highlighted(passage.text, passage.source_text)
    return (
        _side(passage.paragraph, passage.start_char, passage.end_char).append_text(
            _in_context(passage.before, left, passage.after)
        ),
        _side(passage.source_paragraph, passage.source_start_char, passage.source_end_char).append_text(
            _in_context(passage.source_before, right, passage.source_after)
        ),
    )


def _side(paragraph: int, start: int, end: int) -> Text:
    return Text().append(f"¶{paragraph + 1}, characters {start} to {end}\n", AROUND)


def _in_context(before: str, passage: Text, after: str) -> Text:
    lead = re.sub(r"^\S*\s", "…", before) if before else ""
    rest = re.sub(r"\s\S*$", "…", after) if after else ""
    return Text().append(_line(lead), AROUND).append_text(passage).append(_line(rest), AROUND)


def _highlighted(text: str, source: str) -> tuple[Text, Text]:
    """Both passages with their equal words in one colour and the others in another."""
    words, source_words = WORD.findall(text), WORD.findall(source)
    left, right = Text(), Text()
    matcher = SequenceMatcher(None, _folded(words), _folded(source_words), autojunk=False)
    for tag, start, end, source_start, source_end in matcher.get_opcodes():
        style = SAME if tag == "equal" else CHANGED
        left.append(_line("".join(words[start:end])), style)
        right.append(_line("".join(source_words[source_start:source_end])), style)
    return left, right


def _folded(words: Sequence[str]) -> list[str]:
    return [re.sub(r"\W", "", word).casefold() for word in words]


def _line(text: str) -> str:
    return clean_for_terminal(re.sub(r"\s+", " ", text))
