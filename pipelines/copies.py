"""Who shares text with whom, word for word: exact comparison of all pairs that can share any.

Candidates are pairs with common fingerprints; each is compared shingle by shingle and aligned word
by word, so nothing that is reported is an estimate.
Sources: Broder 1997 (resemblance and containment); Schleimer, Wilkerson, Aiken 2003 (winnowing).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pipelines.alignment import NEAR_JACCARD, Alignment, align_same, align_texts
from pipelines.direction import Ordered, find_common_agency, order_pair, weigh
from pipelines.identical import pair_across, pair_within
from pipelines.library import Library
from pipelines.look_back import EVERYTHING, Reach
from pipelines.pairing import LinkedTexts, link_articles
from pipelines.passages import Layout, Passage, count_covered, cut_passages, is_quotation, swap
from pipelines.records import ComparedArticle, Copy, CopyKind, ReusedPassage

EXACT_JACCARD = 0.98  # a changed dateline or place name; nobody would call it another text
MAX_STOCK_WORDS = 20  # shared in all, unquoted: a set phrase or one sentence from elsewhere …
MAX_STOCK_SHARE = 0.3  # … as long as it is a small part of either article
ALL_HISTORY: Mapping[str, int | None] = MappingProxyType({})  # of each article


@dataclass(frozen=True, slots=True)
class Comparison:
    """All pairs that share text, and the passages they share; in order of the ids."""

    copies: tuple[Copy, ...]
    passages: tuple[ReusedPassage, ...]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What two articles share, `article` being filed as the later one."""

    article: Layout
    source: Layout
    ordered: Ordered
    passages: tuple[Passage, ...]
    containment: float
    source_containment: float
    shared_words: int


def compare_articles(
    articles: Sequence[ComparedArticle],
    changed: Collection[str] | None = None,
    look_backs: Mapping[str, int | None] = ALL_HISTORY,
) -> Comparison:
    """Find every pair of articles that share text, with at least one of them in `changed`.

    `changed` holds article ids; None compares all pairs. The order of `articles` makes no difference.
    A pair is reported where it shares twelve words on end, twenty with small edits between, or half of
    all shingles; then every passage of at least twelve words, edits bridged, is. Where more than 128
    articles have one and the same text, each is paired with eight of them.

    `look_backs` are in days, by article id: a pair is left out where the later article doesn't look back as
    far as the earlier one; those that aren't named, or have None, look back over everything.

    Raises:
        ValueError: two articles have the same id.
    """
    known = {article.article_id: article for article in articles}
    if len(known) < len(articles):
        counts = Counter(article.article_id for article in articles)
        raise ValueError(f"two articles have the id {counts.most_common(1)[0][0]}")
    library = Library(known.__getitem__)
    wanted = known if changed is None else changed
    indexed = library.index_articles(list(known))
    if look_backs:
        indexed = [one._replace(look_back_days=look_backs.get(one.article_id)) for one in indexed]
    return compare_linked(link_articles(indexed, wanted), library, wanted, Reach(indexed))


def compare_linked(
    links: Iterable[LinkedTexts], library: Library, changed: Collection[str], reach: Reach = EVERYTHING
) -> Comparison:
    """Compare linked texts; pairs of articles within reach count with at least one of them in `changed`."""
    copies: list[Copy] = []
    passages: list[ReusedPassage] = []
    for linked in links:
        alignment = _align(linked, library)
        if not len(alignment.chains):
            continue
        pairs = pair_within(linked.one) if linked.is_same else pair_across(linked.one, linked.other)
        for one, other in pairs:
            if (one in changed or other in changed) and reach.joins(one, other):
                shared = _share(alignment, library.lay_out(one), library.lay_out(other))
                if shared.passages:
                    copies.append(_make_copy(alignment, shared))
                    passages.extend(_make_passage(passage, shared) for passage in shared.passages)
    return Comparison(
        tuple(sorted(copies, key=lambda copy: (copy.article_id, copy.source_id))),
        tuple(sorted(passages, key=_passage_order)),
    )


def _align(linked: LinkedTexts, library: Library) -> Alignment:
    if linked.is_same:
        return align_same(library.index(linked.one[0]).words)
    return align_texts(library.index(linked.one[0]), library.index(linked.other[0]))


def _share(alignment: Alignment, one: Layout, other: Layout) -> _Shared:
    passages = cut_passages(alignment.chains, one, other)
    ordered = order_pair(one.article, other.article)
    if ordered.article is not one.article:
        passages = sorted(map(swap, passages))
        one, other = other, one
    covered = count_covered(passage.one for passage in passages)
    source_covered = count_covered(passage.other for passage in passages)
    equal = int(alignment.chains.blocks[:, 2].sum())
    return _Shared(
        article=one,
        source=other,
        ordered=ordered,
        passages=tuple(passages),
        containment=covered / max(1, len(one.starts)),
        source_containment=source_covered / max(1, len(other.starts)),
        shared_words=min(covered, source_covered, equal),
    )


def _make_copy(alignment: Alignment, shared: _Shared) -> Copy:
    article, source = shared.article.article, shared.source.article
    evidence, confidence = weigh(shared.ordered)
    return Copy(
        article_id=article.article_id,
        source_id=source.article_id,
        containment=shared.containment,
        source_containment=shared.source_containment,
        jaccard=alignment.jaccard,
        shared_words=shared.shared_words,
        longest_run_words=alignment.longest_run_words,
        kind=_judge_kind(alignment.jaccard, shared),
        direction=shared.ordered.direction,
        common_agency=find_common_agency(article, source),
        evidence=evidence,
        confidence=confidence,
    )


def _judge_kind(jaccard: float, shared: _Shared) -> CopyKind:
    if jaccard >= EXACT_JACCARD:
        return CopyKind.EXACT
    if jaccard >= NEAR_JACCARD:
        return CopyKind.NEAR
    share = max(shared.containment, shared.source_containment)
    if shared.shared_words <= MAX_STOCK_WORDS and share < MAX_STOCK_SHARE:
        return CopyKind.QUOTE
    if all(is_quotation(passage, shared.article, shared.source) for passage in shared.passages):
        return CopyKind.QUOTE
    return CopyKind.PARTIAL


def _make_passage(passage: Passage, shared: _Shared) -> ReusedPassage:
    one, other = passage.one, passage.other
    words, source_words = one.end - one.start, other.end - other.start
    return ReusedPassage(
        article_id=shared.article.article.article_id,
        paragraph=one.paragraph,
        start_char=int(shared.article.starts[one.start]),
        end_char=int(shared.article.ends[one.end - 1]),
        source_id=shared.source.article.article_id,
        source_paragraph=other.paragraph,
        source_start_char=int(shared.source.starts[other.start]),
        source_end_char=int(shared.source.ends[other.end - 1]),
        words=words,
        similarity=passage.equal / max(words, source_words),
    )


def _passage_order(passage: ReusedPassage) -> tuple[str, str, int, int, int, int]:
    return (
        passage.article_id,
        passage.source_id,
        passage.start_char,
        passage.end_char,
        passage.source_start_char,
        passage.source_end_char,
    )
