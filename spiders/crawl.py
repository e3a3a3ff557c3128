"""A crawl in a process of its own: `python -m spiders.crawl JOB.json`, and `run_crawl` to start one."""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from spiders.jobs import CrawlJob
from spiders.journal import is_finished
from spiders.orphans import ORPHANED

__all__ = ["CrawlJob", "CrawlResult", "run_crawl"]

FAILED = 1
STOP_SECONDS = 10.0  # for a clean end after SIGINT; then SIGKILL, which loses nothing that counts
PARENT_CHECK_SECONDS = 0.5
ERROR_PREFIX = "error: "


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a crawl process ended. What is done is kept in any case; not finished: run the job again."""

    exit_code: int
    is_finished: bool
    error: str | None  # one line, where something must be mended first


def run_crawl(job_path: Path, on_line: Callable[[str], None] = lambda _: None) -> CrawlResult:
    """Run a job in a process of its own and wait for its end; `on_line` is given its log lines.

    If this process is interrupted, the crawl ends cleanly within seconds, and the
    interrupt goes on. If this process is killed, the crawl dies at once.
    """
    job = CrawlJob.read(job_path)
    if is_finished(job.journal, job.depth):
        return CrawlResult(0, is_finished=True, error=None)
    command = [sys.executable, "-m", "spiders.crawl", str(job_path)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,  # never written to: its end tells the child that we are gone
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # Ctrl-C reaches the child once, through us
    )
    error, text = None, ""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        for line in process.stdout:
            text = line.rstrip("\n")
            if text.startswith(ERROR_PREFIX):
                error = text.removeprefix(ERROR_PREFIX)
            on_line(text)
        process.wait()
    finally:
        _end(process)
        process.stdin.close()
        process.stdout.close()
    if process.returncode == FAILED and error is None:
        error = text  # a traceback's last line
    return CrawlResult(process.returncode, is_finished(job.journal, job.depth), error)


def _end(process: subprocess.Popen[str]) -> None:
    """See that the child is gone, whatever happened here."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main(arguments: list[str]) -> int:
    """The child's side. Exit codes: 0 finished, 1 an error line was printed, 130 interrupted."""
    threading.Thread(target=_die_with_parent, args=(os.getppid(),), daemon=True).start()
    # importing Scrapy takes seconds, during which the parent may die
    from spiders.process import crawl_story

    _log_ours_only()
    return crawl_story(CrawlJob.read(Path(arguments[0])))


def _log_ours_only() -> None:
    """Plain lines of ours on stdout; what the libraries report is a fate in the journal."""
    logging.getLogger().addHandler(logging.NullHandler())
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    ours = logging.getLogger("spiders")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False


def _die_with_parent(parent: int) -> None:
    """End this process at once when the parent is gone, so that an orphan never writes to the archive."""
    while os.getppid() == parent:
        readable, _, _ = select.select([sys.stdin], [], [], PARENT_CHECK_SECONDS)
        if readable and not os.read(sys.stdin.fileno(), 1024):
            break
    os._exit(ORPHANED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
