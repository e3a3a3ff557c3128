"""The dependency rule: four rooms, one direction."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"pipelines", "spiders", "warehouse", "flows"}
MAY_IMPORT = {
    "pipelines": set[str](),
    "spiders": {"pipelines"},
    "warehouse": {"pipelines"},
    "flows": {"pipelines", "spiders", "warehouse"},
}
ONLY_IN = {"scrapy": "spiders", "twisted": "spiders", "duckdb": "warehouse", "prefect": "flows"}
# what would make a pure function read a file, a clock, the network, the environment or chance
IMPURE = {
    "logging",
    "os",
    "random",
    "requests",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "time",
}

MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    names = set[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; write the full name"
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    imported = imports_of(path)

    assert imported & ROOMS <= MAY_IMPORT[room] | {room}
    assert "tests" not in imported
    assert {library for library, home in ONLY_IN.items() if library in imported and home != room} == set()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "pipelines").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_pipelines_import_nothing_that_reads_the_outside(path: Path) -> None:
    assert imports_of(path) & IMPURE == set()


def test_the_command_starts_without_the_heavy_libraries() -> None:
    import subprocess

    heavy = ("altair", "numba", "prefect", "scrapy", "trafilatura", "vl_convert")
    code = f"import sys, flows.cli; print(*(m for m in {heavy} if m in sys.modules))"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert output.stdout.strip() == ""
