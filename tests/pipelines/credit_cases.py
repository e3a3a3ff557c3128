"""The labelled bylines, datelines, tails and snippets, and how well the credits found in them agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.credits import CreditSources, agencies_of, read_credits

FILES = {half: Path(__file__).with_name(f"credit_labels_{half}.tsv") for half in ("tuned", "unseen")}
FILLER = "The tide came in at noon and went out again, as it does, and nobody in the town thought much of it."
OUTLET = ("The Harbour Post", "harbour-post.example")


@dataclass(frozen=True, slots=True)
class CreditCase:
    """One line of a page, the place it stands in, and the agencies that it credits with the text."""

    language: str
    place: str
    agencies: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class CreditScore:
    cases: int
    recall: float
    precision: float


def read_cases(half: str) -> list[CreditCase]:
    """The cases of one file: `tuned` was there before the rules, `unseen` was written after them."""
    lines = FILES[half].read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [CreditCase(row[0], row[1], frozenset(filter(None, row[2].split(","))), row[3]) for row in rows]


def found_agencies(case: CreditCase) -> frozenset[str]:
    return frozenset(agencies_of(read_credits(sources_of(case))))


def sources_of(case: CreditCase) -> CreditSources:
    """The case as it stands on a page.

    Raises:
        KeyError: a place that is unknown.
    """
    text = case.text
    return {
        "dateline": lambda: CreditSources(paragraphs=(text, FILLER, FILLER), own_names=OUTLET),
        "tail": lambda: CreditSources(paragraphs=(FILLER, FILLER, FILLER, text), own_names=OUTLET),
        "body": lambda: CreditSources(paragraphs=(*[FILLER] * 4, text, *[FILLER] * 5), own_names=OUTLET),
        "cut": lambda: CreditSources(paragraphs=(FILLER,), removed=(text,), own_names=OUTLET),
        "byline": lambda: CreditSources(paragraphs=(FILLER,), byline_raw=text, own_names=OUTLET),
        "author": lambda: CreditSources(paragraphs=(FILLER,), organizations=(text,), own_names=OUTLET),
        "person": lambda: CreditSources(paragraphs=(FILLER,), authors=(text,), own_names=OUTLET),
        "publisher": lambda: CreditSources(paragraphs=(FILLER,), publisher=text, own_names=OUTLET),
        "credit": lambda: CreditSources(paragraphs=(FILLER,), jsonld_credits=(text,), own_names=OUTLET),
        "caption": lambda: CreditSources(paragraphs=(FILLER,), captions=(text,), own_names=OUTLET),
        "canonical": lambda: CreditSources(paragraphs=(FILLER,), canonical_outlet=text, own_names=OUTLET),
    }[case.place]()


def score_cases(cases: Iterable[CreditCase]) -> CreditScore:
    """Recall and precision over all pairs of case and agency."""
    pairs = [(case.agencies, found_agencies(case)) for case in cases]
    shared = sum(len(gold & found) for gold, found in pairs)
    gold_total = sum(len(gold) for gold, _ in pairs)
    found_total = sum(len(found) for _, found in pairs)
    return CreditScore(len(pairs), shared / max(1, gold_total), shared / max(1, found_total))
