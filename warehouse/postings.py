"""The index's postings in sorted files beside the master: to look up fingerprints in milliseconds.

The files hold nothing that the master doesn't: each covers a range of the index's numbers as of an
edition, and what is missing or doubtful is written again from the master. The caller holds the lock.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipelines.candidates import NUMBER_BITS
from pipelines.folding import I64, U64
from warehouse.files import sync_file, sync_folder
from warehouse.sqlfiles import read_statement

MAX_POSTINGS = 16_000_000  # in one segment: 128 MB, five times that while it is written
PAGE = 512  # postings in a page of memory
MAX_READ = 4_096  # postings read of one fingerprint and segment, the earliest articles'
NAME = re.compile(r"(\d+)-(\d+)-(\d+)-(\d+)")  # first and last number, edition, its time
NUMBER_SHIFT = np.uint64(NUMBER_BITS)
NUMBER_MASK = np.uint64((1 << NUMBER_BITS) - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Postings of the articles with numbers from `first` to `last`.

    `postings` uint64, sorted: a fingerprint, and the place of its article in `numbers`, where the articles
    stand in the order in which they appeared. `tops` are the first of every 512 postings, a page of memory.
    """

    folder: Path
    first: int
    last: int
    postings: U64
    numbers: I64
    tops: U64


@dataclass(frozen=True, slots=True)
class _Range:
    """A range of the index: what there is to write a segment of."""

    first: int
    last: int
    postings: int


def open_postings(connection: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Segment, ...]:
    """The segments, brought up to the master's newest edition. The connection may be read-only.

    Raises:
        OSError: the disk is full, or the folder can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamps = _stamps(connection)
    segments = list(_valid_segments(connection, folder, stamps))
    covered = segments[-1].last if segments else -1
    newest = max(stamps.items(), default=(0, 0))
    for due in _due(connection, covered):
        while segments and len(segments[-1].postings) <= due.postings:
            before = segments[-1]
            if len(before.postings) + due.postings > MAX_POSTINGS:
                break
            due = _Range(before.first, due.last, len(before.postings) + due.postings)
            segments.pop()
        segments.append(_write(connection, folder, due, newest))
    _remove_others(folder, segments)
    return tuple(segments)


def find_postings(segments: tuple[Segment, ...], fingerprints: U64) -> tuple[I64, U64]:
    """Numbers of the articles that have any of the fingerprints, and which: two arrays of equal length."""
    numbers, found = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
    for segment in segments:
        lows = _bisect(segment, fingerprints << NUMBER_SHIFT, "left")
        highs = _bisect(segment, fingerprints << NUMBER_SHIFT | NUMBER_MASK, "right")
        counts = np.minimum(highs - lows, MAX_READ)
        ends = np.cumsum(counts)
        places = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        hits = segment.postings[places + np.repeat(lows, counts)]
        numbers.append(segment.numbers[(hits & NUMBER_MASK).astype(np.int64)])
        found.append(hits >> NUMBER_SHIFT)
    return np.concatenate(numbers), np.concatenate(found)


def _bisect(segment: Segment, values: U64, side: Literal["left", "right"]) -> I64:
    """Where each value has its place among the postings, as `np.searchsorted` has it.

    One page is read for each value, and no others: halving the whole range would read three.
    """
    is_before = np.less if side == "left" else np.less_equal
    pages = np.searchsorted(segment.tops, values, side)
    lows = np.maximum(pages - 1, 0) * PAGE
    highs = np.minimum(pages * PAGE, len(segment.postings))
    while (lows < highs).any():
        middles = (lows + highs) >> 1
        before = (lows < highs) & is_before(
            segment.postings[np.minimum(middles, len(segment.postings) - 1)], values
        )
        lows, highs = np.where(before, middles + 1, lows), np.where(before, highs, middles)
    return lows


def _stamps(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """Each edition's time in microseconds: it tells an edition from one of the same number that was lost."""
    return dict(connection.execute("select edition, epoch_us(made_at) from internal.editions").fetchall())


def _valid_segments(
    connection: duckdb.DuckDBPyConnection, folder: Path, stamps: dict[int, int]
) -> Iterator[Segment]:
    """Segments of this master, one after another without a gap, most of whose articles are still there."""
    reached = -1
    for path in sorted(folder.iterdir()):
        match = NAME.fullmatch(path.name)
        if match is None:
            continue
        first, last, edition, stamp = map(int, match.groups())
        if stamps.get(edition) != stamp or first != reached + 1:
            return
        segment = _try_open(path, first, last)
        if segment is None or 2 * _count_alive(connection, segment) < len(segment.numbers):
            return
        reached = last
        yield segment


def _count_alive(connection: duckdb.DuckDBPyConnection, segment: Segment) -> int:
    rows = connection.execute(
        "select count(*) from internal.indexed_articles where number between $first and $last",
        {"first": segment.first, "last": segment.last},
    ).fetchall()
    return int(rows[0][0])


def _try_open(path: Path, first: int, last: int) -> Segment | None:
    """None if the files are cut off or gone."""
    try:
        return _open(path, first, last)
    except (EOFError, OSError, ValueError):
        return None


def _open(path: Path, first: int, last: int) -> Segment:
    postings: NDArray[np.uint64] = np.load(path / "postings.npy", mmap_mode="r")
    numbers = np.load(path / "numbers.npy", mmap_mode="r")
    return Segment(path, first, last, postings, numbers, np.load(path / "tops.npy"))


def _due(connection: duckdb.DuckDBPyConnection, covered: int) -> Iterator[_Range]:
    """Ranges of the index beyond what is covered, each of one segment's size."""
    rows = connection.execute(
        """
        with running as (
            select
                number,
                len(fingerprints) as size,
                sum(len(fingerprints)) over (order by number) // $most as part
            from internal.indexed_articles
            where number > $covered
        )

        select
            coalesce(lag(max(number)) over (order by part), $covered) + 1,
            max(number),
            sum(size)::bigint
        from running
        group by part
        order by part
        """,
        {"covered": covered, "most": MAX_POSTINGS},
    ).fetchall()
    yield from (_Range(*row) for row in rows)


def _write(
    connection: duckdb.DuckDBPyConnection, folder: Path, due: _Range, newest: tuple[int, int]
) -> Segment:
    span = {"first": due.first, "last": due.last}
    numbers = connection.execute(read_statement("read_segment_numbers"), span).fetchnumpy()["number"]
    rows = connection.execute(read_statement("read_segment_postings"), span).fetchnumpy()
    order = np.argsort(numbers)
    places = order[np.searchsorted(numbers, rows["number"], sorter=order)]
    postings = rows["fingerprint"].astype(np.uint64) << NUMBER_SHIFT | places.astype(np.uint64)
    postings.sort()
    target = folder / f"{due.first:020d}-{due.last:020d}-{newest[0]}-{newest[1]}"
    unfinished = folder / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for name, array in (("postings", postings), ("numbers", numbers), ("tops", postings[::PAGE])):
        np.save(unfinished / f"{name}.npy", np.asarray(array))
        sync_file(unfinished / f"{name}.npy")
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)
    sync_folder(folder)
    return _open(target, due.first, due.last)


def _remove_others(folder: Path, segments: list[Segment]) -> None:
    """What was merged, or belongs to a master that is no more."""
    kept = {segment.folder for segment in segments}
    for path in folder.iterdir():
        if path not in kept:
            shutil.rmtree(path, ignore_errors=True)
