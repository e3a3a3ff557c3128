"""Where jobs are done: on this machine, or on the workers of an engine. What they do is the same."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from queue import Empty, SimpleQueue
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
        yield LocalEngine(os.cpu_count() or 1)
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
    """As many processes on this machine as it has cores."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    @property
    def workers(self) -> int:
        return self._workers

    def run(self, task: str, jobs: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        waiting: SimpleQueue[tuple[int, str]] = SimpleQueue()
        done: SimpleQueue[tuple[int, Outcome]] = SimpleQueue()
        for place, job in enumerate(jobs):
            waiting.put((place, job))
        threads = [
            # who breaks off doesn't wait for them: their processes end with this one
            threading.Thread(target=_serve, args=(task, waiting, done), daemon=True)
            for _ in range(min(self._workers, len(jobs)))
        ]
        for thread in threads:
            thread.start()
        for _ in jobs:
            yield done.get()
        for thread in threads:
            thread.join()


def _serve(task: str, waiting: SimpleQueue[tuple[int, str]], done: SimpleQueue[tuple[int, Outcome]]) -> None:
    """Do the jobs that wait, in this thread's process, until there are none."""
    try:
        while True:
            place, job = waiting.get_nowait()
            done.put((place, do_job(task, job)))
    except Empty:
        end_child()
