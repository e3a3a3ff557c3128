"""CSV that people open in a spreadsheet: no text of a page becomes a formula, and none is lost."""

from __future__ import annotations

import csv
import io

from flows.commands.query import to_csv
from tests.flows.naughty import naughty_strings
from warehouse.export import FORMULA_STARTS
from warehouse.query import QueryResult


def test_no_cell_of_an_answer_starts_a_formula_and_every_text_is_whole() -> None:
    strings = naughty_strings()
    result = QueryResult(("=name", "text"), ("VARCHAR", "VARCHAR"), tuple((one, one) for one in strings))

    rows = list(csv.reader(io.StringIO(to_csv(result), newline="")))

    assert [cell for row in rows for cell in row if cell.startswith(FORMULA_STARTS)] == []
    assert [row[1].removeprefix("'") for row in rows[1:]] == [one.removeprefix("'") for one in strings]


def test_numbers_stay_numbers() -> None:
    result = QueryResult(("lag",), ("INTEGER",), ((-5,),))

    assert to_csv(result) == "lag\n-5\n"
