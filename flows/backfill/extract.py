"""One WARC file to one part: the pages about the story with their fingerprints, the others counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from pebble import ProcessPool

from flows.backfill.jobs import FileJob, FileReport, Loss
from flows.backfill.pages import AboutStory, PageJob, judge_item
from flows.backfill.parts import Kept, PartWriter, unfinished_part
from flows.rules import rules_version
from flows.workers import Lost, map_in_pool
from pipelines.archive_filter import CaptureFilter, Sieve
from pipelines.records import Fate, Reason, Rejected, Via
from pipelines.story import Story
from spiders.local import file_url
from spiders.local_archives import ArchiveFile
from spiders.local_warc import Sifting, read_warc
from spiders.material import Item

BATCH_PAGES = 64  # held at a time, and a worker's answers with them …
BATCH_BYTES = 32 * 1024 * 1024  # … or as many as weigh this much
MAX_LISTED = 100  # losses of a file that are rows of their own; beyond, they are counted


class UnfitWorker(Exception):
    """This machine can't do the job as the others would; the message says what to mend."""


class UnreadableError(Exception):
    """A file that can't be read, or isn't the one that the run began with."""


def derive_file(job: FileJob, pool: ProcessPool) -> FileReport:
    """Read a file and leave its part, whole, in the run's folder; pages are judged in the pool.

    Damage ends the reading of the file, and what came before it counts. A page that kills its process, or
    takes it too long, costs itself only.

    Raises:
        UnfitWorker: it has other rules, or doesn't see the run's folder.
        OSError: the part can't be written.
    """
    story = Story.from_definition(json.loads(job.definition))
    _require_fit(job, story)
    with unfinished_part(job) as folder, closing(PartWriter(folder, job, story.name)) as part:
        report = _read(job, story, part, pool)
        part.finish(report)
    return report


def _require_fit(job: FileJob, story: Story) -> None:
    own = rules_version(story.clean)
    if own != job.rules_version:
        raise UnfitWorker(
            f"a worker has the rules {own}, the run {job.rules_version}: install the same release"
        )
    if not Path(job.parts).is_dir():
        raise UnfitWorker(
            f"{job.parts}: a worker doesn't see this folder; it must lie on storage that all share"
        )


def _read(job: FileJob, story: Story, part: PartWriter, pool: ProcessPool) -> FileReport:
    reasons: Counter[str] = Counter()
    losses: list[Loss] = []
    sifting = Sifting(CaptureFilter.of(story).sift)
    about, defect = 0, None
    try:
        for verdict in _judge(_captures(job, sifting), job, story, pool):
            if isinstance(verdict, Kept):
                part.keep(verdict)
                about += 1
                continue
            reasons[verdict.reason if isinstance(verdict, Loss) else verdict] += 1
            if isinstance(verdict, Loss) and len(losses) < MAX_LISTED:
                losses.append(verdict)
    except UnreadableError as error:
        defect = str(error)
    others = sifting.counts[Sieve.OTHER_HOST]
    return FileReport(
        job.path, job.state, job.rules_version, about, dict(reasons), others, tuple(losses), defect
    )


def _captures(job: FileJob, sifting: Sifting) -> Iterator[Item | Rejected]:
    try:
        state = ArchiveFile.of(Path(job.path)).state
        if state != job.state:
            raise UnreadableError(f"changed since the run began: {state} now, {job.state} then")
        yield from read_warc(Path(job.path), file_url(job.path), sifting)
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from error


def _judge(
    found: Iterable[Item | Rejected], job: FileJob, story: Story, pool: ProcessPool
) -> Iterator[Kept | Loss | str]:
    """One verdict for each capture: kept; lost, which the user must look at; or why it isn't kept."""
    now = datetime.fromisoformat(job.started_at)
    for batch in _batches(found):
        pages = []
        for one in batch:
            if isinstance(one, Rejected):
                yield Loss(one.url, Via.FILE, Fate.REJECTED, one.reason, one.detail)
            elif one.loss is not None:
                yield one.loss[1]
            else:
                pages.append(PageJob(one, file_url(f"{job.path}#offset={one.offset}"), story, now))
        if not pages:
            continue
        for page, verdict in zip(pages, map_in_pool(pool, judge_item, pages), strict=True):
            if isinstance(verdict, AboutStory):
                yield Kept(page, verdict)
            elif isinstance(verdict, Lost):
                reason = Reason.PARSE_TIMEOUT if verdict.timed_out else Reason.PARSE_CRASH
                yield Loss(page.item.url, page.item.via, Fate.REJECTED, reason, verdict.detail)
            else:
                yield verdict.reason


def _batches(found: Iterable[Item | Rejected]) -> Iterator[list[Item | Rejected]]:
    batch: list[Item | Rejected] = []
    weight = 0
    for one in found:
        batch.append(one)
        weight += len(one.body) if isinstance(one, Item) else 0
        if len(batch) >= BATCH_PAGES or weight >= BATCH_BYTES:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
