"""The run as a Prefect flow: one task a step, handed a run's folder, never a page or a text.

Import it only inside `prefect_server`, which sets the environment that Prefect reads on import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext

from flows.clock import utc_now
from flows.health import HealthChange, find_changes, read_announced, write_announced
from flows.prefect_books import (
    BOOKS_GONE,
    FLOW_NAME,
    emit_changes,
    naming_unreached,
    publish_artifacts,
    tidy_up,
)
from flows.run import Step, run_plainly
from flows.run_files import RunFiles
from flows.say import Say
from flows.steps import CrawlBroken
from flows.summary import summarize
from flows.turns import waiting
from warehouse.errors import MasterLocked


@dataclass(frozen=True, slots=True)
class Retry:
    """When a step is worth another try, how often, and after how long a pause."""

    error: type[Exception]
    times: int
    pause_seconds: int


# A crawl whose process died may have met a passing shortage; a shell that has the master open gets closed.
# Nothing else gets better by itself: each page has its own retries, and a full disk stays full.
SCHEDULED_RETRIES: Mapping[str, Retry] = {
    "fetch": Retry(CrawlBroken, 2, 30),
    "publish": Retry(MasterLocked, 3, 20),
}


def run_in_flow(files: RunFiles, drive: Callable[[Step], None], say: Say) -> None:
    """Run `drive` as a flow called after the run; it is given what runs a step as a task.

    The flow ends well where only Prefect fails: the books are lost then, not the run.
    """
    ended = []

    @flow(name=FLOW_NAME, flow_run_name=files.run_id, persist_result=False, validate_parameters=False)
    def wirecopy_run(warehouse: str) -> None:
        drive(TaskSteps(say))
        ended.append(True)
        report_run(files, None, say)

    try:
        with naming_unreached():
            wirecopy_run(str(files.paths.published))
    except BOOKS_GONE as error:
        _tell_books_gone(error, say)
        if not ended:
            drive(run_plainly)


class TaskSteps:
    """Runs the steps of a run as tasks of the running flow.

    Where Prefect can't be reached any more a step goes on, or is made, without its books.
    """

    def __init__(self, say: Say, retries: Mapping[str, Retry] | None = None) -> None:
        self._say = say
        self._retries = retries or {}
        self._are_books_gone = False

    def __call__(self, step: str, function: Callable[..., Any], *arguments: object) -> Any:
        attempt = _Attempt(partial(function, *arguments))
        if self._are_books_gone:  # asking again would cost the patience for each step
            attempt.run()
            return attempt.results[-1]
        retry = self._retries.get(step)
        as_task = task(
            name=step,
            persist_result=False,
            cache_policy=NO_CACHE,
            retries=retry.times if retry else 0,
            retry_delay_seconds=retry.pause_seconds if retry else 0,
            retry_condition_fn=lambda *_: retry is not None and isinstance(attempt.error, retry.error),
        )(attempt.run)
        try:
            as_task()
        except BOOKS_GONE as error:
            self._are_books_gone = True
            _tell_books_gone(error, self._say)
            if not attempt.results:
                attempt.run()
        return attempt.results[-1]


class _Attempt:
    """A step's work, with what came of it kept here: Prefect is handed no argument and no result."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self.results: list[Any] = []
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.results.append(self._work())
        except Exception as error:
            self.error = error
            raise


def report_run(files: RunFiles, report: Path | None, say: Say) -> None:
    """Tell Prefect what came of a published run; the caller holds the warehouse."""
    run = files.run()
    summary = summarize(files.paths.published, files.run_id, files.journal)
    changes: tuple[HealthChange, ...] = ()
    if run.story is not None:
        changes = find_changes(read_announced(files.paths, run.story), summary.health)
    for change in changes:
        say(f"{files.run_id}: {change}")
    try:
        publish_artifacts(summary, run.story, report)
        emit_changes(changes)
        live = [ticket.holder for ticket in waiting(files.paths)]
        tidy_up(files.paths.published, [*live, own_flow_run()], utc_now())
    except BOOKS_GONE as error:
        _tell_books_gone(error, say)
        return
    if run.story is not None:
        write_announced(files.paths, run.story, summary.health)


def own_flow_run() -> str:
    """The id of the flow run that this is; empty outside of one."""
    context = FlowRunContext.get()
    return str(context.flow_run.id) if context and context.flow_run else ""


def _tell_books_gone(error: Exception, say: Say) -> None:
    what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    say(f"Prefect can't keep its books just now ({what}); the run goes on without them")
