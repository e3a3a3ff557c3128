"""The typed, frozen records that the rooms hand to one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Via(StrEnum):
    """How a URL became known."""

    SEED = "seed"
    FEED = "feed"
    SITEMAP = "sitemap"
    SITE = "site"
    SEARCH = "search"
    LINK = "link"
    FILE = "file"
    ARCHIVE = "archive"
    RESCUE = "rescue"  # a web archive's copy of a page that is gone


class Fate(StrEnum):
    """What became of a URL in a run; each URL of a run has exactly one."""

    KEPT = "kept"  # a new article version
    UNCHANGED = "unchanged"  # fetched; the text is that of the newest version
    DUPLICATE = "duplicate"  # fetched; the same article came in this run under another URL
    REJECTED = "rejected"  # fetched; no article of this story (reason says why)
    FAILED = "failed"  # requested; no usable response
    REFUSED = "refused"  # not requested: robots.txt, address, scheme
    SKIPPED = "skipped"  # not requested: known and not due, outside the window, over budget
    READ = "read"  # a feed or sitemap that was read as a source


class Reason(StrEnum):
    """Why a URL got its fate. HTTP errors are written by `http_reason` instead."""

    # rejected
    OFF_TOPIC = "off_topic"
    TOO_SHORT = "too_short"
    NOT_ARTICLE = "not_article"
    NOT_TEXT = "not_text"
    BAD_ENCODING = "bad_encoding"
    TOO_LARGE = "too_large"
    PARSE_TIMEOUT = "parse_timeout"
    PARSE_CRASH = "parse_crash"
    BAD_LINE = "bad_line"
    UNREADABLE_FILE = "unreadable_file"
    CORRUPT_RECORD = "corrupt_record"
    BOT_CHECK = "bot_check"  # also of an error answer, then FAILED
    CONSENT_WALL = "consent_wall"
    LOGIN_WALL = "login_wall"
    PAYWALL = "paywall"
    SOFT_404 = "soft_404"  # answered 200, and says that there is no such page
    SCRIPT_ONLY = "script_only"  # scripts write the text; nothing is there without them
    # failed
    DNS = "dns"
    CONNECTION = "connection"
    TIMEOUT = "timeout"
    TLS = "tls"
    TRUNCATED = "truncated"
    REDIRECT_LOOP = "redirect_loop"
    BODY_TOO_LARGE = "body_too_large"
    BAD_RESPONSE = "bad_response"
    BAD_SOURCE = "bad_source"  # a feed or sitemap that holds no entries we can read
    NOT_OFFERED = "not_offered"  # a guessed address at which there is nothing
    SEARCH_DOWN = "search_down"  # a search that gave no answer we can use
    # refused
    ROBOTS = "robots"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    PRIVATE_ADDRESS = "private_address"
    BAD_URL = "bad_url"
    # skipped
    NOT_DUE = "not_due"
    SOURCE_QUIET = "source_quiet"  # a feed, sitemap, site or search that brought nothing new for a while
    OUT_OF_WINDOW = "out_of_window"
    OVER_BUDGET = "over_budget"
    HOST_BUSY = "host_busy"  # it asks for a longer pause than a run waits
    # duplicate
    SAME_ARTICLE = "same_article"


def http_reason(status: int) -> str:
    """The reason for an HTTP error status: 404 gives `http_404`."""
    return f"http_{status}"


class ParagraphKind(StrEnum):
    LEAD = "lead"  # the standfirst, set apart from the body
    TEXT = "text"
    HEADING = "heading"
    LIST = "list"
    QUOTE = "quote"
    CAPTION = "caption"
    POST = "post"  # one dated entry of a live blog


class Precision(StrEnum):
    """How exactly a source states a time."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Hints:
    """What the source of a URL (feed, sitemap, JSONL line) says about it, all as written there."""

    title: str | None = None
    published_raw: str | None = None
    modified_raw: str | None = None
    outlet: str | None = None
    seen_raw: str | None = None  # when a search service or web archive saw it: published by then


@dataclass(frozen=True, slots=True)
class Candidate:
    """A URL found by discovery, with why it is here."""

    url: str
    via: Via
    source_url: str | None = None
    hints: Hints = field(default_factory=Hints)


@dataclass(frozen=True, slots=True)
class Capture:
    """One archived response as read back from the archive; `body` is content-decoded."""

    url: str  # as requested, or file:NAME
    final_url: str  # after redirects
    via: Via
    source_url: str | None
    fetched_at: datetime
    status: int
    media_type: str  # lower case, without parameters, e.g. text/html
    charset: str | None  # as declared in the Content-Type header
    body: bytes
    hints: Hints
    archive_file: str
    archive_offset: int
    payload_digest: str  # sha256:HEX of the body as received


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ParagraphKind
    text: str
    posted_at: datetime | None = None  # when the live blog's entry that it is of was written


@dataclass(frozen=True, slots=True)
class RemovedBlock:
    """Junk cut from a page; `position` is the index of the paragraph it stood before."""

    position: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class TimeSignal:
    """One statement about when an article appeared.

    `value` is aware; where `zone` is None the page gives no zone and `value` reads the
    clock time as UTC. `signal` names the place, e.g. `jsonld:datePublished`,
    `meta:article:published_time`, `time`, `url`, `text`, `feed`, `sitemap`, `htmldate`.
    """

    signal: str
    value_raw: str
    value: datetime | None  # None: the raw value could not be read, or is ambiguous
    precision: Precision | None
    zone: str | None  # "+02:00" or "Z" as written


@dataclass(frozen=True, slots=True)
class CreditSignal:
    """One statement about whose text this is.

    `signal` names the place: `byline`, `dateline`, `jsonld:author`, `tail`, `canonical`,
    `image`, …; `value` is the agency's normal form, or None if it names no known agency.
    """

    signal: str
    value_raw: str
    value: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class FlattenedPage:
    """A page of plain text, cleaned: what its lines say and what was cut."""

    title: str | None
    subtitle: str | None
    byline_raw: str | None
    published: TimeSignal | None
    paragraphs: tuple[Paragraph, ...]
    removed: tuple[RemovedBlock, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A clean article: everything that `article_versions` needs except the run's own columns."""

    url: str  # canonical
    canonical_url: str | None  # what the page itself declares, if anything
    outlet: str  # registered domain, or host of an address
    outlet_name: str | None
    title: str | None
    subtitle: str | None
    byline_raw: str | None
    authors: tuple[str, ...]
    agencies: tuple[str, ...]
    published: TimeSignal | None
    modified: TimeSignal | None
    language: str  # ISO 639-1, or "und"
    section: str | None
    tags: tuple[str, ...]
    image_url: str | None
    is_paywalled: bool | None  # None: the page doesn't say
    paragraphs: tuple[Paragraph, ...]
    removed: tuple[RemovedBlock, ...]
    time_signals: tuple[TimeSignal, ...]
    credit_signals: tuple[CreditSignal, ...]

    @property
    def text(self) -> str:
        """The paragraphs, joined by an empty line; offsets elsewhere count in this string."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)

    @property
    def is_live_blog(self) -> bool:
        """Whether it is written on as things happen."""
        return any(paragraph.kind is ParagraphKind.POST for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An expected loss: why a page is no article."""

    url: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Relevance:
    """How well an article meets a story's `[match]`; `matched_terms` are the alternatives found."""

    relevance: float  # share of the conditions met with the title or lead, 0.0 to 1.0
    matched_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedArticle:
    """What the copy finder needs of an article."""

    article_id: str
    outlet: str
    text: str
    paragraph_starts: tuple[int, ...]  # character offset of each paragraph in `text`
    published_earliest: datetime | None  # the article appeared not before …
    published_latest: datetime | None  # … and not after
    agencies: tuple[str, ...]  # agencies credited with the text, normal form


@dataclass(frozen=True, slots=True)
class PublishedArticle:
    """What decides which of several articles was first and whose text it is; without the text."""

    article_id: str
    outlet: str
    published_earliest: datetime | None
    published_latest: datetime | None
    agencies: tuple[str, ...]


class CopyKind(StrEnum):
    EXACT = "exact"
    NEAR = "near"
    PARTIAL = "partial"
    QUOTE = "quote"


class Direction(StrEnum):
    SOURCE_FIRST = "source_first"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """What a verdict on a pair rests on."""

    PUBLISHED_BEFORE = "published_before"  # the intervals in which the two appeared don't overlap
    TIMES_OVERLAP = "times_overlap"
    TIME_MISSING = "time_missing"  # on one side at least
    BOTH_CREDIT = "both_credit"  # the same agency
    AGENCY_PAGE = "agency_page"  # one stands on the agency's own site, the other credits it


@dataclass(frozen=True, slots=True)
class Copy:
    """A pair of articles that share text; `source_id` is the earlier one where that is proven."""

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
    evidence: tuple[Evidence, ...] = ()  # what the direction and the common agency rest on
    confidence: float = 0.5  # that `source_id` was first: 0.5 where nothing speaks for either, up to 1.0


@dataclass(frozen=True, slots=True)
class ReusedPassage:
    """One aligned passage; offsets in characters of either article's text, end exclusive."""

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


class GroupRole(StrEnum):
    ORIGIN = "origin"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class GroupMember:
    group_id: str
    article_id: str
    role: GroupRole
    agency: str | None


@dataclass(frozen=True, slots=True)
class GroupMerge:
    """A group that is part of another now."""

    group_id: str
    merged_into: str


@dataclass(frozen=True, slots=True)
class LegalSignal:
    """One statement by a site about what may be done with its pages."""

    host: str
    at: datetime
    signal: str  # robots, crawl-delay, tdm-reservation, content-signal, meta robots, x-robots-tag
    value: str
    url: str | None = None  # set where the statement is about one page only
