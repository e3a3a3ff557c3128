"""A backup brings everything back, also one that was made while a run was at work."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest

from flows.backup import INDEX_NAME, back_up
from flows.clock import utc_now
from flows.errors import Failure
from flows.restore import restore
from flows.run_files import RunFiles
from flows.runs import begin_run
from flows.steps import archive_local
from tests.flows.conftest import wirecopy_here
from tests.flows.desk import FIRST_DAY, ingest, tables
from warehouse.errors import MissingWarehouse, UnfinishedRestore
from warehouse.lock import lock_warehouse
from warehouse.paths import WarehousePaths


def tell(line: str) -> None:
    """Nobody listens."""


@pytest.fixture
def warehouse(newsroom: Path, tmp_path: Path) -> Path:
    """One of the test's own."""
    shutil.copytree(newsroom.parent, tmp_path / "here", symlinks=True)
    return tmp_path / "here" / newsroom.name


@pytest.mark.parametrize("name", ["copy", "copy.tar", "copy.tar.gz"])
def test_what_was_backed_up_comes_back_row_by_row(newsroom: Path, tmp_path: Path, name: str) -> None:
    story = tmp_path / "strike.toml"
    story.write_text("[story]\n", encoding="utf-8")

    made = back_up(newsroom, tmp_path / name, [story], utc_now())
    restore(tmp_path / name, tmp_path / "there" / "other.duckdb", tell)

    paths, before = WarehousePaths.of(tmp_path / "there" / "other.duckdb"), WarehousePaths.of(newsroom)
    assert tables(paths.published) == tables(newsroom)
    assert archive_of(paths) == archive_of(before)
    assert (paths.folder / "stories" / "strike.toml").read_text(encoding="utf-8") == "[story]\n"
    assert not any("staging" in one or "index.sqlite" in one or "master" in one for one in made.files)
    assert [path.name for path in (tmp_path / "there").iterdir() if path.name.startswith(".")] == []


def archive_of(paths: WarehousePaths) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in paths.archive.iterdir() if "index" not in path.name}


def test_a_backup_while_a_run_is_at_work_is_whole_and_the_run_goes_on_from_it(
    warehouse: Path, tmp_path: Path
) -> None:
    paths = WarehousePaths.of(warehouse)
    dump = warehouse.parent / "third.jsonl"
    dump.write_text("\n".join(FIRST_DAY[:2]) + "\n", encoding="utf-8")
    with lock_warehouse(paths):
        run = begin_run(paths.runs, "ingest", None, str(dump.resolve()), utc_now())
        archive_local(RunFiles(paths, run.run_id), (dump,))
        (paths.archive / f"{run.run_id}-00001.manifest").open("ab").write(b"torn")
        back_up(warehouse, tmp_path / "copy", [], utc_now())

    there = tmp_path / "there" / "coverage.duckdb"
    restore(tmp_path / "copy", there, tell)

    assert tables(there) == tables(warehouse)
    ingest(there, FIRST_DAY[:2], "third")
    assert len(tables(there)["main.runs"]) == 3


def test_a_restore_leaves_a_warehouse_alone_unless_it_is_told_to(warehouse: Path, tmp_path: Path) -> None:
    before = tables(warehouse)
    back_up(warehouse, tmp_path / "copy", [], utc_now())
    ingest(warehouse, (FIRST_DAY[3].replace("council", "quarry"),), "third")
    after = tables(warehouse)

    with pytest.raises(Failure, match="--overwrite"):
        restore(tmp_path / "copy", warehouse, tell)
    assert tables(warehouse) == after

    restore(tmp_path / "copy", warehouse, tell, overwrite=True)
    assert tables(warehouse) == before
    assert (WarehousePaths.of(warehouse).folder / "replaced-1" / "master.duckdb").exists()


def flip(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])


def drop(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [flip, drop], ids=lambda one: one.__name__)
def test_a_damaged_backup_is_refused_and_nothing_touched(
    newsroom: Path, tmp_path: Path, damage: object
) -> None:
    assert callable(damage)
    back_up(newsroom, tmp_path / "copy", [], utc_now())
    damage(next((tmp_path / "copy").rglob("*.warc.gz")))

    with pytest.raises(Failure, match=r"damaged.*\.warc\.gz.*nothing was touched"):
        restore(tmp_path / "copy", tmp_path / "there.duckdb", tell)

    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_a_file_that_is_no_backup_is_refused(newsroom: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.tar").write_text("my notes", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    back_up(newsroom, tmp_path / "cut.tar", [], utc_now())
    whole = (tmp_path / "cut.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])

    for name in ("notes.tar", "folder", "cut.tar", "nowhere"):
        with pytest.raises(Failure, match="nothing was touched"):
            restore(tmp_path / name, tmp_path / "there.duckdb", tell)
    assert not list(tmp_path.glob("there*"))


def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x", encoding="utf-8")
    with tarfile.open(tmp_path / "evil.tar", "w") as packed:
        packed.add(tmp_path / "x", "warehouse/../../../x")
        packed.add(tmp_path / "x", INDEX_NAME)

    with pytest.raises(Failure, match="no backup of ours"):
        restore(tmp_path / "evil.tar", tmp_path / "there" / "coverage.duckdb", tell)


def test_a_restore_that_was_cut_off_keeps_runs_away_until_it_is_given_again(
    warehouse: Path, tmp_path: Path
) -> None:
    before = tables(warehouse)
    back_up(warehouse, tmp_path / "copy", [], utc_now())
    paths = WarehousePaths.of(warehouse)
    paths.restore_mark.touch()
    shutil.rmtree(paths.archive)

    with pytest.raises(UnfinishedRestore, match="--overwrite"):
        ingest(warehouse, FIRST_DAY, "first")
    restore(tmp_path / "copy", warehouse, tell, overwrite=True)

    assert tables(warehouse) == before
    with lock_warehouse(paths):
        pass


def test_a_backup_takes_the_place_of_nothing(newsroom: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.tar").write_text("mine", encoding="utf-8")

    with pytest.raises(Failure, match="there already"):
        back_up(newsroom, tmp_path / "copy.tar", [], utc_now())
    with pytest.raises(MissingWarehouse):
        back_up(tmp_path / "nowhere.duckdb", tmp_path / "copy", [], utc_now())

    assert (tmp_path / "copy.tar").read_text(encoding="utf-8") == "mine"


def test_the_two_commands(newsroom: Path, tmp_path: Path) -> None:
    made = wirecopy_here("--warehouse", str(newsroom), "backup", "copy.tar", cwd=tmp_path)
    put = wirecopy_here("restore", "copy.tar", "--warehouse", "there.duckdb", cwd=tmp_path)

    assert (made.returncode, put.returncode) == (0, 0)
    assert made.stdout.startswith("copy.tar: ")
    assert tables(tmp_path / "there.duckdb") == tables(newsroom)
