"""Prefect deployments: one a story, each run in its turn on the warehouse.

Import it only inside `prefect_server`, which sets the environment that Prefect reads on import.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from prefect import flow, get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.exceptions import TerminationSignal
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule
from prefect.states import Completed
from pydantic import BaseModel, ConfigDict, Field

from flows.clock import utc_now
from flows.prefect_books import BOOKS_GONE, FLOW_NAME, naming_unreached
from flows.prefect_flows import SCHEDULED_RETRIES, TaskSteps, own_flow_run, report_run
from flows.prefect_server import PrefectUnavailable
from flows.report import write_report
from flows.run import Request, definition_of, execute_holding
from flows.runs import find_begun_since, question_of
from flows.say import Say
from flows.story_file import read_story_to_fetch
from flows.turns import find_twin_ahead, take_ticket, warehouse_in_turn
from pipelines.story import Story
from spiders.orphans import leave_with
from warehouse.paths import WarehousePaths

REPORTS_FOLDER = "reports"
SKIPPED = "Skipped"  # the name of the state of a run that had nothing to add

StoryFile = Annotated[str, Field(pattern=r"\.toml$")]
WarehouseFile = Annotated[str, Field(min_length=1)]


class FetchChanges(BaseModel):
    """What these runs do otherwise than the story file says; what is left out stays as it is there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delay_seconds: float | None = Field(
        default=None, ge=0, le=3600, description="Between two requests to a host."
    )
    max_pages_per_host: int | None = Field(
        default=None, ge=1, le=10_000_000, description="Pages beyond it wait."
    )
    follow_links: int | None = Field(default=None, ge=0, le=5, description="How many links deep to follow.")
    ask_all_sources: bool = Field(
        default=False,
        description="Ask quiet sources before their time, too.",
    )

    def applied_to(self, story: Story) -> Story:
        """The story with these changes."""
        own = self.model_dump(exclude={"ask_all_sources"}, exclude_none=True)
        return replace(story, fetch=replace(story.fetch, **own))


NO_CHANGES = FetchChanges()


@flow(name=FLOW_NAME, persist_result=False, result_serializer="json")
def scheduled_run(
    story_file: StoryFile, warehouse: WarehouseFile, fetch: FetchChanges = NO_CHANGES
) -> State[Any] | str:
    """One run of a story: discover, fetch, clean, compare, load, publish, report; waits for its turn.

    Args:
        story_file: It is read at the start of each run: an edit counts from the next run on.
        warehouse: The DuckDB file that analysts open. Runs of one warehouse take turns.
        fetch: What these runs do otherwise than the story file says.
    """
    leave_with(os.getppid())  # its next run goes on from what is done
    story = fetch.applied_to(read_story_to_fetch(Path(story_file)))
    question = question_of("run", definition_of(story))
    request = Request(Path(warehouse), "run", story, asks_all_sources=fetch.ask_all_sources)
    say = get_run_logger().info
    paths = WarehousePaths.of(warehouse)
    with take_ticket(paths, question, own_flow_run()) as ticket:
        if twin := find_twin_ahead(paths, ticket):
            return _skipped(
                say, f"another run of {story.name} waits for this warehouse already ({twin.holder})"
            )
        with warehouse_in_turn(paths, ticket):
            begun = find_begun_since(paths.runs, question, _due_at())
            if begun is not None:
                return _skipped(say, f"{begun.run_id} of {story.name} began after this one was due")
            files = execute_holding(request, say, TaskSteps(say, SCHEDULED_RETRIES))
            report_run(files, _write_report(paths, story), say)
    _name_flow_run(f"{story.name}, {files.run_id}")
    return files.run_id


@dataclass(frozen=True, slots=True)
class Timetable:
    """When stories run: every so many seconds, the first time at once; or as a cron line says."""

    every_seconds: int | None
    cron: str | None

    def schedule(self, now: datetime) -> Schedule:
        if self.every_seconds is not None:
            return Interval(timedelta(seconds=self.every_seconds), anchor_date=now)
        assert self.cron is not None
        return Cron(self.cron)


def serve_stories(stories: Mapping[str, str], warehouse: Path, timetable: Timetable) -> None:
    """Serve one deployment for each story file, named after its story, until interrupted.

    One run at a time, by the runner's limit and the warehouse's lock. A concurrency limit of the
    deployment would be held for ever by a run that was killed.

    Raises:
        PrefectUnavailable: the server that is to schedule them gives no answer.
    """
    runner = Runner(limit=1)
    try:
        with naming_unreached():
            _deploy(runner, stories, warehouse, timetable)
        asyncio.run(runner.start())
    except (KeyboardInterrupt, TerminationSignal):
        return  # asked to end: what is done is kept
    except BOOKS_GONE as error:
        raise PrefectUnavailable(
            f"nothing can be scheduled: {type(error).__name__}: {error}. Start Prefect's server again, or "
            "unset PREFECT_API_URL to use one of wirecopy's own"
        ) from error
    finally:
        shutil.rmtree(runner._tmp_dir, ignore_errors=True)  # Prefect leaves it when told to end


def _deploy(runner: Runner, stories: Mapping[str, str], warehouse: Path, timetable: Timetable) -> None:
    """Make the deployments; with an interval each has its first run at once."""
    deployments: list[Any] = [  # prefect's types name its asynchronous form, too
        runner.add_deployment(_deployment(name, {"story_file": path, "warehouse": str(warehouse)}, timetable))
        for path, name in stories.items()
    ]
    if timetable.every_seconds is not None:
        with get_client(sync_client=True) as client:
            for deployment_id in deployments:
                client.create_flow_run_from_deployment(deployment_id)


def _deployment(name: str, parameters: dict[str, Any], timetable: Timetable) -> Any:
    return scheduled_run.to_deployment(
        name=name,
        parameters=parameters,
        schedule=timetable.schedule(utc_now()),
        description=f"Scheduled runs of the story {name}.",
        tags=[FLOW_NAME],
    )


def _due_at() -> datetime | None:
    """When this flow run was to begin; None outside of one."""
    context = FlowRunContext.get()
    return context.flow_run.expected_start_time if context and context.flow_run else None


def _skipped(say: Say, why: str) -> State[Any]:
    say(f"nothing to do: {why}")
    return Completed(name=SKIPPED, message=f"Nothing to do: {why}.")


def _write_report(paths: WarehousePaths, story: Story) -> Path:
    folder = paths.folder / REPORTS_FOLDER
    folder.mkdir(exist_ok=True)
    return write_report(paths.published, story.name, folder / f"{story.name}.html")


def _name_flow_run(name: str) -> None:
    """Call the flow run by the run that it was."""
    flow_run = own_flow_run()
    if not flow_run:
        return
    try:
        with get_client(sync_client=True) as client:
            client.set_flow_run_name(UUID(flow_run), name)
    except BOOKS_GONE:
        get_run_logger().info("Prefect can't be reached: the flow run keeps its name")
