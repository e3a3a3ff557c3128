"""A clock that went back, an archive that lost files: one clear line, and nothing else is lost."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.clock import utc_now
from flows.doctor import examine, mend
from flows.errors import Failure, shown_to_people
from flows.run_files import RunFiles
from flows.runs import begin_run
from flows.steps import archive_local, clean
from tests.flows.desk import FIRST_DAY, ingest, tables
from warehouse.lock import lock_warehouse
from warehouse.master import open_published
from warehouse.paths import WarehousePaths


@pytest.fixture
def warehouse(newsroom: Path, tmp_path: Path) -> Path:
    """One of the test's own."""
    shutil.copytree(newsroom.parent, tmp_path / "here", symlinks=True)
    return tmp_path / "here" / newsroom.name


def faults(warehouse: Path) -> list[str]:
    return [found.finding for found in examine(warehouse) if found.state == "bad"]


def test_a_clock_that_went_back_changes_no_order(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.run.utc_now", lambda: datetime(1999, 12, 31, tzinfo=UTC))

    ingest(warehouse, (FIRST_DAY[2].replace("stove", "window"),), "third")

    with open_published(warehouse) as connection:
        runs = connection.execute("select run_id, year(started_at) from runs order by run_number").fetchall()
        versions = connection.execute(
            "select version, contains(text, 'window') from article_versions where url like '%rower%' "
            "order by version"
        ).fetchall()
        newest = connection.execute("select version from articles where url like '%rower%'").fetchall()
    assert [run_id for run_id, _ in runs] == ["run-000001", "run-000002", "run-000003"]
    assert runs[2][1] == 1999
    assert versions == [(1, False), (2, True)]
    assert newest == [(2,)]
    assert faults(warehouse) == []


def test_an_archive_file_that_is_gone_is_named_in_one_line(warehouse: Path) -> None:
    paths, before = WarehousePaths.of(warehouse), tables(warehouse)
    dump = warehouse.parent / "first.jsonl"
    with lock_warehouse(paths):
        run = begin_run(paths.runs, "ingest", None, str(dump), utc_now())
        files = RunFiles(paths, run.run_id)
        archive_local(files, (dump,))
        (paths.archive / "run-000001-00001.manifest").unlink()
        with (
            pytest.raises(Failure, match=r"run-000001-00001.*backup: nothing was changed"),
            shown_to_people(),
        ):
            clean(files)

    assert tables(warehouse) == before
    assert any("has no manifest" in finding for finding in faults(warehouse))


def test_a_torn_tail_of_a_dead_run_is_mended(warehouse: Path) -> None:
    manifest = WarehousePaths.of(warehouse).archive / "run-000002-00001.manifest"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole + b'1a2b3c4d {"span":{"file"')

    assert any("torn or changed line" in finding for finding in faults(warehouse))
    assert any("cut the torn tail" in found.finding for found in mend(warehouse))

    assert manifest.read_bytes() == whole
    assert faults(warehouse) == []
