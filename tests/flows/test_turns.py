"""Turns on a warehouse, without Prefect."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flows.turns import find_twin_ahead, take_ticket, waiting, warehouse_in_turn
from warehouse.errors import WarehouseBusy
from warehouse.lock import is_locked, lock_warehouse
from warehouse.paths import WarehousePaths

TAKE_AND_DIE = """
import os, sys
from flows.turns import find_twin_ahead, take_ticket
from warehouse.paths import WarehousePaths
with take_ticket(WarehousePaths.of(sys.argv[1]), "errand", "dead"):
    os._exit(9)
"""


@pytest.fixture
def paths(tmp_path: Path) -> WarehousePaths:
    return WarehousePaths.of(tmp_path / "coverage.duckdb")


def test_who_came_first_is_first(paths: WarehousePaths) -> None:
    with take_ticket(paths, "one", "a") as first, take_ticket(paths, "two", "b") as second:
        assert [(ticket.errand, ticket.holder) for ticket in waiting(paths)] == [("one", "a"), ("two", "b")]
        assert first.is_ahead_of(second)
    assert waiting(paths) == ()


def test_a_ticket_of_a_dead_process_holds_up_nobody(paths: WarehousePaths) -> None:
    subprocess.run([sys.executable, "-c", TAKE_AND_DIE, str(paths.published)], check=False)

    with take_ticket(paths, "one", "a") as ticket:
        assert waiting(paths) == (ticket,)


def test_a_run_waits_while_another_holds_the_warehouse(paths: WarehousePaths) -> None:
    looks = []
    other = lock_warehouse(paths)
    other.__enter__()

    def let_go_at_the_third_look(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            other.__exit__(None, None, None)

    with (
        take_ticket(paths, "one", "a") as ticket,
        warehouse_in_turn(paths, ticket, let_go_at_the_third_look),
    ):
        assert is_locked(paths)
        assert waiting(paths) == ()  # the next one of its story may queue up

    assert len(looks) == 3


def test_a_run_waits_for_those_in_front(paths: WarehousePaths) -> None:
    looks = []
    front = take_ticket(paths, "one", "a")
    front.__enter__()

    def let_pass(seconds: float) -> None:
        looks.append(seconds)
        front.__exit__(None, None, None)

    with take_ticket(paths, "two", "b") as ticket, warehouse_in_turn(paths, ticket, let_pass):
        assert len(looks) == 1


def test_a_run_by_hand_does_not_wait(paths: WarehousePaths) -> None:
    with (
        take_ticket(paths, "one", "a") as ticket,
        warehouse_in_turn(paths, ticket),
        pytest.raises(WarehouseBusy),
        lock_warehouse(paths),
    ):
        pass


def test_of_two_runs_that_wait_for_the_same_the_later_one_is_too_many(paths: WarehousePaths) -> None:
    with (
        take_ticket(paths, "one", "a") as first,
        take_ticket(paths, "two", "b") as other,
        take_ticket(paths, "one", "c") as twin,
    ):
        assert find_twin_ahead(paths, twin) == first
        assert find_twin_ahead(paths, first) is find_twin_ahead(paths, other) is None
