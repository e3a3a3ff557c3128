"""`serve` until Ctrl-C: deployments get scheduled, and nothing is left behind."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.flows.conftest import COMMAND
from tests.flows.test_prefect import servers_under
from tests.flows.test_press_refusals import write_story

START_SECONDS = 60.0
STOP_SECONDS = 15.0


def scheduled_runs(books: Path) -> int:
    """Runs that Prefect's scheduler has planned so far."""
    if not books.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{books}?mode=ro", uri=True)) as connection:
            count: int = connection.execute(
                "select count(*) from flow_run where state_type = 'SCHEDULED'"
            ).fetchone()[0]
            return count
    except sqlite3.OperationalError:  # the server is still making its tables
        return 0


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")
def test_a_served_story_is_scheduled_and_ends_with_an_interrupt(tmp_path: Path) -> None:
    write_story(tmp_path, '[sources]\nfeeds = ["http://127.0.0.1:9/rss"]\n')
    books = tmp_path / "warehouse" / "coverage.duckdb.d" / "prefect" / "prefect.db"
    with subprocess.Popen(
        [*COMMAND, "serve", "ferry.toml", "--every", "1h"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        deadline = time.monotonic() + START_SECONDS
        while not scheduled_runs(books) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        planned = scheduled_runs(books)
        process.send_signal(signal.SIGINT)
        try:
            code = process.wait(STOP_SECONDS)
        finally:
            process.kill()

    assert planned > 0
    assert code == 0
    assert servers_under(tmp_path) == []
