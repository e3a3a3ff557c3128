"""All aligned pairs of articles: each text is fingerprinted, and each pair of texts aligned, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np

from pipelines.alignment import Alignment, IndexedText, align_texts
from pipelines.candidates import Documents, find_candidates
from pipelines.folding import I64, U64, fold_words
from pipelines.identical import digest_words, group_carriers, pair_across, pair_within
from pipelines.records import ComparedArticle
from pipelines.runs import Block
from pipelines.shingles import SHINGLE_WORDS, hash_shingles, index_shingles, select_fingerprints

UNKNOWN_OUTLET = "file"  # of local material without a URL of its own
CACHED_TEXTS = 4_096  # about 40 kB each


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """Two articles that share text; `one` is the side of `alignment` that its blocks `start` in."""

    one: ComparedArticle
    other: ComparedArticle
    alignment: Alignment


def align_articles(
    articles: Sequence[ComparedArticle], changed: frozenset[str] | None
) -> Iterator[AlignedPair]:
    """Pairs that share a chain of words, at least one of them in `changed` (None: all are)."""
    words = [fold_words(article.text).hashes for article in articles]
    carriers = group_carriers([digest_words(own) for own in words])
    # in the order of their content, so that an alignment depends on the two texts alone
    texts = [carriers[digest] for digest in sorted(carriers)]
    is_changed = [changed is None or article.article_id in changed for article in articles]
    distinct = [words[text[0]] for text in texts]
    documents = Documents(
        fingerprints=[select_fingerprints(hash_shingles(own)) for own in distinct],
        outlets=_number_outlets([{articles[place].outlet for place in text} for text in texts]),
        changed=np.array([any(is_changed[place] for place in text) for text in texts], dtype=np.bool_),
    )
    shared = chain(_within(texts, distinct), _across(texts, distinct, documents))
    for alignment, pairs in shared:
        for one, other in pairs:
            if is_changed[one] or is_changed[other]:
                yield AlignedPair(articles[one], articles[other], alignment)


def _number_outlets(outlets: Sequence[set[str]]) -> I64:
    """A number for the outlet of each text; -1 where there are several, or none is known."""
    numbers = {name: number for number, name in enumerate(sorted(set().union(*outlets)))}
    numbers[UNKNOWN_OUTLET] = -1
    return np.array([numbers[min(own)] if len(own) == 1 else -1 for own in outlets], dtype=np.int64)


_Pairs = tuple[Alignment, Iterable[tuple[int, int]]]


def _within(texts: Sequence[Sequence[int]], words: Sequence[U64]) -> Iterator[_Pairs]:
    """Texts that several articles carry, each aligned with itself."""
    for text, own in zip(texts, words, strict=True):
        if len(text) > 1 and len(own) >= SHINGLE_WORDS:
            whole = ((Block(0, 0, len(own)),),)
            yield Alignment(whole, 1.0, len(own)), pair_within(text)


def _across(texts: Sequence[Sequence[int]], words: Sequence[U64], documents: Documents) -> Iterator[_Pairs]:
    """Different texts that share fingerprints, and what they share."""
    lefts, rights = find_candidates(documents)

    @lru_cache(maxsize=CACHED_TEXTS)
    def index(text: int) -> IndexedText:
        return IndexedText(words[text], index_shingles(hash_shingles(words[text])))

    for left, right in zip(lefts.tolist(), rights.tolist(), strict=True):
        alignment = align_texts(index(left), index(right))
        if alignment.chains:
            yield alignment, pair_across(texts[left], texts[right])
