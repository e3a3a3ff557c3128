"""A Dask scheduler and its workers on loopback, each a process as the documentation has them started."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.flows.conftest import free_port

QUIET = {"DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "critical"}
WAIT_SECONDS = 60


@dataclass(frozen=True)
class Cluster:
    address: str
    workers: list[int]  # their process ids


@contextmanager
def running_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """So many workers, all there; their processes are killed at the end."""
    from distributed import Client

    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    with ExitStack() as cleanup:
        _start(cleanup, "dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        started = [
            _start(
                cleanup,
                *("dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard"),
                *("--host", "127.0.0.1", "--local-directory", str(folder / f"worker{number}")),
            )
            for number in range(workers)
        ]
        with Client(address, timeout=WAIT_SECONDS, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=WAIT_SECONDS)
        yield Cluster(address, [process.pid for process in started])


def _start(cleanup: ExitStack, program: str, *arguments: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
        env={**os.environ, **QUIET},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    cleanup.callback(process.wait)
    cleanup.callback(process.kill)
    return process
