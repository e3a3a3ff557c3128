"""`serve` until it is told to end: stories run on schedule, and nothing is left behind."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.flows.conftest import COMMAND
from tests.flows.test_prefect import runs_by_state, servers_under
from tests.flows.test_press_refusals import write_story

START_SECONDS = 110.0
STOP_SECONDS = 15.0


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")
def test_a_served_story_runs_at_once_then_by_the_clock_and_ends_with_sigterm(tmp_path: Path) -> None:
    write_story(tmp_path, '[sources]\nfeeds = ["http://127.0.0.1:9/rss"]\n')
    books = tmp_path / "warehouse" / "coverage.duckdb.d" / "prefect" / "prefect.db"
    with subprocess.Popen(
        [*COMMAND, "serve", "ferry.toml", "--every", "1h"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + START_SECONDS
        while (
            not {"COMPLETED", "SCHEDULED"} <= runs_by_state(books).keys()
            and process.poll() is None
            and time.monotonic() < deadline
        ):
            time.sleep(0.1)
        runs = runs_by_state(books)
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_SECONDS)
        finally:
            process.kill()

    assert runs["COMPLETED"] == 1
    assert runs["SCHEDULED"] > 0
    assert code == 0
    assert servers_under(tmp_path) == []
