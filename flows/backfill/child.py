"""The process that does a worker's jobs: `python -m flows.backfill.child`; a line in, a line out.

It isn't started by way of multiprocessing, so that it may have processes of its own whatever the engine's
worker is; what it takes of memory, and what breaks it, is its own; it ends with the worker.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from pebble import ProcessPool

from flows.backfill.extract import derive_file
from flows.backfill.jobs import BlockJob, FileJob, RangeJob, decode, encode
from flows.backfill.join import link_and_compare, share_range
from flows.workers import open_pool
from spiders.orphans import leave_with

PARSERS = 1  # processes for the pages of one file: as many files at a time as there are cores


def main() -> None:
    """Do the jobs of standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the command; this process ends with it
    leave_with(os.getppid())
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer
    with ExitStack() as cleanup:
        tools = Tools(cleanup)
        for line in sys.stdin:
            answers.write(json.dumps(answer(line, tools)) + "\n")
            answers.flush()


class Tools:
    """What the jobs of one process share; each is made when the first job needs it."""

    def __init__(self, cleanup: ExitStack) -> None:
        self._cleanup = cleanup
        self._pool: ProcessPool | None = None

    @property
    def pool(self) -> ProcessPool:
        if self._pool is None:
            self._pool = self._cleanup.enter_context(open_pool(PARSERS))
        return self._pool


def answer(line: str, tools: Tools) -> dict[str, str]:
    """The answer to one line: the job's report, or what went wrong."""
    task, job = json.loads(line)
    try:
        return {"done": TASKS[task](job, tools)}
    except Exception as error:  # noqa: BLE001 - the border of the process: it goes out as a line
        return {"failed": f"{type(error).__name__}: {' '.join(str(error).split())}"[:1000]}


def _extract(job: str, tools: Tools) -> str:
    return encode(derive_file(decode(FileJob, job), tools.pool))


def _share(job: str, tools: Tools) -> str:
    return share_range(decode(RangeJob, job))


def _link(job: str, tools: Tools) -> str:
    return link_and_compare(decode(BlockJob, job))


TASKS: Mapping[str, Callable[[str, Tools], str]] = {"extract": _extract, "share": _share, "link": _link}

if __name__ == "__main__":
    main()
