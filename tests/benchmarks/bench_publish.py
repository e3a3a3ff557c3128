"""What a publish costs by the size of the master, beside a plain copy of the file.

python -m tests.benchmarks.bench_publish --gigabytes 0.1 0.5 1 2 5
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.bench_load import Figures, timed
from warehouse.connection import open_for_writing
from warehouse.lock import lock_warehouse
from warehouse.master import prepare_master
from warehouse.paths import WarehousePaths
from warehouse.publish import publish
from warehouse.schema import record_edition

GB = 1_000_000_000
TEXT_BYTES = 4_000  # of a row that fills the master; random, so that nothing is compressed
ROWS_AT_ONCE = 25_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gigabytes", type=float, nargs="+", default=[0.1, 0.5, 1.0, 2.0, 5.0])
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=given.folder))
    try:
        print_costs(WarehousePaths.of(folder / "coverage.duckdb"), given.gigabytes)
    finally:
        shutil.rmtree(folder)


def print_costs(paths: WarehousePaths, sizes: Sequence[float]) -> None:
    """A line for each size; the master grows from one to the next."""
    print("| master GB | publish s | CPU s | s per GB | nothing new: s | copy and fsync alone: s | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with lock_warehouse(paths):
        prepare_master(paths)
        for size in sorted(sizes):
            grow(paths, int(size * GB))
            os.sync()
            wall, cpu, peak = timed_publish(paths)
            again, _, _ = timed_publish(paths)
            plain = plain_copy(paths.master)
            gigabytes = paths.master.stat().st_size / GB
            print(
                f"| {gigabytes:.2f} | {wall:.2f} | {cpu:.2f} | {wall / gigabytes:.2f} "
                f"| {again:.3f} | {plain:.2f} | {peak:,.0f} |",
                flush=True,
            )
            for snapshot in paths.all_snapshots()[1:]:
                snapshot.unlink()  # in practice the one before stays: two copies beside the master


def grow(paths: WarehousePaths, size: int) -> None:
    """Fill the master until it has a size, with texts that don't compress."""
    with open_for_writing(paths.master) as connection:
        connection.execute(
            "create table if not exists internal.filler (text varchar using compression uncompressed)"
        )
        while paths.master.stat().st_size < size:
            missing = (size - paths.master.stat().st_size) // TEXT_BYTES + 1
            connection.execute(
                """
                insert into internal.filler
                select string_agg(md5(cast(random() as varchar)), '')
                from range($rows) as rows(row), range($parts)
                group by row
                """,
                {"rows": min(missing, ROWS_AT_ONCE), "parts": TEXT_BYTES // 32},
            )
            connection.execute("checkpoint")
        record_edition(connection, "filler")


def timed_publish(paths: WarehousePaths) -> Figures:
    measured: list[Figures] = []
    with timed(measured):
        publish(paths)
    return measured[0]


def plain_copy(path: Path) -> float:
    """Seconds that the same bytes take without anything else."""
    copy = path.with_name("plain")
    started = time.monotonic()
    shutil.copyfile(path, copy)
    descriptor = os.open(copy, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    seconds = time.monotonic() - started
    copy.unlink()
    return seconds


if __name__ == "__main__":
    main()
