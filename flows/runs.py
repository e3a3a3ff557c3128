"""The run ledger: one folder a run, opened before anything is done and closed after the publish."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from warehouse.files import sync_folder

RUN_FOLDER = re.compile(r"run-(\d{6,})")
RunKind = Literal["run", "ingest", "reprocess"]
RunStatus = Literal["running", "finished", "interrupted"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run as its folder knows it. `question` is a digest of what was asked: only the same is resumed."""

    run_id: str
    kind: RunKind
    story: str | None
    question: str
    started_at: datetime
    status: RunStatus
    definition: str | None  # the story as JSON


def begin_run(runs: Path, kind: RunKind, definition: str | None, asked: str, now: datetime) -> Run:
    """Open a run, or take up the unfinished one that asked the same.

    Unfinished runs that asked something else are marked interrupted: what they archived stays.
    """
    question = sha256(f"{kind}\n{definition}\n{asked}".encode("utf-8", "surrogatepass")).hexdigest()
    resumed: Run | None = None
    highest = 0
    for run in iter_runs(runs):
        highest = max(highest, int(run.run_id.removeprefix("run-")))
        if run.status == "running" and run.question == question:
            resumed = run
        elif run.status == "running":
            write_run(runs, replace(run, status="interrupted"))
    if resumed is not None:
        return resumed
    story = json.loads(definition)["name"] if definition else None
    run = Run(f"run-{highest + 1:06d}", kind, story, question, now, "running", definition)
    write_run(runs, run)
    return run


def write_run(runs: Path, run: Run) -> None:
    """Write a run's ledger entry, durably."""
    folder = runs / run.run_id
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / "run.json.tmp"
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump({**asdict(run), "started_at": run.started_at.isoformat()}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / "run.json")
    for directory in (folder, runs):
        sync_folder(directory)


def read_run(runs: Path, run_id: str) -> Run:
    """The ledger entry of a run that was opened."""
    return _read(runs / run_id / "run.json")


def iter_runs(runs: Path) -> Iterator[Run]:
    """All runs, oldest first. A folder whose ledger entry was never written holds nothing yet."""
    if not runs.is_dir():
        return
    for folder in sorted(runs.iterdir()):
        entry = folder / "run.json"
        if RUN_FOLDER.fullmatch(folder.name) and entry.is_file():
            yield _read(entry)


def newest_definition(runs: Path, story: str) -> str | None:
    """A story as the newest run of it had it; None if there is no such run."""
    for folder in sorted(runs.iterdir(), reverse=True):
        entry = folder / "run.json"
        if RUN_FOLDER.fullmatch(folder.name) and entry.is_file() and (run := _read(entry)).story == story:
            return run.definition
    return None


def _read(entry: Path) -> Run:
    values = json.loads(entry.read_text(encoding="utf-8"))
    return Run(**{**values, "started_at": datetime.fromisoformat(values["started_at"])})
