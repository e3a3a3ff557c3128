"""Append-only files of checked lines: `crc32 json`, one line each, that survive a torn write."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any

CRC_HEX_DIGITS = 8


def encode_line(values: Mapping[str, Any]) -> bytes:
    """One line: eight hexadecimal digits of CRC-32, a space, compact JSON, a newline."""
    text = json.dumps(values, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def decode_line(line: bytes) -> dict[str, Any] | None:
    """The values of a whole line, or None if it is torn or was changed."""
    crc, separator, text = line.removesuffix(b"\n").partition(b" ")
    if not line.endswith(b"\n") or not separator or len(crc) != CRC_HEX_DIGITS:
        return None
    if crc != b"%08x" % zlib.crc32(text):
        return None
    values = json.loads(text)
    return values if isinstance(values, dict) else None


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The good lines of a file up to the first bad one; nothing if there is no such file."""
    for values, _ in read_lines_from(path, 0):
        yield values


def read_lines_from(path: Path, start: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Each good line after byte `start` with the offset where it ends, up to the first bad one."""
    if not path.exists():
        return
    end = start
    with path.open("rb") as lines:
        lines.seek(start)
        for line in lines:
            values = decode_line(line)
            if values is None:
                return
            end += len(line)
            yield values, end


class Ledger:
    """Appends checked lines to one file; a torn tail is cut on opening."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[dict[str, Any]] = []  # what was there on opening
        end = 0
        for values, end in read_lines_from(path, 0):  # noqa: B007
            self.lines.append(values)
        self._has_unsynced = False
        self._file = open_for_append(path, end)

    @property
    def is_closed(self) -> bool:
        """Whether nothing more can be appended: closed, or a write failed."""
        return self._file.closed

    def append(self, values: Mapping[str, Any]) -> None:
        """Hand a line to the operating system: it outlives this process, not yet a power cut."""
        try:
            write_all(self._file, encode_line(values))
        except OSError:
            self._file.close()  # nothing may follow a torn line
            raise
        self._has_unsynced = True

    def sync(self) -> None:
        """Wait until all lines are on the disk."""
        if self._has_unsynced:
            os.fdatasync(self._file.fileno())
            self._has_unsynced = False

    def cut(self, lines: int) -> None:
        """Keep only the first `lines` lines."""
        end = sum(len(encode_line(values)) for values in self.lines[:lines])
        self._file.close()
        self.lines = self.lines[:lines]
        self._file = open_for_append(self.path, end)

    def close(self) -> None:
        if not self._file.closed:
            self.sync()
            self._file.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_all(file: FileIO, data: bytes) -> None:
    """Write all of it; an unbuffered file may take less at once than it is given."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def open_for_append(path: Path, end: int) -> FileIO:
    """Open a file, unbuffered, for appending after byte `end`.

    What lies beyond is cut; the name of a new file is made to last.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    file = path.open("ab", buffering=0)
    if path.stat().st_size != end:
        os.ftruncate(file.fileno(), end)
        os.fsync(file.fileno())
    if is_new:
        sync_folder(path.parent)
    return file


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
