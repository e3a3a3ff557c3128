"""Deriving everything again from the archive: the same path, with the rules of this release."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from flows.clean import clean_jobs
from flows.clock import utc_now
from flows.codec import read_derived, write_derived
from flows.compare import compare_all, to_compare
from flows.errors import Failure
from flows.judge import Bench, JudgedPage, as_stored, judge_pages
from flows.outlets import Evidence, cut_pages
from flows.reload import reload_lost_runs
from flows.rules import rules_version
from flows.run_files import RunFiles
from flows.runs import Run, begin_run, iter_runs, write_run
from flows.say import Say
from flows.staging import capture_row, fate_row, last_words, settled_row, version_rows
from flows.steps import pages_of
from pipelines.group_names import Names
from pipelines.look_back import longest_look_back
from pipelines.outlet_blocks import find_repeats
from pipelines.records import Fate, Reason
from spiders.fetched import find_entries
from spiders.journal import UrlOutcome, url_outcomes
from warehouse.differences import Differences, compare_snapshots
from warehouse.errors import MissingWarehouse
from warehouse.history import loaded_runs, stored_groups, used_group_ids
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.master import prepare_master, read_master
from warehouse.paths import WarehousePaths
from warehouse.publish import publish, recover
from warehouse.read import StoredRun, StoredVersion, newest_versions
from warehouse.rows import Outcome, Row, RunKind, RunRow, RunStatus, StoryArticleRow
from warehouse.staging import write_staging

Loss = Mapping[str, str]  # URLs of pages whose evidence is damaged or gone, each with what is wrong


@dataclass(slots=True)
class _Replay:
    """The warehouse as it grows again, run by run."""

    newest: dict[str, StoredVersion] = field(default_factory=dict)
    leading: dict[str, JudgedPage] = field(default_factory=dict)  # newest version of each article
    versions: list[JudgedPage] = field(default_factory=list)
    relevance: dict[tuple[str, str], StoryArticleRow] = field(default_factory=dict)
    pages: dict[str, JudgedPage] = field(default_factory=dict)  # last look at each URL
    lost: dict[str, UrlOutcome] = field(default_factory=dict)  # URLs with damaged or missing evidence
    story_days: dict[str, int | None] = field(default_factory=dict)  # how far each story looks back

    def add(self, story: str | None, judged: JudgedPage) -> None:
        article_id = judged.verdict.article_id
        if article_id and story and judged.relevance:
            row = StoryArticleRow.of(story, article_id, judged.relevance)
            self.relevance[story, article_id] = row
        if judged.article is None or judged.filing is None:
            return
        filing = judged.filing
        self.versions.append(judged)
        self.leading[filing.article_id] = judged
        self.newest[filing.article_id] = as_stored(judged.article, filing)

    def look_backs(self) -> dict[str, int | None]:
        """How many days back each article is compared, by all its stories."""
        days: dict[str, list[int | None]] = defaultdict(list)
        for story, article_id in self.relevance:
            days[article_id].append(self.story_days[story])
        return {article_id: longest_look_back(own) for article_id, own in days.items()}


def reprocess_archive(warehouse: Path, say: Say, *, accept_loss: bool = False) -> Differences:
    """Derive all articles, copies and groups again, load them in one transaction, publish.

    Pages are judged by the story as its newest finished run had it. With `accept_loss` a page whose
    evidence is damaged is a rejection.

    Raises:
        Failure: the archive is damaged and that isn't accepted; what was published stays.
        WarehouseError: one of its kinds; what was published stays, too.
    """
    paths = WarehousePaths.of(warehouse)
    if not paths.folder.exists() and not paths.published.is_symlink() and not paths.published.exists():
        raise MissingWarehouse(warehouse)
    with lock_warehouse(paths):
        prepare_master(paths)
        recover(paths)
        reload_lost_runs(paths, say)
        with read_master(paths) as connection:
            known = newest_versions(connection)
            names = Names(stored_groups(connection), used_group_ids(connection))
            loaded = loaded_runs(connection)
        if _close_loaded(paths, loaded):
            snapshots = paths.all_snapshots()
            return compare_snapshots(snapshots[min(1, len(snapshots) - 1)], snapshots[0])
        run = begin_run(paths.runs, "reprocess", None, rules_version(), utc_now())
        sources = [
            RunFiles(paths, one.run_id, accepts_loss=True) for one in loaded if one.kind != RunKind.REPROCESS
        ]
        loss = _derive(sources, say, accept_loss=accept_loss)
        replay = _replay(sources, loss)
        say(f"{run.run_id}: comparing {len(replay.leading)} articles, loading and publishing")
        files = RunFiles(paths, run.run_id)
        write_staging(files.staging, _rows(run, replay, known, names))
        older = publish(paths)
        load_run(paths, files.staging)
        newer = publish(paths)
        write_run(paths.runs, replace(run, status="finished"))
        for source in sources:
            source.derived.unlink(missing_ok=True)
        return compare_snapshots(older, newer)


def _close_loaded(paths: WarehousePaths, loaded: Sequence[StoredRun]) -> bool:
    """Close reprocessings that were killed after their load, so that none is taken up again.

    Returns whether one of them is all that is asked for: nothing was loaded since, and the rules are these.
    """
    by_id = {run.run_id: run for run in loaded}
    is_done = False
    for run in iter_runs(paths.runs):
        if run.kind == "reprocess" and run.status == "running" and run.run_id in by_id:
            write_run(paths.runs, replace(run, status="finished"))
            is_done = by_id[run.run_id] == loaded[-1] and loaded[-1].rules_version == rules_version()
    return is_done


def _derive(sources: Sequence[RunFiles], say: Say, *, accept_loss: bool) -> Loss:
    """Derive the pages of all runs, in as many processes as there are cores; what was derived is left alone.

    Returns the pages that are lost, with what is wrong.

    Raises:
        Failure: there are such pages, and that isn't accepted.
    """
    due = [(files, files.cleaning_jobs()) for files in sources if not files.derived.exists()]
    results = clean_jobs([job for _, jobs in due for job in jobs])
    for files, jobs in due:
        say(f"{files.run_id}: {write_derived(files.derived, islice(results, len(jobs)))} pages")
    loss: dict[str, str] = {}
    for files in sources:
        damaged = _damaged_pages(files)
        loss |= damaged
        if damaged and not accept_loss:
            files.derived.unlink()  # so that the mended archive is read again
    for url, what in sorted(loss.items()):
        say(f"lost: {url} ({what})")
    if loss and not accept_loss:
        raise Failure(
            f"{len(loss)} archived pages can't be read, each named above; nothing was changed: put the files "
            "back from a backup and reprocess again, or go on without these pages with --accept-loss"
        )
    return loss


def _damaged_pages(files: RunFiles) -> Loss:
    missing = find_entries(files.journal, files.paths.archive)[1]
    gone = {url: f"no manifest has {file}:{offset}" for url, (file, offset) in missing.items()}
    damaged = {
        record.url: record.rejected.detail
        for record in read_derived(files.derived)
        if record.rejected is not None and record.rejected.reason is Reason.CORRUPT_RECORD
    }
    return {**gone, **damaged}


def _replay(sources: Sequence[RunFiles], loss: Loss) -> _Replay:
    """Judge all runs' pages again, in their order."""
    evidence = Evidence()
    for files in sources:
        evidence.add(pages_of(files))
    repeats = find_repeats(evidence.pages())
    replay = _Replay()
    for files in sources:
        story = files.story_now()
        pages = judge_pages(
            cut_pages(pages_of(files), repeats),
            Bench(files.run_id, story, files.rules_version(), replay.newest),
        )
        if story is not None:
            replay.story_days[story.name] = story.copies.look_back_days
        for judged in pages:
            replay.add(files.run().story, judged)
        replay.pages.update({judged.page.outcome.url: judged for judged in last_words(pages)})
        replay.lost.update(
            {
                outcome.url: replace(
                    outcome, fate=Fate.REJECTED, reason=Reason.CORRUPT_RECORD, detail=loss[outcome.url]
                )
                for outcome in url_outcomes(files.journal)
                if outcome.url in loss
            }
        )
    return replay


def _rows(run: Run, replay: _Replay, known: dict[str, StoredVersion], names: Names) -> Iterator[Row]:
    pages = [_as_of_now(judged, replay, known) for _, judged in sorted(replay.pages.items())]
    gone = [outcome for url, outcome in sorted(replay.lost.items()) if url not in replay.pages]
    counts = Counter([judged.verdict.fate for judged in pages] + [Fate.REJECTED] * len(gone))
    yield RunRow(
        run.run_id,
        None,
        RunKind.REPROCESS,
        run.started_at,
        utc_now(),
        RunStatus.FINISHED,
        rules_version(),
        counts,
    )
    for outcome in gone:
        yield settled_row(run, outcome)
    for judged in pages:
        yield fate_row(run, judged)
        yield capture_row(run.run_id, judged)
    yield from replay.relevance.values()
    for judged in replay.versions:
        yield from version_rows(judged, is_newest=_is_leading(judged, replay))
    fresh = [
        to_compare(judged.article, judged.filing)
        for judged in replay.leading.values()
        if judged.article and judged.filing
    ]
    if fresh:
        yield from compare_all(fresh, names, replay.look_backs()).rows(run.run_id)


def _is_leading(judged: JudgedPage, replay: _Replay) -> bool:
    return judged.filing is not None and replay.leading[judged.filing.article_id] is judged


def _as_of_now(judged: JudgedPage, replay: _Replay, known: dict[str, StoredVersion]) -> JudgedPage:
    """The verdict of a reprocessing: kept only where the text differs from what was known."""
    article_id = judged.verdict.article_id
    if article_id is None or judged.verdict.fate is Fate.DUPLICATE:
        return judged
    newest, before = replay.newest[article_id], known.get(article_id)
    is_same = before is not None and before.content_hash == newest.content_hash
    fate = Fate.UNCHANGED if is_same else Fate.KEPT
    return replace(judged, verdict=Outcome(fate, None, article_id, newest.version), detail="")
