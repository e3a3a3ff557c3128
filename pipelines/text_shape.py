"""Measures of a text that hold in every script."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.lexicon import fold

MAX_LINE_CHARS = 200  # titles, names and headings, which a page is searched for again and again
CHARS_PER_WORD = 2.0  # in scripts without spaces
UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
UNSPACED_RUN = re.compile(f"{UNSPACED.pattern}+")
WORD = re.compile(r"[^\W_]+")
SENTENCE_END = re.compile(r"[.!?…。！？؟”\"»][)\]]?$")


def count_words(text: str) -> int:
    """Words of a text; in scripts without spaces, two characters count as one."""
    if text.isascii():
        return len(WORD.findall(text))
    spaced, runs = UNSPACED_RUN.subn(" ", text)
    dense = len(text) - len(spaced) + runs
    return len(WORD.findall(spaced)) + round(dense / CHARS_PER_WORD)


def folded_key(text: str) -> str:
    """A text as compared with titles: letters and digits only, case and accents folded."""
    return _key_of_line(text) if len(text) <= MAX_LINE_CHARS else _key_of(text)


def _key_of(text: str) -> str:
    return "".join(WORD.findall(fold(text)))


_key_of_line = lru_cache(maxsize=4_096)(_key_of)
