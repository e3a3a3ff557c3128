from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from pebble import ProcessPool

from flows.errors import Failure
from flows.workers import Lost, map_in_workers

ROOT = Path(__file__).parents[2]


def behave(kind: str) -> str:
    """What a page's parser might do."""
    if kind == "hang":
        while True:
            pass
    if kind == "sleep":
        time.sleep(600)
    if kind == "fall":
        os.kill(os.getpid(), signal.SIGSEGV)
    if kind == "die":
        os._exit(9)
    if kind == "raise":
        raise AttributeError("no such thing")
    if kind == "eat":
        return str(len(bytearray(8 << 30)))
    return kind.upper()


def test_a_page_that_hangs_dies_raises_or_eats_memory_costs_only_itself() -> None:
    results = list(
        map_in_workers(behave, ["a", "hang", "b", "die", "fall", "eat", "raise", "c"], processes=1, seconds=1)
    )

    assert [result for result in results if isinstance(result, str)] == ["A", "B", "C"]
    lost = [(result.item, result.timed_out) for result in results if isinstance(result, Lost)]
    assert lost == [("hang", True), ("die", False), ("fall", False), ("eat", False), ("raise", False)]


def test_a_page_that_sleeps_is_ended_by_the_clock() -> None:
    results = list(map_in_workers(behave, ["sleep", "a"], processes=1, seconds=0.5))

    assert [getattr(result, "timed_out", result) for result in results] == [True, "A"]


class BreakingPool(ProcessPool):
    """One whose workers are all killed before they have a result, some times."""

    breaks = 0

    def map(self, *given: Any, **named: Any) -> Any:
        if type(self).breaks:
            type(self).breaks -= 1
            raise BrokenProcessPool("All workers expired")
        return super().map(*given, **named)


@pytest.mark.parametrize(("breaks", "lost"), [(2, 0), (3, 1)])
def test_where_all_workers_are_gone_others_take_over(
    breaks: int, lost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.workers.ProcessPool", BreakingPool)
    BreakingPool.breaks = breaks

    results = list(map_in_workers(behave, ["a", "b", "c"], processes=1))

    assert [isinstance(result, Lost) for result in results] == [True] * lost + [False] * (3 - lost)
    assert results[lost:] == ["A", "B", "C"][lost:]


def test_where_no_worker_stays_alive_the_run_ends_with_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.workers.ProcessPool", BreakingPool)
    BreakingPool.breaks = 1000

    with pytest.raises(Failure, match=r"short of memory\. What was fetched is kept"):
        list(map_in_workers(behave, ["a", "b", "c"], processes=1))


def test_no_items_need_no_process() -> None:
    assert list(map_in_workers(behave, [], processes=1)) == []


def test_workers_go_when_their_parent_is_killed(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    code = (
        "import tests.flows.test_workers as t, flows.workers as w\n"
        f"if __name__ == '__main__': list(w.map_in_workers(t.tell_pid_and_wait, [{str(pid_file)!r}], 1, 60))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    worker = _await_pid(pid_file)
    parent.kill()
    parent.wait()

    assert _ends_within(worker, seconds=10)


def tell_pid_and_wait(path: str) -> None:
    Path(path).write_text(str(os.getpid()), encoding="ascii")
    time.sleep(60)


def _await_pid(path: Path) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if path.exists() and path.read_text(encoding="ascii"):
            return int(path.read_text(encoding="ascii"))
        time.sleep(0.05)
    raise AssertionError("the worker never started")


def _ends_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
