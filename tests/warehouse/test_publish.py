"""Publishing: readers never wait and never see half a snapshot, whatever is killed and when."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.warehouse.material import contents, load_and_publish, stage, whole_run
from warehouse.connection import open_for_reading
from warehouse.errors import ForeignFile, MasterLocked, MissingWarehouse, WarehouseBusy
from warehouse.load import load_run
from warehouse.lock import is_locked, lock_warehouse
from warehouse.master import open_published, prepare_master
from warehouse.paths import WarehousePaths
from warehouse.publish import is_published, leftovers, publish, recover

# kills itself at the N-th step that changes something on disk
KILLED_CHILD = """
import os, signal, sys
from pathlib import Path
from warehouse.lock import lock_warehouse
from warehouse.load import load_run
from warehouse.paths import WarehousePaths
from warehouse.publish import publish

paths, left = WarehousePaths.of(sys.argv[1]), int(sys.argv[3])
STEPS = {"os.rename", "os.symlink", "os.remove", "os.chmod", "os.mkdir", "shutil.copyfile", "os.truncate"}

def count(event, arguments):
    global left
    if event in STEPS:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

with lock_warehouse(paths):
    load_run(paths, Path(sys.argv[2]))
    sys.addaudithook(count)
    publish(paths)
"""


def run_child(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def second_run(paths: WarehousePaths) -> Path:
    return stage(paths, whole_run([], "run-2"), "run-2")


def test_the_published_path_is_a_relative_link_to_a_read_only_file(press: WarehousePaths) -> None:
    target = press.published.readlink()

    assert target.parts[:2] == ("coverage.duckdb.d", "snapshots")
    assert press.published.stat().st_mode & 0o222 == 0


def test_nothing_else_than_the_link_and_its_folder_appears(press: WarehousePaths) -> None:
    assert sorted(path.name for path in press.published.parent.iterdir()) == [
        "coverage.duckdb",
        "coverage.duckdb.d",
    ]


def test_both_move_together(press: WarehousePaths, tmp_path: Path) -> None:
    shutil.copytree(press.published.parent, tmp_path / "moved", symlinks=True)

    assert contents(WarehousePaths.of(tmp_path / "moved" / "coverage.duckdb")) == contents(press)


def test_publishing_the_same_state_again_copies_nothing(loaded: WarehousePaths) -> None:
    before = loaded.published.stat()

    with lock_warehouse(loaded):
        publish(loaded)

    assert loaded.published.stat() == before


def test_an_open_reader_keeps_its_snapshot_and_blocks_nobody(loaded: WarehousePaths) -> None:
    with open_published(loaded.published) as reader:
        load_and_publish(loaded, whole_run([], "run-2"), "run-2")
        seen_by_old = reader.execute("select run_id from runs order by all").fetchall()
        with open_published(loaded.published) as fresh:
            seen_by_new = fresh.execute("select run_id from runs order by all").fetchall()

    assert seen_by_old == [("run-1",)]
    assert seen_by_new == [("run-1",), ("run-2",)]


def test_a_reader_in_another_process_can_query_while_a_run_holds_the_lock(loaded: WarehousePaths) -> None:
    ask = """
import duckdb, sys
print(duckdb.connect(sys.argv[1], read_only=True).sql("from runs").fetchall()[0][0])
"""

    with lock_warehouse(loaded):
        load_run(loaded, second_run(loaded))
        answer = run_child(ask, str(loaded.published))

    assert answer.stdout.strip() == "run-1"


def test_the_snapshot_before_stays_and_old_ones_go(loaded: WarehousePaths) -> None:
    for number in range(2, 6):
        load_and_publish(loaded, whole_run([], f"run-{number}"), f"run-{number}")
        long_ago = time.time() - 3600
        for path in loaded.all_snapshots():
            os.utime(path, (long_ago, long_ago))

    assert len(loaded.all_snapshots()) == 2
    assert loaded.published_snapshot() == loaded.all_snapshots()[0]


def test_a_snapshot_of_a_moment_ago_stays_for_readers_on_their_way(loaded: WarehousePaths) -> None:
    for number in range(2, 5):
        load_and_publish(loaded, whole_run([], f"run-{number}"), f"run-{number}")

    assert len(loaded.all_snapshots()) == 4


def test_a_kill_at_any_step_of_publishing_shows_old_or_new_and_is_mended(
    loaded: WarehousePaths, tmp_path: Path
) -> None:
    old = contents(loaded)
    undisturbed = WarehousePaths.of(tmp_path / "undisturbed" / "coverage.duckdb")
    shutil.copytree(loaded.published.parent, undisturbed.published.parent, symlinks=True)
    load_and_publish(undisturbed, whole_run([], "run-2"), "run-2")
    new = contents(undisturbed)

    for step in range(1, 100):
        trial = WarehousePaths.of(tmp_path / f"trial-{step}" / "coverage.duckdb")
        shutil.copytree(loaded.published.parent, trial.published.parent, symlinks=True)
        child = run_child(KILLED_CHILD, str(trial.published), str(second_run(trial)), str(step))
        if child.returncode == 0:
            break
        assert child.returncode == -signal.SIGKILL, child.stderr
        assert contents(trial) in (old, new)

        with lock_warehouse(trial):
            recover(trial)
            load_run(trial, second_run(trial))
            publish(trial)

        assert contents(trial) == new
        assert leftovers(trial) == ()

    assert step > 5


def test_a_committed_load_is_published_by_recovery(loaded: WarehousePaths) -> None:
    with lock_warehouse(loaded):
        load_run(loaded, second_run(loaded))
        assert not is_published(loaded)

        assert recover(loaded)
        assert not recover(loaded)

    assert len(contents(loaded)["runs"]) == 2


def test_a_second_writer_is_told_who_holds_the_warehouse(paths: WarehousePaths) -> None:
    with lock_warehouse(paths), pytest.raises(WarehouseBusy) as caught, lock_warehouse(paths):
        pass

    assert caught.value.pid == os.getpid()
    assert str(os.getpid()) in str(caught.value)


def test_the_lock_of_a_dead_process_is_free(paths: WarehousePaths) -> None:
    code = """
import os, signal, sys
from warehouse.lock import lock_warehouse
from warehouse.paths import WarehousePaths
with lock_warehouse(WarehousePaths.of(sys.argv[1])):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    run_child(code, str(paths.published))

    assert not is_locked(paths)
    with lock_warehouse(paths):
        assert is_locked(paths)


def test_a_lock_that_a_dead_runs_child_still_holds_is_waited_for(paths: WarehousePaths) -> None:
    # the parent locks, leaves a child with the descriptor, and dies; the child ends half a second later
    code = """
import os, sys, time
from warehouse.lock import lock_warehouse
from warehouse.paths import WarehousePaths
with lock_warehouse(WarehousePaths.of(sys.argv[1])):
    if os.fork():
        os._exit(0)
    os.close(1)
    os.close(2)
    time.sleep(0.5)
    os._exit(0)
"""
    run_child(code, str(paths.published))

    with lock_warehouse(paths):
        assert is_locked(paths)


def test_a_master_that_another_process_has_open_is_named(loaded: WarehousePaths) -> None:
    hold = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(loaded.master)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with lock_warehouse(loaded), pytest.raises(MasterLocked, match=str(holder.pid)):
            prepare_master(loaded)
        holder.communicate()


def make_duckdb_file(path: Path) -> None:
    run_child(
        "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table mine (x int)')", str(path)
    )


def make_text(path: Path) -> None:
    path.write_text("my notes\n" * 100)


def make_empty(path: Path) -> None:
    path.touch()


def make_folder(path: Path) -> None:
    path.mkdir()


def make_foreign_link(path: Path) -> None:
    (path.parent / "elsewhere.duckdb").write_text("x")
    path.symlink_to("elsewhere.duckdb")


def make_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere.duckdb")


@pytest.mark.parametrize(
    "make",
    [make_duckdb_file, make_text, make_empty, make_folder, make_foreign_link, make_dangling_link],
    ids=lambda make: make.__name__,
)
def test_a_foreign_file_in_the_way_is_refused_untouched(paths: WarehousePaths, make: object) -> None:
    assert callable(make)
    make(paths.published)
    before = state_of(paths.published)

    with pytest.raises(ForeignFile, match="--warehouse"), lock_warehouse(paths):
        pass

    assert state_of(paths.published) == before
    assert not paths.folder.exists()


def state_of(path: Path) -> tuple[int, ...]:
    """What changes when a file is written or replaced, and not when it is read."""
    found = path.lstat()
    return found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns


def test_a_foreign_file_is_not_read_as_a_warehouse(paths: WarehousePaths) -> None:
    make_duckdb_file(paths.published)

    with pytest.raises(ForeignFile), open_published(paths.published):
        pass


def test_reading_a_warehouse_that_is_not_there_names_the_next_step(paths: WarehousePaths) -> None:
    with pytest.raises(MissingWarehouse, match="wirecopy run"), open_published(paths.published):
        pass


def test_a_lost_master_comes_back_from_the_snapshot(loaded: WarehousePaths) -> None:
    before = contents(loaded)
    loaded.master.unlink()

    with lock_warehouse(loaded):
        prepare_master(loaded)
        publish(loaded)

    assert contents(loaded) == before


def test_a_removed_link_is_made_again(loaded: WarehousePaths) -> None:
    before = contents(loaded)
    loaded.published.unlink()

    with lock_warehouse(loaded):
        assert recover(loaded)

    assert contents(loaded) == before


def test_a_snapshot_mailed_around_can_be_read_where_it_lies(loaded: WarehousePaths, tmp_path: Path) -> None:
    copy = tmp_path / "mailed.duckdb"
    shutil.copyfile(loaded.published, copy)

    with open_published(copy) as connection:
        assert connection.execute("select count(*) from articles").fetchall() == [(4,)]


def test_a_reader_opens_the_snapshot_and_not_the_master(loaded: WarehousePaths) -> None:
    with lock_warehouse(loaded):
        load_run(loaded, second_run(loaded))

    with open_for_reading(loaded.published) as connection:
        assert connection.execute("select count(*) from runs").fetchall() == [(1,)]
