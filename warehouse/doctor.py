"""What is wrong with a warehouse, and mending what can be derived again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from warehouse.connection import journal_of, naming_errors, open_for_reading
from warehouse.copy_index import find_wrong, rebuild_index
from warehouse.errors import DamagedWarehouse, ForeignFile, WarehouseBusy, WarehouseError
from warehouse.invariants import Complaint, check_all
from warehouse.lock import lock_warehouse
from warehouse.master import open_master, prepare_master, restore_master
from warehouse.paths import WarehousePaths
from warehouse.publish import is_published, leftovers, publish
from warehouse.schema import edition, newest_version, require_schema, schema_version

MIN_FREE_MB = 200
MB = 1024 * 1024


class Level(StrEnum):
    FINE = "fine"
    NOTE = "note"  # worth knowing; nothing to do
    FAULT = "fault"  # the user must look at it


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `next_step` is empty where there is nothing to do."""

    level: Level
    what: str
    message: str
    next_step: str = ""


REPAIR = "wirecopy doctor --repair"
INDEX_CHECKS = frozenset({"article_not_in_the_index", "index_of_no_article"})


def diagnose(paths: WarehousePaths) -> tuple[Finding, ...]:
    """Look at everything; changes nothing. While a run is at work only what it published is checked."""
    if not paths.folder.exists() and not paths.published.is_symlink() and not paths.published.exists():
        return (
            Finding(
                Level.NOTE, "warehouse", f"there is none at {paths.published} yet", "wirecopy run STORY.toml"
            ),
        )
    try:
        with lock_warehouse(paths):
            return (*_files(paths), *_master(paths), _disk(paths))
    except WarehouseBusy as error:
        at_work = Finding(Level.NOTE, "lock", f"a run is at work (process {error.pid}, since {error.since})")
        return (at_work, *_checked_file(paths.published), _disk(paths))
    except WarehouseError as error:
        return (Finding(Level.FAULT, "warehouse", str(error)),)


def repair(paths: WarehousePaths) -> tuple[str, ...]:
    """Mend what can be: half files, a lost or damaged master, an old schema, an unpublished edition.

    Returns what was done, in words. What a check complains about is not edited: `wirecopy reprocess`
    derives it again from the archive.

    Raises:
        WarehouseBusy: a run is at work.
        WarehouseError: one of its other kinds: it can't be mended here.
    """
    with lock_warehouse(paths):
        done = [f"removed the half file {path.name}" for path in leftovers(paths)]
        done += _mend_master(paths)
        done += [f"brought the schema up to date: {one.name}" for one in prepare_master(paths)]
        done += _mend_index(paths)
        if _damage_of_snapshot(paths):
            _remove_snapshot(paths)
        was_published = is_published(paths)
        snapshot = publish(paths)  # removes the half files, too
        if not was_published:
            done.append(f"published {snapshot.name}")
    return tuple(done)


def _files(paths: WarehousePaths) -> Iterator[Finding]:
    for path in leftovers(paths):
        yield Finding(Level.FAULT, "files", f"a killed run left the half file {path}", REPAIR)
    stray = journal_of(paths.published)
    if stray.exists():
        message = f"{stray} belongs to a program that opened the published file for writing"
        yield Finding(Level.FAULT, "files", message, "close that program and remove the file")


def _master(paths: WarehousePaths) -> Iterator[Finding]:
    if not paths.master.exists():
        yield Finding(Level.FAULT, "master", f"{paths.master} is gone", REPAIR)
        yield from _checked_file(paths.published)
        return
    yield from _checked_file(paths.master)
    try:
        published = is_published(paths)
    except DamagedWarehouse:
        return  # said already
    damage = _damage_of_snapshot(paths)
    if damage:
        yield Finding(Level.FAULT, "snapshot", damage, REPAIR)
    elif published:
        yield Finding(Level.FINE, "snapshot", "the published file shows the newest state")
    else:
        yield Finding(Level.FAULT, "snapshot", "the published file is behind the master", REPAIR)


def _damage_of_snapshot(paths: WarehousePaths) -> str:
    """What is wrong with the published snapshot, of a master that is whole; empty if nothing is."""
    snapshot = paths.published_snapshot()
    if snapshot is None or not snapshot.exists():
        return ""  # it is not published, then
    try:
        with open_for_reading(snapshot) as connection:
            edition(connection)
    except (DamagedWarehouse, ForeignFile) as error:
        return str(error)
    return ""


def _checked_file(path: Path) -> tuple[Finding, ...]:
    """The schema and the invariants of one file."""
    try:
        with open_for_reading(path) as connection:
            version = schema_version(connection)
            if version and version < newest_version():
                message = f"version {version}, this release has {newest_version()}"
                return (Finding(Level.NOTE, "schema", message, f"the next run, or {REPAIR}"),)
            require_schema(connection, path)
            complaints = check_all(connection)
            wrong = find_wrong(connection)
    except DamagedWarehouse as error:
        return (Finding(Level.FAULT, "file", str(error), REPAIR),)
    except WarehouseError as error:
        return (Finding(Level.FAULT, "file", str(error)),)
    if wrong:
        message = f"{len(wrong)} articles have other fingerprints than their texts, first {wrong[0]}"
        return (Finding(Level.FAULT, "index", message, REPAIR), *map(_finding, complaints))
    if not complaints:
        return (
            Finding(Level.FINE, "schema", f"version {version}"),
            Finding(Level.FINE, "checks", f"all rules hold in {path.name}"),
            Finding(Level.FINE, "index", "the copy finder's index is that of the articles"),
        )
    return tuple(_finding(complaint) for complaint in complaints)


def _finding(complaint: Complaint) -> Finding:
    first = ", ".join(complaint.offenders)
    message = f"{complaint.sentence} Found: {complaint.count}, first {first}"
    next_step = REPAIR if complaint.check in INDEX_CHECKS else "wirecopy reprocess"
    return Finding(Level.FAULT, complaint.check, message, next_step)


def _disk(paths: WarehousePaths) -> Finding:
    """A publish needs room for one more copy of the master."""
    free = shutil.disk_usage(paths.folder).free
    needed = 2 * (paths.master.stat().st_size if paths.master.exists() else 0) + MIN_FREE_MB * MB
    if free < needed:
        message = f"{free // MB} MB free at {paths.folder}; the next run may need {needed // MB} MB"
        return Finding(Level.FAULT, "disk", message, "free some space, or move the warehouse")
    return Finding(Level.FINE, "disk", f"{free // MB} MB free")


def _remove_snapshot(paths: WarehousePaths) -> None:
    """Make room for a copy of the master."""
    snapshot = paths.published_snapshot()
    assert snapshot is not None
    with naming_errors(snapshot):
        snapshot.unlink()


def _mend_master(paths: WarehousePaths) -> list[str]:
    """Put the newest readable snapshot in place of a damaged or lost master; the damaged one is kept."""
    if paths.master.exists():
        try:
            with open_for_reading(paths.master) as connection:
                check_all(connection)
        except DamagedWarehouse:
            aside = _free_name(paths.master)
            with naming_errors(aside):
                paths.master.rename(aside)
        else:
            return []
    snapshot = restore_master(paths)
    if snapshot is None:
        return ["no snapshot can be read: the master starts empty"]
    return [f"put {snapshot.name} in the master's place"]


def _mend_index(paths: WarehousePaths) -> list[str]:
    """Make the index of the copy finder again, where it isn't that of the articles."""
    with open_master(paths) as connection:
        is_sound = not find_wrong(connection) and not any(
            complaint.check in INDEX_CHECKS for complaint in check_all(connection)
        )
        if is_sound:
            return []
        return [f"made the index of {rebuild_index(connection)} articles again"]


def _free_name(master: Path) -> Path:
    number = 1
    while (aside := master.with_name(f"master.damaged-{number}.duckdb")).exists():
        number += 1
    return aside
