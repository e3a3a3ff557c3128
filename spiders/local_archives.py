"""The WARC files that a story names: sifted by host and window, a file at a time."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.archive_filter import CaptureFilter, Sieve
from pipelines.records import Candidate, Fate, Reason, Via
from spiders.journal import Journal
from spiders.local import WARC_SUFFIXES, Loader, file_url
from spiders.local_warc import Sifting, read_warc

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A WARC file as it lies there: any change of it shows in `state`."""

    path: Path
    url: str  # file:PATH
    state: str  # size and time of its last change, for people and for comparison

    @classmethod
    def of(cls, path: Path) -> ArchiveFile:
        """
        Raises:
            OSError: it can't be looked at.
        """
        found = path.stat()
        changed = datetime.fromtimestamp(found.st_mtime, UTC).isoformat(timespec="microseconds")
        return cls(path, file_url(str(path)), f"{found.st_size} bytes of {changed}")


def find_files(pattern: str) -> tuple[Path, ...]:
    """The files that an absolute path or glob stands for, by name; of a folder, its WARC files."""
    path = Path(pattern)
    if path.is_file():
        return (path,)
    found = path.rglob("*") if path.is_dir() else Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    is_folder = path.is_dir()
    return tuple(
        sorted(
            file
            for file in found
            if file.is_file() and (not is_folder or file.name.lower().endswith(WARC_SUFFIXES))
        )
    )


class ArchiveReader:
    """Reads files into the archive and the journal; a file that the journal knows is done.

    `known` has what an earlier run that asked the same said of a file: unchanged since, it
    holds nothing new.
    """

    def __init__(
        self, journal: Journal, loader: Loader, sift: CaptureFilter, known: Mapping[str, str]
    ) -> None:
        self._journal = journal
        self._loader = loader
        self._sift = sift
        self._known = known

    def read(self, patterns: Sequence[str]) -> None:
        """Every file of the patterns, each once; one that isn't there or can't be read costs itself only."""
        for pattern in patterns:
            paths = find_files(pattern)
            if not paths:
                self._settle(file_url(pattern), Fate.FAILED, Reason.UNREADABLE_FILE, "no such file")
            for path in paths:
                self._read_file(path)

    def _read_file(self, path: Path) -> None:
        url = file_url(str(path))
        if url in self._journal.settled:
            return
        try:
            file = ArchiveFile.of(path)
            if file.state in self._known.get(url, ""):
                detail = f"unchanged since it was read: {file.state}"
                self._settle(url, Fate.SKIPPED, Reason.NOT_DUE, detail)
                return
            sifting = self._take(file)
        except OSError as error:
            self._settle(url, Fate.REJECTED, Reason.UNREADABLE_FILE, error.strerror or str(error))
            return
        counts = sifting.counts
        detail = (
            f"WARC file: {counts[Sieve.TAKEN]} captures taken, {counts[Sieve.OUT_OF_WINDOW]} outside the "
            f"window, {counts[Sieve.OTHER_HOST]} of other hosts; {file.state}"
        )
        self._settle(url, Fate.READ, None, detail)
        logger.info("%s: %s", path, detail)

    def _take(self, file: ArchiveFile) -> Sifting:
        sifting = Sifting(self._sift.sift)
        for found in read_warc(file.path, file.url, sifting):
            self._loader.add(found, str(file.path))
        material = self._loader.take()
        for entry in material.entries:
            self._journal.record_capture(entry)
        for outcome in material.outcomes:
            if outcome.fate is not None:
                self._journal.record_loss(outcome)
        return sifting

    def _settle(self, url: str, fate: Fate, reason: Reason | None, detail: str) -> None:
        self._journal.record_settled(url, Candidate(url, Via.ARCHIVE), fate, reason, detail)
