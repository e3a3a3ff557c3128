"""Kills at the weakest spots change no row, and each of four planted bugs shows."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLANTED = ("half file kept", "journal before data", "load outside its transaction", "torn tail kept")


@pytest.mark.skipif(shutil.which("strace") is None, reason="kills at system calls need strace")
def test_kills_change_no_row_and_planted_bugs_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.benchmarks.crash",
            "--small",
            "--mutants",
            "1",
            "--folder",
            str(tmp_path),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    if "may not attach" in done.stderr:
        pytest.skip("strace may not attach to processes here")

    assert done.returncode == 0, done.stderr
    assert "| weak spots | ingest | 1 | 4 | 0 |" in done.stdout
    for name in PLANTED:
        assert f"| {name} | 1 of 1 |" in done.stdout
