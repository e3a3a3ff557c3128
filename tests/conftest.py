"""The order of the tests: what takes long comes first, so that all workers end at about the same time."""

from __future__ import annotations

import os
from itertools import groupby

import pytest
from hypothesis import settings

settings.register_profile("wirecopy", deadline=None)  # the first call of a compiled loop takes seconds
settings.load_profile("wirecopy")

# Modules of a minute or so, then those of a quarter: each is begun by one worker and stays with it, since
# its fixture is a whole run; workers take over from one another what stands last.
LONGEST = (
    "tests/flows/test_whole_run.py",
    "tests/flows/test_prefect.py",
    "tests/flows/test_following.py",
    "tests/flows/test_press_serve.py",
    "tests/flows/test_demo_run.py",
    "tests/flows/test_prefect_worker.py",  # not at once: it rests on a run that test_prefect makes
    "tests/flows/test_increment.py",
    "tests/spiders/test_resume.py",
    "tests/spiders/test_crawl.py",
    "tests/flows/test_hostile_folder.py",
    "tests/spiders/test_fault_matrix.py",
    "tests/flows/test_long_service.py",
    "tests/flows/test_backfill.py",
)
QUICK = "tests/pipelines/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the modules to the shares of the workers, which are equal in number; fill up with quick tests."""
    quick = [item for item in items if item.nodeid.startswith(QUICK)]
    modules = {
        name: list(group)
        for name, group in groupby(
            (item for item in items if not item.nodeid.startswith(QUICK)),
            key=lambda item: item.nodeid.partition("::")[0],
        )
    }
    order = [name for name in LONGEST if name in modules]
    order += [name for name in modules if name not in LONGEST]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    shares: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for place, name in enumerate(order):
        shares[place % workers] += modules[name]
    for share in shares:
        wanted = max(0, len(items) // workers - len(share))
        share += quick[:wanted]
        del quick[:wanted]
    items[:] = [item for share in shares for item in share] + quick
