"""What a story's report is made of, read once, as typed records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.read import OutletHealth, StoredRun, latest_run, outlet_health, read_records
from warehouse.sqlfiles import read_statement

SHOWN_URLS = 100  # of each fate and reason; all of them are counted
SHOWN_CUTS = 4  # texts that a rule cut, as examples


@dataclass(frozen=True, slots=True)
class StoryHead:
    story: str
    title: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ReportArticle:
    """An article of the story, or of another one that shares text with it."""

    article_id: str
    url: str
    outlet: str
    title: str | None
    byline_raw: str | None
    agencies: tuple[str, ...]
    publishing_agency: str | None
    published_at: datetime | None
    published_precision: str | None
    published_source: str | None
    published_earliest: datetime | None
    published_latest: datetime | None
    language: str
    text: str
    word_count: int
    is_paywalled: bool | None
    version: int
    fetched_at: datetime
    group_id: str | None
    is_copy: bool  # of a group, and not the one that stands for it
    group_agency: str | None
    archive_file: str | None
    archive_offset: int | None
    is_of_story: bool


@dataclass(frozen=True, slots=True)
class ReportParagraph:
    """Where a paragraph lies in its article's text, and whether its words are the article's own."""

    article_id: str
    position: int
    kind: str
    start_char: int
    end_char: int
    word_count: int
    is_original: bool | None


@dataclass(frozen=True, slots=True)
class ReportPair:
    """Two articles that share text; `is_proven`: the times prove that the source was first."""

    article_id: str
    source_id: str
    containment: float
    source_containment: float
    shared_words: int
    kind: str
    is_proven: bool
    common_agency: str | None
    evidence: tuple[str, ...] | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class ReportPassage:
    """One aligned passage of a pair; offsets are characters of the articles' texts."""

    article_id: str
    source_id: str
    start_char: int
    end_char: int
    source_start_char: int
    source_end_char: int
    words: int
    similarity: float


@dataclass(frozen=True, slots=True)
class ReportVersion:
    """One version of an article of which there are several."""

    article_id: str
    version: int
    title: str | None
    text: str
    modified_at: datetime | None
    fetched_at: datetime
    archive_file: str | None
    archive_offset: int | None


@dataclass(frozen=True, slots=True)
class ReportFate:
    """A URL's fate at last; `urls` counts all that share fate and reason, shown or not."""

    fate: str
    reason: str | None
    urls: int
    url: str
    outlet: str | None
    via: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class JunkCut:
    """What one rule cut from the story's articles."""

    rule: str
    blocks: int
    words: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportSignal:
    """One statement about when an article appeared."""

    article_id: str
    signal: str
    value_raw: str
    value: datetime | None
    precision: str | None


@dataclass(frozen=True, slots=True)
class Uncorrected:
    """A sentence that a source has changed since, and that a copy of it still carries."""

    article_id: str
    source_id: str
    text: str
    source_text_now: str | None
    source_changed_at: datetime
    copy_seen_at: datetime | None
    is_proven: bool  # the times prove that the source was first


@dataclass(frozen=True, slots=True)
class OutletFacts:
    """What the user says of an outlet."""

    outlet: str
    country: str | None
    owner: str | None
    type: str | None


@dataclass(frozen=True, slots=True)
class StoryRows:
    """Everything that a report says, before it is said."""

    head: StoryHead
    run: StoredRun | None
    articles: tuple[ReportArticle, ...]
    paragraphs: tuple[ReportParagraph, ...]
    pairs: tuple[ReportPair, ...]
    passages: tuple[ReportPassage, ...]
    versions: tuple[ReportVersion, ...]
    signals: tuple[ReportSignal, ...]
    fates: tuple[ReportFate, ...]
    junk: tuple[JunkCut, ...]
    health: tuple[OutletHealth, ...]
    uncorrected: tuple[Uncorrected, ...]
    outlet_facts: tuple[OutletFacts, ...]


def read_story_rows(connection: duckdb.DuckDBPyConnection, story: str) -> StoryRows | None:
    """All rows of a story's report; None if the warehouse has no such story."""
    of_story = {"story": story}
    heads = read_records(connection, StoryHead, read_statement("report_story"), of_story)
    if not heads:
        return None
    return StoryRows(
        head=heads[0],
        run=latest_run(connection, story),
        articles=read_records(connection, ReportArticle, read_statement("report_articles"), of_story),
        paragraphs=read_records(connection, ReportParagraph, read_statement("report_paragraphs"), of_story),
        pairs=read_records(connection, ReportPair, read_statement("report_pairs"), of_story),
        passages=read_records(connection, ReportPassage, read_statement("report_passages"), of_story),
        versions=read_records(connection, ReportVersion, read_statement("report_versions"), of_story),
        signals=read_records(connection, ReportSignal, read_statement("report_signals"), of_story),
        fates=read_records(
            connection, ReportFate, read_statement("report_fates"), {**of_story, "shown": SHOWN_URLS}
        ),
        junk=read_records(
            connection, JunkCut, read_statement("report_junk"), {**of_story, "shown": SHOWN_CUTS}
        ),
        health=outlet_health(connection, story),
        uncorrected=read_records(connection, Uncorrected, read_statement("report_uncorrected"), of_story),
        outlet_facts=read_records(connection, OutletFacts, read_statement("report_outlets"), of_story),
    )
