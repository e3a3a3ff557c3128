"""Prefect deployments: one a story, each run a process-wide turn on the warehouse.

Import it only inside `prefect_server`, which sets the environment that Prefect reads on import.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect import serve as serve_deployments

from flows.prefect_flows import run_step
from flows.run import Request, execute_with
from flows.steps import utc_now
from flows.story_file import read_story
from flows.workers import leave_with_parent
from warehouse.errors import WarehouseBusy

TURN_SECONDS = 10.0  # between two looks whether the warehouse is free
MAX_WAIT = timedelta(hours=6)  # longer than any run; then the schedule's next one has its turn


@flow(name="wirecopy", persist_result=False)
def scheduled_run(story_file: str, warehouse: str) -> str:
    """One run of a story; waits its turn where another run holds the warehouse."""
    leave_with_parent(os.getppid())  # its next run goes on from what is done
    request = Request(Path(warehouse), "run", read_story(Path(story_file)))
    give_up_at = utc_now() + MAX_WAIT
    while True:
        try:
            return execute_with(request, get_run_logger().info, run_step).run_id
        except WarehouseBusy:
            if utc_now() > give_up_at:
                raise
            time.sleep(TURN_SECONDS)


def serve_stories(
    stories: Mapping[str, str], warehouse: Path, every_seconds: int | None, cron: str | None
) -> None:
    """Serve one deployment for each story file, named after its story, until interrupted.

    One run at a time, by the runner's limit and the warehouse's lock. A concurrency limit of the
    deployment would be held for ever by a run that was killed.
    """
    deployments: list[Any] = [  # prefect's types name its asynchronous form, too
        scheduled_run.to_deployment(
            name=name,
            parameters={"story_file": path, "warehouse": str(warehouse)},
            interval=every_seconds,
            cron=cron,
        )
        for path, name in stories.items()
    ]
    serve_deployments(*deployments, limit=1)
