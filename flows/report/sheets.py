"""Tables of a report: what a screen reader reads, what a chart draws, and what is saved as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flows.tables import clean_for_terminal

DAY = "%-d %b %Y"
MINUTE = "%-d %b %Y, %H:%M"


@dataclass(frozen=True, slots=True)
class Share:
    """0.0 to 1.0; people read per cent."""

    value: float

    def __str__(self) -> str:
        return percent(self.value)


@dataclass(frozen=True, slots=True)
class Link:
    """A page: its name for people, its address for a table."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A time and how exactly it is known: to the second, minute, day, month or year."""

    at: datetime
    precision: str | None = None


Cell = str | int | float | bool | datetime | Share | Link | Moment | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a name that its CSV file is called after."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int = 0  # rows that are not listed


def shown(cell: Cell) -> str:
    """A cell as people read it; times in UTC."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int():
            return thousands(cell)
        case float():
            return f"{cell:.2f}"
        case datetime():
            return minute(cell)
        case Moment():
            return moment(cell.at, cell.precision)
        case Link():
            return clean_for_terminal(cell.text)
        case _:
            return clean_for_terminal(str(cell))


def raw(cell: Cell) -> str:
    """A cell as a table program reads it: ISO times, plain numbers, addresses."""
    match cell:
        case Share():
            return f"{cell.value:.4f}"
        case Moment():
            return cell.at.astimezone(UTC).isoformat()
        case datetime():
            return cell.astimezone(UTC).isoformat()
        case Link():
            return cell.url
        case bool() | None:
            return shown(cell)
        case int() | float():
            return str(cell)
        case _:
            return cell


def moment(at: datetime, precision: str | None) -> str:
    """A time as exact as it is stated."""
    utc = at.astimezone(UTC)
    match precision:
        case "day":
            return utc.strftime(DAY)
        case "month":
            return utc.strftime("%b %Y")
        case "year":
            return utc.strftime("%Y")
        case _:
            return utc.strftime(MINUTE)


def minute(at: datetime) -> str:
    return at.astimezone(UTC).strftime(MINUTE)


def percent(share: float) -> str:
    """A share for people: never 100 % or 0 % of what is only nearly so."""
    if 0 < share < 0.01:
        return "under 1 %"
    if 0.99 < share < 1:
        return "over 99 %"
    return f"{share * 100:.0f} %"


def thousands(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def counted(number: int, one: str, many: str | None = None) -> str:
    """`3 articles`, `1 article`."""
    return f"{thousands(number)} {one if number == 1 else many or one + 's'}"


def web_link(url: str) -> str:
    """A URL that is safe to link: http and https only; others give an empty one."""
    return url if url.startswith(("http://", "https://")) else ""
