"""Which changes of an outlet's health are announced."""

from __future__ import annotations

from pathlib import Path

from flows.health import find_changes, read_announced, write_announced
from warehouse.paths import WarehousePaths
from warehouse.read import OutletHealth


def health(outlet: str, status: str) -> OutletHealth:
    return OutletHealth("ferry", "run-000002", outlet, 3, 3, 3, 3, status, None if status == "ok" else "why")


def test_only_an_outlet_that_turned_broken_or_works_again_is_announced() -> None:
    announced = {"a.example": "ok", "b.example": "broken", "c.example": "broken", "d.example": "ok"}
    now = [
        health("a.example", "broken"),
        health("b.example", "silent"),
        health("c.example", "broken"),
        health("d.example", "silent"),
        health("new.example", "broken"),
    ]

    assert [str(change) for change in find_changes(announced, now)] == [
        "a.example is broken: why",
        "b.example works again (silent: why)",
        "new.example is broken: why",
    ]


def test_a_change_is_announced_once(tmp_path: Path) -> None:
    paths = WarehousePaths.of(tmp_path / "coverage.duckdb")
    paths.folder.mkdir()
    write_announced(paths, "ferry", [health("a.example", "broken")])
    write_announced(paths, "ferry", [health("b.example", "ok")])

    announced = read_announced(paths, "ferry")

    assert announced == {"a.example": "broken", "b.example": "ok"}
    assert find_changes(announced, [health("a.example", "broken")]) == ()


def test_an_unreadable_note_costs_a_second_announcement(tmp_path: Path) -> None:
    paths = WarehousePaths.of(tmp_path / "coverage.duckdb")
    (paths.folder / "announced").mkdir(parents=True)
    (paths.folder / "announced" / "ferry.json").write_text("{", encoding="utf-8")

    assert read_announced(paths, "ferry") == {}
