"""Everything that was decided about one URL, with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines.urls import host_of
from warehouse.read import CopyLine, copies_of, read_records
from warehouse.sqlfiles import read_statement


@dataclass(frozen=True, slots=True)
class FateLine:
    """What became of the URL in one run."""

    run_id: str
    kind: str
    story: str | None
    url: str
    via: str
    source_url: str | None
    fate: str
    reason: str | None
    detail: str | None
    decided_at: datetime
    article_id: str | None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of the article, and where its response lies in the archive."""

    article_id: str
    version: int
    url: str
    title: str | None
    published_at: datetime | None
    published_source: str | None
    word_count: int
    fetched_at: datetime
    run_id: str
    rules_version: str
    archive_file: str
    archive_offset: int


@dataclass(frozen=True, slots=True)
class CaptureLine:
    """One archived response that came in for the URL."""

    run_id: str
    url: str
    final_url: str
    fetched_at: datetime
    status: int
    media_type: str
    payload_digest: str
    archive_file: str
    archive_offset: int
    outcome: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class ParagraphLine:
    position: int
    kind: str
    text: str
    word_count: int
    is_original: bool | None


@dataclass(frozen=True, slots=True)
class RemovedLine:
    position: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    signal: str
    value_raw: str
    value: datetime | None
    precision: str | None
    zone: str | None


@dataclass(frozen=True, slots=True)
class CreditLine:
    signal: str
    value_raw: str
    value: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class StoryLine:
    story: str
    relevance: float
    matched_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A member of the article's group, itself among them."""

    group_id: str
    article_id: str
    url: str
    role: str
    agency: str | None


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """What the newest version of the article says of itself, and between which moments it appeared."""

    article_id: str
    url: str
    outlet: str
    outlet_name: str | None
    title: str | None
    subtitle: str | None
    byline_raw: str | None
    authors: tuple[str, ...]
    agencies: tuple[str, ...]
    publishing_agency: str | None
    published_at: datetime | None
    published_precision: str | None
    published_source: str | None
    published_earliest: datetime | None
    published_latest: datetime | None
    language: str
    word_count: int
    version: int
    is_paywalled: bool | None
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class AliasLine:
    """Another address of the article."""

    url: str
    kind: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class LegalLine:
    """What the site allowed; `url` is None where it holds for the whole host."""

    host: str
    at: datetime
    signal: str
    value: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Tale:
    """The whole tale of a URL; the parts about an article are empty where it never was one."""

    urls: tuple[str, ...]
    fates: tuple[FateLine, ...]
    captures: tuple[CaptureLine, ...]
    article_id: str | None
    legal: tuple[LegalLine, ...] = ()
    article: ArticleHead | None = None
    aliases: tuple[AliasLine, ...] = ()
    versions: tuple[VersionLine, ...] = ()
    stories: tuple[StoryLine, ...] = ()
    paragraphs: tuple[ParagraphLine, ...] = ()
    removed: tuple[RemovedLine, ...] = ()
    times: tuple[TimeLine, ...] = ()
    credits: tuple[CreditLine, ...] = ()
    copies: tuple[CopyLine, ...] = ()
    group: tuple[GroupLine, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether any run ever heard of it."""
        return bool(self.fates or self.captures or self.article_id)


def tell_why(connection: duckdb.DuckDBPyConnection, urls: tuple[str, ...]) -> Tale:
    """The tale of a URL given in one or more spellings (as typed, canonical).

    A spelling is found as a URL of a run, where a redirect ended, the URL that an article is filed
    under, the canonical URL that its page declares, or an article id.
    """
    article_id = find_article(connection, urls)
    article = {"article_id": article_id}
    heads = read_records(connection, ArticleHead, read_statement("read_article_head"), article)
    aliases = read_records(connection, AliasLine, read_statement("read_aliases_of_article"), article)
    all_urls = [*urls, *(head.url for head in heads), *(alias.url for alias in aliases)]
    spelled = {"urls": list(dict.fromkeys(all_urls))}
    fates = read_records(connection, FateLine, read_statement("read_fates_of_url"), spelled)
    captures = read_records(connection, CaptureLine, read_statement("read_captures_of_url"), spelled)
    legal = _legal_signals(connection, {*spelled["urls"], *(fate.url for fate in fates)})
    if article_id is None:
        return Tale(urls, fates, captures, None, legal)
    return Tale(
        urls,
        fates,
        captures,
        article_id,
        legal,
        heads[0],
        aliases,
        versions=read_records(connection, VersionLine, read_statement("read_versions_of_article"), article),
        stories=read_records(connection, StoryLine, read_statement("read_stories_of_article"), article),
        paragraphs=read_records(
            connection, ParagraphLine, read_statement("read_paragraphs_of_article"), article
        ),
        removed=read_records(connection, RemovedLine, read_statement("read_removed_of_article"), article),
        times=read_records(connection, TimeLine, read_statement("read_times_of_article"), article),
        credits=read_records(connection, CreditLine, read_statement("read_credits_of_article"), article),
        copies=copies_of(connection, article_id),
        group=read_records(connection, GroupLine, read_statement("read_group_of_article"), article),
    )


def near_urls(connection: duckdb.DuckDBPyConnection, url: str) -> tuple[str, ...]:
    """URLs that runs have heard of and that look like this one."""
    rows = connection.execute(read_statement("read_near_urls"), {"url": url}).fetchall()
    return tuple(near for (near,) in rows)


def _legal_signals(connection: duckdb.DuckDBPyConnection, urls: set[str]) -> tuple[LegalLine, ...]:
    hosts = {host_of(url) for url in urls if "://" in url} - {""}
    return read_records(
        connection,
        LegalLine,
        read_statement("read_legal_signals_of_urls"),
        {"urls": sorted(urls), "hosts": sorted(hosts)},
    )


def find_article(connection: duckdb.DuckDBPyConnection, urls: tuple[str, ...]) -> str | None:
    """The article that a URL is, in any of the spellings; None if it never was one."""
    rows = connection.execute(read_statement("read_article_of_url"), {"urls": list(urls)}).fetchall()
    return str(rows[0][0]) if rows else None
