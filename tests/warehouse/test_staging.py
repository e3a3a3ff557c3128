"""Rows on disk: exact, whole, and never stopped by what a page says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.material import AGENCY, NOON, load_and_publish, press_rows
from warehouse.master import open_published
from warehouse.paths import WarehousePaths
from warehouse.rows import LegalSignalRow, VersionRow
from warehouse.staging import encode_row, staged_files, write_staging

NAUGHTY = Path(__file__).parents[2] / "../shared/data/suites/naughty-strings.json"


def test_a_staged_part_replaces_its_former_self(tmp_path: Path) -> None:
    write_staging(tmp_path, [LegalSignalRow("a.example", NOON, "robots", "old")], part="3")
    write_staging(tmp_path, [LegalSignalRow("a.example", NOON, "robots", "new")], part="3")

    (file,) = staged_files(tmp_path, "legal_signals")
    assert json.loads(Path(file).read_text())["value"] == "new"


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    naive = LegalSignalRow("a.example", datetime(2024, 5, 3), "robots", "x")

    with pytest.raises(ValueError, match="without a zone"):
        write_staging(tmp_path, [LegalSignalRow("a.example", NOON, "robots", "x"), naive])

    assert list(tmp_path.iterdir()) == []


def test_a_part_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="part"):
        write_staging(tmp_path, [], part="../x")


@given(st.text(st.characters(codec=None), max_size=40))
@settings(max_examples=200)
def test_any_text_is_staged_with_its_length(text: str) -> None:
    encoded = json.loads(encode_row(LegalSignalRow("a.example", NOON, "robots", text)))["value"]

    assert len(encoded) == len(text)
    assert "\0" not in encoded


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the shared suites aren't here")
def test_naughty_strings_come_back_exactly(paths: WarehousePaths) -> None:
    strings = sorted(set(json.loads(NAUGHTY.read_text(encoding="utf-8"))))
    rows = [
        *press_rows(),
        *(LegalSignalRow("naughty.example", NOON, f"s{number}", text) for number, text in enumerate(strings)),
    ]

    load_and_publish(paths, rows)

    with open_published(paths.published) as connection:
        stored = connection.execute(
            "select signal, value from legal_signals where host = 'naughty.example'"
        ).fetchall()
    assert dict(stored) == {f"s{number}": text.replace("\0", "\ufffd") for number, text in enumerate(strings)}


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the shared suites aren't here")
def test_naughty_strings_fit_every_text_column(paths: WarehousePaths) -> None:
    strings = tuple(json.loads(NAUGHTY.read_text(encoding="utf-8")))
    whole = "\n".join(strings)
    naughty = [
        replace(row, title=whole, byline_raw=whole, authors=strings, tags=strings, section=whole)
        if isinstance(row, VersionRow)
        else row
        for row in press_rows()
    ]

    load_and_publish(paths, naughty)

    with open_published(paths.published) as connection:
        stored = connection.execute(
            "select title, authors from articles where article_id = ?", [AGENCY.article_id]
        ).fetchall()
    assert stored == [(whole, list(strings))]
