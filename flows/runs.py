"""The run ledger: one folder a run, opened before anything is done and closed after the publish."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Literal

from warehouse.files import sync_folder

RUN_FOLDER = re.compile(r"run-(\d{6,})")
LOOK_BACK_RUNS = 100  # for the newest run with a question; beyond, there was none for a long time
KEPT_STAGED = 10  # runs; the master and two snapshots would have to be lost before older rows were wanted
STAGED, FORGOTTEN = "staging", "staging.tmp"
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
    """Open a run, or take up the unfinished one that asked the same; how it fetches may have changed.

    An unfinished run of the same story that asked something else is marked interrupted: what it archived
    stays. Those of other stories are left to go on in their turn.
    """
    question = question_of(kind, definition, asked)
    story = json.loads(definition)["name"] if definition else None
    before = next((run for run in iter_newest_first(runs) if (run.kind, run.story) == (kind, story)), None)
    if before is not None and before.status == "running":
        if before.question == question:
            return _resume(runs, before, definition)
        write_run(runs, replace(before, status="interrupted"))
    number = max(map(number_of, run_ids(runs)), default=0) + 1
    run = Run(f"run-{number:06d}", kind, story, question, now, "running", definition)
    write_run(runs, run)
    return run


def find_begun_since(runs: Path, question: str, due: datetime | None) -> Run | None:
    """The finished run with the same question that was begun when another was due already."""
    if due is None:
        return None
    for run in islice(iter_newest_first(runs), LOOK_BACK_RUNS):
        if run.question == question:
            return run if run.status == "finished" and run.started_at > due else None
    return None


def number_of(run_id: str) -> int:
    """Runs count from 1 in the order in which they were opened."""
    return int(run_id.removeprefix("run-"))


def question_of(kind: RunKind, definition: str | None, asked: str = "") -> str:
    """The digest of what a run is asked to do; how fast, how far and how often to ask is no part of it."""
    what = json.loads(definition) if definition else {}
    for how in ("fetch", "polling"):
        what.pop(how, None)
    question = f"{kind}\n{json.dumps(what, sort_keys=True)}\n{asked}"
    return sha256(question.encode("utf-8", "surrogatepass")).hexdigest()


def _resume(runs: Path, run: Run, definition: str | None) -> Run:
    """The run, which goes on as the story is defined now."""
    resumed = replace(run, definition=definition)
    if resumed != run:
        write_run(runs, resumed)
    return resumed


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


def forget_staged(runs: Path) -> None:
    """Remove the staged rows of older runs: the archive gives them again, should nothing else have them.

    Each goes under another name first, so that half of them are never taken for the whole.
    """
    for run_id in run_ids(runs)[:-KEPT_STAGED][-LOOK_BACK_RUNS:]:
        staged, forgotten = runs / run_id / STAGED, runs / run_id / FORGOTTEN
        if staged.exists() and read_run(runs, run_id).status != "running":
            staged.rename(forgotten)
        shutil.rmtree(forgotten, ignore_errors=True)


def read_run(runs: Path, run_id: str) -> Run:
    """The ledger entry of a run that was opened."""
    return _read(runs / run_id / "run.json")


def iter_runs(runs: Path) -> Iterator[Run]:
    """All runs, oldest first. A folder whose ledger entry was never written holds nothing yet."""
    for run_id in run_ids(runs):
        yield _read(runs / run_id / "run.json")


def iter_newest_first(runs: Path) -> Iterator[Run]:
    """The same from the newest run on; each is read when it is asked for."""
    for run_id in reversed(run_ids(runs)):
        yield _read(runs / run_id / "run.json")


def run_ids(runs: Path) -> list[str]:
    """The ids of all runs that were opened, oldest first; no ledger entry is read."""
    if not runs.is_dir():
        return []
    opened = (folder for folder in runs.iterdir() if RUN_FOLDER.fullmatch(folder.name))
    return sorted((folder.name for folder in opened if (folder / "run.json").is_file()), key=number_of)


def newest_definition(runs: Path, story: str, status: RunStatus | None = None) -> str | None:
    """A story as the newest run of it had it, of those with a status; None if there is no such run."""
    asked = (run for run in iter_newest_first(runs) if run.story == story)
    return next((run.definition for run in asked if status in (None, run.status)), None)


def _read(entry: Path) -> Run:
    values = json.loads(entry.read_text(encoding="utf-8"))
    return Run(**{**values, "started_at": datetime.fromisoformat(values["started_at"])})
