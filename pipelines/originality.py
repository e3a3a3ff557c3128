"""Which paragraphs of an article are its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from pipelines.direction import publishing_agency
from pipelines.folding import fold_words
from pipelines.records import ComparedArticle, Copy, CopyKind, Direction, ReusedPassage

LEAST_SHARE = 0.5  # of a paragraph's words; less is a borrowing inside somebody's own paragraph


class _Claim(Enum):
    """Whose words a shared passage are, as far as is known."""

    OWN = "own"
    OTHERS = "others"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _SharedSpan:
    """Characters of the article that another has too."""

    start_char: int
    end_char: int
    claim: _Claim


def originality(
    article: ComparedArticle, passages: Iterable[ReusedPassage], copies: Iterable[Copy]
) -> tuple[bool | None, ...]:
    """For each paragraph of `article`, whether its words are the article's own.

    False: at least half of them lie in passages of a source proven earlier, or of an agency's text
    that both ran, unless the article is the agency's. None: at least half are shared, but who was
    first is unknown, or they are a quotation that both may have from the speaker. True: neither;
    what others took from this article, being proven later, stays its own. Passages and copies of
    other articles are ignored.
    """
    spans = list(_shared_spans(article, passages, copies))
    starts = fold_words(article.text).starts
    bounds = np.searchsorted(starts, [*article.paragraph_starts, len(article.text)])
    taken = _cover(starts, (span for span in spans if span.claim is _Claim.OTHERS))
    shared = _cover(starts, (span for span in spans if span.claim is not _Claim.OWN))
    return tuple(
        _judge(taken[first:after], shared[first:after])
        for first, after in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    )


def _judge(taken: NDArray[np.bool_], shared: NDArray[np.bool_]) -> bool | None:
    least = LEAST_SHARE * len(taken)
    if not len(taken) or shared.sum() < least:
        return True
    return False if taken.sum() >= least else None


def _cover(starts: NDArray[np.int64], spans: Iterable[_SharedSpan]) -> NDArray[np.bool_]:
    """Which words start inside one of the spans; shape (words,)."""
    covered = np.zeros(len(starts), dtype=np.bool_)
    for span in spans:
        first, after = np.searchsorted(starts, [span.start_char, span.end_char]).tolist()
        covered[first:after] = True
    return covered


def _shared_spans(
    article: ComparedArticle, passages: Iterable[ReusedPassage], copies: Iterable[Copy]
) -> Iterator[_SharedSpan]:
    me = article.article_id
    claims = {
        (copy.article_id, copy.source_id): _judge_claim(article, copy)
        for copy in copies
        if me in (copy.article_id, copy.source_id)
    }
    for passage in passages:
        claim = claims.get((passage.article_id, passage.source_id))
        if claim is None:
            continue
        if passage.article_id == me:
            yield _SharedSpan(passage.start_char, passage.end_char, claim)
        else:
            yield _SharedSpan(passage.source_start_char, passage.source_end_char, claim)


def _judge_claim(article: ComparedArticle, copy: Copy) -> _Claim:
    if copy.common_agency is not None:
        return _Claim.OWN if publishing_agency(article) == copy.common_agency else _Claim.OTHERS
    if copy.direction is Direction.UNKNOWN:
        return _Claim.UNKNOWN
    if copy.source_id == article.article_id:
        return _Claim.OWN
    return _Claim.UNKNOWN if copy.kind is CopyKind.QUOTE else _Claim.OTHERS
