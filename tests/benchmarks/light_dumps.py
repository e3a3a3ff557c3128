"""Makes light dumps for training: an article with a few junk lines before, inside and after it.

The pages of the gold sets are heavy: a menu, a long article, a longer foot. Dumps that people
hand round are light, their articles often short, and pointers to other stories stand amid them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.flattened_lines import is_finished
from pipelines.lexicon import as_strings, as_table, read_data

MAX_BESIDE = 8  # junk lines before and after the article
MIN_ARTICLE_LINES = 4
MAX_INTERRUPTIONS = 3
HEADLINE_WORDS = range(4, 16)
POINTER_RULES = ("read_more", "related")
LABEL_RULES = ("advertisement", "ad", "share_bar", "navigation", "comments")


def make_light_dump(texts: Sequence[str], labels: NDArray[np.float64], seed: str) -> str:
    """A dump of the lines labelled 0.5 and more; empty if there are none. -1 marks optional lines."""
    chance = random.Random(seed)
    own = np.flatnonzero(labels >= 0.5).tolist()
    if not own:
        return ""
    others = [at for at in range(len(texts)) if labels[at] == 0]
    before = _choose([at for at in others if at < own[0]][::-1], chance)[::-1]
    after = _choose([at for at in others if at > own[-1]], chance)
    if chance.random() < 0.6 and len(own) > MIN_ARTICLE_LINES:
        own = own[: chance.randint(MIN_ARTICLE_LINES, len(own))]
    article = [texts[at] for at in own]
    if chance.random() < 0.75:
        article = _interrupt(article, [texts[at] for at in others], chance)
    gap = chance.choice(["\n", "\n\n", "\n\n", "\n\n\n"])
    return gap.join([*(texts[at] for at in before), *article, *(texts[at] for at in after)])


def _choose(nearest: Sequence[int], chance: random.Random) -> list[int]:
    """A few lines, the nearest ones or any, in the order given."""
    count = min(chance.randint(0, MAX_BESIDE), len(nearest))
    if chance.random() < 0.5:
        return list(nearest[:count])
    return [nearest[at] for at in sorted(chance.sample(range(len(nearest)), count))]


def _interrupt(article: Sequence[str], others: Sequence[str], chance: random.Random) -> list[str]:
    """The article with junk between some of its lines."""
    lines = list(article)
    headlines = [
        text for text in others if len(text.split()) in HEADLINE_WORDS and not is_finished(text)
    ] or list(others)
    for _ in range(chance.randint(1, MAX_INTERRUPTIONS)):
        place = chance.randint(1, len(lines))
        lines[place:place] = _junk_block(headlines, others, chance)
    return lines


def _junk_block(headlines: Sequence[str], others: Sequence[str], chance: random.Random) -> list[str]:
    kind = chance.random()
    if kind < 0.4:
        count = min(chance.randint(0, 3), len(headlines))
        return [_phrase(POINTER_RULES, chance), *chance.sample(headlines, count)]
    if kind < 0.7 or not others:
        return [_phrase(LABEL_RULES, chance)]
    start = chance.randrange(len(others))
    return list(others[start : start + chance.randint(1, 3)])


def _phrase(rules: Sequence[str], chance: random.Random) -> str:
    table = as_table(read_data("flattened.toml")["whole"])
    text = chance.choice([line for rule in rules for line in as_strings(table[rule])])
    return chance.choice([text.capitalize(), text.upper(), f"{text.capitalize()}:"])
