"""What becomes of each fetched page: article of the story, off topic, unchanged, duplicate, rejected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from flows.codec import Derived
from pipelines.date_choice import publication_interval
from pipelines.folding import fold_words
from pipelines.match import judge_relevance
from pipelines.records import Article, Fate, Reason, Rejected, Relevance, Via
from pipelines.story import Story
from pipelines.url_variants import plain_url
from pipelines.urls import article_id_of
from spiders.journal import UrlOutcome
from spiders.manifest import ManifestEntry
from warehouse.read import StoredVersion
from warehouse.rows import Filing, Outcome

# a page may carry a date without a zone: it isn't outside the story's window until it is for every zone
WINDOW_SLACK = timedelta(hours=14)
SEED_RELEVANCE = Relevance(1.0, ("seed",))
HASH_DIGITS = 16
OTHER_READING = "the page is as it was; the rules of today read it differently: wirecopy reprocess"


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page on its way: the URL's outcome so far, its archive record, what it gave.

    `cut` is the article without what its outlet repeats, where it does.
    """

    outcome: UrlOutcome
    entry: ManifestEntry
    derived: Derived
    cut: Article | None = None
    plain_url: str | None = None  # of an AMP or print page: the article that it shows

    @property
    def article(self) -> Article | None:
        article = self.cut or self.derived.article
        return replace(article, url=self.plain_url) if article and self.plain_url else article

    @property
    def is_variant(self) -> bool:
        return self.plain_url is not None


@dataclass(frozen=True, slots=True)
class JudgedPage:
    """A page with its verdict; `article` and `filing` only where a new version came of it.

    `unrelated` is the article whose stored text this is, where the story doesn't ask for it.
    """

    page: Page
    verdict: Outcome
    detail: str
    relevance: Relevance | None = None
    article: Article | None = None
    filing: Filing | None = None
    unrelated: str | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """What the judging of a run's pages is measured against."""

    run_id: str
    story: Story | None  # None: local material without a story; every article is kept
    rules_version: str
    newest: Mapping[str, StoredVersion]


def judge_pages(pages: Iterable[Page], bench: Bench) -> tuple[JudgedPage, ...]:
    """One verdict for each page. Of several URLs of one article the canonical one leads.

    Several captures of one URL are versions of its article, in the order of their times.
    """
    leaders: dict[str, str] = {}
    newest = dict(bench.newest)
    judged = []
    for page in sorted(file_variants(pages, bench), key=_leading_order):
        article = page.article
        if article is None:
            judged.append(_reject(page, page.derived.rejected))
            continue
        relevance = relevance_of(page.outcome, article, bench.story)
        if isinstance(relevance, Rejected):
            judged.append(replace(_reject(page, relevance), unrelated=_stored_as(page, article, newest)))
            continue
        article_id = article_id_of(article.url)
        known = newest.get(article_id)
        if page.is_variant and known is not None:
            verdict = Outcome(Fate.DUPLICATE, Reason.SAME_ARTICLE, article_id, known.version)
            judged.append(JudgedPage(page, verdict, f"an AMP or print page of {article.url}", relevance))
            continue
        leader = leaders.setdefault(article_id, page.outcome.url)
        if leader != page.outcome.url:
            verdict = Outcome(Fate.DUPLICATE, Reason.SAME_ARTICLE, article_id)
            judged.append(JudgedPage(page, verdict, f"the article of {leader}"))
            continue
        filed = _file(page, article, relevance, replace(bench, newest=newest))
        if filed.filing is not None:
            newest[article_id] = as_stored(article, filed.filing)
        judged.append(filed)
    return _with_versions(judged)


def file_variants(pages: Iterable[Page], bench: Bench) -> list[Page]:
    """The pages; AMP and print forms of an article that the run or the warehouse knows are marked."""
    given = list(pages)
    known = {version.url for version in bench.newest.values()}
    known |= {page.article.url for page in given if page.article is not None}
    return [
        replace(page, plain_url=plain_url(page.article.url, known)) if page.article is not None else page
        for page in given
    ]


def newest_of(judged: Iterable[JudgedPage]) -> tuple[JudgedPage, ...]:
    """The newest of the versions that the pages made, one for each article."""
    newest: dict[str, JudgedPage] = {}
    for page in judged:
        if page.filing is not None:
            known = newest.get(page.filing.article_id)
            if known is None or known.filing is None or known.filing.version < page.filing.version:
                newest[page.filing.article_id] = page
    return tuple(newest[article_id] for article_id in sorted(newest))


def content_hash(article: Article) -> str:
    """Digest of the words of title and text: a moved quote mark or a changed space is no new version."""
    words = fold_words(f"{article.title or ''}\n{article.text}").hashes
    return sha256(words.astype("<u8").tobytes()).hexdigest()[:HASH_DIGITS]


def count_words(text: str) -> int:
    """Words as the copy finder counts them."""
    return len(fold_words(text).hashes)


def _leading_order(page: Page) -> tuple[bool, str, datetime, int]:
    article = page.derived.article
    is_elsewhere = article is None or article.url != page.outcome.url
    return (is_elsewhere, page.outcome.url, page.entry.fetched_at, page.entry.span.offset)


def as_stored(article: Article, filing: Filing) -> StoredVersion:
    """A new version as later pages meet it."""
    return StoredVersion(
        filing.article_id,
        article.url,
        filing.version,
        filing.content_hash,
        filing.first_seen_at,
        filing.archive_file,
        filing.archive_offset,
        filing.rules_version,
    )


def relevance_of(outcome: UrlOutcome, article: Article, story: Story | None) -> Relevance | Rejected | None:
    """How well an article meets a story, or why not; None where there is no story to be relevant to."""
    if story is None:
        return None
    if outcome.via is Via.SEED:
        return SEED_RELEVANCE
    earliest, latest = publication_interval(article.published, None)
    if (story.since and latest and latest < story.since - WINDOW_SLACK) or (
        story.until and earliest and earliest >= story.until + WINDOW_SLACK
    ):
        raw = article.published.value_raw if article.published else ""
        return Rejected(outcome.url, Reason.OUT_OF_WINDOW, f"published {raw}")
    found = judge_relevance(story.match, article.title, [paragraph.text for paragraph in article.paragraphs])
    return found or Rejected(outcome.url, Reason.OFF_TOPIC, article.title or "")


def _stored_as(page: Page, article: Article, newest: Mapping[str, StoredVersion]) -> str | None:
    """The article whose newest version has just this text."""
    known = newest.get(article_id_of(article.url))
    is_same = known is not None and known.content_hash == content_hash(page.derived.article or article)
    return known.article_id if known is not None and is_same else None


def _reject(page: Page, rejected: Rejected | None) -> JudgedPage:
    if rejected is None:
        raise ValueError(f"neither article nor rejection came of {page.outcome.url}")
    return JudgedPage(page, Outcome(Fate.REJECTED, rejected.reason), rejected.detail)


def _file(page: Page, article: Article, relevance: Relevance | None, bench: Bench) -> JudgedPage:
    article_id = article_id_of(article.url)
    # of the page as it is, so that new evidence about an outlet's other pages makes no new version
    digest = content_hash(page.derived.article or article)
    newest = bench.newest.get(article_id)
    if newest is not None and newest.content_hash == digest:
        verdict = Outcome(Fate.UNCHANGED, None, article_id, newest.version)
        return JudgedPage(page, verdict, "", relevance)
    if newest is not None and _is_other_reading(newest, page, bench):
        verdict = Outcome(Fate.UNCHANGED, None, article_id, newest.version)
        return JudgedPage(page, verdict, OTHER_READING, relevance)
    version = newest.version + 1 if newest else 1
    first_seen = min(newest.first_seen_at, page.entry.fetched_at) if newest else page.entry.fetched_at
    earliest, latest = publication_interval(article.published, first_seen)
    filing = Filing(
        article_id=article_id,
        version=version,
        run_id=bench.run_id,
        first_seen_at=first_seen,
        fetched_at=page.entry.fetched_at,
        content_hash=digest,
        word_count=count_words(article.text),
        published_earliest=earliest,
        published_latest=latest,
        archive_file=page.entry.body_span.file,
        archive_offset=page.entry.body_span.offset,
        rules_version=bench.rules_version,
    )
    verdict = Outcome(Fate.KEPT, None, article_id, version)
    detail = "" if newest is None else f"version {version}: the text has changed"
    return JudgedPage(page, verdict, detail, relevance, article, filing)


def _is_other_reading(newest: StoredVersion, page: Page, bench: Bench) -> bool:
    """Whether a text differs only because other rules read it: the bytes are those of that version."""
    span = page.entry.body_span
    is_same_record = (span.file, span.offset) == (newest.archive_file, newest.archive_offset)
    return is_same_record and newest.rules_version != bench.rules_version


def _with_versions(judged: list[JudgedPage]) -> tuple[JudgedPage, ...]:
    """Duplicates name the version that their leader made or repeats."""
    versions = {
        one.verdict.article_id: one.verdict.version for one in judged if one.verdict.version is not None
    }
    return tuple(
        replace(one, verdict=replace(one.verdict, version=versions.get(one.verdict.article_id)))
        if one.verdict.fate is Fate.DUPLICATE
        else one
        for one in judged
    )
