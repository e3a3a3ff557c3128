"""A backfill from its opening to its publish."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flows.backfill.comparison import EngineComparison
from flows.backfill.engines import Engine
from flows.backfill.gather import Skipped, gather, read_before, stamp_of
from flows.backfill.jobs import Done, FileJob, FileReport, Outcome, encode, read_report
from flows.backfill.parts import UNFINISHED, PartWriter, unfinished_part
from flows.clock import utc_now
from flows.errors import Failure
from flows.run import Request, Step, open_run, prefect_for, run_plainly
from flows.run_files import RunFiles
from flows.runs import iter_runs
from flows.say import Say
from flows.steps import load_and_publish, stage
from spiders.local import file_url
from spiders.local_archives import ArchiveFile
from warehouse.lock import lock_warehouse
from warehouse.paths import WarehousePaths

PARTS_FOLDER = "parts"
ASKED = "backfill"  # so that an ingest of the same files is another question


@dataclass(frozen=True, slots=True)
class Plan:
    """The files of a run: those to read, and those that an earlier one read."""

    jobs: tuple[FileJob, ...]
    skipped: tuple[Skipped, ...]


def execute_backfill(request: Request, engine: Engine, say: Say) -> RunFiles:
    """Run it, or go on with the unfinished one that asked the same. Returns where the run lies.

    Raises:
        Failure: files couldn't be done for a reason that isn't theirs; the same command goes on from there.
        WarehouseError: one of its kinds, `WarehouseBusy` if another run holds the warehouse.
    """
    paths = WarehousePaths.of(request.warehouse)
    with prefect_for(request, say) as has_prefect, lock_warehouse(paths):
        files = open_run(request, paths, say)
        backfill = _Backfill(request, files, engine, say)
        if has_prefect:
            from flows.prefect_flows import run_in_flow

            run_in_flow(files, backfill.go, say)
        else:
            backfill.go(run_plainly)
    return files


@dataclass(frozen=True, slots=True)
class _Backfill:
    """An open run, with what it is to be done by."""

    request: Request
    files: RunFiles
    engine: Engine
    say: Say

    def go(self, step: Step) -> None:
        """Do what of the run isn't done yet; `step` keeps the books."""
        files, say = self.files, self.say
        plan = _plan(self.request, files)
        say(
            f"{files.run_id}: {len(plan.jobs)} WARC files to read, "
            f"{len(plan.skipped)} unchanged since they were"
        )
        step("extract", extract, plan.jobs, self.engine, say)
        known = step("gather", gather, files, plan.jobs, plan.skipped)
        say(f"{files.run_id}: {known} URLs, comparing the articles")
        comparison = EngineComparison(self.engine, files, plan.jobs)
        versions = step("compare", stage, files, utc_now(), comparison)
        say(f"{files.run_id}: {versions} new article versions, loading and publishing")
        step("publish", load_and_publish, files)
        _remove_parts(files)


def _remove_parts(files: RunFiles) -> None:
    """Of this run and of those of its story that were given up."""
    for run in iter_runs(files.paths.runs):
        if run.story == files.run().story and run.status != "running":
            shutil.rmtree(_parts(RunFiles(files.paths, run.run_id)), ignore_errors=True)


def extract(jobs: Sequence[FileJob], engine: Engine, say: Say) -> None:
    """Have every file read that has no part yet.

    Raises:
        Failure: some couldn't be, for a reason that isn't theirs; the parts of all others are there.
    """
    due = [job for job in jobs if not _is_done(job)]
    if len(due) < len(jobs):
        say(f"{len(jobs) - len(due)} of them were read before the interruption")
    undone = []
    for count, (place, outcome) in enumerate(engine.run("extract", [encode(job) for job in due]), start=1):
        job = due[place]
        report = _settle(job, outcome)
        if isinstance(report, FileReport):
            say(f"{count}/{len(due)} {job.name}: {report.defect or report.describe()}")
        else:
            undone.append(f"{job.name}: {report}")
            say(f"{count}/{len(due)} {undone[-1]}")
    if undone:
        raise Failure(
            f"{len(undone)} of {len(due)} files weren't done ({undone[0]}); what was done is kept, mend that "
            "and give the same command again"
        )


def _settle(job: FileJob, outcome: Outcome) -> FileReport | str:
    """The report of a file, or why there is none yet; one that kills its process gets a part that says so."""
    if isinstance(outcome, Done):
        report = read_report(job.part)
        return report or f"{job.part}: its part isn't there; the folder must lie on storage that all share"
    if not outcome.is_fatal:
        return outcome.detail
    report = FileReport(job.path, job.state, job.rules_version, 0, {}, 0, (), outcome.detail)
    with unfinished_part(job) as folder, closing(PartWriter(folder, job, "")) as part:
        part.finish(report)
    return report


def _plan(request: Request, files: RunFiles) -> Plan:
    """Which files there are, in a fixed order; their numbers are those of the archive's files."""
    run, parts = files.run(), _parts(files)
    parts.mkdir(exist_ok=True)
    for left in parts.glob(UNFINISHED):
        shutil.rmtree(left, ignore_errors=True)
    known = read_before(files)
    jobs, skipped = [], []
    for number, path in enumerate(request.inputs, start=1):
        state = _state_of(path)
        job = FileJob(
            run.run_id,
            number,
            str(path),
            state,
            str(parts),
            run.definition or "",
            run.started_at.isoformat(),
            files.rules_version(),
        )
        if state and stamp_of(job) in known.get(file_url(job.path), ""):
            skipped.append(Skipped(job.path, f"unchanged since it was read: {stamp_of(job)}"))
        else:
            jobs.append(job)
    return Plan(tuple(jobs), tuple(skipped))


def _state_of(path: Path) -> str:
    """Empty for a file that can't be looked at; reading it will tell why."""
    try:
        return ArchiveFile.of(path).state
    except OSError:
        return ""


def _is_done(job: FileJob) -> bool:
    report = read_report(job.part)
    is_same = report is not None and (report.state, report.rules_version) == (job.state, job.rules_version)
    if report is not None and not is_same:
        shutil.rmtree(job.part)
    return is_same


def _parts(files: RunFiles) -> Path:
    return files.folder / PARTS_FOLDER
