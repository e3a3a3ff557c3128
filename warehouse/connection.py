"""Opening DuckDB files the one way we do, and giving its errors their names."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.errors import (
    DamagedWarehouse,
    DiskFull,
    DuckdbFailure,
    ForeignFile,
    MasterLocked,
    MemoryShort,
    MissingWarehouse,
    WarehouseError,
    WarehouseUnwritable,
)
from warehouse.paths import describe

OFFLINE: Mapping[str, str | bool] = {
    "autoinstall_known_extensions": False,  # a foreign file would make DuckDB call its extension server
    "autoload_known_extensions": False,
}
SESSION = (
    "set enable_progress_bar = false; set TimeZone = 'UTC';"  # the bar would go to stdout
    "set dynamic_or_filter_threshold = 1000"  # ids looked up in a key; of more, all rows are read
)
STORAGE_VERSION = "v1.5.0"  # files that DuckDB 1.5 and the tools built on it can read too
ROW_GROUP_ROWS = 16_384  # a load writes the last group of each table anew; 122,880 are seconds of work
WRITER_SHARE = (
    0.5  # of the machine's memory is DuckDB's own; what doesn't fit goes to a folder beside the file
)
MB = 1024 * 1024
OPENED = "opened"  # the file's name in a connection that writes
FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FULL_WORDS = ("No space left", "Disk quota exceeded", "File too large")
UNWRITABLE_WORDS = (
    "Permission denied",
    "Read-only file system",
    "Operation not permitted",
    "No such file or directory",  # the folder, where a file is to be made
    "Is a directory",
)
DAMAGE_WORDS = (
    "not a valid DuckDB database file",
    "Could not read enough bytes",
    "Corrupt database file",
    "does not match stored checksum",
    "Failure while replaying WAL",
)


@contextmanager
def open_for_writing(path: Path, most_mb: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-write connection to a file of ours; closed (and so checkpointed) at the end.

    It takes no more memory than `most_mb`, nor than half of the machine's; the rest goes to disk.

    Raises:
        WarehouseError: one of its kinds; no DuckDB or OS error about the file comes out.
    """
    _refuse_other_formats(path)
    has_journal = journal_of(path).exists()
    spilled = path.with_name(path.name + ".tmp")
    shutil.rmtree(spilled, ignore_errors=True)  # a killed run's
    with _naming_duckdb_errors(path):
        connection = duckdb.connect(
            config={**OFFLINE, "memory_limit": writer_memory(most_mb), "temp_directory": str(spilled)}
        )
        try:
            connection.execute(_attach(path))
            connection.execute(SESSION)
            if not has_journal:  # what a journal adds isn't all in the file yet
                _refuse_truncated(connection, path)
            yield connection
        finally:
            connection.close()


def writer_memory(most_mb: int | None = None) -> str:
    """What a load may take, as DuckDB writes it."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    share = int(WRITER_SHARE * machine / MB)
    return f"{share if most_mb is None else min(share, most_mb)}MiB"


def _attach(path: Path) -> str:
    """The statements that open a file for writing: nothing else takes the size of its groups of rows."""
    name = str(path).replace("'", "''")
    options = f"row_group_size {ROW_GROUP_ROWS}, storage_version '{STORAGE_VERSION}'"
    return f"attach '{name}' as {OPENED} ({options}); use {OPENED}"


@contextmanager
def open_for_reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the published link, a snapshot, or (under the lock) the master.

    Raises:
        MissingWarehouse: there is no such file.
        WarehouseError: one of its other kinds.
    """
    if not path.exists():
        raise MissingWarehouse(path)
    _refuse_other_formats(path)
    with _naming_duckdb_errors(path):
        connection = duckdb.connect(str(path), read_only=True, config=dict(OFFLINE))
        try:
            connection.execute(SESSION)
            if not journal_of(path).exists():
                _refuse_truncated(connection, path)
            yield connection
        finally:
            connection.close()


def journal_of(database: Path) -> Path:
    """DuckDB's write-ahead log of a file; gone after a clean close."""
    return database.with_name(database.name + ".wal")


@contextmanager
def naming_errors(path: Path) -> Iterator[None]:
    """Turn DuckDB's and the operating system's errors about `path` into ours."""
    with _naming_duckdb_errors(path), writing(path):
        yield


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn the operating system's errors while writing at `path` into ours."""
    try:
        yield
    except OSError as error:
        raise name_os_error(path, error) from error


@contextmanager
def _naming_duckdb_errors(path: Path) -> Iterator[None]:
    """For work on an open connection: an OSError there is about something else, such as a closed pipe."""
    try:
        yield
    except duckdb.Error as error:
        raise name_error(path, error) from error


def name_error(path: Path, error: duckdb.Error) -> WarehouseError:
    """Our error for one of DuckDB's."""
    said = _first_line(error)
    if isinstance(error, duckdb.OutOfMemoryException) and not any(words in said for words in FULL_WORDS):
        return MemoryShort(path, said)
    if any(words in said for words in FULL_WORDS):
        return DiskFull(path, said)
    if "Could not set lock" in said:
        return MasterLocked(path, said)
    if any(words in said for words in UNWRITABLE_WORDS):
        return WarehouseUnwritable(path, said)
    if any(words in said for words in DAMAGE_WORDS):
        return DamagedWarehouse(path, said)
    return DuckdbFailure(path, said)


def name_os_error(path: Path, error: OSError) -> WarehouseError:
    """Our error for one of the operating system's."""
    said = error.strerror or str(error)
    if error.errno in FULL_ERRNOS:
        return DiskFull(path, said)
    return WarehouseUnwritable(path, said)


def _refuse_other_formats(path: Path) -> None:
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(16)
        if head and head[8:12] != b"DUCK":
            raise ForeignFile(path, describe(path))
        if not head:
            raise DamagedWarehouse(path, "the file is empty")
    elif path.exists():
        raise ForeignFile(path, describe(path))


def _refuse_truncated(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """DuckDB itself notices missing blocks only when a query needs them; free ones at the end may be cut."""
    rows = connection.execute("select used_blocks * block_size from pragma_database_size()").fetchall()
    missing = sum(row[0] for row in rows) - path.stat().st_size
    if missing > 0:
        raise DamagedWarehouse(path, f"at least {missing} bytes are missing at its end")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
