"""Invented and real articles in a warehouse, batch by batch, by the steps that a run takes for them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from flows.compare import Findings, compare_fresh
from flows.look_backs import StoryChange
from pipelines.folding import fold_words
from pipelines.records import Article, ComparedArticle, Paragraph, ParagraphKind
from pipelines.story import Story
from warehouse.history import story_look_backs
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.master import prepare_master, read_master
from warehouse.neighbours import StoredArticles
from warehouse.paths import WarehousePaths
from warehouse.postings import open_postings
from warehouse.read import newest_versions_of
from warehouse.rows import Filing, Row, RunKind, RunRow, RunStatus, StoryArticleRow, StoryRow, article_rows
from warehouse.staging import write_staging

SEEN = datetime(2024, 6, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BatchRun:
    """The run that brings a batch, and the story that its articles are about, if there is one."""

    run_id: str
    story: Story | None = None


def add_batch(paths: WarehousePaths, articles: Sequence[ComparedArticle], run: BatchRun) -> None:
    """Compare the articles with all that are stored, and load them."""
    with lock_warehouse(paths):
        prepare_master(paths)
        findings = compare_batch(paths, articles, run.story)
        load_batch(paths, articles, findings, run)


def compare_batch(
    paths: WarehousePaths, articles: Sequence[ComparedArticle], story: Story | None = None
) -> Findings:
    with read_master(paths) as connection:
        stored = StoredArticles(connection, open_postings(connection, paths.index))
        before = story_look_backs(connection)
        ids = frozenset(article.article_id for article in articles)
        joins = StoryChange(before, story.name, story.copies.look_back_days, ids) if story else None
        return compare_fresh(articles, stored, change=joins or StoryChange(before))


def load_batch(
    paths: WarehousePaths, articles: Sequence[ComparedArticle], findings: Findings | None, run: BatchRun
) -> None:
    """Load articles with what comparing them gave; the caller holds the lock."""
    staging = paths.runs / run.run_id / "staging"
    with read_master(paths) as connection:
        known = newest_versions_of(connection, [article.article_id for article in articles])
    versions = {article_id: stored.version for article_id, stored in known.items()}
    write_staging(staging, staged_rows(articles, findings, run, versions))
    load_run(paths, staging)
    shutil.rmtree(staging.parent)


def warehouse_at(folder: Path) -> WarehousePaths:
    return WarehousePaths.of(folder / "coverage.duckdb")


def staged_rows(
    articles: Iterable[ComparedArticle],
    findings: Findings | None,
    run: BatchRun,
    versions: Mapping[str, int],
) -> Iterator[Row]:
    """All rows of a run that brings articles; `versions` are those stored before it."""
    name = run.story.name if run.story else None
    yield RunRow(run.run_id, name, RunKind.INGEST, SEEN, SEEN, RunStatus.FINISHED, "test", {})
    if run.story is not None:
        yield StoryRow.of(run.story)
    for article in articles:
        yield from _article_rows(article, run.run_id, versions.get(article.article_id, 0) + 1)
        if name is not None:
            yield StoryArticleRow(name, article.article_id, 1.0, ())
    if findings is not None:
        yield from findings.rows(run.run_id)


def _article_rows(compared: ComparedArticle, run_id: str, version: int) -> Iterator[Row]:
    bounds = [*compared.paragraph_starts, len(compared.text) + 2]
    texts = [compared.text[start : after - 2] for start, after in pairwise(bounds)]
    article = Article(
        url=f"http://{compared.outlet}/{compared.article_id}",
        canonical_url=None,
        outlet=compared.outlet,
        outlet_name=None,
        title=None,
        subtitle=None,
        byline_raw=None,
        authors=(),
        agencies=compared.agencies,
        published=None,
        modified=None,
        language="und",
        section=None,
        tags=(),
        image_url=None,
        is_paywalled=None,
        paragraphs=tuple(Paragraph(ParagraphKind.TEXT, text) for text in texts),
        removed=(),
        time_signals=(),
        credit_signals=(),
    )
    filing = Filing(
        article_id=compared.article_id,
        version=version,
        run_id=run_id,
        first_seen_at=SEEN,
        fetched_at=SEEN,
        content_hash=f"{compared.article_id} {run_id}",
        word_count=len(fold_words(compared.text)),
        published_earliest=compared.published_earliest,
        published_latest=compared.published_latest,
        archive_file="none.warc",
        archive_offset=0,
        rules_version="test",
    )
    yield from article_rows(article, filing, tuple(len(fold_words(text)) for text in texts))
