"""Where a warehouse lies on disk.

The path that users know is a relative link to an immutable snapshot; everything else lies in a folder
beside it: `coverage.duckdb` -> `coverage.duckdb.d/snapshots/coverage-000007.duckdb`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import ForeignFile


@dataclass(frozen=True, slots=True)
class WarehousePaths:
    """All places of one warehouse; only `of` makes one."""

    published: Path  # absolute, but the link itself is not followed
    folder: Path
    master: Path
    snapshots: Path
    archive: Path
    runs: Path
    lock: Path
    prefect: Path
    index: Path
    restore_mark: Path  # there while a restore is moving things in

    @classmethod
    def of(cls, path: str | Path) -> WarehousePaths:
        given = Path(path).expanduser()
        published = given.parent.resolve() / given.name
        folder = published.with_name(published.name + ".d")
        return cls(
            published=published,
            folder=folder,
            master=folder / "master.duckdb",
            snapshots=folder / "snapshots",
            archive=folder / "archive",
            runs=folder / "runs",
            lock=folder / "lock",
            prefect=folder / "prefect",
            index=folder / "index",
            restore_mark=folder / "restore.unfinished",
        )

    def snapshot(self, edition: int) -> Path:
        """Where the snapshot of an edition lies."""
        return self.snapshots / f"{self.published.stem}-{edition:06d}.duckdb"

    def edition_of(self, snapshot: Path) -> int | None:
        """The edition in a snapshot's name; None if the name isn't one of ours."""
        found = re.fullmatch(re.escape(self.published.stem) + r"-(\d{6,})\.duckdb", snapshot.name)
        return int(found[1]) if found else None

    def all_snapshots(self) -> tuple[Path, ...]:
        """The snapshots that are there, the newest first."""
        found = [(self.edition_of(path), path) for path in self.snapshots.glob("*.duckdb")]
        ours = sorted((edition, path) for edition, path in found if edition is not None)
        return tuple(path for _, path in reversed(ours))

    def published_snapshot(self) -> Path | None:
        """The snapshot that the link names, there or not; None if nothing is published.

        Raises:
            ForeignFile: the path is no link of ours.
        """
        if not self.published.is_symlink():
            if self.published.exists():
                raise ForeignFile(self.published, describe(self.published))
            return None
        target = self.published.parent / self.published.readlink()
        if target.parent != self.snapshots or self.edition_of(target) is None:
            raise ForeignFile(self.published, f"a link to {target}")
        return target

    def refuse_foreign(self) -> None:
        """Make sure that everything in the way is ours.

        Raises:
            ForeignFile: another file, folder or link stands in a place that we need.
        """
        self.published_snapshot()
        for place in (self.folder, self.snapshots):
            if (place.exists() or place.is_symlink()) and not place.is_dir():
                raise ForeignFile(place, describe(place))


def describe(path: Path) -> str:
    """What stands at a path, in words for an error message."""
    if path.is_dir():
        return "a folder"
    if not path.is_file():
        return "no regular file"
    with path.open("rb") as file:
        head = file.read(16)
    if head[8:12] == b"DUCK":
        return "someone else's DuckDB file"
    if head.startswith(b"SQLite format 3"):
        return "an SQLite file"
    return "a file of another kind" if head else "an empty file"
