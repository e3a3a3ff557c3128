"""What the doctor sees and mends."""

from __future__ import annotations

from pathlib import Path

from tests.warehouse.material import contents, press_rows, stage, whole_run
from warehouse.connection import open_for_writing
from warehouse.doctor import Level, diagnose, repair
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.paths import WarehousePaths
from warehouse.publish import publish
from warehouse.schema import migrations


def faults(paths: WarehousePaths) -> list[str]:
    return [finding.what for finding in diagnose(paths) if finding.level is Level.FAULT]


def test_a_sound_warehouse_has_no_fault(loaded: WarehousePaths) -> None:
    assert faults(loaded) == []


def test_looking_changes_nothing(loaded: WarehousePaths) -> None:
    def state() -> dict[Path, tuple[int, int]]:
        files = [path for path in loaded.folder.rglob("*") if path.is_file() and path != loaded.lock]
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in files}

    before = state()

    diagnose(loaded)

    assert state() == before


def test_where_there_is_no_warehouse_there_is_no_fault(paths: WarehousePaths) -> None:
    (finding,) = diagnose(paths)

    assert (finding.level, finding.next_step) == (Level.NOTE, "wirecopy run STORY.toml")
    assert not paths.folder.exists()


def test_a_broken_rule_is_a_fault_with_its_sentence(loaded: WarehousePaths) -> None:
    with open_for_writing(loaded.master) as connection:
        connection.execute("delete from url_fates where fate = 'failed'")

    (finding,) = [one for one in diagnose(loaded) if one.level is Level.FAULT]
    assert finding.what == "counts_that_do_not_add_up"
    assert "1 counted as failed" in finding.message
    assert finding.next_step == "wirecopy reprocess"


def test_an_index_that_is_not_that_of_the_articles_is_found_and_made_again(loaded: WarehousePaths) -> None:
    with open_for_writing(loaded.master) as connection:
        connection.execute("update internal.indexed_articles set fingerprints = fingerprints[2:]")

    assert faults(loaded) == ["index"]
    assert "made the index of 4 articles again" in repair(loaded)
    assert faults(loaded) == []


def test_half_files_of_a_killed_publish_are_found_and_removed(loaded: WarehousePaths) -> None:
    half = loaded.snapshots / "coverage-000009.duckdb.tmp"
    half.write_bytes(b"half")

    assert faults(loaded) == ["files"]
    assert repair(loaded) == ("removed the half file coverage-000009.duckdb.tmp",)
    assert faults(loaded) == []


def test_a_load_that_was_not_published_is_found_and_published(loaded: WarehousePaths) -> None:
    with lock_warehouse(loaded):
        load_run(loaded, stage(loaded, whole_run([], "run-2"), "run-2"))

    assert faults(loaded) == ["snapshot"]
    repair(loaded)
    assert faults(loaded) == []
    assert len(contents(loaded)["runs"]) == 2


def test_a_lost_master_is_found_and_restored(loaded: WarehousePaths) -> None:
    before = contents(loaded)
    loaded.master.unlink()

    assert faults(loaded) == ["master"]
    repair(loaded)
    assert faults(loaded) == []
    assert contents(loaded) == before


def test_a_damaged_master_without_any_snapshot_leaves_an_empty_warehouse(paths: WarehousePaths) -> None:
    with lock_warehouse(paths):
        load_run(paths, stage(paths, press_rows()))
    paths.master.write_bytes(b"")

    assert "empty" in " ".join(repair(paths))
    assert contents(paths)["articles"] == []


def test_while_a_run_is_at_work_the_published_file_is_checked(loaded: WarehousePaths) -> None:
    with lock_warehouse(loaded):
        findings = diagnose(loaded)

    assert [one.what for one in findings] == ["lock", "schema", "checks", "index", "disk"]
    assert all(one.level is not Level.FAULT for one in findings)


def test_a_journal_beside_the_published_file_is_a_fault(loaded: WarehousePaths) -> None:
    loaded.published.with_name("coverage.duckdb.wal").write_bytes(b"x")

    assert faults(loaded) == ["files"]


def test_a_foreign_file_is_a_fault_and_left_alone(paths: WarehousePaths) -> None:
    paths.published.write_text("mine")

    assert faults(paths) == ["warehouse"]
    assert paths.published.read_text() == "mine"


def test_repairing_a_sound_warehouse_does_nothing(loaded: WarehousePaths) -> None:
    assert repair(loaded) == ()


def test_what_repair_published_stays_published(loaded: WarehousePaths) -> None:
    loaded.published.unlink()

    assert repair(loaded) == (
        f"published coverage-{len(migrations()) + 1:06d}.duckdb",
    )  # the load came after them
    with lock_warehouse(loaded):
        publish(loaded)
    assert faults(loaded) == []
