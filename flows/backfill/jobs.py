"""What is handed to a worker: paths and numbers, never a page or a text; and what it says when it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

REPORT_FILE = "part.json"
PART_NAME = "{:05d}"

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class FileJob:
    """One WARC file to read for a run. All paths are the same on every machine."""

    run_id: str
    number: int  # of the file in its run, and of its file in the archive; from 1
    path: str
    state: str  # of the file when the run began; see `spiders.local_archives.ArchiveFile`
    parts: str  # the folder that takes the parts; the command has made it
    definition: str  # the story as JSON
    started_at: str
    rules_version: str

    @property
    def part(self) -> Path:
        """Where the part lies once it is whole."""
        return Path(self.parts) / PART_NAME.format(self.number)

    @property
    def name(self) -> str:
        return Path(self.path).name


@dataclass(frozen=True, slots=True)
class Loss:
    """A URL of a file that has no page to judge, and why."""

    url: str
    via: str
    fate: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a WARC file held. Each capture counts once: about the story, or under the reason why not."""

    path: str
    state: str
    rules_version: str
    about: int
    reasons: dict[str, int]  # captures that aren't about the story, or gave no article
    other_hosts: int
    losses: tuple[Loss, ...]  # of what is damaged or took its parser down: the first hundred
    defect: str | None = None  # why the file as a whole couldn't be read

    @property
    def captures(self) -> int:
        return self.about + sum(self.reasons.values())

    def describe(self) -> str:
        """One line for people and for the next backfill, which leaves a file alone that hasn't changed."""
        reasons = sorted(self.reasons.items(), key=lambda entry: (-entry[1], entry[0]))
        others = "".join(f", {count} {reason}" for reason, count in reasons)
        hosts = f"; {self.other_hosts} of other hosts" if self.other_hosts else ""
        return f"{self.captures} captures: {self.about} about the story{others}{hosts}"


def add_up(reports: Iterable[FileReport]) -> FileReport:
    """What several files held together; it names none of them."""
    about = others = 0
    reasons: Counter[str] = Counter()
    for report in reports:
        about, others = about + report.about, others + report.other_hosts
        reasons.update(report.reasons)
    return FileReport("", "", "", about, dict(reasons), others, ())


@dataclass(frozen=True, slots=True)
class RangeJob:
    """A range of fingerprints: which of them several texts share."""

    folder: str
    number: int
    ranges: int
    blocks: int


@dataclass(frozen=True, slots=True)
class BlockJob:
    """A block of texts: what they share with any other."""

    folder: str
    staging: str
    number: int
    blocks: int
    ranges: int


@dataclass(frozen=True, slots=True)
class Done:
    """A job that was done; `report` is JSON of its own kind."""

    report: str


@dataclass(frozen=True, slots=True)
class Undone:
    """A job that wasn't. `is_fatal`: its process died over it, so that trying again is no use."""

    detail: str
    is_fatal: bool = False


Job = FileJob | RangeJob | BlockJob
Outcome = Done | Undone
Work = Callable[[str, str], Outcome]  # the task's name, the job as JSON


def encode(record: object) -> str:
    """A job or report as one line of JSON."""
    return TypeAdapter(type(record)).dump_json(record).decode()


def decode(kind: type[Record], line: str | bytes) -> Record:
    """The job or report of a line.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return TypeAdapter(kind).validate_json(line)


def read_report(part: Path) -> FileReport | None:
    """The report of a part that is whole; None if there is none."""
    file = part / REPORT_FILE
    return decode(FileReport, file.read_bytes()) if file.is_file() else None
