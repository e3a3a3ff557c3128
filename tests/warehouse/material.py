"""A small invented press as staged rows: Velmora's bridge is closed, an agency reports, others copy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.match import Match
from pipelines.records import (
    Article,
    CopyKind,
    CreditSignal,
    Direction,
    Fate,
    GroupRole,
    Paragraph,
    ParagraphKind,
    Precision,
    RemovedBlock,
    TimeSignal,
    Via,
)
from pipelines.story import Story
from warehouse.load import LoadReport, load_run
from warehouse.lock import lock_warehouse
from warehouse.master import open_published
from warehouse.paths import WarehousePaths
from warehouse.publish import publish
from warehouse.rows import (
    CaptureRow,
    CopyRow,
    Filing,
    LegalSignalRow,
    ReusedPassageRow,
    Row,
    RunKind,
    RunRow,
    RunStatus,
    StoryArticleRow,
    StoryRow,
    UrlFateRow,
    WireGroupRow,
    article_rows,
)
from warehouse.staging import write_staging

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)
STORY = Story("velmora-bridge", "Velmora's bridge is closed", None, None, Match(all=("bridge",)))
LEAD = "The old bridge over the Sarn at Velmora was closed on Friday after inspectors found cracks."
SECOND = "Some nine thousand people cross it each day, and the ferry can carry a tenth of them."
OWN = "Our reporter walked the long way round and needed two hours by the northern ford."
OTHER = "The town of Quill opened its new library with a reading by the harbour choir."


@dataclass(frozen=True, slots=True)
class Piece:
    """One invented article: its outlet, its paragraphs, and how many hours after noon it appeared."""

    outlet: str
    paragraphs: tuple[str, ...]
    hours: int = 0
    title: str = "Bridge closed"

    @property
    def url(self) -> str:
        return f"https://{self.outlet}/bridge"

    @property
    def article_id(self) -> str:
        return hashlib.sha256(self.url.encode()).hexdigest()[:12]


AGENCY = Piece("sarn-wire.example", (LEAD, SECOND), 0)
COPIER = Piece("velmora-post.example", (LEAD, SECOND), 2, title="Cracks shut bridge")
MIXER = Piece("ford-gazette.example", (LEAD, OWN), 4, title="Two hours by the ford")
OWNER = Piece("quill-times.example", (OTHER,), 1, title="Library opens")


def make_article(piece: Piece) -> Article:
    """The piece as a clean article."""
    published = TimeSignal(
        "meta:date", "as written", NOON + timedelta(hours=piece.hours), Precision.MINUTE, "Z"
    )
    return Article(
        url=piece.url,
        canonical_url=None,
        outlet=piece.outlet,
        outlet_name=None,
        title=piece.title,
        subtitle=None,
        byline_raw="By Mara Quist",
        authors=("Mara Quist",),
        agencies=("Sarn Wire",) if piece is AGENCY else (),
        published=published,
        modified=None,
        language="en",
        section=None,
        tags=("bridge",),
        image_url=None,
        is_paywalled=None,
        paragraphs=tuple(Paragraph(ParagraphKind.TEXT, text) for text in piece.paragraphs),
        removed=(RemovedBlock(1, "Share this", "share_bar"), RemovedBlock(1, "Donate", "plea")),
        time_signals=(published, replace(published, signal="url", value=None, precision=None, zone=None)),
        credit_signals=(CreditSignal("byline", "By Mara Quist", None, 0.5),),
    )


def make_filing(piece: Piece, run_id: str, version: int = 1, offset: int = 0) -> Filing:
    article = make_article(piece)
    appeared = NOON + timedelta(hours=piece.hours)
    return Filing(
        article_id=piece.article_id,
        version=version,
        run_id=run_id,
        first_seen_at=NOON + timedelta(days=1),
        fetched_at=NOON + timedelta(days=version),
        content_hash=hashlib.sha256(article.text.encode()).hexdigest()[:16],
        word_count=len(article.text.split()),
        published_earliest=appeared,
        published_latest=appeared + timedelta(seconds=59),
        archive_file="a-0001.warc.gz",
        archive_offset=offset,
        rules_version="1",
    )


def piece_rows(piece: Piece, run_id: str, version: int = 1) -> list[Row]:
    """All rows of a kept piece: fate, capture, version, paragraphs and evidence."""
    filing = make_filing(piece, run_id, version, offset=int(piece.article_id, 16))
    words = tuple(len(text.split()) for text in piece.paragraphs)
    return [
        fate_row(piece.url, run_id, Fate.KEPT, article_id=piece.article_id, outlet=piece.outlet),
        CaptureRow(
            run_id=run_id,
            url=piece.url,
            final_url=piece.url,
            fetched_at=filing.fetched_at,
            status=200,
            media_type="text/html",
            payload_digest="sha256:00",
            archive_file=filing.archive_file,
            archive_offset=filing.archive_offset,
            outcome=Fate.KEPT,
            reason=None,
            article_id=piece.article_id,
            version=version,
        ),
        *article_rows(make_article(piece), filing, words),
        StoryArticleRow(STORY.name, piece.article_id, 1.0, ("bridge",)),
    ]


def fate_row(
    url: str,
    run_id: str,
    fate: Fate,
    *,
    reason: str | None = None,
    article_id: str | None = None,
    outlet: str,
) -> UrlFateRow:
    return UrlFateRow(
        run_id=run_id,
        story=STORY.name,
        url=url,
        outlet=outlet,
        via=Via.FEED,
        fate=fate,
        reason=reason,
        detail=None,
        at=NOON + timedelta(days=1),
        source_url=f"https://{outlet}/feed",
        article_id=article_id,
    )


def copy_rows(later: Piece, source: Piece, shared: Sequence[str]) -> list[Row]:
    """A copy of whole paragraphs, with a passage for each."""
    words = sum(len(text.split()) for text in shared)
    total, source_total = len(" ".join(later.paragraphs).split()), len(" ".join(source.paragraphs).split())
    copy = CopyRow(
        article_id=later.article_id,
        source_id=source.article_id,
        containment=words / total,
        source_containment=words / source_total,
        jaccard=words / (total + source_total - words),
        shared_words=words,
        longest_run_words=words,
        kind=CopyKind.EXACT if words == total else CopyKind.PARTIAL,
        direction=Direction.SOURCE_FIRST,
        common_agency=None,
    )
    return [copy, *(passage_row(later, source, text) for text in shared)]


def passage_row(later: Piece, source: Piece, text: str) -> ReusedPassageRow:
    start, source_start = (make_article(piece).text.index(text) for piece in (later, source))
    return ReusedPassageRow(
        article_id=later.article_id,
        paragraph=later.paragraphs.index(text),
        start_char=start,
        end_char=start + len(text),
        source_id=source.article_id,
        source_paragraph=source.paragraphs.index(text),
        source_start_char=source_start,
        source_end_char=source_start + len(text),
        words=len(text.split()),
        similarity=1.0,
    )


def press_rows(run_id: str = "run-1") -> list[Row]:
    """The whole first run: four articles kept, one URL rejected, one failed, one feed read."""
    rows: list[Row] = []
    for piece in (AGENCY, COPIER, MIXER, OWNER):
        rows += piece_rows(piece, run_id)
    rows += copy_rows(COPIER, AGENCY, (LEAD, SECOND))
    rows += copy_rows(MIXER, AGENCY, (LEAD,))
    rows += copy_rows(MIXER, COPIER, (LEAD,))
    rows += [
        WireGroupRow("g1", AGENCY.article_id, GroupRole.ORIGIN, "Sarn Wire"),
        WireGroupRow("g1", COPIER.article_id, GroupRole.COPY, "Sarn Wire"),
        LegalSignalRow(AGENCY.outlet, NOON, "tdm-reservation", "1"),
        fate_row(
            "https://quill-times.example/choir",
            run_id,
            Fate.REJECTED,
            reason="off_topic",
            outlet="quill-times.example",
        ),
        fate_row("https://gone.example/x", run_id, Fate.FAILED, reason="http_404", outlet="gone.example"),
        replace(
            fate_row("https://sarn-wire.example/feed", run_id, Fate.READ, outlet="sarn-wire.example"),
            source_url=None,
        ),
    ]
    return whole_run(rows, run_id)


def whole_run(
    rows: Iterable[Row], run_id: str, kind: RunKind = RunKind.RUN, started_at: datetime = NOON
) -> list[Row]:
    """The rows with their story and a run row whose counts are those of the fates."""
    kept = list(rows)
    counts: dict[Fate, int] = {}
    for row in kept:
        if isinstance(row, UrlFateRow):
            counts[row.fate] = counts.get(row.fate, 0) + 1
    run = RunRow(
        run_id=run_id,
        story=STORY.name,
        kind=kind,
        started_at=started_at,
        finished_at=started_at + timedelta(minutes=5),
        status=RunStatus.FINISHED,
        rules_version="1",
        counts=counts,
    )
    return [StoryRow.of(STORY), run, *kept]


def stage(paths: WarehousePaths, rows: Iterable[Row], run_id: str = "run-1") -> Path:
    """Write rows where a run would; returns the staging folder."""
    folder = paths.runs / run_id / "staging"
    write_staging(folder, rows)
    return folder


def contents(paths: WarehousePaths) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every public table of the published file, in a fixed order."""
    with open_published(paths.published) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' and not temporary order by all"
        ).fetchall()
        return {
            name: connection.execute(f"select * from main.{name} order by all").fetchall()
            for (name,) in tables
        }


def load_and_publish(paths: WarehousePaths, rows: Iterable[Row], run_id: str = "run-1") -> LoadReport:
    """What a run does at its end."""
    staging = stage(paths, rows, run_id)
    with lock_warehouse(paths):
        report = load_run(paths, staging)
        publish(paths)
    return report
