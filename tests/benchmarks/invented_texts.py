"""Texts of about 300 invented words, each from its number alone; they share nothing with one another."""

from __future__ import annotations

import random

PARAGRAPHS, PARAGRAPH_WORDS = 6, 50
VOCABULARY = 50_000


def invent_texts(number: int) -> list[str]:
    """The paragraphs of an article."""
    words = random.Random(number).choices(_WORDS, k=PARAGRAPHS * PARAGRAPH_WORDS)
    return [
        " ".join(words[start : start + PARAGRAPH_WORDS]) for start in range(0, len(words), PARAGRAPH_WORDS)
    ]


def invent_edited(number: int, size: int, newest: int | None = None) -> list[str]:
    """Half of one of the first `size` articles, a word changed in each paragraph, under one of its own.

    With `newest` the article is one of so many of them, the last.
    """
    original = invent_texts(size - 1 - number * 7919 % (size if newest is None else newest))
    edited = [text.replace(" ", " indeed ", 1) for text in original[: PARAGRAPHS // 2]]
    return [invent_texts(number)[0], *edited]


_WORDS = [f"{random.Random(place).choice('bcdfglmnprst')}{place:x}" for place in range(VOCABULARY)]
