"""What Prefect is told about a run: artifacts, events when an outlet breaks, and what may be forgotten.

Import it only inside `prefect_server`, which sets the environment that Prefect reads on import.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from prefect.artifacts import create_link_artifact, create_table_artifact
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.events import emit_event
from prefect.states import Crashed

from flows.health import HealthChange
from flows.prefect_server import OWN_SERVER
from flows.summary import Summary

FLOW_NAME = "wirecopy"
KEPT_FLOW_RUNS = 200  # of a server of our own; what the runs did is in the warehouse
FORGOTTEN_AT_ONCE = 50  # so that no run spends long on tidying up
STARTING = timedelta(minutes=5)  # a run that began this recently may not have queued up yet
NOT_IN_KEYS = re.compile(r"[^a-z0-9-]+")  # Prefect's artifact keys hold nothing else
# Prefect's server is gone, its database is locked or gone: the books can't be kept just now
BOOKS_GONE = (httpx.HTTPError, ConnectionError)
UNREACHED = "Failed to reach API"  # how the RuntimeError begins that says so of a process's first question


@contextmanager
def naming_unreached() -> Iterator[None]:
    """Where no server answers, Prefect raises one error at first and others later: one of the latter, always.

    Raises:
        ConnectionError: nobody answers.
    """
    try:
        yield
    except RuntimeError as error:
        if not str(error).startswith(UNREACHED):
            raise
        raise ConnectionError(str(error)) from error


def publish_artifacts(summary: Summary, story: str | None, report: Path | None) -> None:
    """The funnel and the outlets' health as tables and, where there is one, a link to the report."""
    prefix = NOT_IN_KEYS.sub("-", story or "ingest")
    create_table_artifact(
        [asdict(line) for line in summary.funnel],
        key=f"{prefix}-funnel",
        description=f"{summary.run_id}: what became of every URL",
    )
    create_table_artifact(
        [asdict(line) for line in summary.health],
        key=f"{prefix}-outlets",
        description=f"{summary.run_id}: each outlet's health",
    )
    if report is not None:
        create_link_artifact(
            report.absolute().as_uri(),
            link_text=report.name,
            key=f"{prefix}-report",
            description=f"The report on {story} as of {summary.run_id}: {report}",
        )


def emit_changes(changes: Iterable[HealthChange]) -> None:
    """An event for each outlet that broke or recovered; automations can act on them."""
    for change in changes:
        health = change.health
        emit_event(
            event=f"wirecopy.outlet.{'broken' if change.is_broken else 'recovered'}",
            resource={
                "prefect.resource.id": f"wirecopy.outlet.{health.story}.{health.outlet}",
                "prefect.resource.name": health.outlet,
                "wirecopy.story": health.story,
                "wirecopy.outlet": health.outlet,
            },
            payload=asdict(health),
        )


def tidy_up(warehouse: Path, live: Collection[str], now: datetime) -> None:
    """Close the books of runs whose process is gone and, on a server of our own, forget the oldest.

    The caller holds the warehouse; `live` are its own flow run and those that wait for their turn.
    """
    with get_client(sync_client=True) as client:
        _close_dead(client, str(warehouse), live, now)
        if os.environ.get(OWN_SERVER):
            _forget_old(client)


def _close_dead(client: SyncPrefectClient, warehouse: str, live: Collection[str], now: datetime) -> None:
    """A run that was killed together with its worker stays `Running` in Prefect for ever."""
    for run in _read_runs(client, (StateType.RUNNING, StateType.CANCELLING)):
        began, is_ours = run.start_time, run.parameters.get("warehouse") == warehouse
        if is_ours and str(run.id) not in live and began is not None and now - began > STARTING:
            gone: State[None] = Crashed(message="its process is gone; what it did is kept")
            client.set_flow_run_state(run.id, gone, force=True)


def _forget_old(client: SyncPrefectClient) -> None:
    ended = (StateType.COMPLETED, StateType.FAILED, StateType.CANCELLED, StateType.CRASHED)
    for run in _read_runs(client, ended, KEPT_FLOW_RUNS):
        made = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
        for artifact in client.read_artifacts(artifact_filter=made):
            client.delete_artifact(artifact.id)
        client.delete_flow_run(run.id)


def _read_runs(client: SyncPrefectClient, states: Iterable[StateType], offset: int = 0) -> list[FlowRun]:
    """Flow runs of ours in any of the states, the newest first, but for the first `offset`."""
    return client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[FLOW_NAME])),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states)))
        ),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=FORGOTTEN_AT_ONCE,
        offset=offset,
    )
