"""Jobs on the workers of a Dask scheduler. Only paths and numbers travel; what is made lies on disks."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from distributed import Client, Future, as_completed
from distributed.scheduler import KilledWorker

from flows.backfill.children import do_job
from flows.backfill.jobs import Outcome, Undone
from flows.errors import ExitCode, Failure

CONNECT_SECONDS = 10
ADDRESS = re.compile(r"(\w+://)?\S+:\d+")


@contextmanager
def open_dask(address: str) -> Iterator[DaskEngine]:
    """The workers of the scheduler at an address.

    Raises:
        Failure: it is none, nothing answers there, or it has no workers.
    """
    if not ADDRESS.fullmatch(address):
        raise Failure(f"--address {address}: not of the form tcp://HOST:PORT", ExitCode.WRONG)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said by whoever asked
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Failure(
            f"no Dask scheduler answers at {address} ({str(error).splitlines()[0]}); start one with "
            "`dask scheduler`, and workers with `dask worker ADDRESS`",
            ExitCode.WRONG,
        ) from error
    with client:
        engine = DaskEngine(client)
        if not engine.workers:
            raise Failure(
                f"the scheduler at {address} has no workers; start some with `dask worker {address}`",
                ExitCode.WRONG,
            )
        yield engine


class DaskEngine:
    """Jobs of a dead worker go to another; one that kills worker after worker is given up."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def workers(self) -> int:
        return sum(self._client.nthreads().values())

    def run(self, task: str, jobs: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        names = [f"wirecopy-{task}-{place}-{uuid4().hex}" for place in range(len(jobs))]
        futures = self._client.map(do_job, [task] * len(jobs), jobs, key=names, pure=False)
        places = {future.key: place for place, future in enumerate(futures)}
        try:
            with self._client.as_current():
                finished = as_completed(futures)
            for future in finished:
                yield places[future.key], _outcome(future)
        finally:
            self._client.cancel(futures)


def _outcome(future: Future) -> Outcome:
    if future.cancelled():
        return Undone("the connection to the Dask scheduler was lost: start it again")
    error = future.exception()
    if error is None:
        outcome: Outcome = future.result()
        return outcome
    if isinstance(error, KilledWorker):
        return Undone("the workers that took it died, one after another", is_fatal=True)
    return Undone(f"{type(error).__name__}: {error}")
