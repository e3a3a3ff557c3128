"""A helper process ends with the process that it works for, however that one ends."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time

CHECK_SECONDS = 0.5  # where the system has no handles of processes
ORPHANED = 131  # exit code of a process whose master is gone


def leave_with(process: int) -> None:
    """End this process soon after another one, which runs now, is gone; watched by a thread."""

    def watch() -> None:
        _await_end(process)
        os._exit(ORPHANED)

    threading.Thread(target=watch, daemon=True).start()


def _await_end(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "pidfd_open"):
            select.select([os.pidfd_open(process)], [], [])
            return
        while True:
            os.kill(process, 0)
            time.sleep(CHECK_SECONDS)
