"""Word lists of the text readers, kept as data beside the code and folded once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeGuard

_IDEOGRAPHS = "㐀-鿿぀-ヿ"  # scripts written without spaces: a token each
MAY_FOLD = re.compile("[^\x00-\x7f‘’“”„–—]")  # all but ASCII and the quotes and dashes of English
JOINTS = re.compile(r"(?<=\w)\.(?=\w)|_")  # inside of a month's name: "ม.ค", "kanun_alawwal"
_WORD = re.compile(rf"\d+|[{_IDEOGRAPHS}]|[^\W\d_{_IDEOGRAPHS}]+")


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words of date lines, folded; months and weekdays count from 1 and from 0 (Monday)."""

    months: Mapping[str, frozenset[int]]
    months_after_full_stop: Mapping[str, frozenset[int]]  # in languages that write "30. Januar"
    months_after_space: Mapping[str, frozenset[int]]
    weekdays: Mapping[str, frozenset[int]]
    published: frozenset[str]
    modified: frozenset[str]
    fillers: frozenset[str]
    before_noon: frozenset[str]
    after_noon: frozenset[str]
    zones: Mapping[str, int]  # minutes east of UTC
    american_zones: Mapping[str, int]  # the same in winter
    known: frozenset[str]  # every word that can stand in a date line
    month_phrases: tuple[tuple[str, str], ...]  # months of two words, and the same as one


def fold(text: str) -> str:
    """`text` without case, accents and compatibility forms; its length may change."""
    folded = text.casefold()
    if folded.isascii() or MAY_FOLD.search(folded) is None:
        return folded
    bare = unicodedata.normalize("NFKD", folded)
    for mark in _marks().intersection(bare):  # a text has few: a third of the time of `str.translate`
        bare = bare.replace(mark, "")
    return unicodedata.normalize("NFC", bare)


@cache
def _marks() -> frozenset[str]:
    """The accents and vowel signs of all planes that have letters."""
    return frozenset(char for char in map(chr, range(0x300, 0x20000)) if unicodedata.category(char)[0] == "M")


def split_words(folded: str) -> list[re.Match[str]]:
    """The numbers and words of a folded text, with their places; an ideograph is a word."""
    return list(_WORD.finditer(folded))


def read_data(name: str) -> dict[str, object]:
    """The TOML file `name` of the package's data."""
    return tomllib.loads((files("pipelines") / "data" / name).read_text(encoding="utf-8"))


@cache
def load_date_words() -> DateWords:
    """The words of `dates.toml`, read once."""
    tables = {name: as_table(table) for name, table in read_data("dates.toml").items()}
    labels, words, months = tables["labels"], tables["words"], tables["months"]
    stopped = set(as_strings(tables["styles"]["day_with_full_stop"]))
    return DateWords(
        known=_known_words(tables),
        month_phrases=_month_phrases(months),
        months=_numbered(months, 1),
        months_after_full_stop=_numbered({key: months[key] for key in months.keys() & stopped}, 1),
        months_after_space=_numbered({key: months[key] for key in months.keys() - stopped}, 1),
        weekdays=_numbered(tables["weekdays"], 0),
        published=_single_words(labels["published"]),
        modified=_single_words(labels["modified"]),
        fillers=_single_words(words["fillers"]),
        before_noon=frozenset(fold(word) for word in as_strings(words["before_noon"])),
        after_noon=frozenset(fold(word) for word in as_strings(words["after_noon"])),
        zones=_offsets(tables["zones"]),
        american_zones=_offsets(tables["american_zones"]),
    )


def as_table(value: object) -> dict[str, object]:
    """`value` as a TOML table.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(value, dict):
        raise TypeError(f"not a table: {value!r}")
    return value


def as_strings(value: object) -> list[str]:
    """`value` as a TOML list of strings.

    Raises:
        TypeError: it is something else.
    """
    if not _is_strings(value):
        raise TypeError(f"not a list of strings: {value!r}")
    return value


def _is_strings(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _numbered(table: Mapping[str, object], first: int) -> dict[str, frozenset[int]]:
    """Each folded spelling with the numbers it stands for in one language or another."""
    numbers: dict[str, frozenset[int]] = {}
    for names in table.values():
        for number, spellings in enumerate(as_strings(names), start=first):
            for spelling in JOINTS.sub("", fold(spellings)).split():
                numbers[spelling] = numbers.get(spelling, frozenset()) | {number}
    return numbers


def _single_words(phrases: object) -> frozenset[str]:
    return frozenset(match.group() for phrase in as_strings(phrases) for match in split_words(fold(phrase)))


def _month_phrases(months: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The spellings with a dot or an underscore inside, which stands for a space."""
    spellings = (
        word for names in months.values() for name in as_strings(names) for word in fold(name).split()
    )
    return tuple((word.replace("_", " "), JOINTS.sub("", word)) for word in spellings if JOINTS.search(word))


def _known_words(tables: Mapping[str, Mapping[str, object]]) -> frozenset[str]:
    """Every word that can stand in a date line; "t" and "z" are those of ISO times."""
    phrases = [
        phrase
        for name in ("months", "weekdays", "labels", "words")
        for entries in tables[name].values()
        for phrase in as_strings(entries)
    ]
    zones = {*tables["zones"], *tables["american_zones"], "t", "z"}
    return _single_words(phrases) | zones


def _offsets(table: Mapping[str, object]) -> dict[str, int]:
    return {name: minutes for name, minutes in table.items() if isinstance(minutes, int)}
