"""Deriving everything again from the archive: the same path, with the rules of this release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from flows.codec import read_derived
from flows.compare import compare_all, to_compare
from flows.errors import Failure
from flows.judge import JudgedPage
from flows.outlets import Evidence, Repeats, cut_pages
from flows.reload import reload_lost_runs
from flows.rules import rules_version
from flows.runs import Run, begin_run, write_run
from flows.staging import capture_row, fate_row, last_words, version_rows
from flows.steps import RunFiles, Say, clean, judge_pages_of, pages_of, utc_now
from flows.tables import print_json, print_rows
from pipelines.group_names import Names
from pipelines.outlet_blocks import find_repeats
from pipelines.records import Fate, Reason
from warehouse.errors import MissingWarehouse
from warehouse.history import loaded_runs, stored_groups, used_group_ids
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.master import prepare_master, read_master
from warehouse.paths import WarehousePaths
from warehouse.publish import publish, recover
from warehouse.read import StoredVersion, count_rows, newest_versions
from warehouse.rows import Outcome, Row, RunKind, RunRow, RunStatus, StoryArticleRow
from warehouse.staging import write_staging


@dataclass(frozen=True, slots=True)
class Changes:
    """What a reprocessing changed: rows per table before and after, and articles with another text."""

    before: dict[str, int]
    after: dict[str, int]
    changed_articles: tuple[str, ...]  # URLs
    lost_articles: tuple[str, ...]  # URLs that are articles no longer


@dataclass(slots=True)
class _Replay:
    """The warehouse as it grows again, run by run."""

    newest: dict[str, StoredVersion] = field(default_factory=dict)
    leading: dict[str, JudgedPage] = field(default_factory=dict)  # newest version of each article
    versions: list[JudgedPage] = field(default_factory=list)
    relevance: dict[tuple[str, str], StoryArticleRow] = field(default_factory=dict)
    pages: dict[str, JudgedPage] = field(default_factory=dict)  # last look at each URL

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
        self.newest[filing.article_id] = StoredVersion(
            filing.article_id, judged.article.url, filing.version, filing.content_hash, filing.first_seen_at
        )


def reprocess_archive(warehouse: Path, say: Say) -> Changes:
    """Derive all articles, copies and groups again, load them in one transaction, publish.

    Raises:
        Failure: the archive is damaged; what was published stays.
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
            before, known = count_rows(connection), newest_versions(connection)
            names = Names(stored_groups(connection), used_group_ids(connection))
            run_ids = [run.run_id for run in loaded_runs(connection) if run.kind != RunKind.REPROCESS]
        run = begin_run(paths.runs, "reprocess", None, "", utc_now())
        repeats = _derive(paths, run_ids, say)
        replay = _Replay()
        for run_id in run_ids:
            files = RunFiles(paths, run_id)
            pages = judge_pages_of(files, cut_pages(pages_of(files), repeats), replay.newest)
            for judged in pages:
                replay.add(files.run().story, judged)
            replay.pages.update({judged.page.outcome.url: judged for judged in last_words(pages)})
        say(f"{run.run_id}: comparing {len(replay.leading)} articles, loading and publishing")
        files = RunFiles(paths, run.run_id)
        write_staging(files.staging, _rows(run, replay, known, names))
        load_run(paths, files.staging)
        publish(paths)
        write_run(paths.runs, replace(run, status="finished"))
        for run_id in run_ids:
            RunFiles(paths, run_id).derived.unlink(missing_ok=True)
        with read_master(paths) as connection:
            return _changes(before, count_rows(connection), known, replay)


def _derive(paths: WarehousePaths, run_ids: Sequence[str], say: Say) -> Repeats:
    """Derive the pages of all runs; what their outlets repeat, by all the evidence there is."""
    evidence = Evidence()
    for run_id in run_ids:
        files = RunFiles(paths, run_id)
        say(f"{run_id}: {clean(files)} pages")
        _require_whole_records(files)
        evidence.add(pages_of(files))
    return find_repeats(evidence.pages())


def _require_whole_records(files: RunFiles) -> None:
    """Refuse to derive an article away because its evidence is damaged."""
    damaged = [
        record.rejected.detail
        for record in read_derived(files.derived)
        if record.rejected is not None and record.rejected.reason is Reason.CORRUPT_RECORD
    ]
    if damaged:
        files.derived.unlink()  # so that the mended archive is read again
        raise Failure(
            f"{len(damaged)} archived pages can't be read (first: {damaged[0]}); nothing was changed: put "
            "the files back from a backup, then reprocess again; `wirecopy doctor` lists them all"
        )


def print_changes(changes: Changes, *, as_json: bool) -> None:
    """The numbers before and after, and which articles read differently now."""
    rows = [
        (name, changes.before.get(name, 0), count, count - changes.before.get(name, 0))
        for name, count in changes.after.items()
    ]
    if as_json:
        print_json(
            {
                "tables": [
                    dict(zip(("table", "before", "after", "change"), row, strict=True)) for row in rows
                ],
                "changed_articles": changes.changed_articles,
                "lost_articles": changes.lost_articles,
            }
        )
        return
    print_rows(("table", "before", "after", "change"), rows, as_json=False)
    print_rows(
        ("article", "what changed"),
        [(url, "text or title") for url in changes.changed_articles]
        + [(url, "no article any more") for url in changes.lost_articles],
        as_json=False,
    )


def _rows(run: Run, replay: _Replay, known: dict[str, StoredVersion], names: Names) -> Iterator[Row]:
    pages = [_as_of_now(judged, replay, known) for _, judged in sorted(replay.pages.items())]
    counts = Counter(judged.verdict.fate for judged in pages)
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
        yield from compare_all(fresh, names).rows(run.run_id)


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


def _changes(
    before: dict[str, int], after: dict[str, int], known: dict[str, StoredVersion], replay: _Replay
) -> Changes:
    def urls(articles: Sequence[StoredVersion]) -> tuple[str, ...]:
        return tuple(sorted(article.url for article in articles))

    changed = [
        article
        for article in replay.newest.values()
        if article.article_id not in known or known[article.article_id].content_hash != article.content_hash
    ]
    lost = [article for article in known.values() if article.article_id not in replay.newest]
    return Changes(before, after, urls(changed), urls(lost))
