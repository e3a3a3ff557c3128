"""Where jobs are done: on this machine, or on the workers of an engine. What they do is the same."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from queue import SimpleQueue
from typing import Protocol

from flows.backfill.children import do_job, end_child
from flows.backfill.jobs import Outcome
from flows.errors import ExitCode, Failure

ENGINES = ("local", "dask")


class Engine(Protocol):
    """Does jobs; a worker that dies costs no job, a job that can't be done costs no other."""

    @property
    def workers(self) -> int:
        """Jobs that are done at a time."""
        ...

    def run(self, task: str, jobs: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        """Each job's place in the sequence and its outcome, as they are done."""
        ...


@contextmanager
def open_engine(name: str, address: str | None) -> Iterator[Engine]:
    """An engine by its name, ready to work.

    Raises:
        Failure: there is none of that name, it isn't installed, or nothing answers at the address.
    """
    if name == "local":
        here = LocalEngine(os.cpu_count() or 1)
        yield here
        here.close()  # not where something was raised: it may wait for a file of minutes
        return
    if name != "dask":
        raise Failure(f"--engine {name}: not supported; use {' or '.join(ENGINES)}", ExitCode.WRONG)
    if address is None:
        raise Failure(
            "--engine dask needs the scheduler's --address, e.g. tcp://10.0.0.5:8786 (`dask scheduler` "
            "prints it)",
            ExitCode.WRONG,
        )
    if find_spec("distributed") is None:
        raise Failure("--engine dask: install it with `pip install 'wirecopy[dask]'`", ExitCode.WRONG)
    from flows.backfill.dask_engine import open_dask

    with open_dask(address) as engine:
        yield engine


class LocalEngine:
    """As many processes on this machine as it has cores; they stay for the next jobs until it is closed."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    @property
    def workers(self) -> int:
        return self._workers

    def run(self, task: str, jobs: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        done: SimpleQueue[tuple[int, Outcome]] = SimpleQueue()
        for place, job in enumerate(jobs):
            self._waiting.put(_Waiting(task, place, job, done))
        while len(self._threads) < min(self._workers, len(jobs)):
            # who breaks off doesn't wait for them: their processes end with this one
            self._threads.append(threading.Thread(target=_serve, args=(self._waiting,), daemon=True))
            self._threads[-1].start()
        for _ in jobs:
            yield done.get()

    def close(self) -> None:
        """End the processes; nobody waits for jobs any more."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A job, its place among those asked for together, and where its outcome goes."""

    task: str
    place: int
    job: str
    done: SimpleQueue[tuple[int, Outcome]]


def _serve(waiting: SimpleQueue[_Waiting | None]) -> None:
    """Do the jobs that wait, in this thread's process, until there is nothing to wait for."""
    while (one := waiting.get()) is not None:
        one.done.put((one.place, do_job(one.task, one.job)))
    end_child()
