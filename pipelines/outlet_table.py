"""A user's own table about outlets: CSV in, checked rows out, or every fault in it with its place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.printable import printable
from pipelines.urls import canonicalize_url, outlet_of

KEY = "outlet"
KNOWN_COLUMNS = (KEY, "country", "owner", "type")
DELIMITERS = (",", ";", "\t")  # spreadsheets write what their user's country is used to
MAX_ROWS = 100_000  # ten times the outlets of the largest collections
MAX_CELL_CHARS = 2_000  # a remark, not a document
MAX_FAULTS = 20  # more of them have one cause
SITE = re.compile(r"[^\s/@]+\.[^\s/@]+")


@dataclass(frozen=True, slots=True)
class OutletRow:
    """What a user says of one outlet; `extra` has the columns that we give no meaning, by name."""

    outlet: str  # as in `articles.outlet`
    country: str | None
    owner: str | None
    type: str | None
    extra: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TableFault:
    """One thing wrong with the table; lines and columns count from 1."""

    line: int
    column: int | None
    message: str

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        return f"line {self.line}{column}: {self.message}"


class OutletTableError(Exception):
    """A table that can't be used; `faults` has what is wrong with it, in the order of the lines."""

    def __init__(self, name: str, faults: Sequence[TableFault]) -> None:
        self.faults = tuple(faults)
        shown = [f"{name}: {fault}" for fault in faults[:MAX_FAULTS]]
        if len(faults) > MAX_FAULTS:
            shown.append(f"{name}: {len(faults) - MAX_FAULTS} more faults")
        super().__init__("\n".join(shown))


def parse_outlet_table(source: bytes, name: str) -> tuple[OutletRow, ...]:
    """Read a CSV table with a header and a row for each outlet; `name` is what messages call it.

    The column `outlet` holds a domain or any address of the site. Comma, semicolon or tab divides the cells.

    Raises:
        OutletTableError: it isn't such a table; all faults at once.
    """
    lines = list(_records(_decode(source, name), name))
    if not lines:
        raise OutletTableError(name, [TableFault(1, None, f"is empty; write a header such as {_header()}")])
    header = _read_header(lines[0][1], lines[0][0], name)
    rows: dict[str, OutletRow] = {}
    first_lines: dict[str, int] = {}
    faults: list[TableFault] = []
    for line, cells in lines[1:]:
        row = _read_row(header, cells, line)
        if isinstance(row, TableFault):
            faults.append(row)
        elif row.outlet in rows:
            again = f"{row.outlet} is in line {first_lines[row.outlet]} already; an outlet has one row"
            faults.append(TableFault(line, header.index(KEY) + 1, again))
        else:
            rows[row.outlet], first_lines[row.outlet] = row, line
    if len(lines) > MAX_ROWS + 1:
        faults.append(TableFault(MAX_ROWS + 2, None, f"more than {MAX_ROWS} rows; leave some out"))
    if faults:
        raise OutletTableError(name, faults)
    return tuple(rows.values())


def _decode(source: bytes, name: str) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        column = error.start - (source.rfind(b"\n", 0, error.start) + 1) + 1
        message = f"byte {column} of the line is not UTF-8; save the table as CSV in UTF-8"
        raise OutletTableError(name, [TableFault(line, None, message)]) from error


def _records(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the number of the line that it starts in."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        message = (
            f"the row that starts here is no CSV ({error}); a quotation mark inside quotes is written twice"
        )
        raise OutletTableError(name, [TableFault(start, None, message)]) from error


def _read_header(cells: Sequence[str], line: int, name: str) -> tuple[str, ...]:
    header = tuple(re.sub(r"[\s-]+", "_", _clean(cell).lower()) for cell in cells)
    faults = []
    for column, title in enumerate(header, 1):
        if not title:
            faults.append(TableFault(line, column, "the header has no name for this column"))
        elif title in header[: column - 1]:
            faults.append(TableFault(line, column, f"the header has two columns called {title!r}"))
    if KEY not in header:
        known = ", ".join(title for title in header if title)
        faults.append(
            TableFault(line, None, f"the header has no column 'outlet', but {known}; write e.g. {_header()}")
        )
    if faults:
        raise OutletTableError(name, faults)
    return header


def _read_row(header: tuple[str, ...], cells: Sequence[str], line: int) -> OutletRow | TableFault:
    if len(cells) != len(header):
        message = f"{len(cells)} cells where the header has {len(header)} columns"
        return TableFault(line, min(len(cells), len(header)) + (len(cells) > len(header)), message)
    for column, cell in enumerate(cells, 1):
        if len(cell) > MAX_CELL_CHARS:
            return TableFault(line, column, f"{len(cell)} characters; {MAX_CELL_CHARS} is the most")
    said = {title: _clean(cell) for title, cell in zip(header, cells, strict=True)}
    outlet = _outlet_of(said[KEY])
    if outlet is None:
        message = f"{said[KEY]!r} is no outlet; write its domain, such as harbour-post.example"
        return TableFault(line, header.index(KEY) + 1, message)
    extra = tuple((title, said[title]) for title in header if title not in KNOWN_COLUMNS and said[title])
    return OutletRow(
        outlet, said.get("country") or None, said.get("owner") or None, said.get("type") or None, extra
    )


def _outlet_of(text: str) -> str | None:
    """The outlet that a domain or any address belongs to; None if it is neither."""
    address = text if "://" in text else f"http://{text}"
    if not SITE.match(address.partition("://")[2]):
        return None
    try:
        return outlet_of(canonicalize_url(address))
    except ValueError:
        return None


def _clean(cell: str) -> str:
    return " ".join(printable(cell).split())


def _header() -> str:
    return ",".join(KNOWN_COLUMNS)
