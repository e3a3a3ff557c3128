"""A judged run as the rows that the warehouse loads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.compare import Findings
from flows.judge import JudgedPage, count_words, newest_of
from flows.look_backs import StoryChange
from flows.runs import Run
from pipelines.records import Fate, LegalSignal, Via
from pipelines.story import Story
from pipelines.urls import outlet_of
from spiders.journal import UrlOutcome
from warehouse.rows import (
    CaptureRow,
    LegalSignalRow,
    Row,
    RunKind,
    RunRow,
    RunStatus,
    StoryArticleRow,
    StoryRow,
    UnrelatedRow,
    UrlFateRow,
    VersionRow,
    article_rows,
)


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """All that a run found out."""

    run: Run
    story: Story | None
    pages: Sequence[JudgedPage]
    settled: Sequence[UrlOutcome]  # URLs that never became pages, their fate known
    legal: Sequence[LegalSignal]
    findings: Findings | None  # None: no new version, nothing was compared


def count_fates(judged: JudgedRun) -> dict[Fate, int]:
    """URLs by fate; every URL of the run counts once."""
    pages = [page.verdict.fate for page in last_words(judged.pages)]
    return dict(Counter(pages + [_fate(one) for one in judged.settled]))


def last_words(pages: Iterable[JudgedPage]) -> tuple[JudgedPage, ...]:
    """The page that decides each URL's fate: the newest that made a version, else the newest."""
    deciding: dict[str, JudgedPage] = {}
    for page in sorted(pages, key=lambda page: page.page.entry.fetched_at):
        known = deciding.get(page.page.outcome.url)
        if known is None or page.filing is not None or known.filing is None:
            deciding[page.page.outcome.url] = page
    return tuple(deciding[url] for url in sorted(deciding))


def rows_of(judged: JudgedRun, finished_at: datetime, rules_version: str) -> Iterator[Row]:
    """Every row of a run."""
    run = judged.run
    if judged.story is not None:
        yield StoryRow.of(judged.story)
    yield RunRow(
        run.run_id,
        run.story,
        RunKind(run.kind),
        run.started_at,
        finished_at,
        RunStatus.FINISHED,
        rules_version,
        count_fates(judged),
    )
    for outcome in judged.settled:
        yield settled_row(run, outcome)
    for page in judged.pages:
        yield capture_row(run.run_id, page)
    for page in last_words(judged.pages):
        yield fate_row(run, page)
    yield from _story_rows(run.story, judged.pages)
    yield from _unrelated_rows(run.story, judged.pages)
    newest = {page.filing for page in newest_of(judged.pages)}
    for page in judged.pages:
        yield from version_rows(page, is_newest=page.filing in newest)
    if judged.findings is not None:
        yield from judged.findings.rows(run.run_id)
    yield from map(LegalSignalRow.of, judged.legal)


def fate_row(run: Run, judged: JudgedPage) -> UrlFateRow:
    """The fate of a page's URL."""
    outcome, verdict = judged.page.outcome, judged.verdict
    return UrlFateRow(
        run.run_id,
        run.story,
        outcome.url,
        _outlet(judged),
        outcome.via,
        verdict.fate,
        verdict.reason,
        judged.detail or None,
        judged.page.entry.fetched_at,
        outcome.source_url,
        verdict.article_id,
    )


def version_rows(judged: JudgedPage, *, is_newest: bool) -> Iterator[Row]:
    """The rows of a page's new version, if it made one; an older version has no paragraphs of its own."""
    if judged.article is None or judged.filing is None:
        return
    if is_newest:
        words = tuple(count_words(paragraph.text) for paragraph in judged.article.paragraphs)
        yield from article_rows(judged.article, judged.filing, words)
    else:
        yield VersionRow.of(judged.article, judged.filing)


def story_change(
    story: Story | None, pages: Sequence[JudgedPage], before: Mapping[str, int | None]
) -> StoryChange:
    """What a run's pages do to how far articles look back."""
    if story is None:
        return StoryChange(before)
    return StoryChange(
        before,
        story.name,
        story.copies.look_back_days,
        frozenset(row.article_id for row in _story_rows(story.name, pages)),
        frozenset(row.article_id for row in _unrelated_rows(story.name, pages)),
    )


def _story_rows(story: str | None, pages: Sequence[JudgedPage]) -> Iterator[StoryArticleRow]:
    """Which articles are about the story; the newest page of an article has the last word."""
    rows: dict[str, StoryArticleRow] = {}
    for page in sorted(pages, key=lambda page: page.page.entry.fetched_at):
        article_id = page.verdict.article_id
        if story and article_id and page.relevance:
            rows[article_id] = StoryArticleRow.of(story, article_id, page.relevance)
    yield from rows.values()


def _unrelated_rows(story: str | None, pages: Sequence[JudgedPage]) -> Iterator[UnrelatedRow]:
    """Stored articles that the story doesn't ask for any more, though their text is as it was."""
    related = {page.verdict.article_id for page in pages if page.relevance}
    for article_id in sorted({page.unrelated for page in pages if page.unrelated} - related):
        if story is not None:
            yield UnrelatedRow(story, article_id)


def settled_row(run: Run, outcome: UrlOutcome) -> UrlFateRow:
    """The fate of a URL that gave no page."""
    return UrlFateRow(
        run.run_id,
        run.story,
        outcome.url,
        _outlet_of(outcome.url) if outcome.via is Via.FILE or not outcome.url.startswith("file:") else None,
        outcome.via,
        _fate(outcome),
        outcome.reason,
        outcome.detail or None,
        outcome.at,
        outcome.source_url,
    )


def capture_row(run_id: str, judged: JudgedPage) -> CaptureRow:
    """The outcome of one archived response."""
    entry, verdict = judged.page.entry, judged.verdict
    return CaptureRow(
        run_id=run_id,
        url=entry.url,
        final_url=entry.final_url,
        fetched_at=entry.fetched_at,
        status=entry.status,
        media_type=judged.page.derived.media_type,
        payload_digest=entry.payload_digest,
        archive_file=entry.body_span.file,
        archive_offset=entry.body_span.offset,
        outcome=verdict.fate,
        reason=verdict.reason,
        article_id=verdict.article_id,
        version=verdict.version,
    )


def _fate(outcome: UrlOutcome) -> Fate:
    if outcome.fate is None:
        raise ValueError(f"{outcome.url} was fetched and has no verdict yet")
    return outcome.fate


def _outlet(judged: JudgedPage) -> str | None:
    article = judged.page.derived.article
    return article.outlet if article else _outlet_of(judged.page.outcome.url)


def _outlet_of(url: str) -> str | None:
    """None for what is no URL: its fate is then `refused`."""
    try:
        return outlet_of(url) or None
    except ValueError:
        return None
