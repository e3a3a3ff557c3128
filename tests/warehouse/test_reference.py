from __future__ import annotations

from pathlib import Path

from warehouse.reference import render_reference

REFERENCE = Path(__file__).parents[2] / "docs" / "sql.md"


def test_the_sql_reference_is_that_of_this_release() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == render_reference(), (
        "the comments in the database changed: python -m warehouse.reference > docs/sql.md"
    )
