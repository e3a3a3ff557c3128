"""Readers in other processes while runs publish: no error, and whole states only."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.bench_readers import measure


def test_readers_without_pause_see_whole_states_and_no_error(tmp_path: Path) -> None:
    _, readings = measure(tmp_path, readers=2, runs=2)

    assert readings.reads > 0
    assert (readings.errors, readings.torn) == (0, 0)
