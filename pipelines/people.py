"""Names of persons in a byline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipelines.date_text import read_date_line
from pipelines.lexicon import as_strings, as_table, read_data

MAX_NAME_WORDS = 6
MAX_NAME_CHARS = 60
LINKED = re.compile(r"\d|@|https?:|\bwww\.")
URL = re.compile(r"(?:https?:|www\.)\S+")
SEPARATOR = r"[,;|/•·&\n，、／]|\s[-–—]\s"


# "PhD", "MD", "CEPF®" behind a name
CREDENTIAL = re.compile(r"(?:Ph\.?\s?D|M\.?D|R\.?N|Esq|Jr|Sr|[A-Z]{2}[A-Z0-9.®-]{0,6})\.?")


@dataclass(frozen=True, slots=True)
class _Words:
    prefix: re.Pattern[str]
    split: re.Pattern[str]
    not_a_name: re.Pattern[str]


def split_names(raw: str) -> list[str]:
    """The names in a line such as "By Ann Roe and Ben Doe, Science Editor"; empty if it holds none.

    A single word behind a full name is a place, a title behind it stays with its name.
    """
    words = _load_words()
    text = " ".join(URL.sub(" ", raw).split())
    for _ in range(2):
        text = words.prefix.sub("", text).strip(" :")
    if read_date_line(text, "text"):
        return []
    names: list[str] = []
    for piece in words.split.split(re.sub(r"\([^)]*\)", " ", text)):
        part = piece.strip(" .,:()[]*\"'“”|")
        if names and " " in names[0] and CREDENTIAL.fullmatch(part):
            names[-1] += f", {piece.strip(' ,:')}"
        elif _is_name(part) and not (names and " " in names[0] and _is_lone_word(part)):
            names.append(_title_case(part))
    return names


def signed_names(raw: str) -> list[str]:
    """The names of one author of structured data, which may be a list of several."""
    return split_names(raw) or whole_name(raw)


def has_byline_prefix(text: str) -> bool:
    """Whether a line begins with a word such as "By" and a name behind it."""
    match = _load_words().prefix.match(text)
    return match is not None and _is_name(" ".join(text[match.end() :].split()[:2]).strip(" ,.;:"))


def whole_name(raw: str) -> list[str]:
    """The name that structured data gives, whatever its words; empty if it is long, a link or a number."""
    name = " ".join(raw.split())
    is_short = len(name) <= MAX_NAME_CHARS and len(name.split()) <= MAX_NAME_WORDS
    return [name] if is_short and name and not LINKED.search(name) else []


def _is_name(part: str) -> bool:
    words = part.split()
    if not 0 < len(words) <= MAX_NAME_WORDS or not 2 <= len(part) <= MAX_NAME_CHARS or LINKED.search(part):
        return False
    if _load_words().not_a_name.search(part):
        return False
    return words[0][:1].isupper() or not part[:1].isascii() or len(words) == 1


def _is_lone_word(part: str) -> bool:
    return " " not in part and part.isascii() and not part.isupper()


def _title_case(name: str) -> str:
    """A name in capitals as it is usually written; any other name as it is."""
    if not name.isupper() or len(name) <= 5:
        return name
    return re.sub(r"[^\W\d_]+", lambda match: match.group().capitalize(), name)


@cache
def _load_words() -> _Words:
    lists = {name: as_strings(as_table(table)["words"]) for name, table in read_data("bylines.toml").items()}
    either = {name: "|".join(map(re.escape, words)) for name, words in lists.items()}
    return _Words(
        prefix=re.compile(rf"^(?:{either['prefixes']})(?:\s*[:：]\s*|\s+)", re.IGNORECASE),
        split=re.compile(rf"\s*(?:{SEPARATOR}|\b(?:{either['joins']})\b)\s*", re.IGNORECASE),
        not_a_name=re.compile(rf"\b(?:{either['roles']})s?\b", re.IGNORECASE),
    )
