"""Files that are whole or absent, and stay after a power cut."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

UNABLE_ERRNOS = frozenset({errno.ENOSYS, errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL})  # to copy by itself


def copy_durably(source: Path, unfinished: Path, target: Path, mode: int) -> None:
    """Copy under a temporary name, sync, rename; `unfinished` lies in the target's folder.

    Raises:
        OSError: the disk is full, or one of the files can't be read or written.
    """
    unfinished.unlink(missing_ok=True)
    if not _copy_by_system(source, unfinished):
        shutil.copyfile(source, unfinished)
    unfinished.chmod(mode)
    sync_file(unfinished)
    unfinished.replace(target)
    sync_folder(target.parent)


def _copy_by_system(source: Path, target: Path) -> bool:
    """Let the system copy, which shares the blocks where the file system can; whether it was able to."""
    if not hasattr(os, "copy_file_range"):
        return False
    with source.open("rb") as given, target.open("wb") as made:
        left = os.fstat(given.fileno()).st_size
        try:
            while left and (copied := os.copy_file_range(given.fileno(), made.fileno(), left)):
                left -= copied
        except OSError as error:
            if error.errno not in UNABLE_ERRNOS:
                raise
    return not left


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
