"""The run as a Prefect flow: one task a step, handed a run's folder, never a page or a text.

Import it only inside `prefect_server`, which sets the environment that Prefect reads on import.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

Result = TypeVar("Result")


def run_in_flow(name: str, body: Callable[[Callable[..., Result]], None]) -> None:
    """Run `body` as a flow called `name`; it is given a function that runs a step as a task."""

    @flow(name="wirecopy", flow_run_name=name, persist_result=False, validate_parameters=False)
    def wirecopy_run() -> None:
        body(run_step)

    wirecopy_run()


def run_step(step: str, function: Callable[..., Result], *arguments: object) -> Result:
    """Run one step as a Prefect task of the running flow."""
    as_task = task(name=step, persist_result=False, cache_policy=NO_CACHE)(function)
    return as_task(*arguments)
