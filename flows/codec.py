"""Derived records on disk: one JSON line each, checked against their types when read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from pipelines.records import Article, Rejected


@dataclass(frozen=True, slots=True)
class Derived:
    """What one archived response gave: an article, or a rejection with its reason."""

    url: str  # as requested
    record_file: str  # with `record_offset`: the record that was looked at
    record_offset: int
    media_type: str  # of the response; empty if it couldn't be read
    article: Article | None
    rejected: Rejected | None

    @property
    def place(self) -> tuple[str, int]:
        """The record's place in the archive."""
        return (self.record_file, self.record_offset)


_adapter: TypeAdapter[Derived] = TypeAdapter(Derived)


def encode_derived(record: Derived) -> bytes:
    """The line that stands for a record; made in the workers, so that whoever collects has little to do."""
    return _adapter.dump_json(record) + b"\n"


def write_derived(path: Path, lines: Iterable[bytes]) -> int:
    """Write all encoded records or none; the count of them."""
    count = 0
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("wb") as file:
        for line in lines:
            file.write(line)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return count


def read_derived(path: Path) -> Iterator[Derived]:
    """The records of a file, in order."""
    with path.open("rb") as file:
        for line in file:
            yield _adapter.validate_json(line)
