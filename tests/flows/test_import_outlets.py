"""A user's table of outlets: imported, asked for, replaced, exported; it outlives what is derived."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli import command
from flows.errors import Failure
from flows.reload import reload_lost_runs
from tests.flows.conftest import Demo
from warehouse.lock import lock_warehouse
from warehouse.master import prepare_master
from warehouse.outlets import has_outlets, keep_table
from warehouse.paths import WarehousePaths

TABLE = """\
outlet,country,owner,type,circulation
northwire.example,Velmora,Northwire Cooperative,agency,
harbour-post.example,Velmora,Quay Group,daily,12000
the-coast-tribune.example,Velmora,Quay Group,daily,9000
nowhere.example,Orrin,=cmd(),daily,1
"""


@pytest.fixture
def warehouse(demo: Demo, tmp_path: Path) -> Path:
    """A copy of the demo's warehouse."""
    shutil.copytree(demo.warehouse.parent, tmp_path / "warehouse", symlinks=True)
    return tmp_path / "warehouse" / "coverage.duckdb"


def call(warehouse: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        command, ["--warehouse", str(warehouse), *arguments], catch_exceptions=False, standalone_mode=False
    )


def load(warehouse: Path, table: str) -> Result:
    file = warehouse.with_name("outlets.csv")
    file.write_text(table, encoding="utf-8")
    return call(warehouse, "import-outlets", str(file))


def outlets(warehouse: Path) -> list[str]:
    answer = call(warehouse, "sql", "select outlet from outlets order by outlet", "--json")
    return [row["outlet"] for row in json.loads(answer.output)]


def test_a_table_is_imported_asked_for_exported_and_replaced(warehouse: Path, tmp_path: Path) -> None:
    said = load(warehouse, TABLE)
    assert said.output.startswith(
        "4 outlets imported; 3 of them have articles here.\nNot in the table: crooked-"
    )

    by_owner = call(warehouse, "ask", "coverage-by-kind-of-outlet", "by=owner", "--json")
    assert [(row["kind"], row["outlets"], row["articles"]) for row in json.loads(by_owner.stdout)] == [
        (None, 9, 9),
        ("Quay Group", 2, 3),
        ("Northwire Cooperative", 1, 2),
    ]
    by_extra = call(warehouse, "ask", "coverage-by-kind-of-outlet", "by=circulation", "--json")
    assert {row["kind"] for row in json.loads(by_extra.stdout)} == {None, "12000", "9000"}

    call(warehouse, "export", str(tmp_path / "out"), "--format", "csv")
    assert "'=cmd()" in (tmp_path / "out" / "outlets.csv").read_text("utf-8")

    with pytest.raises(Failure, match=r"outlets\.csv: line 2, column 1: 'nobody' is no outlet"):
        load(warehouse, "outlet\nnobody\n")
    assert len(outlets(warehouse)) == 4

    load(warehouse, "outlet\nharbour-post.example\n")
    assert outlets(warehouse) == ["harbour-post.example"]


def test_a_table_outlives_the_loss_of_everything_but_what_lies_beside_the_archive(tmp_path: Path) -> None:
    paths = WarehousePaths.of(tmp_path / "coverage.duckdb")
    with lock_warehouse(paths):
        prepare_master(paths)
        keep_table(paths, TABLE.encode())

        reload_lost_runs(paths, print)

        assert has_outlets(paths)


def test_a_missing_file_or_warehouse_is_named(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="can't be read: No such file"):
        call(tmp_path / "none.duckdb", "import-outlets", str(tmp_path / "outlets.csv"))
    with pytest.raises(Failure, match="there is no warehouse"):
        load(tmp_path / "none.duckdb", TABLE)
