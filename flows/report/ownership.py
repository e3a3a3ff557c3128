"""Whose words are they? Each passage is counted once, for the one who most likely wrote it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from warehouse.story_report import ReportArticle, ReportPair, ReportParagraph, ReportPassage, StoryRows

LAST = datetime.max.replace(tzinfo=UTC)
Span = tuple[int, int]


class Basis(StrEnum):
    """Where the words of a paragraph come from."""

    OWN = "own words"
    CREDITED = "agency, credited"
    UNCREDITED = "agency, no credit"
    TAKEN = "another outlet"
    UNDECIDED = "order not proven"


class Proof(StrEnum):
    """What a link between two rests on."""

    TIMES = "times prove the order"
    CREDIT = "agency's text by credit"
    NONE = "order not proven"


@dataclass(frozen=True, slots=True)
class Owned:
    """A paragraph of the story with its likely author: an agency's name or an outlet."""

    article_id: str
    words: int
    basis: Basis
    owner: str


@dataclass(frozen=True, slots=True)
class Taking:
    """Words that an article has in common with a source, those of better sources left out."""

    article_id: str
    source: str  # an agency's name or an outlet
    words: int
    proof: Proof


@dataclass(frozen=True, slots=True)
class Claim:
    """A passage of an article with one possible source."""

    span: Span
    words: int
    source: str
    is_agency: bool
    proof: Proof
    is_agency_page: bool  # the agency's own article
    source_time: datetime

    @property
    def rank(self) -> tuple[int, datetime, str]:
        """Agencies before others, proof before none, the earlier source before the later one."""
        order = 0 if self.is_agency_page else 1 if self.is_agency else 2 if self.proof is Proof.TIMES else 3
        return order, self.source_time, self.source


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of an article that one claim covers and no better one does."""

    span: Span
    claim: Claim


@dataclass(frozen=True, slots=True)
class Ledger:
    paragraphs: tuple[Owned, ...]
    takings: tuple[Taking, ...]


def keep_ledger(rows: StoryRows) -> Ledger:
    """Who wrote each paragraph of the story, and how many words each article took from whom."""
    articles = {article.article_id: article for article in rows.articles}
    claims = _claims(articles, rows.pairs, rows.passages)
    pieces = {article_id: _share_out(found) for article_id, found in claims.items()}
    return Ledger(
        tuple(
            _owned(articles[paragraph.article_id], paragraph, pieces.get(paragraph.article_id, ()))
            for paragraph in rows.paragraphs
        ),
        tuple(_takings(pieces)),
    )


def name_of(article: ReportArticle) -> str:
    """Who publishes it: an agency on whose own site it stands, else the outlet."""
    return article.publishing_agency or article.outlet


def _claims(
    articles: Mapping[str, ReportArticle], pairs: Iterable[ReportPair], passages: Iterable[ReportPassage]
) -> dict[str, list[Claim]]:
    """Both sides of every passage that somebody may have taken, by article."""
    by_pair = {(pair.article_id, pair.source_id): pair for pair in pairs if pair.kind != "quote"}
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for one in passages:
        pair = by_pair.get((one.article_id, one.source_id))
        if pair is None:
            continue
        later, source = articles[one.article_id], articles[one.source_id]
        if later.publishing_agency is None or later.publishing_agency != pair.common_agency:
            proof = Proof.TIMES if pair.is_proven else Proof.NONE
            found[one.article_id].append(_claim((one.start_char, one.end_char), one, pair, source, proof))
        if (pair.common_agency or not pair.is_proven) and source.publishing_agency is None:
            span = (one.source_start_char, one.source_end_char)
            found[one.source_id].append(_claim(span, one, pair, later, Proof.NONE))
    return found


def _claim(span: Span, passage: ReportPassage, pair: ReportPair, other: ReportArticle, proof: Proof) -> Claim:
    agency = pair.common_agency or other.publishing_agency
    is_agency_page = agency is not None and other.publishing_agency == agency
    if agency is not None and (proof is Proof.NONE or not is_agency_page):
        proof = Proof.CREDIT if pair.common_agency else Proof.NONE
    return Claim(
        span=span,
        words=passage.words,
        source=agency or other.outlet,
        is_agency=agency is not None,
        proof=proof,
        is_agency_page=is_agency_page,
        source_time=other.published_earliest or LAST,
    )


def _share_out(claims: Sequence[Claim]) -> tuple[Piece, ...]:
    """The claims' characters, each given to the best claim only."""
    covered: list[Span] = []
    pieces = []
    for claim in sorted(claims, key=lambda one: one.rank):
        fresh = _outside(claim.span, covered)
        pieces += [Piece(span, claim) for span in fresh]
        if fresh:
            covered = _joined([*covered, *fresh])
    return tuple(pieces)


def _outside(span: Span, covered: Sequence[Span]) -> list[Span]:
    """The parts of a span that lie outside sorted, disjoint ones."""
    start, end = span
    parts = []
    for low, high in covered:
        if high <= start or low >= end:
            continue
        if low > start:
            parts.append((start, low))
        start = max(start, high)
    if start < end:
        parts.append((start, end))
    return parts


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _owned(article: ReportArticle, paragraph: ReportParagraph, pieces: Sequence[Piece]) -> Owned:
    if paragraph.is_original is None:
        return Owned(article.article_id, paragraph.word_count, Basis.UNDECIDED, "")
    if paragraph.is_original:
        return Owned(article.article_id, paragraph.word_count, Basis.OWN, name_of(article))
    claim = _main_claim(paragraph, pieces)
    if claim is None:  # the article that proved it is in no story of this report any more
        return Owned(article.article_id, paragraph.word_count, Basis.TAKEN, "")
    basis = Basis.TAKEN
    if claim.is_agency:
        basis = Basis.CREDITED if claim.source in article.agencies else Basis.UNCREDITED
    return Owned(article.article_id, paragraph.word_count, basis, claim.source)


def _main_claim(paragraph: ReportParagraph, pieces: Iterable[Piece]) -> Claim | None:
    """The claim that covers most of a paragraph."""
    chars: defaultdict[Claim, int] = defaultdict(int)
    for piece in pieces:
        overlap = min(piece.span[1], paragraph.end_char) - max(piece.span[0], paragraph.start_char)
        if overlap > 0:
            chars[piece.claim] += overlap
    return max(chars, key=lambda claim: chars[claim]) if chars else None


def _takings(pieces: Mapping[str, Sequence[Piece]]) -> Iterable[Taking]:
    for article_id, found in pieces.items():
        words: defaultdict[tuple[str, Proof], float] = defaultdict(float)
        for piece in found:
            claim = piece.claim
            share = (piece.span[1] - piece.span[0]) / (claim.span[1] - claim.span[0])
            words[claim.source, claim.proof] += claim.words * share
        for (source, proof), count in words.items():
            yield Taking(article_id, source, round(count), proof)
