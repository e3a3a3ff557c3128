"""Texts divided into blocks and their fingerprints into ranges, for workers that see no more than their own.

What all blocks link is what one look at everything links: a fingerprint that any text of a block has comes to
the block with all texts that have it, wherever these belong, so that every rule finds what it counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.folding import I64, U64
from pipelines.pairing import IndexedArticle, LinkedTexts, link_articles
from pipelines.shingles import FINGERPRINT_BITS


@dataclass(frozen=True, slots=True)
class Block:
    """One of several blocks; texts are numbered in the order of their digests, and dealt out in turn."""

    number: int
    blocks: int

    def has(self, text: int) -> bool:
        return text % self.blocks == self.number


@dataclass(frozen=True, slots=True, eq=False)
class SharedPostings:
    """Which fingerprint which text has, and for which block that is of use; arrays of one length."""

    blocks: I64
    fingerprints: U64
    texts: I64


def number_texts(articles: Sequence[IndexedArticle]) -> dict[str, int]:
    """A number for each text, by its digest: the same however the articles are ordered."""
    return {digest: number for number, digest in enumerate(sorted({one.digest for one in articles}))}


def fingerprint_range(number: int, ranges: int) -> tuple[int, int]:
    """The first fingerprint of a range, and the first beyond it; fingerprints are spread evenly."""
    return (number << FINGERPRINT_BITS) // ranges, ((number + 1) << FINGERPRINT_BITS) // ranges


def share_out(fingerprints: U64, texts: I64, blocks: int) -> SharedPostings:
    """The postings that several texts share, once for each block that one of these texts belongs to.

    Both arrays are of one length: a row for each fingerprint of each text, in any order.
    """
    order = np.lexsort((texts, fingerprints))
    fingerprints, texts = fingerprints[order], texts[order]
    is_first = np.ones(len(fingerprints), dtype=np.bool_)
    is_first[1:] = fingerprints[1:] != fingerprints[:-1]
    firsts = np.flatnonzero(is_first)
    sizes = np.diff(np.append(firsts, len(fingerprints)))
    groups = np.cumsum(is_first) - 1
    shared = np.flatnonzero(sizes[groups] > 1)
    # a number for each pair of a group and a block that it touches
    touched = np.unique(groups[shared] * blocks + texts[shared] % blocks)
    group, block = touched // blocks, touched % blocks
    counts = sizes[group]
    ends = np.cumsum(counts)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    places = np.repeat(firsts[group], counts) + within
    return SharedPostings(np.repeat(block, counts), fingerprints[places], texts[places])


def link_block(
    articles: Sequence[IndexedArticle], numbers: Mapping[str, int], changed: Collection[str], block: Block
) -> Iterator[LinkedTexts]:
    """The links that the block answers for: those whose text of the smaller digest is its own.

    `articles` are those of the block and all that share a fingerprint with any of them, each with the shared
    ones; `numbers` those of the texts, by digest; a link counts with an article of `changed`.
    """
    digests = {article.article_id: article.digest for article in articles}
    own = {article_id for article_id, digest in digests.items() if block.has(numbers[digest])}
    for linked in link_articles(articles, own):
        is_ours = linked.one[0] in own  # `one` is the text of the smaller digest
        if is_ours and any(
            article_id in changed for side in (linked.one, linked.other) for article_id in side
        ):
            yield linked
