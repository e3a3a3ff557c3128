"""`restore`: a backup back into place; everything is proven by its digest before anything is touched."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from flows.backup import (
    CHUNK_BYTES,
    FORMAT,
    INDEX_NAME,
    REPLACED,
    SNAPSHOT_NAME,
    STORIES,
    WAREHOUSE,
    Backup,
    Stored,
)
from flows.errors import ExitCode, Failure
from flows.reload import reload_lost_runs
from flows.say import Say
from warehouse.connection import naming_errors, open_for_reading, writing
from warehouse.errors import SchemaTooNew
from warehouse.files import sync_file, sync_folder
from warehouse.lock import lock_for_restore
from warehouse.master import prepare_master
from warehouse.paths import WarehousePaths
from warehouse.publish import publish
from warehouse.schema import edition, newest_version, schema_version


def restore(source: Path, warehouse: Path, say: Say, *, overwrite: bool = False) -> Backup:
    """Put a backup where a warehouse is to be; with `overwrite` what is there is set aside.

    Raises:
        Failure: the source is no whole backup, or a warehouse is there already.
        WarehouseError: a run is at work, the disk is full, …
    """
    paths = WarehousePaths.of(warehouse)
    paths.refuse_foreign()
    if not source.exists():
        raise Failure(f"{source}: no such backup; nothing was touched", ExitCode.WRONG)
    if not overwrite and _is_there(paths):
        raise Failure(
            f"there is a warehouse at {paths.published} already, and nothing was touched: name another place "
            "with --warehouse, or give --overwrite, which sets aside what is there",
            ExitCode.WRONG,
        )
    unpacked = paths.folder.with_name(f".{paths.folder.name}.restore.tmp")
    try:
        with writing(unpacked):
            shutil.rmtree(unpacked, ignore_errors=True)
            unpacked.mkdir(parents=True)
            backup = _unpack(source, unpacked)
        number = _edition_of(unpacked / SNAPSHOT_NAME)
        with lock_for_restore(paths):
            with naming_errors(paths.folder):
                _put_in_place(paths, unpacked, number, say)
            prepare_master(paths)
            reload_lost_runs(paths, say)
            publish(paths)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return backup


def _is_there(paths: WarehousePaths) -> bool:
    if paths.published.is_symlink() or paths.published.exists():
        return True
    return paths.folder.is_dir() and any(path != paths.lock for path in paths.folder.iterdir())


def _unpack(source: Path, folder: Path) -> Backup:
    """Copy all files of a backup out, and prove each by its digest."""
    found: dict[str, Stored] = {}
    index = b""
    with _opened(source) as entries:
        for name, file in entries:
            if name == INDEX_NAME:
                index = file.read()
                continue
            found[name] = _copy_out(file, folder / _safe(source, name))
    if not index:
        raise Failure(
            f"{source} is no whole backup: it has no {INDEX_NAME}; nothing was touched", ExitCode.WRONG
        )
    known = _read_index(source, index)
    wrong = sorted(name for name in known.keys() | found.keys() if known.get(name) != found.get(name))
    if wrong:
        raise Failure(
            f"{source} is damaged: {len(wrong)} of {len(known)} files are missing or not those that were "
            f"stored (first: {wrong[0]}); nothing was touched: take another backup",
            ExitCode.WRONG,
        )
    return Backup(source, known)


def _read_index(source: Path, encoded: bytes) -> dict[str, Stored]:
    try:
        index = json.loads(encoded)
        if index["format"] > FORMAT:
            raise Failure(
                f"{source} was made by a later wirecopy ({index['wirecopy']}): install that", ExitCode.WRONG
            )
        return {name: Stored(int(one["size"]), str(one["sha256"])) for name, one in index["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure(
            f"{source}: {INDEX_NAME} can't be read ({error}); nothing was touched", ExitCode.WRONG
        ) from error


@contextmanager
def _opened(source: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    if source.is_dir():
        yield _files_of(source)
        return
    try:
        with tarfile.open(source) as packed:
            yield _members_of(packed)
    except (tarfile.TarError, EOFError) as error:
        raise Failure(
            f"{source} is no backup, or a damaged one ({error}); nothing was touched", ExitCode.WRONG
        ) from error


def _files_of(folder: Path) -> Iterator[tuple[str, IO[bytes]]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                yield path.relative_to(folder).as_posix(), file


def _members_of(packed: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in packed:
        file = packed.extractfile(member) if member.isreg() else None
        if file is not None:
            yield member.name, file


def _safe(source: Path, name: str) -> PurePosixPath:
    """A name that stays inside the folder that it is unpacked into."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.parts[0] not in (SNAPSHOT_NAME, WAREHOUSE, STORIES):
        raise Failure(
            f"{source} is no backup of ours: it holds {name!r}; nothing was touched", ExitCode.WRONG
        )
    return path


def _copy_out(source: IO[bytes], target: Path) -> Stored:
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        while data := source.read(CHUNK_BYTES):
            digest.update(data)
            size += len(data)
            file.write(data)
    sync_file(target)
    return Stored(size, digest.hexdigest())


def _edition_of(snapshot: Path) -> int | None:
    """The edition of a backup's snapshot, which this release must be able to read; None if it has none."""
    if not snapshot.exists():
        return None
    with open_for_reading(snapshot) as connection:
        found = schema_version(connection)
        if found is None or found > newest_version():
            raise SchemaTooNew(snapshot, found or 0, newest_version())
        return edition(connection)


def _put_in_place(paths: WarehousePaths, unpacked: Path, number: int | None, say: Say) -> None:
    """Move everything in; until that is done, the mark in the folder keeps runs away."""
    paths.restore_mark.touch()
    sync_folder(paths.folder)
    aside = _set_aside(paths)
    if aside is not None:
        say(f"what was there is in {aside}; remove it when nobody needs it any more")
    _move_entries(unpacked / WAREHOUSE, paths.folder)
    _move_entries(unpacked / STORIES, paths.folder / STORIES)
    if number is not None:
        paths.snapshots.mkdir(exist_ok=True)
        (unpacked / SNAPSHOT_NAME).rename(paths.snapshot(number))
        paths.snapshot(number).chmod(0o444)
    for path in (paths.folder, *(entry for entry in paths.folder.rglob("*") if entry.is_dir())):
        sync_folder(path)
    paths.restore_mark.unlink()
    sync_folder(paths.folder)


def _move_entries(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir(exist_ok=True)
        for path in sorted(source.iterdir()):
            path.rename(target / path.name)


def _set_aside(paths: WarehousePaths) -> Path | None:
    """Move what is in the warehouse's folder into one of its own in there; None if there is nothing."""
    stays = {paths.lock, paths.restore_mark, *paths.folder.glob(f"{REPLACED}*")}
    present = [path for path in sorted(paths.folder.iterdir()) if path not in stays]
    if not present:
        return None
    number = 1
    while (aside := paths.folder / f"{REPLACED}{number}").exists():
        number += 1
    aside.mkdir()
    for path in present:
        path.rename(aside / path.name)
    paths.published.unlink(missing_ok=True)
    return aside
