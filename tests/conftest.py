"""The order of the tests: what takes long comes first, so that all workers end at about the same time."""

from __future__ import annotations

import pytest

LONGEST = "tests/flows/test_whole_run.py"
QUICK = "tests/pipelines/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin each half of the list, a worker's share, with whole runs; end it with pure functions."""
    whole_runs = [item for item in items if item.nodeid.startswith(LONGEST)]
    quick = [item for item in items if item.nodeid.startswith(QUICK)]
    others = [item for item in items if not item.nodeid.startswith((LONGEST, QUICK))]
    half = max(0, len(items) // 2 - len(whole_runs))
    items[:] = [*whole_runs, *quick[:half], *others, *quick[half:]]
