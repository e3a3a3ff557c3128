"""Other people's SQL, run where it can do no harm.

A read-only DuckDB connection still reads and writes any file, and an interrupt can take it a minute. So each
query gets a process of its own: no files, no network, no extensions, settings locked, memory bounded by
the operating system, and killed when its time is up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from warehouse.cells import decode_cell
from warehouse.errors import (
    QueryError,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    QueryTooLarge,
)
from warehouse.master import open_published

PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
KINDS: Mapping[str, type[QueryError]] = {
    "refused": QueryRefused,
    "failed": QueryFailed,
    "too_large": QueryTooLarge,
}


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What one query may use. The process as a whole stays within `process_mb` of address space."""

    seconds: float = 60.0
    memory_mb: int = 384
    process_mb: int = 1024
    result_mb: int = 128  # the answer, as JSON; more is for `wirecopy export`
    threads: int = 2


@dataclass(frozen=True, slots=True)
class QueryResult:
    """A whole answer; it is never cut short. `types` are DuckDB's names of the column types."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def run_query(
    path: Path,
    query: str,
    parameters: Mapping[str, object] | None = None,
    limits: QueryLimits = QueryLimits(),
) -> QueryResult:
    """Run one select-like statement on the published file; `parameters` are bound by name ($name).

    Raises:
        QueryRefused: it is no single question, or it reaches outside the tables.
        QueryFailed: it can't be run as written; the message has the position.
        QueryTimeout, QueryTooLarge: it went over its limits.
        WarehouseError: there is no warehouse, or it can't be read.
    """
    with open_published(path):  # names what is wrong with the file before a query is blamed
        snapshot = path.resolve()
    request = {
        "path": str(snapshot),
        "query": query,
        "parameters": dict(parameters or {}),
        "limits": asdict(limits),
    }
    answer = _ask_child(json.dumps(request), limits)
    return _read_answer(answer, limits)


def _ask_child(request: str, limits: QueryLimits) -> bytes:
    """The child's output, of a process that has ended by then in any case."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    command = [sys.executable, "-P", "-m", "warehouse.query_child"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # each arena reserves 64 MB of the address space that the limit counts
        env={**environment, "MALLOC_ARENA_MAX": "2"},
    ) as child:
        try:
            answer, _ = child.communicate(request.encode(), timeout=limits.seconds)
        except subprocess.TimeoutExpired as error:
            raise QueryTimeout(
                f"the query was stopped after {limits.seconds:g} s, its time limit. Narrow it down, give it "
                "more with `wirecopy sql --seconds`, or open the published file with DuckDB yourself"
            ) from error
        finally:
            child.kill()
    return answer


def _read_answer(answer: bytes, limits: QueryLimits) -> QueryResult:
    lines = answer.splitlines()
    last = json.loads(lines[-1]) if answer.endswith(b"\n") else None
    if not isinstance(last, dict):
        raise QueryTooLarge(
            f"the query was stopped: it needed more than its {limits.process_mb} MB of memory, or crashed "
            "DuckDB. Narrow it down, or open the published file with DuckDB yourself"
        )
    if "error" in last:
        raise KINDS[last["error"]](last["message"])
    header = json.loads(lines[0])
    rows = tuple(tuple(decode_cell(cell) for cell in json.loads(line)) for line in lines[1:-1])
    return QueryResult(tuple(header["columns"]), tuple(header["types"]), rows)
