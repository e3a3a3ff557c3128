"""The warehouse's own rules: queries for offenders, each named as the complaint."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.sqlfiles import read_folder, read_statement

SHOWN_OFFENDERS = 3


@dataclass(frozen=True, slots=True)
class Complaint:
    """A broken rule: its name, the sentence that states it, how many rows break it and the first of them."""

    check: str
    sentence: str
    count: int
    offenders: tuple[str, ...]

    def __str__(self) -> str:
        more = f" and {self.count - len(self.offenders)} more" if self.count > len(self.offenders) else ""
        return f"{self.check} ({', '.join(self.offenders)}{more})"


def check_all(connection: duckdb.DuckDBPyConnection) -> tuple[Complaint, ...]:
    """Check every row of an open file, which may be read-only."""
    connection.execute(read_statement("note_no_rows"))
    connection.execute(read_statement("see_new_rows"))
    return check_new_rows(connection)


def check_new_rows(connection: duckdb.DuckDBPyConnection) -> tuple[Complaint, ...]:
    """Check what a load has added, inside its transaction; what it left alone was checked before.

    The checks read the views of `see_new_rows`.
    """
    complaints = []
    for name, query in read_folder("checks").items():
        offenders = [str(row[0]) for row in connection.execute(query).fetchall()]
        if offenders:
            complaints.append(
                Complaint(name, _sentence(query), len(offenders), tuple(sorted(offenders)[:SHOWN_OFFENDERS]))
            )
    return tuple(complaints)


def _sentence(query: str) -> str:
    """The comment at the head of a check, in one line."""
    lines = []
    for line in query.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)
