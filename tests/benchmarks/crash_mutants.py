"""Four planted bugs, each a plausible way to write a step wrongly; the crash trials have to catch every one.

They are put in from outside, in the trial's own process: the product knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

import flows.reprocess
import flows.run
import flows.steps
import spiders.archive
import spiders.ledger
import warehouse.load
from flows.rules import rules_version
from flows.run_files import RunFiles
from spiders.archive import ArchiveWriter
from spiders.journal import Journal, is_finished
from spiders.legal import SignalLog
from spiders.local import Loader, load_paths
from spiders.manifest import ManifestEntry


@dataclass(frozen=True)
class Mutant:
    """A bug: `plant` puts it into this process; `weak_spot` is where a kill shows it.

    A weak spot is a system call, the file that it concerns, and from the how-manieth on.
    """

    name: str
    plant: Callable[[], None]
    call: str
    path: str
    first: int


def plant_half_file() -> None:
    """A result is written under its own name: what a kill leaves counts as done."""

    def write_in_place(path: Path, lines: Iterable[bytes]) -> int:
        count = 0
        with path.open("wb", buffering=0) as file:
            for line in lines:
                file.write(line)
                count += 1
        return count

    for module in (flows.steps, flows.reprocess):
        vars(module)["write_derived"] = write_in_place


def plant_journal_first() -> None:
    """The journal names a page as soon as it is read, long before the archive vouches for it."""

    def archive_in_haste(files: RunFiles, inputs: tuple[Path, ...]) -> int:
        if is_finished(files.journal):
            return 0
        run = files.run()
        with (
            ArchiveWriter(files.paths.archive, run.run_id, sync_every=1000) as writer,
            closing(SignalLog(files.legal)) as said,
            closing(Journal(files.journal)) as journal,
        ):
            loader = _HastyLoader(writer, run.started_at, run.story, said)
            loader.journal = journal
            load_paths(inputs, loader, run.started_at)
            journal.record_finish()
        return 0

    for module in (flows.steps, flows.run):
        vars(module)["archive_local"] = archive_in_haste


class _HastyLoader(Loader):
    journal: Journal

    def _store(self, item: Any, name: str) -> ManifestEntry:
        entry = super()._store(item, name)
        self.journal.record_capture(entry)
        return entry


def plant_no_transaction() -> None:
    """Each statement of a load is committed by itself, and a run whose row is there counts as loaded."""

    @contextmanager
    def one_by_one(connection: object) -> Iterator[None]:
        yield

    vars(warehouse.load)["_transaction"] = one_by_one


def plant_torn_tail() -> None:
    """What a torn write left stays, and the next line is glued to it."""

    def open_as_it_is(path: Path, end: int) -> FileIO:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab", buffering=0)

    for module in (spiders.ledger, spiders.archive):
        vars(module)["open_for_append"] = open_as_it_is


def mutants() -> tuple[Mutant, ...]:
    """The four; all spoil the first command of a newsroom."""
    run, archive = "coverage.duckdb.d/runs/run-000001", "coverage.duckdb.d/archive"
    derived = f"{run}/derived-{rules_version()}.jsonl"
    return (
        Mutant("half file kept", plant_half_file, "write", derived, 2),
        Mutant("journal before data", plant_journal_first, "write", f"{run}/frontier.jsonl", 3),
        Mutant(
            "load outside its transaction",
            plant_no_transaction,
            "fdatasync",
            "coverage.duckdb.d/master.duckdb.wal",
            6,
        ),
        Mutant("torn tail kept", plant_torn_tail, "write", f"{archive}/run-000001-00001.manifest", 2),
    )
