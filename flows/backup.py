"""`backup`: the published snapshot, the archive, the run ledger and story files, in one folder or one file.

A run may be at work meanwhile. What it writes only grows, and whatever names a thing is copied before the
thing: snapshot and ledger before the manifests, these before the WARC files. So nothing in a backup names
what isn't there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol

from flows.errors import ExitCode, Failure
from flows.runs import FORGOTTEN, STAGED
from spiders.index import INDEX_FILE
from spiders.manifest import MANIFEST_SUFFIX
from warehouse.connection import writing
from warehouse.errors import MissingWarehouse
from warehouse.files import sync_file, sync_folder
from warehouse.paths import WarehousePaths

INDEX_NAME = "backup.json"  # written last: what it lists is what a whole backup holds
FORMAT = 1
SNAPSHOT_NAME = "snapshot.duckdb"
WAREHOUSE, STORIES = "warehouse", "stories"  # folders in a backup
REPLACED = "replaced-"  # begins the name of a folder with what a restore took the place of
CHUNK_BYTES = 1 << 20
PACKED = {".tar": "w", ".tar.gz": "w:gz", ".tgz": "w:gz"}


@dataclass(frozen=True, slots=True)
class Stored:
    """One file in a backup."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    path: Path
    files: dict[str, Stored]

    @property
    def size(self) -> int:
        return sum(stored.size for stored in self.files.values())


class Source(Protocol):
    """What can be read from."""

    def read(self, size: int = -1, /) -> bytes: ...


class Box(Protocol):
    """Where a backup's files go."""

    def add(self, name: str, source: Source, size: int) -> None: ...


def back_up(warehouse: Path, target: Path, stories: Sequence[Path], now: datetime) -> Backup:
    """Write a backup that is whole or not there; a target that exists is refused.

    Raises:
        Failure: the target is there already, or a story file isn't.
        MissingWarehouse: there is nothing to back up.
        WarehouseError: the disk is full or the target can't be written.
    """
    paths = WarehousePaths.of(warehouse)
    if not paths.folder.is_dir():
        raise MissingWarehouse(warehouse)
    paths.refuse_foreign()
    _refuse_inputs(target, stories)
    unfinished = target.with_name(f".{target.name}.unfinished")
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(unfinished)
        files = _write(unfinished, target, paths, stories, now)
        with suppress(FileNotFoundError, NotADirectoryError):
            target.rmdir()  # an empty folder
        unfinished.rename(target)
        sync_folder(target.parent)
    return Backup(target, files)


def _refuse_inputs(target: Path, stories: Sequence[Path]) -> None:
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise Failure(f"{target} is there already and is left as it is: name another place", ExitCode.WRONG)
    for story in stories:
        if not story.is_file():
            raise Failure(f"{story}: no such story file; nothing was written", ExitCode.WRONG)
    if len({story.name for story in stories}) < len(stories):
        raise Failure("two story files have the same name; nothing was written", ExitCode.WRONG)


def _write(
    unfinished: Path, target: Path, paths: WarehousePaths, stories: Sequence[Path], now: datetime
) -> dict[str, Stored]:
    packing = next((mode for suffix, mode in PACKED.items() if target.name.endswith(suffix)), None)
    if packing is None:
        files = _fill(_Folder(unfinished), paths, stories, now)
        for folder in (unfinished, *(path for path in unfinished.rglob("*") if path.is_dir())):
            sync_folder(folder)
        return files
    with tarfile.open(unfinished, packing, format=tarfile.PAX_FORMAT) as packed:  # type: ignore[call-overload]
        files = _fill(_Tar(packed), paths, stories, now)
    sync_file(unfinished)
    return files


def _fill(box: Box, paths: WarehousePaths, stories: Sequence[Path], now: datetime) -> dict[str, Stored]:
    files: dict[str, Stored] = {}
    for name, path in _sources(paths, stories):
        try:
            source = path.open("rb")
        except FileNotFoundError:
            continue  # a run has just replaced it by what comes later, or has no more use for it
        with source:
            digesting = _Digesting(source)
            size = os.fstat(source.fileno()).st_size  # what a run appends from now on is for the next backup
            box.add(name, digesting, size)
            files[name] = Stored(size, digesting.hexdigest())
    index = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "wirecopy": version("wirecopy"),
        "files": {name: {"size": one.size, "sha256": one.sha256} for name, one in files.items()},
    }
    encoded = json.dumps(index, indent=1).encode()
    box.add(INDEX_NAME, BytesIO(encoded), len(encoded))
    return files


def _sources(paths: WarehousePaths, stories: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Each file with its name in the backup, what names others first."""
    snapshot = paths.published_snapshot()
    if snapshot is not None:
        yield SNAPSHOT_NAME, snapshot
    for story in stories:
        yield f"{STORIES}/{story.name}", story
    apart = {paths.lock, paths.snapshots, paths.prefect, paths.index, paths.runs, paths.archive}
    others = [path for path in sorted(paths.folder.iterdir()) if path not in apart]
    yield from _files(paths, [path for path in others if not path.name.startswith(("master.", REPLACED))])
    for run in sorted(paths.runs.iterdir()) if paths.runs.is_dir() else ():
        # its ledger entry first: one that says "finished" has a journal with nothing missing
        entries = sorted(run.iterdir(), key=lambda path: (path.name != "run.json", path.name))
        yield from _files(paths, [path for path in entries if not _is_derived(path)])
    archived = sorted(paths.archive.iterdir()) if paths.archive.is_dir() else []
    kept = [path for path in archived if not path.name.startswith(INDEX_FILE)]
    yield from _files(paths, [path for path in kept if path.name.endswith(MANIFEST_SUFFIX)])
    yield from _files(paths, [path for path in kept if not path.name.endswith(MANIFEST_SUFFIX)])


def _files(paths: WarehousePaths, entries: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    for entry in entries:
        found = sorted(entry.rglob("*")) if entry.is_dir() else [entry]
        for path in found:
            if path.is_file() and not path.name.endswith(".tmp"):
                yield f"{WAREHOUSE}/{path.relative_to(paths.folder).as_posix()}", path


def _is_derived(path: Path) -> bool:
    """What the archive gives again."""
    return path.name in (STAGED, FORGOTTEN) or path.name.startswith("derived-")


class _Digesting:
    """Reads a file and digests what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._digest.update(data)
        return data

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, name: str, source: Source, size: int) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            _copy_bytes(source, file, size)
        sync_file(path)


class _Tar:
    def __init__(self, packed: tarfile.TarFile) -> None:
        self._packed = packed

    def add(self, name: str, source: Source, size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = size
        entry.mode = 0o644
        self._packed.addfile(entry, source)


def _copy_bytes(source: Source, target: IO[bytes], size: int) -> None:
    """Copy so many bytes.

    Raises:
        OSError: the source has fewer.
    """
    left = size
    while left:
        data = source.read(min(CHUNK_BYTES, left))
        if not data:
            raise OSError(f"{left} bytes are missing at the end of a file")
        target.write(data)
        left -= len(data)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
