"""A run from its opening to its publish: the lock, the ledger, the steps, with Prefect or without."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from flows.clock import utc_now
from flows.reload import reload_lost_runs
from flows.run_files import RunFiles
from flows.runs import RunKind, begin_run
from flows.say import Say
from flows.steps import archive_local, clean, fetch, load_and_publish, stage
from pipelines.story import Story
from warehouse.lock import lock_warehouse
from warehouse.master import prepare_master
from warehouse.paths import WarehousePaths
from warehouse.publish import recover


class Step(Protocol):
    """Runs one step of a run, in whatever keeps the books about it."""

    def __call__(self, step: str, function: Callable[..., Any], *arguments: object) -> Any: ...


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; local paths only for an ingest."""

    warehouse: Path
    kind: RunKind
    story: Story | None
    inputs: tuple[Path, ...] = ()
    with_prefect: bool = True
    asks_all_sources: bool = True  # those too that were quiet and aren't due
    asked: tuple[str, ...] = ()  # what tells it from other requests with the same inputs


def execute(request: Request, say: Say) -> RunFiles:
    """Run it, or go on with the unfinished run that asked the same. Returns where the run lies.

    Raises:
        WarehouseError: one of its kinds, `WarehouseBusy` if another run holds the warehouse.
        Failure: the crawl could not go on.
    """
    with prefect_for(request, say) as has_prefect:
        if not has_prefect:
            return execute_with(request, say, run_plainly)
        from flows.prefect_flows import run_in_flow

        paths = WarehousePaths.of(request.warehouse)
        with lock_warehouse(paths):
            files = open_run(request, paths, say)
            run_in_flow(files, lambda step: _drive(request, files, say, step), say)
        return files


@contextmanager
def prefect_for(request: Request, say: Say) -> Iterator[bool]:
    """Prefect's server for the requests of one process, which can use no other after it.

    Yields whether there is one: it isn't asked for, or it doesn't start, and a run doesn't need it.

    Raises:
        ForeignFile, WarehouseBusy: before the seconds of waiting for it.
    """
    if not request.with_prefect:
        yield False
        return
    from flows.prefect_server import PrefectUnavailable, prefect_server

    paths = WarehousePaths.of(request.warehouse)
    if "PREFECT_API_URL" not in os.environ:
        with lock_warehouse(paths):
            pass
        say("starting Prefect (a few seconds; up to half a minute the first time)")
    with ExitStack() as stack:
        try:
            stack.enter_context(prefect_server(paths.prefect))
        except PrefectUnavailable as error:
            say(f"{error}. The run goes on without them")
            yield False
        else:
            yield True


def execute_with(request: Request, say: Say, step: Step) -> RunFiles:
    """The same inside whatever keeps the books already; `step` runs one step there."""
    with lock_warehouse(WarehousePaths.of(request.warehouse)):
        return execute_holding(request, say, step)


def execute_holding(request: Request, say: Say, step: Step) -> RunFiles:
    """The same for a caller that holds the warehouse's lock."""
    files = open_run(request, WarehousePaths.of(request.warehouse), say)
    _drive(request, files, say, step)
    return files


def run_plainly(step: str, function: Callable[..., Any], *arguments: object) -> Any:
    """A step without anybody's books."""
    return function(*arguments)


def open_run(request: Request, paths: WarehousePaths, say: Say) -> RunFiles:
    """Finish what a killed run left half published, and open the run in the ledger."""
    prepare_master(paths)
    recover(paths)
    reload_lost_runs(paths, say)
    definition = definition_of(request.story) if request.story else None
    asked = "\n".join([*request.asked, *(str(path.resolve()) for path in request.inputs)])
    return RunFiles(paths, begin_run(paths.runs, request.kind, definition, asked, utc_now()).run_id)


def definition_of(story: Story) -> str:
    """A story as the run ledger keeps it."""
    return json.dumps(story.definition(), sort_keys=True)


def _drive(request: Request, files: RunFiles, say: Say, step: Step) -> None:
    if request.kind == "ingest":
        known = step("archive", archive_local, files, request.inputs)
    else:
        say(f"{files.run_id}: fetching")
        known = step("fetch", fetch, files, say, request.asks_all_sources)
    say(f"{files.run_id}: {known} URLs, cleaning what came")
    pages = step("clean", clean, files)
    say(f"{files.run_id}: {pages} pages, comparing the articles")
    versions = step("compare", stage, files, utc_now())
    say(f"{files.run_id}: {versions} new article versions, loading and publishing")
    step("publish", load_and_publish, files)
