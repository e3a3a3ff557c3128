"""The words of a line of a flattened page, and what its text alone says in numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipelines.flattened_lines import is_finished, starts_inside
from pipelines.lexicon import as_strings, as_table, load_date_words, read_data

READ_CHARS = 800  # of a longer line only this much is looked at; it is prose by then
DATED_WORDS = 40  # words of dates are counted in lines up to this length
TOPICS = (
    "share",
    "related",
    "legal",
    "account",
    "comment",
    "plea",
    "credit",
    "ad",
    "author",
    "navigation",
    "ago",
    "reader",
    "consent",
)
TEXT_FEATURES = (
    "words",
    "chars",
    "word_length",
    "finished",
    "inside",
    "capitals",
    "upper_share",
    "digits",
    "stops",
    "commas",
    "quotes",
    "colon",
    "ellipsis",
    "bars",
    "address",
    "question",
    "function",
    "date",
    "glued",
    "opens_quoted",
    "upper",
)

# Python counts the vowel signs of Indic, Hebrew and Arabic writing as no letters
_SIGNS = r"\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0df3\u200c\u200d"
_WORD = re.compile(rf"[㐀-鿿぀-ヿ]|(?:[^\W_㐀-鿿぀-ヿ]|[{_SIGNS}])+(?:['’-](?:[^\W_]|[{_SIGNS}])+)*")
_CAPITAL = re.compile(r"(?<![^\W_])[A-ZÀ-ÖØ-ÞА-ЯЁΑ-Ω]")
_DIGIT = re.compile(r"\d")
_IDEOGRAPH = re.compile(r"[㐀-鿿぀-ヿ]")
_BARS = re.compile(r"[|›»>/•·©→←▼▲✕×]")
_ADDRESS = re.compile(r"https?:|www\.|\S@\S|\w\.(?:com|org|net|de|uk)\b")
_QUOTES = re.compile(r"[\"“”„«»「」]")
_GLUED = re.compile(r"[a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ]|[a-z]\d|\d[A-Z]")
_QUOTE_OPENINGS = ("“", '"', "„", "«", "»", "‘", "”", "–", "—", "-", "「", "『")
_STOPS = re.compile(r"[.!?。！？؟।](?=\s|$|[\"”’»」])|[。！？]")


def words_of(text: str) -> list[str]:
    """The words of the beginning of `text`, lower case; an ideograph is a word."""
    return _WORD.findall(text[:READ_CHARS].lower())


@cache
def topic_words() -> dict[str, frozenset[str]]:
    """The words of each topic, and the function words."""
    table = as_table(read_data("flattened.toml")["words"])
    return {name: frozenset(" ".join(as_strings([words])).split()) for name, words in table.items()}


def measure_text(text: str, words: Sequence[str]) -> list[float]:
    """The values of `TEXT_FEATURES` for a line with these words."""
    part = text[:READ_CHARS]
    count = max(len(words), 1)
    ideographs = 0 if part.isascii() else len(_IDEOGRAPH.findall(part))
    known = topic_words()["function"]
    return [
        (len(words) - ideographs / 2) * len(text) / len(part),
        float(len(text)),
        sum(map(len, words)) / count,
        float(is_finished(text)),
        float(starts_inside(text)),
        len(_CAPITAL.findall(part)) / count,
        sum(map(str.isupper, part)) / len(part),
        len(_DIGIT.findall(part)) / len(part),
        float(len(_STOPS.findall(part))),
        float(part.count(",") + part.count("，") + part.count("、")),
        float(len(_QUOTES.findall(part))),
        float(text.endswith((":", "："))),
        float(text.endswith(("…", "..."))),
        float(len(_BARS.findall(part))) / count,
        float(_ADDRESS.search(part) is not None),
        float(text.endswith(("?", "？"))),
        sum(word in known for word in words) / count,
        float(sum(word in _date_words() for word in words) if count <= DATED_WORDS else 0),
        float(len(_GLUED.findall(part))),
        float(text.startswith(_QUOTE_OPENINGS)),
        float(text.isupper()),
    ]


def content_words(words: Sequence[str]) -> list[str]:
    """The words that say what a text is about: long ones, and ideographs."""
    return [word for word in words if len(word) > 3 or word >= "\u2e80"]


def measure_topics(words: Sequence[str]) -> list[float]:
    """For each of `TOPICS` the share of a line's words that speak of it."""
    if not words:
        return [0.0] * len(TOPICS)
    own = set(words)
    return [len(own & topic) / len(own) for topic in _topics()]


@cache
def _topics() -> tuple[frozenset[str], ...]:
    return tuple(topic_words()[name] for name in TOPICS)


@cache
def _date_words() -> frozenset[str]:
    words = load_date_words()
    return frozenset(words.months) | frozenset(words.weekdays)
