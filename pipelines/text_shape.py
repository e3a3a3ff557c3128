"""Measures of a text that hold in every script."""

from __future__ import annotations

import re

from pipelines.lexicon import fold

CHARS_PER_WORD = 2.0  # in scripts without spaces
UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
WORD = re.compile(r"[^\W_]+")
SENTENCE_END = re.compile(r"[.!?…。！？؟”\"»][)\]]?$")


def count_words(text: str) -> int:
    """Words of a text; in scripts without spaces, two characters count as one."""
    if text.isascii():
        return len(WORD.findall(text))
    dense = len(UNSPACED.findall(text))
    spaced = len(WORD.findall(UNSPACED.sub(" ", text))) if dense else len(WORD.findall(text))
    return spaced + round(dense / CHARS_PER_WORD)


def folded_key(text: str) -> str:
    """A text as compared with titles: letters and digits only, case and accents folded."""
    return "".join(WORD.findall(fold(text)))
