"""Printing: tables on a terminal, plain lines in a pipe, JSON on request."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

Cell = Any  # a DuckDB value: text, number, time, list, struct or None
MAX_CELL_CHARS = 80
# a page's text must not move the cursor or colour the terminal
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, as_json: bool) -> None:
    """A result: JSON array of objects, a drawn table, or tab-separated lines with a header."""
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif sys.stdout.isatty():
        _draw(columns, rows)
    else:
        click.echo("\t".join(columns))
        for row in rows:
            click.echo("\t".join(_flatten(show(value)) for value in row))


def print_json(value: Any) -> None:
    """One JSON document; times in ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def show(value: Cell) -> str:
    """A value as a person reads it; times in UTC."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, list | tuple):
        return ", ".join(show(one) for one in value)
    return clean_for_terminal(str(value))


def clean_for_terminal(text: str) -> str:
    """Text without characters that would command the terminal."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def how_to_repeat() -> str:
    """The command that was given, to be given again."""
    return f"Go on with: {shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])}"


def shorten(text: str, limit: int = MAX_CELL_CHARS) -> str:
    """One line of at most `limit` characters."""
    line = _flatten(text)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _draw(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(header_style="bold", show_lines=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(show(value)) for value in row))
    Console().print(table)


def _flatten(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)
