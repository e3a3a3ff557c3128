"""`doctor`: the warehouse's own checks, the archive's, and what runs left unfinished."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.reload import restore_lost_runs
from flows.runs import iter_runs
from spiders.captures import verify_archive
from spiders.manifest import cut_torn_tails
from warehouse.doctor import Finding, Level, diagnose, repair
from warehouse.lock import lock_warehouse
from warehouse.master import open_published
from warehouse.paths import WarehousePaths
from warehouse.read import outlet_health

STATES = {Level.FINE: "ok", Level.NOTE: "note", Level.FAULT: "bad"}


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at."""

    state: str  # ok, note or bad
    what: str
    finding: str
    next_step: str


def examine(warehouse: Path) -> tuple[Examined, ...]:
    """Look at everything; change nothing."""
    paths = WarehousePaths.of(warehouse)
    found = [_of(finding) for finding in diagnose(paths)]
    return (*found, *_archive(paths), *_runs(paths), *_outlets(paths))


def mend(warehouse: Path) -> tuple[Examined, ...]:
    """Repair what can be derived again, then look at everything.

    Raises:
        WarehouseError: a run is at work, or it can't be mended here.
    """
    paths = WarehousePaths.of(warehouse)
    done = list(repair(paths))
    with lock_warehouse(paths):
        done += [
            f"cut the torn tail that a killed run left in {name}" for name in cut_torn_tails(paths.archive)
        ]
    restore_lost_runs(paths, done.append)
    return (*(Examined("note", "repair", line, "") for line in done), *examine(warehouse))


def _of(finding: Finding) -> Examined:
    return Examined(STATES[finding.level], finding.what, finding.message, finding.next_step)


def _archive(paths: WarehousePaths) -> Iterator[Examined]:
    if not paths.archive.is_dir():
        return
    problems = verify_archive(paths.archive)
    for problem in problems:
        yield Examined("bad", "archive", problem, "put the file back from a backup; other records are whole")
    if not problems:
        yield Examined("ok", "archive", "every record is there and matches its digest", "")


def _runs(paths: WarehousePaths) -> Iterator[Examined]:
    for run in iter_runs(paths.runs):
        if run.status == "running":
            finding = f"{run.run_id} ({run.kind} {run.story or ''}) has not come to its end"
            yield Examined("note", "runs", finding, "give the same command again: it goes on from there")
        elif run.status == "interrupted":
            finding = f"{run.run_id} ({run.kind} {run.story or ''}) was left for another run"
            yield Examined("note", "runs", finding, "")


def _outlets(paths: WarehousePaths) -> Iterator[Examined]:
    if not paths.published.exists():
        return
    with open_published(paths.published) as connection:
        for line in outlet_health(connection):
            if line.status != "ok":
                finding = f"{line.outlet} is {line.status} in {line.story}: {line.reason or 'nothing came'}"
                yield Examined("note", "outlets", finding, "check its feed or sitemap in the story file")
