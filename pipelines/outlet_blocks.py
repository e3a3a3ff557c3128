"""Blocks that an outlet repeats on different stories: what one page cannot tell from the article's own text.

The evidence is other articles of the outlet. A text that other outlets carry as well came by wire and is
never cut; nor is a quotation, nor background that speaks of what the article speaks of.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.folding import U64, fold_words
from pipelines.lexicon import fold
from pipelines.records import Article, Paragraph, ParagraphKind, RemovedBlock
from pipelines.shingles import count_shared, distinct_shingles
from pipelines.text_shape import SENTENCE_END, UNSPACED, count_words

RULE = "outlet_repeats"
MIN_STORIES = 3  # different stories of the outlet that hold the block
ENOUGH_STORIES = 8  # more prove nothing more
MAX_HOLDERS = 40  # articles looked at for a block: enough to find three stories among them
MAX_BLOCK_WORDS = 80  # longer blocks are columns that ran twice, not notes of the house
MAX_BLOCK_CHARS = 800
MAX_SHARED_SHARE = 0.25  # of the shorter text: two articles that share more tell one story
MIN_OWN_SHARE = 0.5  # of an article's words outside of repeated blocks; with fewer it is a copy itself
MAX_COHESION = 1 / 3  # of a block's longer words that the rest of its article uses, too
MIN_LONG_WORD = 5  # letters: shorter words say little of what a text is about
MAX_CUT_SHARE = 0.5  # of an article's words; beyond it the evidence must be wrong
MIN_WORDS_LEFT = 25
KINDS = frozenset({ParagraphKind.TEXT, ParagraphKind.LIST, ParagraphKind.HEADING, ParagraphKind.CAPTION})
QUOTATION = re.compile(r"^[\"'“”„«»‘’‚‹›「『]|[\"“”„«»「『].{12,}[\"“”«»」』]")
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class OutletPage:
    """An article as evidence; its paragraphs hold what this rule may have cut of it before."""

    article_id: str
    outlet: str
    paragraphs: tuple[Paragraph, ...]


def may_repeat(paragraph: Paragraph) -> bool:
    """Whether a paragraph could be a block of the house at all."""
    return paragraph.kind in KINDS and _is_block(paragraph.text)


def find_repeats(pages: Iterable[OutletPage]) -> Mapping[str, frozenset[str]]:
    """The texts that each outlet repeats on different stories and no other outlet carries, by outlet.

    Depends on the set of pages alone, not on their order.
    """
    holders: defaultdict[str, list[OutletPage]] = defaultdict(list)
    for page in sorted(pages, key=lambda page: page.article_id):
        for text in {one.text for one in page.paragraphs if one.kind in KINDS}:
            holders[text].append(page)
    often = {
        text: found
        for text, found in holders.items()
        if len(found) >= MIN_STORIES and len({page.outlet for page in found}) == 1 and _is_block(text)
    }
    cores: dict[str, U64] = {}
    repeats: defaultdict[str, set[str]] = defaultdict(set)
    for text, found in often.items():
        stories = _different_stories(found, often.keys(), cores)
        if len(stories) >= MIN_STORIES and _mean_cohesion(text, stories) <= MAX_COHESION:
            repeats[found[0].outlet].add(text)
    return {outlet: frozenset(texts) for outlet, texts in repeats.items()}


def cut_repeats(article: Article, repeats: frozenset[str]) -> Article:
    """The article without the blocks of its outlet; each goes to `removed`. As it was if little were left.

    At the article's edges every repeated block goes; inside only what neither is a sentence nor a
    heading and stands there once: names of who speaks come again and again.
    """
    paragraphs = article.paragraphs
    found = [may_repeat(one) and one.text in repeats for one in paragraphs]
    if not any(found):
        return article
    first, last = _edges(found)
    times = Counter(one.text for one in paragraphs)
    cut = [
        is_found
        and (not first <= at < last or (_is_note(paragraphs[at]) and times[paragraphs[at].text] == 1))
        for at, is_found in enumerate(found)
    ]
    if not any(cut):
        return article
    words = [count_words(one.text) for one in paragraphs]
    left = sum(count for count, is_cut in zip(words, cut, strict=True) if not is_cut)
    if left < max(MIN_WORDS_LEFT, (1 - MAX_CUT_SHARE) * sum(words)):
        return article
    kept = tuple(one for one, is_cut in zip(paragraphs, cut, strict=True) if not is_cut)
    return replace(article, paragraphs=kept, removed=tuple(_removed(article, cut)))


def _is_block(text: str) -> bool:
    return (
        len(text) <= MAX_BLOCK_CHARS
        and QUOTATION.search(text) is None
        and 0 < count_words(text) <= MAX_BLOCK_WORDS
    )


def _is_note(paragraph: Paragraph) -> bool:
    return paragraph.kind is not ParagraphKind.HEADING and SENTENCE_END.search(paragraph.text) is None


def _edges(found: Sequence[bool]) -> tuple[int, int]:
    """The article's first own paragraph, and the place after its last; beyond are repeated blocks only."""
    own = [at for at, is_found in enumerate(found) if not is_found]
    return (own[0], own[-1] + 1) if own else (0, 0)


def _removed(article: Article, cut: Sequence[bool]) -> Iterator[RemovedBlock]:
    """The blocks cut before and now, in the order of the page, at their places among what is left."""
    before = defaultdict(list)
    for block in article.removed:
        before[block.position].append(block)
    kept = 0
    for at, paragraph in enumerate(article.paragraphs):
        yield from (replace(block, position=kept) for block in before.pop(at, ()))
        if cut[at]:
            yield RemovedBlock(kept, paragraph.text, RULE)
        else:
            kept += 1
    for _, blocks in sorted(before.items()):
        yield from (replace(block, position=kept) for block in blocks)


def _different_stories(
    holders: Sequence[OutletPage], often: Container[str], cores: dict[str, U64]
) -> list[OutletPage]:
    """Articles that tell stories of their own: none shares much with another of them."""
    different: list[OutletPage] = []
    for page in holders[:MAX_HOLDERS]:
        core = _core(page, often, cores)
        if len(core) and all(
            _shared_share(core, _core(other, often, cores)) < MAX_SHARED_SHARE for other in different
        ):
            different.append(page)
    return different


def _core(page: OutletPage, often: Container[str], cores: dict[str, U64]) -> U64:
    """The shingles of what an article has for itself; of all of it where that is little."""
    if page.article_id not in cores:
        whole = "\n".join(one.text for one in page.paragraphs)
        own = "\n".join(one.text for one in page.paragraphs if one.text not in often)
        core = own if count_words(own) >= MIN_OWN_SHARE * count_words(whole) else whole
        cores[page.article_id] = distinct_shingles(fold_words(core).hashes)
    return cores[page.article_id]


def _shared_share(one: U64, other: U64) -> float:
    return count_shared(one, other) / min(len(one), len(other))


def _mean_cohesion(text: str, stories: Sequence[OutletPage]) -> float:
    """How much of a block's vocabulary its articles use elsewhere, 0.0 to 1.0."""
    words = _long_words(text)
    if not words:
        return 0.0
    shares = [
        len(words & _long_words("\n".join(one.text for one in page.paragraphs if one.text != text)))
        / len(words)
        for page in stories
    ]
    return sum(shares) / len(shares)


def _long_words(text: str) -> frozenset[str]:
    """The folded words that say what a text is about; pairs of characters in scripts without spaces."""
    folded = fold(text)
    spaced = {word for word in WORD.findall(UNSPACED.sub(" ", folded)) if len(word) >= MIN_LONG_WORD}
    dense = "".join(UNSPACED.findall(folded))
    return frozenset(spaced | {dense[at : at + 2] for at in range(len(dense) - 1)})
