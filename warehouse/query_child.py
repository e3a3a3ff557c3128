"""The process that runs one query: reads a request on stdin, writes the answer as JSON lines, ends.

The first line names the columns, then comes a line for each row, then one that says how it ended.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
from collections.abc import Iterator, Mapping
from typing import IO, Any

import duckdb

from warehouse.cells import encode_cell

FETCHED_ROWS = 1000
MB = 1024 * 1024
CORE_SETTINGS: Mapping[str, str | bool] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
    "temp_directory": "",  # what memory has no room for ends as that, and not as a file
}
SESSION = """
set enable_progress_bar = false;
set TimeZone = 'UTC';
set python_enable_replacements = false;
set lock_configuration = true;
"""
# these table functions change the process itself; a question has no use for them
MEDDLING = re.compile(
    r"\b(enable_\w+|disable_\w+|json_execute_serialized_sql|truncate_duckdb_logs|force_checkpoint|checkpoint"
    r"|(?:de)?register_external_resource\w*|create_external_resource|destroy_external_resource|add_parquet_key"
    r"|arrow_scan\w*|python_\w+|pandas_scan|import_database|copy_database)\"?\s*\(",
    re.IGNORECASE,
)
PLACE = re.compile(r"LINE (\d+): (.*)\n( *)\^")


class Stopped(Exception):
    """The query ends without an answer."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def main() -> None:
    """Answer the request on stdin."""
    output = _keep_stdout()
    request = json.loads(sys.stdin.buffer.read())
    try:
        for line in _answer(request):
            output.write(line)
        ending: dict[str, Any] = {"end": True}
    except Stopped as error:
        ending = {"error": error.kind, "message": str(error)}
    except (duckdb.OutOfMemoryException, MemoryError):
        ending = {"error": "too_large", "message": _too_much_memory(request["limits"])}
    except duckdb.Error as error:
        ending = _ending_of(error)
    output.write(json.dumps(ending).encode() + b"\n")
    output.flush()
    os._exit(0)  # a connection that ran out of memory can hang while it is closed


def _keep_stdout() -> IO[bytes]:
    """Our own way out; whatever else prints to stdout goes to stderr."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def _answer(request: Mapping[str, Any]) -> Iterator[bytes]:
    limits = request["limits"]
    connection = _open(request["path"], limits)
    _limit_process(limits)
    statement = _only_question(connection, request["query"])
    connection.execute(statement, request["parameters"] or None)
    described = connection.description or []
    yield (
        json.dumps(
            {"columns": [one[0] for one in described], "types": [str(one[1]) for one in described]}
        ).encode()
        + b"\n"
    )
    room = limits["result_mb"] * MB
    while rows := connection.fetchmany(FETCHED_ROWS):
        for row in rows:
            line = json.dumps([encode_cell(cell) for cell in row], ensure_ascii=False).encode() + b"\n"
            room -= len(line)
            if room < 0:
                raise Stopped(
                    "too_large",
                    f"the answer is larger than {limits['result_mb']} MB. Ask for fewer rows or columns, "
                    "or take whole tables out with `wirecopy export`",
                )
            yield line


def _open(path: str, limits: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    settings = {
        **CORE_SETTINGS,
        "threads": limits["threads"],
        "memory_limit": f"{limits['memory_mb']}MB",
    }
    connection = duckdb.connect(path, read_only=True, config=settings)
    connection.execute(SESSION)
    return connection


def _limit_process(limits: Mapping[str, Any]) -> None:
    """What DuckDB's own limits let through, the operating system stops."""
    space = limits["process_mb"] * MB
    seconds = int(limits["seconds"] * limits["threads"]) + 2  # of CPU, should the parent be gone
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _only_question(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.Statement:
    """The query's single statement.

    Raises:
        Stopped: it is none, several, or one that does something.
    """
    statements = connection.extract_statements(query)
    if len(statements) != 1:
        count = "no statement" if not statements else f"{len(statements)} statements"
        raise Stopped("refused", f"one query at a time, please: this is {count}")
    kind = statements[0].type
    if kind is not duckdb.StatementType.SELECT:
        raise Stopped(
            "refused",
            f"only questions are answered here (select, from, with, values, describe, summarize), not "
            f"{kind.name.lower()} statements. To work on a copy of the tables, use `wirecopy export`",
        )
    meddling = MEDDLING.search(query)
    if meddling:
        raise Stopped("refused", f"{meddling[1]}() doesn't read the tables and isn't allowed here")
    return statements[0]


def _ending_of(error: duckdb.Error) -> dict[str, str]:
    said = str(error)
    if isinstance(error, duckdb.PermissionException) or "read-only mode" in said:
        message = f"a query reads the warehouse's tables and nothing else: {_first_line(said)}"
        return {"error": "refused", "message": message}
    place = PLACE.search(said)
    if place is None:
        return {"error": "failed", "message": _first_line(said)}
    column = len(place[3]) - len(f"LINE {place[1]}: ") + 1
    message = f"{_first_line(said)} (line {place[1]}, column {column}: {place[2].strip()})"
    return {"error": "failed", "message": message}


def _first_line(said: str) -> str:
    return said.splitlines()[0].strip()


def _too_much_memory(limits: Mapping[str, Any]) -> str:
    return (
        f"the query needs more than its {limits['memory_mb']} MB of memory. Narrow it down, or open the "
        "published file with DuckDB yourself"
    )


if __name__ == "__main__":
    main()
