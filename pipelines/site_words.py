"""The words of sites about themselves: controls, pleas, credits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipelines.lexicon import as_strings, as_table, fold, read_data
from pipelines.text_shape import UNSPACED, WORD

BARE_WORD = re.compile(r"[^\W\d_'’]+(?:['’][^\W\d_]+)?")


class Phrases:
    """Phrases to find in folded texts: as whole words, or anywhere in scripts without spaces."""

    def __init__(self, phrases: Sequence[str]) -> None:
        folded = sorted({fold(phrase) for phrase in phrases}, key=len, reverse=True)
        dense = [phrase for phrase in folded if UNSPACED.search(phrase)]
        spaced = [phrase for phrase in folded if not UNSPACED.search(phrase)]
        self._dense = re.compile(_alternatives(dense)) if dense else None
        self._spaced = re.compile(rf"(?<!\w){_alternatives(spaced)}(?!\w)")
        self._first_words = frozenset(first[0] for phrase in spaced if (first := WORD.findall(phrase)))

    def is_in(self, folded: str) -> bool:
        """Whether a text holds one of the phrases."""
        return self.is_among(WORD.findall(folded), folded)

    def is_among(self, words: Sequence[str], folded: str) -> bool:
        """The same for a text of which the words are known; there may be others among them."""
        if not self._first_words.isdisjoint(words) and self._spaced.search(folded):
            return True
        return not folded.isascii() and self._dense is not None and self._dense.search(folded) is not None

    def match(self, folded: str) -> re.Match[str] | None:
        """The phrase that a text begins with."""
        found = self._spaced.match(folded)
        return self._dense.match(folded) if found is None and self._dense is not None else found


@dataclass(frozen=True, slots=True)
class SiteWords:
    """The words of `boilerplate.toml`, folded; see there what each list is for."""

    ui: frozenset[str]
    notice: Phrases
    plea: Phrases
    read_more: Phrases
    byline: Phrases
    credit: Phrases
    bio: Phrases
    counter: re.Pattern[str]
    note_label: Phrases
    note_opening: Phrases


@cache
def load_site_words() -> SiteWords:
    """The word lists, read once."""
    tables = {name: as_table(table) for name, table in read_data("boilerplate.toml").items()}
    phrases = {name: as_strings(next(iter(table.values()))) for name, table in tables.items()}
    return SiteWords(
        ui=frozenset(bare_words(fold(phrase)) for phrase in phrases["ui"]),
        notice=Phrases(phrases["notice"]),
        plea=Phrases(phrases["plea"]),
        read_more=Phrases(phrases["read_more"]),
        byline=Phrases(phrases["byline"]),
        credit=Phrases(phrases["credit"]),
        bio=Phrases(phrases["bio"]),
        counter=re.compile("|".join(f"(?:{pattern})" for pattern in phrases["counter"])),
        note_label=Phrases(phrases["note_label"]),
        note_opening=Phrases(phrases["note_opening"]),
    )


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
