"""Tables as files: complete, inert in a spreadsheet, and without texts that are reserved."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.material import AGENCY, COPIER, MIXER, NOON, OWNER, load_and_publish, press_rows
from warehouse.connection import open_for_writing
from warehouse.errors import WarehouseUnwritable
from warehouse.export import (
    ExportFormat,
    defuse_formula,
    export_tables,
    export_tables_without_reserved_text,
    write_parquet,
)
from warehouse.paths import WarehousePaths
from warehouse.query import run_query
from warehouse.rows import LegalSignalRow, VersionRow
from warehouse.sqlfiles import read_statement

FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "\rx", "\n=x", "＝1"]


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("file_format", list(ExportFormat))
def test_every_table_and_view_is_written_whole(
    file_format: ExportFormat, press: WarehousePaths, tmp_path: Path
) -> None:
    folder = tmp_path / "it's out"

    tables = export_tables(press.published, folder, file_format)

    assert {path.name for path in folder.iterdir()} == {f"{one.name}.{file_format}" for one in tables}
    assert {one.name: one.rows for one in tables}["originals"] == 3
    reader = {"parquet": "read_parquet", "csv": "read_csv", "jsonl": "read_json"}[file_format]
    source = duckdb.connect().execute(
        f"select count(*) from {reader}(?)", [str(folder / f"articles.{file_format}")]
    )
    assert source.fetchall() == [(4,)]


def test_parquet_keeps_the_types(press: WarehousePaths, tmp_path: Path) -> None:
    export_tables(press.published, tmp_path, ExportFormat.PARQUET)

    described = duckdb.connect().execute(f"describe from '{tmp_path}/articles.parquet'").fetchall()
    types = {row[0]: row[1] for row in described}
    assert types["published_at"] == "TIMESTAMP WITH TIME ZONE"
    assert types["authors"] == "VARCHAR[]"


def test_no_cell_of_a_csv_starts_a_formula(paths: WarehousePaths, tmp_path: Path) -> None:
    hostile = [
        replace(row, title=FORMULAS[number % len(FORMULAS)], byline_raw=FORMULAS[number % len(FORMULAS)])
        if isinstance(row, VersionRow)
        else row
        for number, row in enumerate(press_rows())
    ]
    load_and_publish(paths, hostile)

    export_tables(paths.published, tmp_path, ExportFormat.CSV)

    for file in tmp_path.glob("*.csv"):
        for record in read_csv(file):
            for cell in record.values():
                assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n", "＝"))
    assert all(record["title"].startswith("'") for record in read_csv(tmp_path / "articles.csv"))


def test_other_formats_keep_the_text_as_it_is(paths: WarehousePaths, tmp_path: Path) -> None:
    hostile = [replace(row, title="=1+1") if isinstance(row, VersionRow) else row for row in press_rows()]
    load_and_publish(paths, hostile)

    export_tables(paths.published, tmp_path, ExportFormat.JSONL)

    lines = (tmp_path / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["title"] for line in lines} == {"=1+1"}


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_defused_and_plain_text_is_not(text: str) -> None:
    assert defuse_formula(text) == f"'{text}"
    assert defuse_formula("1-2=@") == "1-2=@"


@pytest.mark.parametrize(
    ("signal", "silent"),
    [
        (LegalSignalRow(AGENCY.outlet, NOON, "tdm-reservation", "1"), {AGENCY.article_id}),
        (LegalSignalRow(COPIER.outlet, NOON, "meta robots", "index, NOAI", COPIER.url), {COPIER.article_id}),
        (LegalSignalRow(MIXER.outlet, NOON, "x-robots-tag", "noarchive", MIXER.url), {MIXER.article_id}),
        (LegalSignalRow(OWNER.outlet.upper(), NOON, "content-signal", "ai-train=no"), {OWNER.article_id}),
        (LegalSignalRow(AGENCY.outlet, NOON, "tdm-reservation", "0"), set()),
        (LegalSignalRow(AGENCY.outlet, NOON, "meta robots", "noindex", AGENCY.url), {AGENCY.article_id}),
        (LegalSignalRow(AGENCY.outlet, NOON, "meta robots", "none stated", AGENCY.url), set()),
        (LegalSignalRow(AGENCY.outlet, NOON, "meta robots", "none", AGENCY.url), {AGENCY.article_id}),
        (LegalSignalRow(AGENCY.outlet, NOON, "x-robots-tag", "noimageai", AGENCY.url), set()),
        (
            LegalSignalRow(COPIER.outlet, NOON, "tdmrep", "1 http://a.example/policy", COPIER.url),
            {COPIER.article_id},
        ),
        (LegalSignalRow(COPIER.outlet, NOON, "tdmrep", "0", COPIER.url), set()),
        (LegalSignalRow("example", NOON, "tdm-reservation", "1"), set()),
    ],
    ids=[
        "tdm",
        "noai",
        "noarchive",
        "content signal",
        "tdm 0",
        "noindex",
        "withdrawn",
        "none",
        "images only",
        "tdmrep",
        "tdmrep 0",
        "another host",
    ],
)
def test_a_reservation_covers_the_articles_that_it_speaks_about(
    signal: LegalSignalRow, silent: set[str], loaded: WarehousePaths
) -> None:
    with open_for_writing(loaded.master) as connection:
        connection.execute(
            "update legal_signals set host = ?, signal = ?, value = ?, url = ?",
            [signal.host, signal.signal, signal.value, signal.url],
        )
        found = connection.execute(read_statement("read_reserved_articles")).fetchall()

    assert {article_id for (article_id,) in found} == silent


def test_the_newest_statement_holds(loaded: WarehousePaths) -> None:
    with open_for_writing(loaded.master) as connection:
        connection.execute("delete from legal_signals")
        for hours, value in ((0, "noai"), (5, "none stated"), (2, "noarchive")):
            connection.execute(
                "insert into legal_signals values (?, ?, ?, ?, ?)",
                [AGENCY.outlet, NOON + timedelta(hours=hours), "meta robots", value, AGENCY.url],
            )
        found = connection.execute(read_statement("read_reserved_articles")).fetchall()

    assert found == []


def test_reserved_texts_are_left_out_and_others_are_not(press: WarehousePaths, tmp_path: Path) -> None:
    export_tables_without_reserved_text(press.published, tmp_path, ExportFormat.CSV)

    for name in ("articles", "article_versions", "paragraphs", "removed_blocks", "originals"):
        records = read_csv(tmp_path / f"{name}.csv")
        assert {record["article_id"] for record in records if record["text"] == ""} == {AGENCY.article_id}


def test_a_full_export_keeps_reserved_texts(press: WarehousePaths, tmp_path: Path) -> None:
    export_tables(press.published, tmp_path, ExportFormat.CSV)

    assert all(record["text"] for record in read_csv(tmp_path / "articles.csv"))


def test_an_answer_becomes_a_parquet_file(press: WarehousePaths, tmp_path: Path) -> None:
    result = run_query(
        press.published,
        "select url, started_at, started_at, counts, [1.5] as list, null as nothing from runs, articles",
    )
    file = tmp_path / "it's.parquet"

    write_parquet(result, file)

    rows = duckdb.connect().execute("select * from read_parquet(?)", [str(file)])
    assert [column[0] for column in rows.description or []] == [
        "url",
        "started_at",
        "started_at_2",
        "counts",
        "list",
        "nothing",
    ]
    assert len(rows.fetchall()) == 4


def test_a_parquet_file_that_cannot_be_written_is_named(press: WarehousePaths) -> None:
    result = run_query(press.published, "select 1 as one")

    with pytest.raises(WarehouseUnwritable):
        write_parquet(result, Path("/proc/answer.parquet"))


def test_a_second_export_replaces_the_first(loaded: WarehousePaths, tmp_path: Path) -> None:
    export_tables(loaded.published, tmp_path, ExportFormat.CSV)
    export_tables(loaded.published, tmp_path, ExportFormat.CSV)

    assert len(read_csv(tmp_path / "articles.csv")) == 4
