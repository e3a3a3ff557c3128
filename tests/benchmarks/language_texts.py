"""Texts of known language: from the gold pages, or from a folder of files named after their language."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.language import normalize_language
from tests.benchmarks.page_scores import read_pages

SETS = (
    "article-extraction-benchmark",
    "chinese-news",
    "fundus-parser-tests",
    "web-content-extraction",
    "newspaper4k-tests",
)
# A page that declares English may be in any language, but in this set none is.
ENGLISH_IS_TRUE = "article-extraction-benchmark"
LANGUAGE_OF_SET = {"chinese-news": "zh"}
# Pages that declare no language or another one than they are in, seen by hand.
LANGUAGE_OF_PAGE = {
    "fun:cn/People_V1": "zh",
    "fun:jp/NikkanGeadai_V1": "ja",
    "fun:tr/AnadoluAjansi_V1": "tr",
    "fun:za/Isolezwe_V1": "zu",
    "fun:za/IsolezweLesiXhosa_V1": "xh",
}
DECLARATION = re.compile(r"<html[^>]{0,2000}?\slang=[\"']?([A-Za-z_-]{2,12})", re.IGNORECASE)
MAX_CHARS = 200_000  # of one language


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text in a language, and the declaration of the page it is from, as written."""

    language: str
    text: str
    declared: str | None


def read_gold_texts() -> dict[str, list[LabelledText]]:
    """The gold texts of every language, by code."""
    texts: dict[str, list[LabelledText]] = defaultdict(list)
    chars: dict[str, int] = defaultdict(int)
    for name in SETS:
        for row in read_pages(name):
            found = _label(row)
            if found is not None and chars[found.language] < MAX_CHARS:
                texts[found.language].append(found)
                chars[found.language] += len(found.text)
    return dict(texts)


def read_folder(folder: Path) -> dict[str, list[LabelledText]]:
    """The texts of a folder: `en.txt` is English."""
    return {
        path.stem: [LabelledText(path.stem, _squash(path.read_text(encoding="utf-8")), None)]
        for path in sorted(folder.glob("*.txt"))
    }


def draw_windows(
    texts: dict[str, list[LabelledText]], chars: int, count: int, seed: int = 1
) -> Iterator[LabelledText]:
    """`count` windows of `chars` characters in every language with a text so long; the same every time."""
    generator = random.Random(seed)
    for language in sorted(texts):
        long_enough = [text for text in texts[language] if len(text.text) > chars]
        for _ in range(count if long_enough else 0):
            source = generator.choice(long_enough)
            start = generator.randrange(len(source.text) - chars)
            yield LabelledText(language, source.text[start : start + chars], source.declared)


def _label(row: dict[str, Any]) -> LabelledText | None:
    match = DECLARATION.search(row["html"])
    declared = match.group(1) if match else None
    code = normalize_language(declared or "")
    language = LANGUAGE_OF_SET.get(row["set"]) or LANGUAGE_OF_PAGE.get(row["id"])
    language = language or (code if code != "en" or row["set"] == ENGLISH_IS_TRUE else None)
    return LabelledText(language, _squash(row["text"]), declared) if language else None


def _squash(text: str) -> str:
    return " ".join(text.split())
