"""The steps of a run. Each is handed a warehouse's path and a run's id, and bears repeating after a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flows.archives import take_archives
from flows.clean import clean_rest
from flows.codec import read_derived, write_derived
from flows.compare import Findings, compare_fresh, to_compare
from flows.contact import user_agent
from flows.errors import Failure
from flows.judge import Bench, JudgedPage, Page, judge_pages, newest_of
from flows.look_backs import StoryChange
from flows.outlets import cut_pages, find_run_repeats
from flows.rejudge import take_up_again
from flows.run_files import RunFiles
from flows.runs import forget_staged, write_run
from flows.say import Say
from flows.staging import JudgedRun, rows_of, story_change
from pipelines.records import Candidate, ComparedArticle
from pipelines.url_variants import plain_forms
from pipelines.urls import article_id_of
from spiders.archive import ArchiveWriter
from spiders.crawl import CrawlJob, run_crawl
from spiders.journal import Journal, is_finished, url_outcomes
from spiders.legal import SignalLog, read_legal_signals
from spiders.local import Loader, load_paths
from warehouse.history import story_look_backs
from warehouse.load import load_run
from warehouse.master import read_master
from warehouse.neighbours import StoredArticles
from warehouse.paths import WarehousePaths
from warehouse.postings import open_postings
from warehouse.publish import publish
from warehouse.read import StoredVersion, find_run, newest_versions_of
from warehouse.staging import clear_staging, write_staging

Comparing = Callable[[WarehousePaths, tuple[JudgedPage, ...], StoryChange], Findings | None]


class CrawlBroken(Failure):
    """The crawl's process ended before its work was done, with no word about what to mend."""


def fetch(files: RunFiles, say: Say, asks_all_sources: bool) -> int:
    """Crawl until every URL is settled. Returns the number of URLs.

    Unless all are asked, sources that were quiet for a while are left alone until they are due.

    Raises:
        Failure: the crawl could not write.
        CrawlBroken: it ended before its end.
    """
    run, story = files.run(), files.story()
    if story is None:
        raise ValueError(f"{files.run_id} has no story to crawl for")
    job = CrawlJob(
        run.run_id,
        story,
        files.paths.archive,
        files.journal,
        run.started_at,
        user_agent(story),
        asks_all_sources=asks_all_sources,
    )
    if not is_finished(files.journal):
        take_archives(files.paths, run, story, files.journal)
        _crawl(files, job, say)
    for depth in range(1, story.fetch.follow_links + 1):
        if not is_finished(files.journal, depth):
            links = files.link_rounds()
            if not links.plan(story, depth):
                break
            say(f"{files.run_id}: following links of relevant pages, {depth} away from the sources")
            _crawl(files, replace(job, depth=depth, links=links.list_of(depth)), say)
    if again := take_up_again(files.paths, run, files.journal):
        say(f"{files.run_id}: the story asks something else now, {again} archived pages are judged again")
    return len(url_outcomes(files.journal))


def _crawl(files: RunFiles, job: CrawlJob, say: Say) -> None:
    job_path = files.folder / "job.json"
    job.write(job_path)
    result = run_crawl(job_path, say)
    if not result.is_finished:
        why = result.error or f"the crawl ended early (code {result.exit_code})"
        kind = Failure if result.error else CrawlBroken
        raise kind(f"{why}; what was fetched is kept, and the same command goes on from there")


def archive_local(files: RunFiles, inputs: tuple[Path, ...]) -> int:
    """Put local material into the archive and the journal. Returns the number of URLs."""
    run = files.run()
    if not is_finished(files.journal):
        with (
            ArchiveWriter(files.paths.archive, run.run_id) as writer,
            closing(SignalLog(files.legal)) as said,
        ):
            loader = Loader(writer, run.started_at, run.story, said)
            material = load_paths(inputs, loader, run.started_at)
        with closing(Journal(files.journal)) as journal:
            for entry in material.entries:
                journal.record_capture(entry)
            for outcome in material.outcomes:
                if outcome.fate is not None:
                    candidate = Candidate(outcome.url, outcome.via, outcome.source_url)
                    journal.record_settled(
                        outcome.url, candidate, outcome.fate, outcome.reason, outcome.detail
                    )
            journal.record_finish()
    return len(url_outcomes(files.journal))


def clean(files: RunFiles) -> int:
    """Derive an article or a rejection from every page of the run. Returns the number of pages."""
    if files.derived.exists():
        return sum(1 for _ in read_derived(files.derived))
    found = files.entries()
    entries = [entry for url in sorted(found) for entry in found[url]]
    rounds = files.link_rounds()
    count = write_derived(
        files.derived, clean_rest(files.paths.archive, entries, rounds.derived(), files.clean_rules())
    )
    rounds.remove_derived()
    return count


def stage(files: RunFiles, now: datetime, compare: Comparing | None = None) -> int:
    """Judge the pages, compare the new versions, write the rows to load. Returns the new versions.

    `compare` may stage rows of its own.
    """
    with read_master(files.paths) as connection:
        if find_run(connection, files.run_id) is not None:
            return 0
    clear_staging(files.staging)
    judged = judge_run(files, compare or compare_judged)
    write_staging(files.staging, rows_of(judged, now, files.rules_version()))
    return sum(page.filing is not None for page in judged.pages)


def load_and_publish(files: RunFiles) -> Path:
    """Load the staged rows in one transaction, publish, close the run. Returns the snapshot."""
    load_run(files.paths, files.staging)
    snapshot = publish(files.paths)
    write_run(files.paths.runs, replace(files.run(), status="finished"))
    files.derived.unlink(missing_ok=True)  # the archive gives it again
    forget_staged(files.paths.runs)
    return snapshot


def judge_run(files: RunFiles, compare: Comparing) -> JudgedRun:
    """Judge a run's pages against what is stored, and compare what is new."""
    pages = pages_of(files)
    found = [page.derived.article.url for page in pages if page.derived.article]
    article_ids = {article_id_of(form) for url in found for form in (url, *plain_forms(url))}
    with read_master(files.paths) as connection:
        newest = newest_versions_of(connection, sorted(article_ids))
        look_backs = story_look_backs(connection)
    judged = judge_pages_of(files, cut_pages(pages, find_run_repeats(files.paths, pages)), newest)
    settled = [outcome for outcome in url_outcomes(files.journal) if outcome.fate is not None]
    legal = read_legal_signals(files.legal)
    run, story = files.run(), files.story()
    findings = compare(files.paths, judged, story_change(story, judged, look_backs))
    return JudgedRun(run, story, judged, settled, legal, findings)


def pages_of(files: RunFiles) -> list[Page]:
    """A run's pages, which were cleaned before, with what they gave."""
    entries = files.entries()
    derived = {(record.record_file, record.record_offset): record for record in read_derived(files.derived)}
    return [
        Page(outcome, entry, derived[entry.span.file, entry.span.offset])
        for outcome in url_outcomes(files.journal)
        if outcome.fate is None
        for entry in entries.get(outcome.url, ())
    ]


def judge_pages_of(
    files: RunFiles, pages: Iterable[Page], newest: Mapping[str, StoredVersion]
) -> tuple[JudgedPage, ...]:
    """The verdicts on a run's pages; `newest` are the versions there were before it."""
    return judge_pages(pages, Bench(files.run_id, files.story(), files.rules_version(), newest))


def compare_judged(
    paths: WarehousePaths, judged: tuple[JudgedPage, ...], change: StoryChange
) -> Findings | None:
    """Compare the newest of the versions that pages made with all others; None where they made none."""
    fresh = fresh_articles(judged)
    if not fresh and not change.is_of_consequence:
        return None
    with read_master(paths) as connection:
        stored = StoredArticles(connection, open_postings(connection, paths.index))
        return compare_fresh(fresh, stored, change=change)


def fresh_articles(judged: Iterable[JudgedPage]) -> list[ComparedArticle]:
    """The newest of the versions that pages made, as the copy finder takes them."""
    return [
        to_compare(page.article, page.filing) for page in newest_of(judged) if page.article and page.filing
    ]
