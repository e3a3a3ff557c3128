"""The parts of a run into its archive, journal and derived records; from there on it is like any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.backfill.jobs import FileJob, FileReport, Loss, add_up, read_report
from flows.backfill.parts import ARCHIVE_FOLDER, DERIVED_FILE, TEXTS_FILE
from flows.codec import write_derived
from flows.errors import Failure
from flows.run_files import RunFiles
from flows.runs import iter_runs
from pipelines.records import Candidate, Fate, Reason, Via
from spiders.journal import Journal, UrlOutcome, is_finished, url_outcomes
from spiders.legal import SIGNALS_FILE, SignalLog, read_legal_signals
from spiders.local import file_url
from spiders.manifest import WARC_SUFFIX, iter_entries, manifest_of
from warehouse.exchange import PlacedText, read_placed_texts
from warehouse.files import copy_durably

RECORD_MODE = 0o644
UNFINISHED_SUFFIX = ".unfinished"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that an earlier backfill of the same story read, and that hasn't changed."""

    path: str
    detail: str


def gather(files: RunFiles, jobs: Sequence[FileJob], skipped: Sequence[Skipped]) -> int:
    """Take the parts of all jobs in, in their order. Returns the number of URLs.

    Bears repeating: what was taken in before a crash is taken in as it was.
    """
    if not is_finished(files.journal):
        with closing(Journal(files.journal)) as journal, closing(SignalLog(files.legal)) as said:
            reports = [_report_of(job) for job in jobs]
            for job, report in zip(jobs, reports, strict=True):
                _adopt_records(job, files.paths.archive)
                said.add(read_legal_signals(job.part / SIGNALS_FILE))
                _note(job, report, journal)
            journal.record_note(f"{len(jobs)} WARC files, {add_up(reports).describe()}")
            for one in skipped:
                url = file_url(one.path)
                journal.record_settled(
                    url, Candidate(url, Via.ARCHIVE), Fate.SKIPPED, Reason.NOT_DUE, one.detail
                )
            journal.settle_losses()
            journal.record_finish()
    if not files.derived.exists():
        write_derived(files.derived, _derived_lines(jobs))
    return len(url_outcomes(files.journal))


def placed_texts(jobs: Sequence[FileJob]) -> dict[tuple[str, int], PlacedText]:
    """The fingerprints of the kept pages, by their records' places."""
    texts = (text for job in jobs for text in read_placed_texts(job.part / TEXTS_FILE))
    return {(text.file, text.offset): text for text in texts}


def read_before(files: RunFiles) -> dict[str, str]:
    """What finished backfills of the same story said last of each WARC file that they read or left alone."""
    known: dict[str, str] = {}
    run = files.run()
    for earlier in iter_runs(files.paths.runs):
        if earlier.status == "finished" and earlier.kind == run.kind and earlier.definition == run.definition:
            for outcome in url_outcomes(RunFiles(files.paths, earlier.run_id).journal):
                if outcome.via is Via.ARCHIVE and outcome.fate in (Fate.READ, Fate.SKIPPED):
                    known[outcome.url] = outcome.detail
    return known


def stamp_of(job: FileJob) -> str:
    """What makes a file's reading worth repeating where it differs."""
    return f"{job.state}; rules {job.rules_version}"


def _report_of(job: FileJob) -> FileReport:
    report = read_report(job.part)
    if report is None:
        raise Failure(f"{job.part}: the part of {job.path} is gone; give the command again")
    return report


def _adopt_records(job: FileJob, archive: Path) -> None:
    """The WARC file first, then the manifest that vouches for it."""
    archive.mkdir(parents=True, exist_ok=True)
    for warc in sorted((job.part / ARCHIVE_FOLDER).glob(f"*{WARC_SUFFIX}")):
        for source in (warc, manifest_of(warc)):
            target = archive / source.name
            copy_durably(source, target.with_name(target.name + UNFINISHED_SUFFIX), target, RECORD_MODE)


def _note(job: FileJob, report: FileReport, journal: Journal) -> None:
    url = file_url(job.path)
    at = datetime.fromisoformat(job.started_at)
    for entry in iter_entries(job.part / ARCHIVE_FOLDER):
        journal.record_capture(entry)
    for loss in report.losses:
        journal.record_loss(_outcome(loss, url, at))
    candidate = Candidate(url, Via.ARCHIVE)
    if report.defect is not None:
        journal.record_settled(url, candidate, Fate.REJECTED, Reason.UNREADABLE_FILE, report.defect)
    else:
        detail = f"WARC file: {report.describe()}; {stamp_of(job)}"
        journal.record_settled(url, candidate, Fate.READ, None, detail)


def _outcome(loss: Loss, source_url: str, at: datetime) -> UrlOutcome:
    return UrlOutcome(loss.url, Via(loss.via), source_url, Fate(loss.fate), loss.reason, loss.detail, at)


def _derived_lines(jobs: Sequence[FileJob]) -> Iterator[bytes]:
    for job in jobs:
        with (job.part / DERIVED_FILE).open("rb") as lines:
            yield from lines
