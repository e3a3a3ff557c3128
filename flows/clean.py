"""From archive records to derived articles, in worker processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.codec import Derived, encode_derived
from flows.workers import Lost, map_in_workers, processes_for
from pipelines.records import Article, Capture, Reason, Rejected
from pipelines.story import CleanRules
from spiders.manifest import ManifestEntry

NO_RULES = CleanRules()


@dataclass(frozen=True, slots=True)
class CleaningJob:
    """One archived page, by its place in the archive."""

    archive: str
    entry: ManifestEntry
    rules: CleanRules = NO_RULES


def clean_pages(
    archive: Path, entries: Sequence[ManifestEntry], rules: CleanRules = NO_RULES
) -> Iterator[bytes]:
    """What each archived page gives, encoded, in the entries' order; a rejection if it kills its parser."""
    return clean_jobs([CleaningJob(str(archive), entry, rules) for entry in entries])


def clean_jobs(jobs: Sequence[CleaningJob]) -> Iterator[bytes]:
    """The same for pages of several stories, in the jobs' order."""
    for result in map_in_workers(clean_and_encode, jobs, processes_for(len(jobs))):
        yield encode_derived(_lost(result)) if isinstance(result, Lost) else result


def clean_rest(
    archive: Path,
    entries: Sequence[ManifestEntry],
    known: Mapping[tuple[str, int], Derived],
    rules: CleanRules = NO_RULES,
) -> Iterator[bytes]:
    """The same, but what is `known` by its record's place isn't derived again."""
    fresh = clean_pages(archive, [entry for entry in entries if _place(entry) not in known], rules)
    for entry in entries:
        record = known.get(_place(entry))
        yield next(fresh) if record is None else encode_derived(record)


def _place(entry: ManifestEntry) -> tuple[str, int]:
    return (entry.span.file, entry.span.offset)


def clean_and_encode(job: CleaningJob) -> bytes:
    """One page's line; runs in a worker."""
    return encode_derived(clean_page(job))


def clean_page(job: CleaningJob) -> Derived:
    """Read one capture and take the article out of it."""
    from spiders.captures import read_capture

    capture = read_capture(Path(job.archive), job.entry)
    if isinstance(capture, Rejected):
        return _derived(job.entry, "", None, capture)
    result = clean_capture(capture, job.rules)
    media_type = capture.media_type
    if isinstance(result, Rejected):
        return _derived(job.entry, media_type, None, result)
    return _derived(job.entry, media_type, result, None)


def clean_capture(capture: Capture, rules: CleanRules) -> Article | Rejected:
    """Take the article out of a capture, by our rules and the user's own."""
    # here, so that the parent never loads the parsers
    from pipelines.agencies import agencies_with
    from pipelines.page import read_page
    from pipelines.site_rules import rule_for

    rule = rule_for(rules.site_rules, capture.final_url)
    return read_page(capture, rule, agencies_with(rules.agencies))


def _lost(lost: Lost[CleaningJob]) -> Derived:
    reason = Reason.PARSE_TIMEOUT if lost.timed_out else Reason.PARSE_CRASH
    entry = lost.item.entry
    return _derived(entry, "", None, Rejected(entry.url, reason, lost.detail))


def _derived(
    entry: ManifestEntry, media_type: str, article: Article | None, rejected: Rejected | None
) -> Derived:
    return Derived(entry.url, entry.span.file, entry.span.offset, media_type, article, rejected)
