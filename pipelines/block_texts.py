"""What the text of a block says by itself: its shape, and the words of sites about themselves."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipelines.block_context import MAX_RULE_CHARS, OPENING_QUOTES
from pipelines.boilerplate import COPYRIGHT_SIGN
from pipelines.lexicon import fold
from pipelines.picture_credits import names_owner
from pipelines.site_words import bare_words, load_site_words
from pipelines.text_shape import SENTENCE_END, WORD, count_words

SHAPES = (
    *("words", "chars"),
    *("finished", "upper_start", "lower_start", "quote_start", "digits", "capitals", "all_caps", "commas"),
    *("colon", "question", "ellipsis", "year", "address", "arrow", "copyright"),
)
WORDINGS = ("ui", "counter", "plea", "read_more", "by", "credit", "bio", "picture")
YEAR = re.compile(r"(?:19|20)\d\d")
DIGIT = re.compile(r"\d")
ADDRESS = re.compile(r"@|https?:|www\.")
ARROW = re.compile(r"[|>»›→•·]")
SAMPLE_CHARS = 150  # of a block, whose characters and words are counted
MAX_KEY_CHARS = 700  # of a block that may be title, author or description
MAX_LINE_CHARS = 200  # menus and teasers: what pages of a site, and one page itself, say again and again
MAX_UI_CHARS = 80
BIO_WORDS = 14  # that a line about the author begins with


class TextMeasures(NamedTuple):
    """`values` in the order of `SHAPES` and `WORDINGS`."""

    bare: str  # letters and digits only, folded; empty for a long text
    values: tuple[float, ...]


def measure_text(text: str) -> TextMeasures:
    """The measures of a block's text, which isn't empty."""
    return _measure_line(text) if len(text) <= MAX_LINE_CHARS else _measure(text)


def _measure(text: str) -> TextMeasures:
    if len(text) > MAX_KEY_CHARS:
        return TextMeasures("", (count_words(text), *_shape(text), *NO_WORDINGS))
    folded = fold(text)
    words = WORD.findall(folded)
    count = len(words) if text.isascii() else count_words(text)
    wordings = _wordings(text, folded, words) if len(text) <= MAX_RULE_CHARS else NO_WORDINGS
    return TextMeasures("".join(words), (count, *_shape(text), *wordings))


_measure_line = lru_cache(maxsize=8_192)(_measure)
NO_WORDINGS = (0.0,) * len(WORDINGS)


def _shape(text: str) -> tuple[float, ...]:
    first, last = text[0], text[-1]
    sample = text[:SAMPLE_CHARS]
    tokens = sample.split()
    digits = len(DIGIT.findall(sample))
    return (
        len(text),
        SENTENCE_END.search(text[-3:]) is not None,
        first.isupper(),
        first.islower(),
        first in OPENING_QUOTES,
        digits / len(sample),
        sum([token[0].isupper() for token in tokens]) / len(tokens),
        sample.isupper(),
        text.count(",") + text.count("，") + text.count("、"),
        last in ":：",
        last in "?？",
        last == "…" or text.endswith("..."),
        digits > 3 and YEAR.search(sample) is not None,
        ADDRESS.search(sample) is not None,
        ARROW.search(sample) is not None,
        COPYRIGHT_SIGN.match(text) is not None,
    )


def _wordings(text: str, folded: str, words: list[str]) -> tuple[float, ...]:
    """Whether the words are those of sites about themselves."""
    site = load_site_words()
    bare = folded.lstrip(" ([*_–—-\t»>▶►•|→")
    is_short = len(text) <= MAX_UI_CHARS
    return (
        is_short and bare_words(folded) in site.ui,
        is_short and site.counter.fullmatch(folded.strip(" .·|")) is not None,
        site.plea.is_among(words, folded),
        site.read_more.match(bare) is not None,
        site.byline.match(folded) is not None,
        site.credit.match(bare) is not None,
        site.bio.is_among(words, " ".join(folded.split(maxsplit=BIO_WORDS)[:BIO_WORDS])),
        names_owner(text),
    )
