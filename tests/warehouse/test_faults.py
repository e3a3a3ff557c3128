"""Damaged files, full disks and forbidden folders: one clear line, and nothing is lost."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.material import contents, load_and_publish, press_rows, stage, whole_run
from warehouse.connection import name_error, name_os_error, writing
from warehouse.doctor import Level, diagnose, repair
from warehouse.errors import (
    DamagedWarehouse,
    DiskFull,
    ForeignFile,
    MemoryShort,
    WarehouseUnwritable,
)
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.master import open_published, prepare_master
from warehouse.paths import WarehousePaths

# a file size limit is what a full disk looks like to DuckDB and to us
SMALL_DISK = """
import resource, sys
from pathlib import Path
from warehouse.errors import DiskFull
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.paths import WarehousePaths
from warehouse.publish import publish

paths = WarehousePaths.of(sys.argv[1])
limit = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with lock_warehouse(paths):
        load_run(paths, Path(sys.argv[2]))
        publish(paths)
except DiskFull as error:
    print(error)
    sys.exit(3)
"""


# the mount is gone with the process
READ_ONLY_DISK = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
WORK_ON_IT = """
import sys
from warehouse.errors import WarehouseUnwritable
from warehouse.lock import lock_warehouse
from warehouse.master import open_published
from warehouse.paths import WarehousePaths

paths = WarehousePaths.of(sys.argv[1])
with open_published(paths.published) as connection:
    print(connection.execute("select count(*) from articles").fetchall()[0][0])
try:
    with lock_warehouse(paths):
        pass
except WarehouseUnwritable as error:
    print(error)
"""


def run_on_a_read_only_disk(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", READ_ONLY_DISK, "sh", str(folder), *command],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def run_on_a_small_disk(paths: WarehousePaths, staging: Path, limit: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(paths.published), str(staging), str(limit)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.7])
def test_a_truncated_master_is_named_and_the_archive_mentioned(loaded: WarehousePaths, share: float) -> None:
    whole = loaded.master.read_bytes()
    loaded.master.write_bytes(whole[: int(len(whole) * share)])

    with lock_warehouse(loaded), pytest.raises(DamagedWarehouse, match="archive beside it is untouched"):
        prepare_master(loaded)


def test_a_damaged_master_is_set_aside_and_the_snapshot_takes_its_place(loaded: WarehousePaths) -> None:
    before = contents(loaded)
    loaded.master.write_bytes(loaded.master.read_bytes()[:9000])

    repair(loaded)

    assert contents(loaded) == before
    assert [path.name for path in loaded.folder.glob("*damaged*")] == ["master.damaged-1.duckdb"]
    load_and_publish(loaded, whole_run([], "run-2"), "run-2")


def test_a_damaged_first_snapshot_gives_way_to_the_one_before(loaded: WarehousePaths) -> None:
    before = contents(loaded)
    load_and_publish(loaded, whole_run([], "run-2"), "run-2")
    newest = loaded.all_snapshots()[0]
    newest.unlink()
    newest.write_bytes(b"\0" * 9000)
    loaded.master.unlink()

    repair(loaded)

    assert contents(loaded) == before


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7])
def test_a_truncated_snapshot_is_found_and_made_again_from_the_master(
    loaded: WarehousePaths, share: float
) -> None:
    before, snapshot = contents(loaded), loaded.all_snapshots()[0]
    whole = snapshot.read_bytes()
    snapshot.chmod(0o644)
    snapshot.write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(DamagedWarehouse, match="doctor --repair"), open_published(loaded.published):
        pass
    assert [one.what for one in diagnose(loaded) if one.level is Level.FAULT] == ["snapshot"]
    assert repair(loaded) == (f"published {snapshot.name}",)
    assert contents(loaded) == before


def test_too_little_memory_is_named_and_takes_nothing(
    loaded: WarehousePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(loaded)
    monkeypatch.setattr(
        "warehouse.connection.WRITER_SHARE", 2e6 / (os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    )

    with lock_warehouse(loaded), pytest.raises(MemoryShort, match="too little memory"):
        load_run(loaded, stage(loaded, whole_run([], "run-2"), "run-2"))

    monkeypatch.undo()
    assert contents(loaded) == before
    load_and_publish(loaded, whole_run([], "run-2"), "run-2")


def test_what_a_killed_run_spilled_is_removed_by_the_next(loaded: WarehousePaths) -> None:
    spilled = loaded.folder / "master.duckdb.tmp"
    spilled.mkdir()
    (spilled / "duckdb_temp_storage-0.tmp").write_bytes(b"x" * 1000)

    load_and_publish(loaded, whole_run([], "run-2"), "run-2")

    assert not spilled.exists()


def test_a_text_file_in_the_masters_place_is_left_alone(loaded: WarehousePaths) -> None:
    loaded.master.write_text("not a database, but long enough for a header\n")

    with lock_warehouse(loaded), pytest.raises(ForeignFile):
        prepare_master(loaded)

    assert loaded.master.read_text().startswith("not a database")


def test_a_full_disk_while_loading_loses_nothing(loaded: WarehousePaths) -> None:
    before = contents(loaded)
    staging = stage(loaded, whole_run([], "run-2"), "run-2")

    child = run_on_a_small_disk(loaded, staging, loaded.master.stat().st_size)

    assert (child.returncode, child.stderr) == (3, "")
    assert "disk is full" in child.stdout
    assert contents(loaded) == before
    load_and_publish(loaded, whole_run([], "run-2"), "run-2")
    assert len(contents(loaded)["runs"]) == 2


def test_a_full_disk_while_the_warehouse_is_made_leaves_nothing_half_made(paths: WarehousePaths) -> None:
    staging = stage(paths, press_rows())

    child = run_on_a_small_disk(paths, staging, 100_000)

    assert (child.returncode, child.stderr) == (3, "")
    assert not paths.published.exists()
    load_and_publish(paths, press_rows())
    assert len(contents(paths)["articles"]) == 4


def test_a_full_disk_while_publishing_keeps_the_old_snapshot(loaded: WarehousePaths) -> None:
    before = contents(loaded)
    staging = stage(loaded, whole_run([], "run-2"), "run-2")
    with lock_warehouse(loaded):
        load_run(loaded, staging)

    child = run_on_a_small_disk(loaded, staging, 200_000)

    assert (child.returncode, child.stderr) == (3, "")
    assert contents(loaded) == before


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no disk can be made read-only here")
def test_a_read_only_disk_is_named_and_can_be_read(loaded: WarehousePaths) -> None:
    folder = loaded.published.parent
    if run_on_a_read_only_disk(folder, "true").returncode:
        pytest.skip("disks may not be mounted here")

    done = run_on_a_read_only_disk(folder, sys.executable, "-c", WORK_ON_IT, str(loaded.published))

    assert done.returncode == 0, done.stderr
    count, said = done.stdout.splitlines()
    assert count == "4"
    assert "can't be written: Read-only file system" in said
    load_and_publish(loaded, whole_run([], "run-2"), "run-2")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(paths: WarehousePaths) -> None:
    paths.published.parent.chmod(0o555)
    try:
        with pytest.raises(WarehouseUnwritable, match="another place"), lock_warehouse(paths):
            pass
    finally:
        paths.published.parent.chmod(0o755)


def test_a_place_that_cannot_hold_files_is_named() -> None:
    nowhere = WarehousePaths.of("/proc/coverage.duckdb")

    with pytest.raises(WarehouseUnwritable, match=r"/proc/coverage\.duckdb\.d"), lock_warehouse(nowhere):
        pass


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('Could not write file "x": No space left on device', DiskFull),
        ('Could not write file "x": Disk quota exceeded', DiskFull),
        ('Cannot open file "x": Read-only file system', WarehouseUnwritable),
        ('Cannot open file "x": Permission denied', WarehouseUnwritable),
        ("Corrupt database file: computed checksum 1 does not match stored checksum 2", DamagedWarehouse),
    ],
)
def test_duckdbs_words_get_their_names(said: str, kind: type[Exception]) -> None:
    assert type(name_error(Path("x"), duckdb.IOException(said))) is kind


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EACCES, WarehouseUnwritable)],
)
def test_the_operating_systems_errors_get_their_names(number: int, kind: type[Exception]) -> None:
    assert type(name_os_error(Path("x"), OSError(number, os.strerror(number)))) is kind


def test_only_operating_system_errors_are_renamed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mine"), writing(tmp_path):
        raise ValueError("mine")


def test_a_closed_pipe_while_reading_is_not_blamed_on_the_warehouse(press: WarehousePaths) -> None:
    with pytest.raises(BrokenPipeError), open_published(press.published):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")
