"""A user's table of outlets: what is read, and how a mistake is named with its place."""

from __future__ import annotations

import pytest

from pipelines.outlet_table import OutletRow, OutletTableError, parse_outlet_table

TABLE = """\
outlet,country,owner,type,Circulation
harbour-post.example,Velmora,Quay Group,daily,12000
https://www.quill-times.example/news,Velmora,,weekly,
"""


def faults(source: bytes) -> list[str]:
    with pytest.raises(OutletTableError) as caught:
        parse_outlet_table(source, "outlets.csv")
    return str(caught.value).splitlines()


def test_known_columns_are_read_and_further_ones_kept_by_name() -> None:
    assert parse_outlet_table(TABLE.encode(), "outlets.csv") == (
        OutletRow("harbour-post.example", "Velmora", "Quay Group", "daily", (("circulation", "12000"),)),
        OutletRow("quill-times.example", "Velmora", None, "weekly", ()),
    )


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_what_a_spreadsheet_writes_is_read(delimiter: str) -> None:
    source = ("\ufeff" + TABLE.replace(",", delimiter).replace("\n", "\r\n")).encode()

    assert parse_outlet_table(source, "outlets.csv") == parse_outlet_table(TABLE.encode(), "outlets.csv")


def test_cells_in_quotes_may_hold_anything() -> None:
    (row,) = parse_outlet_table(b'outlet,owner\na.example,"Quay, ""Sons""\nand Co"\n', "outlets.csv")

    assert row.owner == 'Quay, "Sons" and Co'


def test_a_header_alone_is_an_empty_table() -> None:
    assert parse_outlet_table(b"outlet,country\n", "outlets.csv") == ()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "line 1: is empty; write a header such as outlet,country,owner,type"),
        (b"name,country\n", "line 1: the header has no column 'outlet', but name, country; write"),
        (b"outlet,country,country\n", "line 1, column 3: the header has two columns called 'country'"),
        (b"outlet,,type\n", "line 1, column 2: the header has no name for this column"),
        (b"outlet,type\na.example\n", "line 2, column 1: 1 cells where the header has 2 columns"),
        (b"outlet,type\na.example,b,c\n", "line 2, column 3: 3 cells where the header has 2 columns"),
        (b"type,outlet\ndaily,The Post\n", "line 2, column 2: 'The Post' is no outlet; write its domain"),
        (b"type,outlet\ndaily,\n", "line 2, column 2: '' is no outlet"),
        (
            b"outlet\na.example\n\nwww.a.example\n",
            "line 4, column 1: a.example is in line 2 already; an outlet has one row",
        ),
        (b"outlet,owner\na.example,\xe9\n", "line 2: byte 11 of the line is not UTF-8"),
        (b'outlet,owner\na.example,"open\n', "line 2: the row that starts here is no CSV"),
        (b"outlet,owner\na.example," + b"x" * 3000 + b"\n", "line 2, column 2: 3000 characters"),
    ],
)
def test_a_mistake_is_named_with_line_and_column(source: bytes, said: str) -> None:
    assert faults(source)[0].startswith(f"outlets.csv: {said}")


def test_all_mistakes_are_named_at_once_and_many_are_counted() -> None:
    lines = faults(b"outlet\n" + b"no outlet\n" * 25)

    assert len(lines) == 21
    assert lines[-1] == "outlets.csv: 5 more faults"
