"""Jobs done in a process of their own: the same on this machine and on an engine's workers."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

from flows.backfill.jobs import Done, Outcome, Undone

ATTEMPTS = 2  # a process that dies over a job once may have been killed for another's memory

_own = threading.local()


def do_job(task: str, job: str) -> Outcome:
    """Do a job in this thread's process, which is started when there is none."""
    for _ in range(ATTEMPTS):
        child: Child | None = getattr(_own, "child", None)
        if child is None:
            try:
                child = _own.child = Child()
            except OSError as error:
                return Undone(f"no process can be started: {error}")
        answer = child.ask(json.dumps([task, job]))
        if answer is not None:
            reply = json.loads(answer)
            return Done(reply["done"]) if "done" in reply else Undone(reply["failed"])
        code = child.end()
        _own.child = None
    return Undone(f"its process died {ATTEMPTS} times, with code {code}", is_fatal=True)


def end_child() -> None:
    """End this thread's process, if it has one."""
    child: Child | None = getattr(_own, "child", None)
    if child is not None:
        child.end()
        _own.child = None


class Child:
    """A process that answers a line with a line."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flows.backfill.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def ask(self, line: str) -> str | None:
        """The answer; None if the process is gone."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return None
        answer = self._process.stdout.readline()
        return answer if answer.endswith("\n") else None

    def end(self) -> int:
        """Let it go, and return its exit code."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        code = self._process.wait()
        self._process.stdout.close()
        return code
