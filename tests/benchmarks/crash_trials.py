"""Trials of a small newsroom that is killed, starved of disk or torn at its tails, and then goes on.

A parent that holds nothing but imported modules forks a process for each command: a trial takes a second.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.cli import main as wirecopy
from flows.runs import iter_runs
from pipelines.records import Capture, Hints, Via
from spiders.captures import verify_archive
from spiders.journal import is_finished
from tests.flows.desk import FIRST_DAY, SECOND_DAY, tables
from warehouse.paths import WarehousePaths

DEADLINE_SECONDS = 60.0
# when it was, and where a record came to lie, differ from trial to trial
VOLATILE = ("started_at", "finished_at", "archive_offset")
DAYS = {"first": FIRST_DAY, "second": SECOND_DAY}
COMMANDS = (
    ("ingest", "first.jsonl", "--no-prefect"),
    ("ingest", "second.jsonl", "--no-prefect"),
    ("reprocess",),
)
WRITING_CALLS = (
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "rename",
    "unlink",
    "symlink",
    "mkdir",
    "copy_file_range",
)
UNSAID = "file.write(out)"  # the call that failed was the printing of the line itself
CRAWL_KILLED = "the crawl ended early (code -9)"
BUGS = ("Traceback", "defect of wirecopy")

Tables = dict[str, list[tuple[Any, ...]]]
Patch = Callable[[], None]


@dataclass(frozen=True)
class Disturbance:
    """What befalls one command: a kill after some time, or an injection at the n-th call of a kind."""

    after_seconds: float | None = None
    call: str = ""
    when: int = 0
    path: str = ""  # relative to the newsroom: count only calls that concern this file
    error: str = ""  # EIO or ENOSPC instead of a kill
    tears: random.Random | None = None  # then: garbage at the tails of what the unfinished run appends to


@dataclass(frozen=True)
class Trial:
    """How it went: `complaint` is empty where the tables equal the undisturbed run's."""

    disturbed: int
    complaint: str = ""


@dataclass(frozen=True)
class Stage:
    """A command, the state of the newsroom before it, and the tables that there have to be after it."""

    command: tuple[str, ...]
    before: Path
    expected: Tables
    seconds: float
    finished: int  # commands that the ledger has to hold then
    volatile: tuple[str, ...] = VOLATILE  # columns that differ from trial to trial


class Newsroom:
    """One warehouse in a folder of its own."""

    def __init__(self, folder: Path, patch: Patch) -> None:
        self.folder = folder
        self._patch = patch

    @property
    def paths(self) -> WarehousePaths:
        return WarehousePaths.of(self.folder / "coverage.duckdb")

    def start(self, command: Sequence[str], *, stopped: bool = False) -> int:
        """The command in a process of its own; the process waits for SIGCONT if `stopped`."""
        return fork(lambda: self._run(command), self.folder / "log.txt", stopped=stopped)

    def said(self) -> str:
        return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")

    def finished(self) -> int:
        """Commands that came to their end, by the ledger."""
        return sum(run.status == "finished" for run in iter_runs(self.paths.runs))

    def tables(self, volatile: tuple[str, ...] = VOLATILE) -> Tables:
        found: Tables = ask_child(lambda: tables(self.paths.published, *volatile))
        return found

    def _run(self, command: Sequence[str]) -> None:
        os.chdir(self.folder)
        patch_workers()
        self._patch()
        sys.argv = ["wirecopy", "--warehouse", "coverage.duckdb", *command]
        wirecopy()


def nothing() -> None:
    """The patch of what is not patched."""


def prepare_stages(folder: Path, commands: int = len(COMMANDS)) -> tuple[Stage, ...]:
    """Run the first so many commands undisturbed, and keep the state before each."""
    work = folder / "undisturbed"
    work.mkdir(parents=True)
    for name, lines in DAYS.items():
        (work / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    room = Newsroom(work, nothing)
    stages = []
    for number, command in enumerate(COMMANDS[:commands], start=1):
        before = folder / f"before-{number}"
        shutil.copytree(work, before, symlinks=True)
        started = time.monotonic()
        code = wait(room.start(command))
        seconds = time.monotonic() - started
        if code:
            raise RuntimeError(f"{' '.join(command)} ended with {code}: {room.said()}")
        stages.append(Stage(command, before, room.tables(), seconds, number))
    return tuple(stages)


def run_trial(stage: Stage, folder: Path, plan: Iterator[Disturbance], patch: Patch = nothing) -> Trial:
    """Give the command until it has come to its end, disturbed as planned and then left alone; compare."""
    shutil.copytree(stage.before, folder, symlinks=True)
    room = Newsroom(folder, patch)
    disturbed = 0
    try:
        while room.finished() < stage.finished:
            disturbance = next(plan, None)
            code = disturb(room, stage.command, disturbance)
            disturbed += code != 0
            complaint = _complaint_of(room, code, disturbance)
            if complaint:
                return Trial(disturbed, complaint)
            if disturbance is not None and disturbance.tears is not None:
                tear_tails(room.paths, disturbance.tears)
        return Trial(disturbed, _differences(room.tables(stage.volatile), stage.expected) or _damage(room))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _damage(room: Newsroom) -> str:
    """What is wrong with the archive, or is left over."""
    left = [path.name for path in room.folder.rglob("*.tmp*")]
    return "; ".join([*verify_archive(room.paths.archive), *left])


def disturb(room: Newsroom, command: Sequence[str], disturbance: Disturbance | None) -> int:
    """Run a command with what befalls it. Returns its exit code; negative for the signal that ended it."""
    if disturbance is None or (disturbance.after_seconds is None and not disturbance.call):
        return wait(room.start(command))
    if disturbance.call:
        return _run_traced(room, command, disturbance)
    pid = room.start(command)
    time.sleep(disturbance.after_seconds or 0.0)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return wait(pid)


def _run_traced(room: Newsroom, command: Sequence[str], disturbance: Disturbance) -> int:
    pid = room.start(command, stopped=True)
    os.waitpid(pid, os.WUNTRACED)
    what = f"error={disturbance.error}" if disturbance.error else "signal=KILL"
    injection = f"inject={disturbance.call}:{what}:when={disturbance.when}"
    tracing = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={disturbance.call}", "-e", injection]
    if disturbance.path:
        tracing += ["-P", str(room.folder / disturbance.path)]
    with subprocess.Popen([*tracing, "-p", str(pid)], stderr=subprocess.DEVNULL) as tracer:
        while not _is_traced(pid) and tracer.poll() is None:
            time.sleep(0.002)
        os.kill(pid, signal.SIGCONT)
        return wait(pid)


def _is_traced(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return "TracerPid:\t0\n" not in status


def can_trace() -> bool:
    """Whether strace is there and may attach to a process of ours."""
    if shutil.which("strace") is None:
        return False
    pid = fork(nothing, Path(os.devnull), stopped=True)
    os.waitpid(pid, os.WUNTRACED)
    command = ["strace", "-qq", "-o", os.devnull, "-p", str(pid)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as tracer:
        give_up_at = time.monotonic() + 10
        while not (traced := _is_traced(pid)) and tracer.poll() is None and time.monotonic() < give_up_at:
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)
        wait(pid)
    return traced


def _complaint_of(room: Newsroom, code: int, disturbance: Disturbance | None) -> str:
    """What is wrong with how a command ended; a kill may leave anything behind."""
    said = room.said()
    if code in (0, -signal.SIGKILL):
        return ""
    if disturbance is not None and CRAWL_KILLED in said and not any(bug in said for bug in BUGS):
        return ""
    if disturbance is None or not disturbance.error:
        return f"ended with {code}: {said[-600:]}"
    if any(bug in said for bug in BUGS) and UNSAID not in said:
        return (
            f"{disturbance.error} at {disturbance.call} {disturbance.when} gives no clear line: {said[-600:]}"
        )
    return ""


def tear_tails(paths: WarehousePaths, chance: random.Random) -> None:
    """What a power cut leaves behind the last whole line or record: part of one, or zeros."""
    running = [run.run_id for run in iter_runs(paths.runs) if run.status == "running"]
    for run_id in running:
        if is_finished(paths.runs / run_id / "frontier.jsonl"):
            continue  # they are closed and synced
        for path in (*paths.archive.glob(f"{run_id}-*"), *(paths.runs / run_id).glob("*.jsonl")):
            if not path.name.startswith(("derived-", "links-")):  # these are whole or not there
                with path.open("ab") as file:
                    file.write(chance.choice([b'1a2b3c4d {"event":"fet', b"\0" * 512, b"\x1f\x8b\x08\0torn"]))


def _differences(found: Tables, expected: Tables) -> str:
    """The tables that differ, with the first rows that do."""
    complaints = []
    for name, rows in expected.items():
        missing = [row for row in rows if row not in found[name]]
        more = [row for row in found[name] if row not in rows]
        if missing or more or len(rows) != len(found[name]):
            shown = str((missing or more or found[name])[0])[:160]
            complaints.append(f"{name}: {len(missing)} rows missing, {len(more)} more, such as {shown}")
    return "; ".join(complaints)


def patch_workers() -> None:
    """Clean in this process: starting worker processes would take most of a trial."""

    def map_here(function: Any, items: Sequence[Any], *_: Any) -> Iterator[Any]:
        yield from map(function, items)

    import flows.clean

    vars(flows.clean)["map_in_workers"] = map_here


def fork(body: Callable[[], None], log: Path, *, stopped: bool = False) -> int:
    """Run `body` in a child process whose output goes to a file. Returns its process id."""
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(output, 1)
        os.dup2(output, 2)
        if stopped:
            os.kill(os.getpid(), signal.SIGSTOP)
        body()
        code = 0
    except SystemExit as ending:
        code = int(ending.code or 0)
    except BaseException:  # noqa: BLE001 - the child's own last word
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def wait(pid: int) -> int:
    """The exit code of a child; one that takes too long is killed and counts as failed."""
    give_up_at = time.monotonic() + DEADLINE_SECONDS
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > give_up_at:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return 98
        time.sleep(0.002)


def ask_child(question: Callable[[], Any]) -> Any:
    """The answer of a child process: DuckDB's threads never live in the one that forks."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reader)
        with os.fdopen(writer, "wb") as file:
            pickle.dump(question(), file)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        answer = pickle.load(file)
    os.waitpid(pid, 0)
    return answer


def warm_up() -> None:
    """Import, load and compile what a command needs, without a thread or an open file left over."""
    import flows.changes
    import flows.commands.work
    import flows.reprocess
    import flows.rules
    from pipelines.copies import compare_articles
    from pipelines.page import read_page
    from tests.pipelines.copies_material import invent_paragraphs, make_article

    flows.rules.rules_version()
    for line in FIRST_DAY:
        given = json.loads(line)
        read_page(
            Capture(
                url=given["url"],
                final_url=given["url"],
                via=Via.FILE,
                source_url=None,
                fetched_at=datetime.fromisoformat(given["fetched_at"]),
                status=200,
                media_type="text/plain",
                charset="utf-8",
                body=given["text"].encode(),
                hints=Hints(),
                archive_file="",
                archive_offset=0,
                payload_digest="",
            )
        )
    text = invent_paragraphs(1, 3)
    compare_articles([make_article("a", text), make_article("b", text[:2])])
