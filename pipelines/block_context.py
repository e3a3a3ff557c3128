"""The blocks of a reading in their surroundings: edges of the body, and zones of the site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.blocks import HEADING_TAGS, SourceBlock
from pipelines.lexicon import fold
from pipelines.records import Paragraph, ParagraphKind
from pipelines.text_shape import SENTENCE_END

# a plain paragraph this long is body; what lies before the first and after the last one is an edge
BODY_WORDS = 16
OPENING_QUOTES = frozenset("“\"„«‘'「『")
MAX_RULE_CHARS = 420  # rules look at short blocks only: a long one is text even if it asks for donations
MAX_ZONE_SHARE = 0.25  # of a body's words: more, and the class word names the article's own container
LIST_TAGS = frozenset({"li", "dd", "dt"})
CAPTION_HINTS = re.compile(
    r"(?:caption|image-?(?:description|credit)|photo-?credit|img-?credit|bildunterschrift|legende)"
)
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
    source: SourceBlock
    folded: str  # empty for a text too long for the rules
    words: int
    likelihood: float  # of being the article's, 0.0 to 1.0
    is_leading: bool
    is_trailing: bool
    in_zone: bool  # class words name a place that isn't the article's

    @property
    def is_edge(self) -> bool:
        return self.is_leading or self.is_trailing

    @property
    def link_share(self) -> float:
        return self.source.link_share

    @property
    def is_speech(self) -> bool:
        return self.paragraph.text[:1] in OPENING_QUOTES

    @property
    def is_sentence(self) -> bool:
        return bool(SENTENCE_END.search(self.paragraph.text))


def describe_blocks(
    blocks: Sequence[SourceBlock], words: Sequence[int], likelihoods: Sequence[float]
) -> list[BlockInContext]:
    """The blocks of a body, each with its paragraph, measures and place."""
    paragraphs = [to_paragraph(block) for block in blocks]
    body = [
        index
        for index, block in enumerate(blocks)
        if words[index] >= BODY_WORDS
        and paragraphs[index].kind in (ParagraphKind.TEXT, ParagraphKind.QUOTE)
        and block.link_share < 0.5
    ]
    first, last = (body[0], body[-1]) if body else (0, len(blocks) - 1)
    in_zone = _zones(blocks, words)
    return [
        BlockInContext(
            paragraph=paragraphs[index],
            source=block,
            folded=fold(block.text) if len(block.text) <= MAX_RULE_CHARS else "",
            words=words[index],
            likelihood=likelihoods[index],
            is_leading=index <= first,
            is_trailing=index >= last,
            in_zone=in_zone[index],
        )
        for index, block in enumerate(blocks)
    ]


def to_paragraph(block: SourceBlock) -> Paragraph:
    """A block as a paragraph of the kind that its markup says."""
    if block.tag in HEADING_TAGS:
        return Paragraph(ParagraphKind.HEADING, block.text)
    if is_caption(block):
        return Paragraph(ParagraphKind.CAPTION, block.text)
    if block.tags & LIST_TAGS:
        return Paragraph(ParagraphKind.LIST, block.text)
    is_quote = "blockquote" in block.tags
    return Paragraph(ParagraphKind.QUOTE if is_quote else ParagraphKind.TEXT, block.text)


def is_caption(block: SourceBlock) -> bool:
    """Whether markup says that a block describes a picture."""
    return "figcaption" in block.tags or CAPTION_HINTS.search(block.own_hints) is not None


def _zones(blocks: Sequence[SourceBlock], words: Sequence[int]) -> list[bool]:
    """For each block, whether a class word of it or its parent names a place that isn't the article's."""
    found = [frozenset(ZONE_HINTS.findall(f"{block.own_hints} {block.parent_hints}")) for block in blocks]
    weight: dict[str, int] = {}
    for hints, count in zip(found, words, strict=True):
        for hint in hints:
            weight[hint] = weight.get(hint, 0) + count
    most = MAX_ZONE_SHARE * sum(words)
    return [any(weight[hint] <= most for hint in hints) for hints in found]
