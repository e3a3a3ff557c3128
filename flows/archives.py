"""The local WARC files of a story, read before anything is asked of the web."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from flows.runs import Run, iter_runs
from pipelines.archive_filter import CaptureFilter
from pipelines.records import Fate
from pipelines.story import Story
from spiders.archive import ArchiveWriter
from spiders.journal import Journal, url_outcomes
from spiders.legal import SIGNALS_FILE, SignalLog
from spiders.local import Loader
from spiders.local_archives import ArchiveReader
from warehouse.paths import WarehousePaths

SYNC_EVERY = 1000  # records; a file that a kill interrupts is read again


def take_archives(paths: WarehousePaths, run: Run, story: Story, journal: Path) -> None:
    """Put the captures of a story's WARC files that may concern it into the archive and the journal.

    Bears repeating: files that are done are left alone, and what is stored isn't stored again.
    """
    if not story.sources.archives:
        return
    with (
        ArchiveWriter(paths.archive, run.run_id, sync_every=SYNC_EVERY) as writer,
        closing(Journal(journal)) as events,
        closing(SignalLog(journal.with_name(SIGNALS_FILE))) as said,
    ):
        loader = Loader(writer, run.started_at, story.name, said)
        reader = ArchiveReader(events, loader, CaptureFilter.of(story), read_before(paths, run))
        reader.read(story.sources.archives)
        events.sync()


def read_before(paths: WarehousePaths, run: Run) -> dict[str, str]:
    """What the newest finished run with the same question said of each WARC file it read or left alone."""
    known: dict[str, str] = {}
    for earlier in iter_runs(paths.runs):
        if earlier.status == "finished" and earlier.question == run.question:
            for outcome in url_outcomes(paths.runs / earlier.run_id / "frontier.jsonl"):
                if outcome.url.startswith("file:") and outcome.fate in (Fate.READ, Fate.SKIPPED):
                    known[outcome.url] = outcome.detail
    return known
