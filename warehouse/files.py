"""Files that are whole or absent, and stay after a power cut."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def copy_durably(source: Path, unfinished: Path, target: Path, mode: int) -> None:
    """Copy under a temporary name, sync, rename; `unfinished` lies in the target's folder.

    Raises:
        OSError: the disk is full, or one of the files can't be read or written.
    """
    unfinished.unlink(missing_ok=True)
    shutil.copyfile(source, unfinished)
    unfinished.chmod(mode)
    sync_file(unfinished)
    unfinished.replace(target)
    sync_folder(target.parent)


def sync_file(path: Path) -> None:
    """Make a file's content survive a power cut."""
    _sync(path, os.O_RDONLY | os.O_CLOEXEC)


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` survive a power cut."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
