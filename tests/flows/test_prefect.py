"""Runs under Prefect: embedded, without an account, and gone with the command."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.flows.conftest import COMMAND, free_port, wirecopy, wirecopy_here
from tests.flows.test_errors import line

SERVER = b"flows.prefect_server"
OF_PREFECT = ("starting Prefect (", "Prefect can't keep its books")  # the latter where a machine stalls
BOOKS = Path("warehouse", "coverage.duckdb.d", "prefect")


def servers_under(folder: Path) -> list[int]:
    """Process ids of embedded servers whose Prefect home lies in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (
                SERVER in (process / "cmdline").read_bytes()
                and os.fsencode(folder) in (process / "environ").read_bytes()
            ):
                found.append(int(process.name))
        except OSError:  # it ended meanwhile
            continue
    return found


def runs_by_state(books: Path) -> Counter[str]:
    """Runs that were planned, began or ended so far, by Prefect's type of state."""
    if not books.exists():
        return Counter()
    try:
        with closing(sqlite3.connect(f"file:{books}?mode=ro", uri=True)) as connection:
            return Counter(state for (state,) in connection.execute("select state_type from flow_run"))
    except sqlite3.OperationalError:  # the server is still making its tables
        return Counter()


@pytest.fixture
def folder(prefect_books: Path, tmp_path: Path) -> Path:
    """A folder with something to take in and the books of an earlier run."""
    shutil.copytree(prefect_books, tmp_path / BOOKS)
    (tmp_path / "a.jsonl").write_text(line() + "\n", encoding="utf-8")
    return tmp_path


def test_a_run_is_a_flow_with_a_task_for_each_step(prefect_books: Path) -> None:
    with closing(sqlite3.connect(f"file:{prefect_books / 'prefect.db'}?mode=ro", uri=True)) as books:
        flows = books.execute("select name, state_type from flow_run").fetchall()
        tasks = books.execute("select name, state_type from task_run order by start_time").fetchall()

    assert flows == [("run-000001", "COMPLETED")]
    assert [name.split("-")[0] for name, _ in tasks] == ["archive", "clean", "compare", "publish"]
    assert {state for _, state in tasks} == {"COMPLETED"}


def test_no_server_outlives_the_command(first_with_prefect: Path) -> None:
    assert servers_under(first_with_prefect) == []


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")
def test_a_killed_command_takes_its_server_along(folder: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "ingest", "a.jsonl"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 60
        while not servers_under(folder) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert servers_under(folder)
        process.kill()

    deadline = time.monotonic() + 60
    while servers_under(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert servers_under(folder) == []
    assert wirecopy_here("ingest", "a.jsonl", "--no-prefect", cwd=folder).returncode == 0


def test_an_error_in_a_step_is_still_one_line(folder: Path) -> None:
    (folder / "warehouse" / "coverage.duckdb.d" / "archive").write_text("in the way", encoding="utf-8")

    done = wirecopy("ingest", "a.jsonl", cwd=folder)

    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if not line.startswith(OF_PREFECT)]
    assert [line.startswith("wirecopy: File exists (") for line in said] == [True], done.stderr


def test_damaged_books_cost_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line() + "\n", encoding="utf-8")
    books = tmp_path / BOOKS
    books.mkdir(parents=True)
    (books / "prefect.db").write_bytes(b"no database at all" * 100)

    done = wirecopy("ingest", "a.jsonl", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "didn't start (sqlalchemy.exc.DatabaseError: (sqlite3.DatabaseError) file is not a" in done.stderr
    assert "The run goes on without them" in done.stderr


def test_a_server_that_is_named_and_gone_costs_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_text(line() + "\n", encoding="utf-8")
    url = f"http://127.0.0.1:{free_port()}/api"
    monkeypatch.setenv("PREFECT_API_URL", url)
    monkeypatch.setenv("PREFECT_CLIENT_MAX_RETRIES", "0")

    done = wirecopy("ingest", "a.jsonl", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("Prefect can't keep its books just now (ConnectionError: Failed to reach")
    assert f"{url}/); the run goes on without them\nrun-000001: 1 URLs" in done.stderr


def lock_books(books: Path, deadline: float) -> sqlite3.Connection:
    """The database as another program holds it that doesn't let go, from the next free moment on."""
    connection = sqlite3.connect(books, timeout=0.01, isolation_level=None)
    while time.monotonic() < deadline:
        try:
            connection.execute("begin exclusive")
        except sqlite3.OperationalError:  # the server is writing
            continue
        break
    return connection


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")
def test_a_run_whose_books_are_locked_and_whose_server_is_killed_goes_on_without_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_REQUEST_TIMEOUT", "4")
    books = folder / BOOKS / "prefect.db"
    with subprocess.Popen(
        [*COMMAND, "ingest", "a.jsonl"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not runs_by_state(books)["RUNNING"] and time.monotonic() < deadline:
            time.sleep(0.05)
        with closing(lock_books(books, deadline)):
            assert process.stderr is not None
            said = [next(line for line in process.stderr if "the run goes on without them" in line)]
            for server in servers_under(folder):
                os.kill(server, signal.SIGKILL)
            said += process.communicate(timeout=100)[1].splitlines()

    assert process.returncode == 0, said
    assert "(ReadTimeout: " in said[0]
    assert any("(ConnectError: " in line and "goes on without them" in line for line in said[1:])
    assert all(line.startswith(("run-000001", *OF_PREFECT)) for line in said), said
    assert (folder / "warehouse" / "coverage.duckdb").exists()
