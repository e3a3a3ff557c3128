"""Loading finished runs again that the master has lost, since an older snapshot or none took its place."""

from __future__ import annotations

from flows.outlet_table import restore_outlets
from flows.run_files import RunFiles
from flows.runs import RunKind, read_run, run_ids
from flows.say import Say
from flows.steps import clean, stage
from warehouse.history import loaded_runs
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.master import read_master
from warehouse.paths import WarehousePaths
from warehouse.publish import publish

REDERIVED: RunKind = "reprocess"  # holds nothing that the runs before it don't give again


def reload_lost_runs(paths: WarehousePaths, say: Say) -> int:
    """Load, in their order, the finished runs that the master doesn't hold; the caller holds the lock.

    A run's staged rows give its tables as they were; where those are gone, its journal and the
    archive give them again. Returns the number of runs loaded; nothing is published.

    Raises:
        WarehouseError: one of its kinds; the runs before the failing one are in.
    """
    with read_master(paths) as connection:
        loaded = {run.run_id for run in loaded_runs(connection)}
    if not loaded and restore_outlets(paths):
        say("the table of outlets was lost with the master and is imported again")
    missing = [read_run(paths.runs, run_id) for run_id in run_ids(paths.runs) if run_id not in loaded]
    lost = [run for run in missing if run.status == "finished"]
    reloaded = 0
    for run in lost:
        files = RunFiles(paths, run.run_id)
        if not any(files.staging.glob("*.jsonl")):
            if run.kind == REDERIVED:
                continue
            clean(files)
            stage(files, run.started_at)
        load_run(paths, files.staging)
        say(f"{run.run_id}: was lost with the master and is loaded again")
        reloaded += 1
    return reloaded


def restore_lost_runs(paths: WarehousePaths, say: Say) -> None:
    """The same under a lock of its own, and published.

    Raises:
        WarehouseBusy: a run is at work.
        WarehouseError: as `reload_lost_runs`.
    """
    with lock_warehouse(paths):
        if reload_lost_runs(paths, say):
            publish(paths)
