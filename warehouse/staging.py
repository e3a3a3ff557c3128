"""A run's rows on disk before the load: JSON lines, one file per table and part, each whole or absent."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from warehouse.files import sync_folder
from warehouse.rows import (
    CaptureRow,
    ComparedRow,
    CopyRow,
    CreditSignalRow,
    GroupMergeRow,
    LegalSignalRow,
    ParagraphRow,
    RemovedBlockRow,
    ReusedPassageRow,
    Row,
    RunRow,
    StoryArticleRow,
    StoryRow,
    TimeSignalRow,
    UnrelatedRow,
    UrlFateRow,
    VersionRow,
    WireGroupRow,
)

STAGED_TABLES: Mapping[type[Row], str] = {
    StoryRow: "stories",
    RunRow: "runs",
    UrlFateRow: "url_fates",
    CaptureRow: "captures",
    VersionRow: "article_versions",
    ParagraphRow: "paragraphs",
    RemovedBlockRow: "removed_blocks",
    TimeSignalRow: "time_signals",
    CreditSignalRow: "credit_signals",
    StoryArticleRow: "story_articles",
    UnrelatedRow: "unrelated",
    ComparedRow: "compared",
    CopyRow: "copies",
    ReusedPassageRow: "reused_passages",
    WireGroupRow: "wire_groups",
    GroupMergeRow: "group_merges",
    LegalSignalRow: "legal_signals",
}
COLUMNS: Mapping[type[Row], tuple[str, ...]] = {
    row_type: tuple(entry.name for entry in fields(row_type)) for row_type in STAGED_TABLES
}
LEAST_LINE_BYTES = 1024 * 1024  # a smaller buffer saves nothing
PART_NAME = re.compile(r"[A-Za-z0-9_-]+")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # no database or file format agrees on NUL and lone surrogates


def write_staging(folder: Path, rows: Iterable[Row], part: str = "0") -> dict[str, int]:
    """Write rows of any mix of tables; returns the rows per table.

    A part is written under temporary names, synced, then renamed; writing a part again replaces the
    files that it names. Workers that write side by side take a part each. NUL and lone surrogates
    become U+FFFD, one for one, so that offsets hold.

    Raises:
        ValueError: a part name that isn't plain, a time without a zone, or a number that isn't finite.
        OSError: the disk is full or the folder can't be written.
    """
    if not PART_NAME.fullmatch(part):
        raise ValueError(f"a part is named with letters, digits, '-' and '_', not {part!r}")
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    with ExitStack() as cleanup:
        files: dict[str, IO[bytes]] = {}
        for row in rows:
            table = STAGED_TABLES[type(row)]
            if table not in files:
                files[table] = _open_temporary(folder / f"{table}.{part}.jsonl", cleanup)
                counts[table] = 0
            files[table].write(encode_row(row) + b"\n")
            counts[table] += 1
        for table, file in files.items():
            _settle(file, folder / f"{table}.{part}.jsonl")
    sync_folder(folder)
    return counts


def staged_files(folder: Path, table: str, suffix: str = "jsonl") -> list[str]:
    """The finished files of a table in a fixed order; those of workers are Parquet."""
    return sorted(str(path) for path in folder.glob(f"{table}.*.{suffix}"))


def longest_line(files: Sequence[str]) -> int:
    """Bytes of the longest line of some files: DuckDB sets aside twice as much for each of its threads."""
    longest = LEAST_LINE_BYTES
    for name in files:
        with Path(name).open("rb") as file:
            longest = max(longest, max(map(len, file), default=0))
    return longest


def clear_staging(folder: Path) -> None:
    """Remove what was staged: it is to be staged anew."""
    for suffix in ("jsonl", "parquet"):
        for path in folder.glob(f"*.{suffix}"):
            path.unlink()


def encode_row(row: Row) -> bytes:
    """One row as UTF-8 JSON without a line break."""
    record = {name: storable(getattr(row, name)) for name in COLUMNS[type(row)]}
    return json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def storable(value: Any) -> Any:
    """A field's value as JSON knows it, without what no file format agrees on."""
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone can't be stored: {value.isoformat()}")
        return value.isoformat()
    if isinstance(value, Mapping):
        return {storable(key): storable(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(entry) for entry in value]
    return value


def _open_temporary(target: Path, cleanup: ExitStack) -> IO[bytes]:
    temporary = target.with_name(target.name + ".tmp")
    file = cleanup.enter_context(temporary.open("wb"))
    cleanup.callback(temporary.unlink, missing_ok=True)
    return file


def _settle(file: IO[bytes], target: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    Path(file.name).replace(target)
