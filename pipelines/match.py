"""Whether an article is about a story: `[match]` on its title and clean paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.records import Relevance

SHINGLE_WORDS = 5
PLURAL = r"(?:e?s|'s)?"
# An article counts as close to a `like` text if this share of the shorter one's shingles is in the other.
MIN_LIKE_CONTAINMENT = 0.1
_WORD = re.compile(r"\w+")
# scripts written without spaces: a term may start and end in the middle of a run of letters
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Match:
    """What an article must say. Entries hold alternatives separated by `|`; case and accents fold.

    A term stands for whole words, with an English plural or genitive too ("strike" finds "strikes", not
    "striker"); a `*` at its end lets any ending follow ("strik*").
    `like` holds whole texts of the story (the story file names their paths).
    """

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    like: tuple[str, ...] = ()


def judge_relevance(match: Match, title: str | None, paragraphs: Sequence[str]) -> Relevance | None:
    """The article's relevance, or None if it isn't about the story.

    It is if every entry of `all`, one of `any` (where given) and none of `none` occurs in title or
    paragraphs, or if it shares a tenth of its five-word shingles with a text of `like` and nothing of `none`.
    """
    head = fold_text("\n".join([title or "", *paragraphs[:1]]))
    whole = fold_text("\n".join([title or "", *paragraphs]))
    if any(_found_terms(entry, whole) for entry in match.none):
        return None
    by_terms = _judge_terms(match, head, whole)
    likeness = max((_likeness(whole, fold_text(text)) for text in match.like), default=0.0)
    if likeness < MIN_LIKE_CONTAINMENT:
        return by_terms
    if by_terms is None:
        return Relevance(likeness, ("like",))
    return Relevance(max(by_terms.relevance, likeness), (*by_terms.matched_terms, "like"))


def count_conditions(match: Match, text: str) -> int:
    """How many of a story's conditions a text meets: each entry of `all`, and `any` as one."""
    folded = fold_text(text)
    entries = [*match.all, *(["|".join(match.any)] if match.any else [])]
    return sum(bool(_found_terms(entry, folded)) for entry in entries)


def count_found(entry: str, text: str) -> int:
    """How many alternatives of an entry occur in a text."""
    return len(_found_terms(entry, fold_text(text)))


def fold_text(text: str) -> str:
    """Text for comparing words only: lower case, no accents, straight quotes, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    bare = bare.replace("’", "'").replace("‘", "'").replace("\u00ad", "")
    return re.sub(r"\s+", " ", bare).strip()


def _judge_terms(match: Match, head: str, whole: str) -> Relevance | None:
    if not (match.all or match.any):
        return None
    found = [_found_terms(entry, whole) for entry in match.all]
    if not all(found):
        return None
    alternatives = [term for entry in match.any for term in _found_terms(entry, whole)]
    if match.any and not alternatives:
        return None
    conditions = [*match.all, *(["|".join(match.any)] if match.any else [])]
    met_in_head = sum(bool(_found_terms(condition, head)) for condition in conditions)
    terms = dict.fromkeys([term for terms in found for term in terms] + alternatives)
    return Relevance(0.5 + 0.5 * met_in_head / len(conditions), tuple(terms))


def _found_terms(entry: str, folded: str) -> tuple[str, ...]:
    return tuple(
        term for term in (part.strip() for part in entry.split("|")) if _pattern(term).search(folded)
    )


@lru_cache(maxsize=4096)
def _pattern(term: str) -> re.Pattern[str]:
    folded = fold_text(term.removesuffix("*"))
    before = "" if _UNSPACED.match(folded[:1]) or not folded[:1].isalnum() else r"(?<!\w)"
    after = "" if _UNSPACED.match(folded[-1:]) or not folded[-1:].isalnum() else PLURAL + r"(?!\w)"
    return re.compile(before + re.escape(folded) + ("" if term.endswith("*") else after))


def _likeness(folded: str, other: str) -> float:
    shingles, others = _shingles(folded), _shingles(other)
    shorter = min(len(shingles), len(others))
    return len(shingles & others) / shorter if shorter else 0.0


def _shingles(folded: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(folded)
    return frozenset(tuple(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1))
