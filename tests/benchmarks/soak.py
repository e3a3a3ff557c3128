"""Scheduled runs of the demo press, with edits, kills and restarts: what grows, and what mustn't.

Run as `python -m tests.benchmarks.soak --folder DIR [--runs 500] [--minutes 14]`; given again with the same
folder it goes on from there. `wirecopy serve` is started as a user starts it; runs are asked for through
Prefect's API one after the other, the press prints another edition every few runs, every so often a run's
process is killed, and `serve` is stopped and started again. The table has a line for every tenth run.

`--plain` makes the same runs one after the other in one process, without Prefect, which takes a fifth of the
time: what a single process gathers shows there soonest.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.demo.server import serve_press
from flows.demo.story import demo_story
from flows.run import Request, execute_with, run_plainly
from pipelines.story_toml import parse_story
from tests.benchmarks.bench_quiet_run import cpu_seconds
from warehouse.paths import WarehousePaths

EDIT_EVERY, KILL_EVERY, RESTART_EVERY, SHOW_EVERY = 5, 7, 20, 10
KILL_AFTER_SECONDS = 8.0  # in the middle of a run
PATIENCE_SECONDS = 300.0
PORT = 8743
BUSY, BUSY_TRIES = 503, 6  # what Prefect says while its SQLite is locked
BOOKS = ("flow_run", "task_run", "artifact", "log", "events", "event_resources")
COMMAND = [sys.executable, "-c", "import sys; from flows.cli import main; sys.argv[0] = 'wirecopy'; main()"]


@dataclass(frozen=True)
class Served:
    """A `wirecopy serve` at work."""

    process: subprocess.Popen[bytes]
    url: str
    password: str
    server: int  # process id of its Prefect server

    def ask(self, path: str, question: object = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}/{path}",
            data=None if question is None else json.dumps(question).encode(),
            headers={
                "Authorization": f"Basic {b64encode(self.password.encode()).decode()}",
                "Content-Type": "application/json",
            },
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for attempt in range(1, BUSY_TRIES + 1):
            try:
                with opener.open(request, timeout=60) as answer:
                    return json.loads(answer.read())
            except urllib.error.HTTPError as error:
                if error.code != BUSY or attempt == BUSY_TRIES:
                    raise
                time.sleep(attempt)
        raise AssertionError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=14.0)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    folder = options.folder.resolve()
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    (folder / "harbour-strike.toml").write_text(demo_story(PORT), encoding="utf-8")
    stop_at = time.monotonic() + 60 * options.minutes
    if options.plain:
        run_plain(folder, options.runs, stop_at)
    else:
        run_served(folder, options.runs, stop_at)


def run_plain(folder: Path, runs: int, stop_at: float) -> None:
    """All runs in this process."""
    os.environ["TMPDIR"] = str(folder / "tmp")
    paths = WarehousePaths.of(folder / "warehouse" / "coverage.duckdb")
    paths.published.parent.mkdir(exist_ok=True)
    story = parse_story(demo_story(PORT).encode(), "harbour-strike.toml")
    request = Request(paths.published, "run", story, with_prefect=False)
    print("| runs | seconds a run | CPU s a run | MB | files open | temp files | warehouse MB | master MB |")
    print("|" + " --- |" * 8)
    with serve_press(port=PORT) as press:
        started, before = time.monotonic(), cpu_seconds()
        for done in range(1, runs + 1):
            press.edition = 1 + (done // EDIT_EVERY) % 2
            execute_with(request, lambda _: None, run_plainly)
            if done % SHOW_EVERY == 0:
                elapsed, used = time.monotonic() - started, cpu_seconds() - before
                cells = [
                    sum(1 for _ in paths.runs.glob("run-*")),
                    f"{elapsed / SHOW_EVERY:.1f}",
                    f"{used / SHOW_EVERY:.2f}",
                    memory_mb(os.getpid()),
                    len(os.listdir("/proc/self/fd")),  # noqa: PTH208
                    sum(1 for _ in (folder / "tmp").rglob("*")),
                    f"{size_mb(paths.folder):.1f}",
                    f"{paths.master.stat().st_size / 1e6:.1f}",
                ]
                print("| " + " | ".join(map(str, cells)) + " |", flush=True)
                started, before = time.monotonic(), cpu_seconds()
            if time.monotonic() >= stop_at:
                break


def run_served(folder: Path, runs: int, stop_at: float) -> None:
    """Each run in a process of its own, under Prefect."""
    print(
        "| runs | states | seconds a run | serve MB | server MB | files open | temp files | Prefect rows | "
        "Prefect MB | warehouse MB | master MB |"
    )
    print("|" + " --- |" * 11)
    done = 0
    with serve_press(port=PORT) as press:
        while done < runs and time.monotonic() < stop_at:
            with serving(folder) as served:
                for _ in range(min(RESTART_EVERY, runs - done)):
                    press.edition = 1 + (done // EDIT_EVERY) % 2
                    started = time.monotonic()
                    run_once(served, is_killed=done % KILL_EVERY == KILL_EVERY - 1)
                    done += 1
                    if done % SHOW_EVERY == 0:
                        show(folder, served, time.monotonic() - started)
                    if time.monotonic() >= stop_at:
                        break
    print(f"{done} runs asked for in this piece")


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """`wirecopy serve` in a folder, its own first run done; ended by SIGTERM."""
    environment = {**os.environ, "TMPDIR": str(folder / "tmp"), "PREFECT_RUNNER_POLL_FREQUENCY": "1"}
    with (folder / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [*COMMAND, "serve", "harbour-strike.toml", "--every", "1d"],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        served = find_server(process)
        wait_until_idle(served)
        yield served
    finally:
        process.terminate()
        process.wait(60)


def find_server(process: subprocess.Popen[bytes]) -> Served:
    """The server that a `serve` started, with the password that it made up."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for child in children_of(process.pid):
            values = environment_of(child)
            if b"flows.prefect_server" in (Path(f"/proc/{child}") / "cmdline").read_bytes() and values:
                served = Served(process, values["PREFECT_API_URL"], values["PREFECT_API_AUTH_STRING"], child)
                try:
                    if served.ask("deployments/filter", {}):
                        return served
                except OSError:  # not yet
                    pass
        time.sleep(0.5)
    raise TimeoutError("`wirecopy serve` started no server")


def run_once(served: Served, *, is_killed: bool) -> None:
    """Have one more run made, to its end, whichever that is."""
    deployment = served.ask("deployments/name/wirecopy/harbour-strike")["id"]
    run = served.ask(f"deployments/{deployment}/create_flow_run", {})["id"]
    deadline, kill_at = time.monotonic() + PATIENCE_SECONDS, None
    while time.monotonic() < deadline:
        state = served.ask(f"flow_runs/{run}")["state_type"]
        if state in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
            return
        if is_killed and state == "RUNNING":
            kill_at = kill_at or time.monotonic() + KILL_AFTER_SECONDS
            if time.monotonic() > kill_at:
                for child in children_of(served.process.pid):
                    if child != served.server:
                        os.kill(child, signal.SIGKILL)
                is_killed = False
        time.sleep(0.2)
    raise TimeoutError(f"flow run {run} came to no end")


def wait_until_idle(served: Served) -> None:
    """Until the run that `serve` begins with is over."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    unfinished = {"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}}
    while time.monotonic() < deadline:
        ended = served.ask("flow_runs/count", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}})
        if ended and not served.ask("flow_runs/count", unfinished):
            return
        time.sleep(0.5)
    raise TimeoutError("the first run came to no end")


def show(folder: Path, served: Served, seconds: float) -> None:
    paths = WarehousePaths.of(folder / "warehouse" / "coverage.duckdb")
    with closing(sqlite3.connect(f"file:{paths.prefect / 'prefect.db'}?mode=ro", uri=True)) as books:
        states = dict(books.execute("select state_type, count(*) from flow_run group by 1 order by 1"))
        rows = {table: books.execute(f"select count(*) from {table}").fetchone()[0] for table in BOOKS}
    runs = sum(1 for _ in paths.runs.glob("run-*"))
    open_files = [len(os.listdir(f"/proc/{pid}/fd")) for pid in (served.process.pid, served.server)]  # noqa: PTH208
    cells = [
        runs,
        ", ".join(f"{count} {state.lower()}" for state, count in states.items()),
        f"{seconds:.1f}",
        memory_mb(served.process.pid),
        memory_mb(served.server),
        " + ".join(map(str, open_files)),
        sum(1 for _ in (folder / "tmp").rglob("*")),
        ", ".join(f"{table} {count}" for table, count in rows.items()),
        f"{size_mb(paths.prefect):.1f}",
        f"{size_mb(paths.folder) - size_mb(paths.prefect):.1f}",
        f"{paths.master.stat().st_size / 1e6:.1f}",
    ]
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def children_of(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except FileNotFoundError:
        return []
    return [int(child) for child in text.split()]


def environment_of(pid: int) -> dict[str, str]:
    entries = Path(f"/proc/{pid}/environ").read_bytes().decode("utf-8", "replace").split("\0")
    return dict(entry.split("=", 1) for entry in entries if "=" in entry)


def memory_mb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


def size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    main()
