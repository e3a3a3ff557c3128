"""The engines that a backfill is measured on, each with so many workers, and the processor time they take."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

from flows.backfill import child
from flows.backfill.children import do_job
from flows.backfill.engines import Engine, LocalEngine, open_engine
from flows.backfill.jobs import Outcome
from tests.flows.dask_cluster import running_cluster


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock; of processor time, in all processes and of the busiest worker."""

    clock: float
    processor: float
    busiest: float


@dataclass
class MeteredEngine:
    """An engine whose tasks are timed."""

    engine: Engine
    costs: dict[str, Cost] = field(default_factory=dict)

    @property
    def workers(self) -> int:
        return self.engine.workers

    def run(self, task: str, jobs: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        with metered() as cost:
            outcomes = list(self.engine.run(task, jobs))
        self.costs[task] = cost[0]
        yield from outcomes


@dataclass(frozen=True)
class SparkEngine:
    """The same jobs by Spark: it hands its outcomes over when all are done."""

    context: Any
    workers: int

    def run(self, task: str, jobs: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        if jobs:
            numbered = self.context.parallelize(list(enumerate(jobs)), len(jobs))
            yield from numbered.map(lambda job: (job[0], do_job(task, job[1]))).collect()


def installed_engines() -> list[str]:
    """Those of the engines that this Python has."""
    needs = {"local": "flows", "dask": "distributed", "spark": "pyspark"}
    return [name for name, module in needs.items() if find_spec(module) is not None]


@contextmanager
def engine_of(name: str, workers: int) -> Iterator[Engine]:
    """An engine with its workers on this machine, each having done a job already."""
    if name == "local":
        with closing(LocalEngine(workers)) as engine:
            yield engine
    elif name == "dask":
        with (
            tempfile.TemporaryDirectory() as folder,
            running_cluster(Path(folder), workers) as cluster,
            open_engine("dask", cluster.address) as engine,
        ):
            yield engine
    else:
        with _spark(workers) as engine:
            yield engine


@contextmanager
def _spark(workers: int) -> Iterator[Engine]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark import SparkConf, SparkContext

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    configured = SparkConf().setMaster(f"local[{workers}]").setAll(list(settings.items()))
    context = SparkContext(conf=configured)
    context.setLogLevel("OFF")
    try:
        yield SparkEngine(context, workers)
    finally:
        context.stop()


@contextmanager
def metered() -> Iterator[list[Cost]]:
    """The cost of a block, in a list that has it at the end."""
    cost: list[Cost] = []
    clock, processor, workers = time.perf_counter(), seconds_of(psutil.Process()), seconds_of_workers()
    yield cost
    took = time.perf_counter() - clock, seconds_of(psutil.Process()) - processor
    own = [seconds - workers.get(worker, 0) for worker, seconds in seconds_of_workers().items()]
    cost.append(Cost(*took, max(own, default=0)))


def seconds_of_workers() -> dict[int, float]:
    """Of each process that does jobs, with its parser, by its id."""
    return {
        process.pid: seconds_of(process)
        for process in psutil.Process().children(recursive=True)
        if child.__name__ in _command_of(process)
    }


def peak_megabytes() -> list[float]:
    """The most memory that each process of each worker has held, the largest first."""
    found = []
    for process in psutil.Process().children(recursive=True):
        if child.__name__ in _command_of(process):
            for one in (process, *process.children(recursive=True)):
                status = Path(f"/proc/{one.pid}/status").read_text(encoding="ascii")
                found += [int(line.split()[1]) / 1024 for line in status.splitlines() if "VmHWM" in line]
    return sorted(found, reverse=True)


def seconds_of(root: psutil.Process) -> float:
    """Of a process, all under it, and all that were under them and are gone."""
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def _command_of(process: psutil.Process) -> list[str]:
    try:
        command: list[str] = process.cmdline()
    except psutil.NoSuchProcess:
        return []
    return command
