"""One demo for all tests that look at it: the command, as a user calls it, in a folder with a space."""

from __future__ import annotations

import contextlib
import fcntl
import io
import multiprocessing.process
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from flows.cli import main
from tests.flows.desk import FIRST_DAY, SECOND_DAY, ingest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "import sys; from flows.cli import main; sys.argv[0] = 'wirecopy'; main()"]


def wirecopy(*arguments: str, cwd: Path, timeout: float = 200) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    environment = {
        "PREFECT_API_REQUEST_TIMEOUT": "90",  # a machine that stalls costs no books here
        **{name: value for name, value in os.environ.items() if name != "WIRECOPY_WAREHOUSE"},
    }
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def wirecopy_here(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command in this process, which has its libraries loaded: for what is neither fetched nor killed."""
    said, complained = io.StringIO(), io.StringIO()
    environment = {name: value for name, value in os.environ.items() if name != "WIRECOPY_WAREHOUSE"}
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(sys, "argv", ["wirecopy", *arguments]),
        contextlib.chdir(cwd),
        mock.patch.object(multiprocessing.process, "ORIGINAL_DIR", str(cwd)),  # where its workers work
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(complained),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return subprocess.CompletedProcess(
        arguments, int(ended.value.code or 0), said.getvalue(), complained.getvalue()
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass(frozen=True)
class Demo:
    folder: Path
    port: int

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse" / "coverage.duckdb"


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of this run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextlib.contextmanager
def making_once(made: Path) -> Iterator[bool]:
    """Whether it falls to the caller to make what this file will stand for; the others wait meanwhile."""
    with made.with_name(f"{made.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not made.exists()


@pytest.fixture(scope="session")
def demo(shared_folder: Path) -> Demo:
    """The demo, run once in a folder with a space in its name, for all test processes."""
    folder, port_file = shared_folder / "a press", shared_folder / "port of the press"
    with making_once(port_file) as falls_to_us:
        if falls_to_us:
            folder.mkdir()
            port = free_port()
            first = wirecopy("demo", "--no-prefect", "--port", str(port), cwd=folder)
            assert first.returncode == 0, first.stderr
            port_file.write_text(str(port), encoding="ascii")
    return Demo(folder, int(port_file.read_text(encoding="ascii")))


@pytest.fixture(scope="session")
def first_with_prefect(shared_folder: Path) -> Path:
    """The folder of a first `ingest a.jsonl` under Prefect, done once for all test processes."""
    folder, done_file = shared_folder / "with prefect", shared_folder / "done with prefect"
    with making_once(done_file) as falls_to_us:
        if falls_to_us:
            folder.mkdir()
            (folder / "a.jsonl").write_text(FIRST_DAY[0] + "\n", encoding="utf-8")
            first = wirecopy("ingest", "a.jsonl", cwd=folder)
            assert first.returncode == 0, first.stderr
            done_file.touch()
    return folder


@pytest.fixture(scope="session")
def prefect_books(first_with_prefect: Path) -> Path:
    """Prefect's home after that run. To be copied: making its tables takes seconds."""
    return first_with_prefect / "warehouse" / "coverage.duckdb.d" / "prefect"


@pytest.fixture(scope="session")
def demo_with_outlets(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo's warehouse with the documented table of outlets in it."""
    from flows.outlet_table import import_table

    folder = tmp_path_factory.mktemp("outlets") / "warehouse"
    shutil.copytree(demo.warehouse.parent, folder, symlinks=True)
    import_table(folder / demo.warehouse.name, ROOT / "docs" / "outlets.csv")
    return folder / demo.warehouse.name


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of two days of local files; see `tests.flows.desk`. To be copied, not to be changed."""
    warehouse = tmp_path_factory.mktemp("newsroom") / "coverage.duckdb"
    ingest(warehouse, FIRST_DAY, "first")
    ingest(warehouse, SECOND_DAY, "second")
    return warehouse
