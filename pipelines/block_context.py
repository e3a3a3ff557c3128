"""The blocks of a reading in their surroundings: edges of the body, and zones of the site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.blocks import PageBlocks, SourceBlock
from pipelines.lexicon import fold
from pipelines.records import Paragraph, ParagraphKind
from pipelines.text_shape import SENTENCE_END, count_words

# a plain paragraph this long is body; what lies before the first and after the last one is an edge
BODY_WORDS = 16
OPENING_QUOTES = frozenset("“\"„«‘'「『")
MAX_RULE_CHARS = 420  # rules look at short blocks only: a long one is text even if it asks for donations
MAX_ZONE_SHARE = 0.25  # of a page's words: more, and the class word names the article's own container
ZONE_HINTS = re.compile(
    r"\b(?:related|newsletter|news-letter|promo|recirc\w*|outbrain|taboola|social|sharing|share|sharebar|share-tools|comments?|cookie\w*|consent"
    r"|subscrib\w+|popular|most-read|mostread|teasers?|breadcrumbs?|advert\w*|sponsored|read-?more|readmore|more-from|see-also|recommend\w*"
    r"|collections?|author-?bio|about-?author|author-?box|bio|signup|sign-up|toolbar|tooltip|lire-aussi|leia-tambem|read-also|also-read)"
    r"\b"
)


@dataclass(frozen=True, slots=True)
class BlockInContext:
    """A block of a reading as the rules see it; an edge is what lies outside the running text."""

    paragraph: Paragraph
    source: SourceBlock | None
    folded: str
    words: int
    is_leading: bool
    is_trailing: bool
    in_zone: bool

    @property
    def is_edge(self) -> bool:
        return self.is_leading or self.is_trailing

    @property
    def link_share(self) -> float:
        return self.source.link_share if self.source else 0.0

    @property
    def is_speech(self) -> bool:
        return self.paragraph.text[:1] in OPENING_QUOTES

    @property
    def is_sentence(self) -> bool:
        return bool(SENTENCE_END.search(self.paragraph.text))


def describe_blocks(paragraphs: Sequence[Paragraph], page: PageBlocks) -> list[BlockInContext]:
    """The blocks of a reading, each with its source, measures and place."""
    sources = [page.find(paragraph.text) for paragraph in paragraphs]
    words = [count_words(paragraph.text) for paragraph in paragraphs]
    body = [
        index
        for index, (paragraph, source) in enumerate(zip(paragraphs, sources, strict=True))
        if words[index] >= BODY_WORDS
        and paragraph.kind in (ParagraphKind.TEXT, ParagraphKind.QUOTE)
        and (source is None or source.link_share < 0.5)
    ]
    first, last = (body[0], body[-1]) if body else (0, len(paragraphs) - 1)
    in_zone = _zones(sources, words)
    return [
        BlockInContext(
            paragraph=paragraph,
            source=sources[index],
            folded=fold(paragraph.text[:MAX_RULE_CHARS]),
            words=words[index],
            is_leading=index <= first,
            is_trailing=index >= last,
            in_zone=in_zone[index],
        )
        for index, paragraph in enumerate(paragraphs)
    ]


def _zones(sources: Sequence[SourceBlock | None], words: Sequence[int]) -> list[bool]:
    """For each block, whether a class word around it names a place that isn't the article's."""
    found = [frozenset(ZONE_HINTS.findall(source.hints)) if source else frozenset() for source in sources]
    weight: dict[str, int] = {}
    for hints, count in zip(found, words, strict=True):
        for hint in hints:
            weight[hint] = weight.get(hint, 0) + count
    most = MAX_ZONE_SHARE * sum(words)
    return [any(weight[hint] <= most for hint in hints) for hints in found]
