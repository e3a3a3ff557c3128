"""One frozen record per row that a run hands to the warehouse, and how to make them from the rooms' records.

Field names are column names. Times are aware. A run stages its rows with `warehouse.staging.write_staging`
and `warehouse.load.load_run` loads them in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pipelines.direction import agency_of_site
from pipelines.records import (
    Article,
    Capture,
    Copy,
    CopyKind,
    CreditSignal,
    Direction,
    Evidence,
    Fate,
    GroupMember,
    GroupMerge,
    GroupRole,
    LegalSignal,
    ParagraphKind,
    Precision,
    Relevance,
    ReusedPassage,
    TimeSignal,
    Via,
)
from pipelines.story import Story


class RunKind(StrEnum):
    RUN = "run"
    INGEST = "ingest"
    REPROCESS = "reprocess"


class RunStatus(StrEnum):
    FINISHED = "finished"
    STOPPED = "stopped"  # ended early by the user; what had come by then is loaded


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story as its file states it; replaces what the warehouse held under that name."""

    story: str
    title: str
    definition: Mapping[str, Any]  # plain JSON values
    since: datetime | None
    until: datetime | None

    @classmethod
    def of(cls, story: Story) -> StoryRow:
        return cls(story.name, story.title, story.definition(), story.since, story.until)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run; a staging holds exactly one. `counts` is counted apart from the staged fates."""

    run_id: str
    story: str | None  # None: an ingest without a story, or a reprocessing of all stories
    kind: RunKind
    started_at: datetime
    finished_at: datetime
    status: RunStatus
    rules_version: str
    counts: Mapping[Fate, int]  # fates that are left out count 0


@dataclass(frozen=True, slots=True)
class UrlFateRow:
    """What became of a URL in a run; exactly one row for each URL of the run."""

    run_id: str
    story: str | None
    url: str
    outlet: str | None  # None: the URL names no host
    via: Via
    fate: Fate
    reason: str | None  # a `Reason`, or http_404 and the like; None for kept, unchanged and read
    detail: str | None
    at: datetime
    source_url: str | None = None  # the feed, sitemap, file or page that named the URL
    article_id: str | None = None  # the article it is or repeats, for kept, unchanged and duplicate


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """A response in the archive that a run looked at, and the one outcome it had."""

    run_id: str
    url: str  # the URL of its fate in this run
    final_url: str
    fetched_at: datetime
    status: int
    media_type: str
    payload_digest: str
    archive_file: str
    archive_offset: int
    outcome: Fate  # kept, unchanged, duplicate, rejected, failed or read
    reason: str | None
    article_id: str | None = None
    version: int | None = None  # the version that it made or repeats

    @classmethod
    def of(cls, run_id: str, capture: Capture, outcome: Outcome) -> CaptureRow:
        return cls(
            run_id,
            capture.url,
            capture.final_url,
            capture.fetched_at,
            capture.status,
            capture.media_type,
            capture.payload_digest,
            capture.archive_file,
            capture.archive_offset,
            outcome.fate,
            outcome.reason,
            outcome.article_id,
            outcome.version,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one capture."""

    fate: Fate
    reason: str | None = None
    article_id: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """The run's own part of an article version: where it comes from and how it is filed."""

    article_id: str
    version: int  # 1, 2, 3 … in the order they were seen
    run_id: str
    first_seen_at: datetime  # when the article, in any version, was first fetched
    fetched_at: datetime  # when this version was fetched
    content_hash: str
    word_count: int
    published_earliest: datetime | None  # the article appeared not before …
    published_latest: datetime | None  # … and not after
    archive_file: str
    archive_offset: int
    rules_version: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of an article; the newest of each article also becomes its row in `articles`."""

    article_id: str
    version: int
    url: str
    canonical_url: str | None
    outlet: str
    outlet_name: str | None
    title: str | None
    subtitle: str | None
    byline_raw: str | None
    authors: tuple[str, ...]
    agencies: tuple[str, ...]
    publishing_agency: str | None
    published_at: datetime | None
    published_raw: str | None
    published_precision: Precision | None
    published_source: str | None
    published_zone: str | None
    published_earliest: datetime | None
    published_latest: datetime | None
    modified_at: datetime | None
    language: str
    text: str
    word_count: int
    section: str | None
    tags: tuple[str, ...]
    image_url: str | None
    is_paywalled: bool | None
    is_live_blog: bool
    first_seen_at: datetime
    fetched_at: datetime
    content_hash: str
    run_id: str
    archive_file: str
    archive_offset: int
    rules_version: str

    @classmethod
    def of(cls, article: Article, filing: Filing) -> VersionRow:
        published = article.published
        return cls(
            article_id=filing.article_id,
            version=filing.version,
            url=article.url,
            canonical_url=article.canonical_url,
            outlet=article.outlet,
            outlet_name=article.outlet_name,
            title=article.title,
            subtitle=article.subtitle,
            byline_raw=article.byline_raw,
            authors=article.authors,
            agencies=article.agencies,
            publishing_agency=agency_of_site(article.outlet, article.agencies),
            published_at=published.value if published else None,
            published_raw=published.value_raw if published else None,
            published_precision=published.precision if published else None,
            published_source=published.signal if published else None,
            published_zone=published.zone if published else None,
            published_earliest=filing.published_earliest,
            published_latest=filing.published_latest,
            modified_at=article.modified.value if article.modified else None,
            language=article.language,
            text=article.text,
            word_count=filing.word_count,
            section=article.section,
            tags=article.tags,
            image_url=article.image_url,
            is_paywalled=article.is_paywalled,
            is_live_blog=article.is_live_blog,
            first_seen_at=filing.first_seen_at,
            fetched_at=filing.fetched_at,
            content_hash=filing.content_hash,
            run_id=filing.run_id,
            archive_file=filing.archive_file,
            archive_offset=filing.archive_offset,
            rules_version=filing.rules_version,
        )


@dataclass(frozen=True, slots=True)
class ParagraphRow:
    """A paragraph of the newest version; `start_char` is its offset in the article's text.

    `paragraphs.is_original` isn't staged: the load derives it from the passages.
    """

    article_id: str
    position: int
    kind: ParagraphKind
    text: str
    word_count: int
    start_char: int
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RemovedBlockRow:
    article_id: str
    ordinal: int  # 0, 1, 2 … in the order of the page; several blocks may share a position
    position: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class TimeSignalRow:
    article_id: str
    ordinal: int
    signal: str
    value_raw: str
    value: datetime | None
    precision: Precision | None
    zone: str | None

    @classmethod
    def of(cls, article_id: str, ordinal: int, said: TimeSignal) -> TimeSignalRow:
        return cls(article_id, ordinal, said.signal, said.value_raw, said.value, said.precision, said.zone)


@dataclass(frozen=True, slots=True)
class CreditSignalRow:
    article_id: str
    ordinal: int
    signal: str
    value_raw: str
    value: str | None
    confidence: float

    @classmethod
    def of(cls, article_id: str, ordinal: int, said: CreditSignal) -> CreditSignalRow:
        return cls(article_id, ordinal, said.signal, said.value_raw, said.value, said.confidence)


@dataclass(frozen=True, slots=True)
class StoryArticleRow:
    story: str
    article_id: str
    relevance: float
    matched_terms: tuple[str, ...]

    @classmethod
    def of(cls, story: str, article_id: str, judged: Relevance) -> StoryArticleRow:
        return cls(story, article_id, judged.relevance, judged.matched_terms)


@dataclass(frozen=True, slots=True)
class UnrelatedRow:
    """An article that was judged again and isn't about the story any more."""

    story: str
    article_id: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """An article that was compared anew: all its stored copies and passages give way to the staged ones.

    Articles with a staged version count as compared without such a row.
    """

    article_id: str


@dataclass(frozen=True, slots=True)
class CopyRow:
    article_id: str
    source_id: str
    containment: float
    source_containment: float
    jaccard: float
    shared_words: int
    longest_run_words: int
    kind: CopyKind
    direction: Direction
    common_agency: str | None
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 0.5

    @classmethod
    def of(cls, copy: Copy) -> CopyRow:
        return cls(**{name: getattr(copy, name) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class ReusedPassageRow:
    article_id: str
    paragraph: int
    start_char: int
    end_char: int
    source_id: str
    source_paragraph: int
    source_start_char: int
    source_end_char: int
    words: int
    similarity: float

    @classmethod
    def of(cls, passage: ReusedPassage) -> ReusedPassageRow:
        return cls(**{name: getattr(passage, name) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class WireGroupRow:
    """Membership in a group; a staging holds every group that any compared article is, or was, in, whole."""

    group_id: str
    article_id: str
    role: GroupRole
    agency: str | None

    @classmethod
    def of(cls, member: GroupMember) -> WireGroupRow:
        return cls(member.group_id, member.article_id, member.role, member.agency)


@dataclass(frozen=True, slots=True)
class GroupMergeRow:
    """A group that is part of another since this run."""

    group_id: str
    merged_into: str
    run_id: str

    @classmethod
    def of(cls, merge: GroupMerge, run_id: str) -> GroupMergeRow:
        return cls(merge.group_id, merge.merged_into, run_id)


@dataclass(frozen=True, slots=True)
class LegalSignalRow:
    host: str
    at: datetime
    signal: str
    value: str
    url: str | None = field(default=None)

    @classmethod
    def of(cls, said: LegalSignal) -> LegalSignalRow:
        return cls(said.host, said.at, said.signal, said.value, said.url)


Row = (
    StoryRow
    | RunRow
    | UrlFateRow
    | CaptureRow
    | VersionRow
    | ParagraphRow
    | RemovedBlockRow
    | TimeSignalRow
    | CreditSignalRow
    | StoryArticleRow
    | UnrelatedRow
    | ComparedRow
    | CopyRow
    | ReusedPassageRow
    | WireGroupRow
    | GroupMergeRow
    | LegalSignalRow
)

ArticleRow = VersionRow | ParagraphRow | RemovedBlockRow | TimeSignalRow | CreditSignalRow


def article_rows(article: Article, filing: Filing, paragraph_words: tuple[int, ...]) -> Iterator[ArticleRow]:
    """All rows of one new article version; `paragraph_words` counts the words of each paragraph."""
    article_id = filing.article_id
    yield VersionRow.of(article, filing)
    yield from _paragraph_rows(article, article_id, paragraph_words)
    for ordinal, block in enumerate(article.removed):
        yield RemovedBlockRow(article_id, ordinal, block.position, block.text, block.rule)
    for ordinal, time_signal in enumerate(article.time_signals):
        yield TimeSignalRow.of(article_id, ordinal, time_signal)
    for ordinal, credit_signal in enumerate(article.credit_signals):
        yield CreditSignalRow.of(article_id, ordinal, credit_signal)


def _paragraph_rows(article: Article, article_id: str, words: tuple[int, ...]) -> Iterator[ParagraphRow]:
    start_char = 0
    for position, (paragraph, word_count) in enumerate(zip(article.paragraphs, words, strict=True)):
        yield ParagraphRow(
            article_id,
            position,
            paragraph.kind,
            paragraph.text,
            word_count,
            start_char,
            paragraph.posted_at,
        )
        start_char += len(paragraph.text) + len("\n\n")
