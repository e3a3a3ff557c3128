"""What can be wrong with a warehouse. Each message names what, where and the next step, in one line."""

from __future__ import annotations

from pathlib import Path


class WarehouseError(Exception):
    """The base of all that this package raises on purpose; its text is meant for the user."""


class WarehouseBusy(WarehouseError):
    """Another run holds the warehouse's lock."""

    def __init__(self, lock: Path, pid: int | None, since: str | None) -> None:
        self.pid = pid
        self.since = since
        holder = f"process {pid}, since {since}" if pid else "a process that left no name"
        super().__init__(
            f"another run holds this warehouse ({holder}; lock {lock}). Nothing was touched: "
            "wait until it ends, or stop that process, and give the command again"
        )


class MasterLocked(WarehouseError):
    """A process outside the lock's rules has the private master open."""

    def __init__(self, master: Path, said: str) -> None:
        super().__init__(
            f"another process has {master} open: {said}. Close it there; readers should open the published "
            "file instead, which never blocks a run"
        )


class ForeignFile(WarehouseError):
    """Something that isn't ours stands where the warehouse should be."""

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(
            f"{path} is {found}, not a wirecopy warehouse, and is left as it is. "
            "Name another path with --warehouse, or move it away"
        )


class MissingWarehouse(WarehouseError):
    """There is nothing to read yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"there is no warehouse at {path} yet. Fill one with `wirecopy run STORY.toml` or "
            "`wirecopy ingest PATH`, or name another with --warehouse"
        )


class UnfinishedRestore(WarehouseError):
    """A restore was cut off while it moved things in."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"a restore into {folder} was cut off, so half of it is missing. Nothing was touched: "
            "give `wirecopy restore BACKUP --overwrite` again"
        )


class SchemaTooNew(WarehouseError):
    """A later release wrote this warehouse."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"{path} has schema version {found}; this release knows up to {known}. Nothing was touched: "
            "install the newer wirecopy that wrote it"
        )


class SchemaTooOld(WarehouseError):
    """An earlier release wrote this snapshot and no run has brought it up to date."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"{path} has schema version {found} and this release needs {known}: "
            "bring it up to date with `wirecopy doctor --repair`"
        )


class DamagedWarehouse(WarehouseError):
    """The database file is cut short or its checksums don't match."""

    def __init__(self, path: Path, said: str) -> None:
        super().__init__(
            f"{path} is damaged: {said}. The archive beside it is untouched: "
            "`wirecopy doctor --repair` puts the last published snapshot in its place"
        )


class WarehouseUnwritable(WarehouseError):
    """The operating system doesn't let us write."""

    def __init__(self, path: Path, said: str) -> None:
        super().__init__(
            f"{path} can't be written: {said}. What was published before is unharmed: "
            "mend that, or name another place"
        )


class DiskFull(WarehouseUnwritable):
    """No space, or over a quota or a file size limit."""

    def __init__(self, path: Path, said: str) -> None:
        WarehouseError.__init__(
            self,
            f"the disk is full at {path}: {said}. What was published before is unharmed: "
            "free some space and give the command again; it goes on where it stopped",
        )


class DuckdbFailure(WarehouseError):
    """DuckDB reports something that has no plainer name here."""

    def __init__(self, path: Path, said: str) -> None:
        super().__init__(f"DuckDB can't go on with {path}: {said}. `wirecopy doctor` looks for the cause")


class MemoryShort(WarehouseError):
    """A load or a check needs more memory than it is given."""

    def __init__(self, path: Path, said: str) -> None:
        super().__init__(
            f"there is too little memory for {path}: {said}. Nothing was changed: close other programs, or "
            "make room on the disk beside it, and give the command again"
        )


class StagingDefect(WarehouseError):
    """The staged rows contradict themselves or the warehouse; nothing was loaded."""

    def __init__(self, table: str, what: str) -> None:
        self.table = table
        super().__init__(
            f"the staged rows for {table} can't be loaded: {what}. Nothing was changed; "
            "this is a defect in wirecopy: report it with this line"
        )


class CheckFailed(WarehouseError):
    """The loaded rows break an invariant; the load was rolled back."""

    def __init__(self, complaints: tuple[str, ...]) -> None:
        super().__init__(
            "the load was taken back because its rows break the warehouse's own rules: "
            + "; ".join(complaints)
            + ". Nothing was changed; this is a defect in wirecopy: report it with this line"
        )


class QueryError(WarehouseError):
    """A reader's query gave no answer."""


class QueryRefused(QueryError):
    """The statement is not a plain question to the tables."""


class QueryFailed(QueryError):
    """DuckDB can't run the statement as it is written."""


class QueryTimeout(QueryError):
    """The query was stopped at its time limit."""


class QueryTooLarge(QueryError):
    """The query needs more memory, or gives more rows, than is allowed."""
