from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.warehouse.material import load_and_publish, press_rows
from warehouse.paths import WarehousePaths


@pytest.fixture
def paths(tmp_path: Path) -> WarehousePaths:
    """The places of a warehouse that isn't there yet, in a folder with a space in its name."""
    folder = tmp_path / "my data"
    folder.mkdir()
    return WarehousePaths.of(folder / "coverage.duckdb")


@pytest.fixture
def loaded(press: WarehousePaths, paths: WarehousePaths) -> WarehousePaths:
    """A warehouse of the test's own with the invented press in it: a copy of `press`."""
    shutil.copytree(press.published.parent, paths.published.parent, symlinks=True, dirs_exist_ok=True)
    return paths


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> WarehousePaths:
    """One warehouse with the invented press in it, for tests that only read."""
    paths = WarehousePaths.of(tmp_path_factory.mktemp("press") / "coverage.duckdb")
    load_and_publish(paths, press_rows())
    return paths
