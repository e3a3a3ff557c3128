"""The words of sites about themselves: controls, pleas, credits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipelines.lexicon import as_strings, as_table, fold, read_data
from pipelines.text_shape import UNSPACED

BARE_WORD = re.compile(r"[^\W\d_'’]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class SiteWords:
    """The words of `boilerplate.toml`, folded; see there what each list is for."""

    ui: frozenset[str]
    plea: re.Pattern[str]
    read_more: re.Pattern[str]
    byline: re.Pattern[str]
    credit: re.Pattern[str]
    bio: re.Pattern[str]
    counter: re.Pattern[str]


@cache
def load_site_words() -> SiteWords:
    """The word lists, read once."""
    tables = {name: as_table(table) for name, table in read_data("boilerplate.toml").items()}
    phrases = {name: as_strings(next(iter(table.values()))) for name, table in tables.items()}
    return SiteWords(
        ui=frozenset(bare_words(fold(phrase)) for phrase in phrases["ui"]),
        plea=_any_of(phrases["plea"]),
        read_more=_any_of(phrases["read_more"]),
        byline=_any_of(phrases["byline"]),
        credit=_any_of(phrases["credit"]),
        bio=_any_of(phrases["bio"]),
        counter=re.compile("|".join(f"(?:{pattern})" for pattern in phrases["counter"])),
    )


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    """A pattern for any of the phrases as whole words; anywhere in scripts without spaces."""
    folded = sorted({fold(phrase) for phrase in phrases}, key=len, reverse=True)
    dense = [phrase for phrase in folded if UNSPACED.search(phrase)]
    spaced = [phrase for phrase in folded if not UNSPACED.search(phrase)]
    parts = [rf"(?<!\w){_alternatives(spaced)}(?!\w)"] if spaced else []
    return re.compile("|".join([*parts, *([_alternatives(dense)] if dense else [])]))


def _alternatives(phrases: Sequence[str]) -> str:
    """A pattern for any of the phrases that tests what they begin with once, not once a phrase."""
    by_first: dict[str, list[str]] = {}
    for phrase in phrases:
        by_first.setdefault(phrase[:1], []).append(phrase[1:])
    branches = [
        re.escape(first) + (_alternatives(rests) if any(rests) else "")
        for first, rests in by_first.items()
        if first
    ]
    return f"(?:{'|'.join(branches)})" + ("?" if "" in by_first else "")


def bare_words(folded: str) -> str:
    """The words of a folded line, without numbers and punctuation."""
    return " ".join(BARE_WORD.findall(folded))
