"""The part that a WARC file gives: a folder, there as a whole or not at all.

It holds WARC records for the archive with their manifest, derived articles, what the pages say of their use,
the fingerprints, and the report. A part that is there isn't made again, whoever began it.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flows.backfill.jobs import REPORT_FILE, FileJob, FileReport, encode
from flows.backfill.pages import AboutStory, PageJob
from flows.codec import encode_derived
from spiders.archive import ArchiveWriter
from spiders.legal import SIGNALS_FILE, SignalLog
from spiders.local import Loader
from warehouse.exchange import PlacedText, write_placed_texts
from warehouse.files import sync_file, sync_folder

ARCHIVE_FOLDER = "archive"
DERIVED_FILE = "derived.jsonl"
TEXTS_FILE = "fingerprints.parquet"
UNFINISHED = "*.unfinished"
SYNC_EVERY = 1000  # records; an interrupted part is begun anew


@dataclass(frozen=True, slots=True)
class Kept:
    """A page about the story, with what was made of it."""

    page: PageJob
    about: AboutStory


@contextmanager
def unfinished_part(job: FileJob) -> Iterator[Path]:
    """A new folder that takes the part's place at the end, if no other did; it goes on any error."""
    folder = Path(job.parts) / f"{job.part.name}-{uuid.uuid4().hex}.unfinished"
    folder.mkdir()
    try:
        yield folder
        _take_place(folder, job.part)
        sync_folder(job.part.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _take_place(folder: Path, part: Path) -> None:
    """Rename, unless another worker has made the part meanwhile: a folder with content isn't replaced."""
    try:
        folder.rename(part)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise


class PartWriter:
    """Writes the part of a file; the archive's file is begun with the first page that is kept."""

    def __init__(self, folder: Path, job: FileJob, story: str) -> None:
        self._folder = folder
        self._job = job
        self._story = story
        self._texts: dict[tuple[str, int], PlacedText] = {}
        self._derived = (folder / DERIVED_FILE).open("wb")
        self._said = SignalLog(folder / SIGNALS_FILE)
        self._writer: ArchiveWriter | None = None
        self._loader: Loader | None = None

    def keep(self, kept: Kept) -> None:
        """File a page as the archive holds it, with its article and fingerprints; once if it comes again."""
        entry = self._open_loader().add(kept.page.item, f"{self._job.path}#offset={kept.page.item.offset}")
        if entry is None or (entry.span.file, entry.span.offset) in self._texts:
            return
        place = (entry.span.file, entry.span.offset)
        about = kept.about
        self._derived.write(
            encode_derived(replace(about.derived, record_file=place[0], record_offset=place[1]))
        )
        self._texts[place] = PlacedText(*place, about.digest, about.fingerprints)

    def finish(self, report: FileReport) -> None:
        """Make all of it survive a power cut; the report comes last."""
        if self._writer is not None:
            self._writer.flush()
        self._derived.flush()
        os.fsync(self._derived.fileno())
        write_placed_texts(self._folder / TEXTS_FILE, list(self._texts.values()))
        (self._folder / REPORT_FILE).write_text(encode(report), encoding="utf-8")
        sync_file(self._folder / REPORT_FILE)
        sync_folder(self._folder)

    def close(self) -> None:
        self._derived.close()
        self._said.close()
        if self._writer is not None:
            self._writer.close()

    def _open_loader(self) -> Loader:
        if self._loader is None:
            archive = self._folder / ARCHIVE_FOLDER
            archive.mkdir()
            self._writer = ArchiveWriter(
                archive, self._job.run_id, sys.maxsize, SYNC_EVERY, number=self._job.number
            )
            started_at = datetime.fromisoformat(self._job.started_at)
            self._loader = Loader(self._writer, started_at, self._story, self._said)
        return self._loader
