"""`serve` until it is told to end: stories run on schedule, and nothing is left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.flows.conftest import COMMAND
from tests.flows.test_prefect import BOOKS, runs_by_state, servers_under
from tests.flows.test_press_refusals import write_story

START_SECONDS = 110.0
STOP_SECONDS = 60.0  # on a machine that stalls


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")
def test_a_served_story_runs_at_once_then_by_the_clock_and_ends_with_sigterm(
    tmp_path: Path, prefect_books: Path
) -> None:
    write_story(tmp_path, '[sources]\nfeeds = ["http://127.0.0.1:9/rss"]\n')
    shutil.copytree(prefect_books, tmp_path / BOOKS)
    books, left_behind = tmp_path / BOOKS / "prefect.db", tmp_path / "temporary"
    left_behind.mkdir()
    before = runs_by_state(books)["COMPLETED"]
    with subprocess.Popen(
        [*COMMAND, "serve", "ferry.toml", "--every", "1h"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(left_behind)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + START_SECONDS
        while (
            not (runs_by_state(books)["COMPLETED"] > before and runs_by_state(books)["SCHEDULED"])
            and process.poll() is None
            and time.monotonic() < deadline
        ):
            time.sleep(0.3)
        runs = runs_by_state(books)
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_SECONDS)
        finally:
            process.kill()

    assert runs["COMPLETED"] == before + 1
    assert runs["SCHEDULED"] > 0
    assert code == 0
    assert servers_under(tmp_path) == []
    assert not list(left_behind.glob("*/*"))
