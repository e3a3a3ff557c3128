"""Whose text an article is: byline, dateline, tail credits, structured data, canonical link."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.agencies import AgencyTable, default_agencies
from pipelines.credit_forms import (
    AGENCY_WORD,
    CLOSING_DASH,
    CLOSING_MARK,
    CONTRIBUTED,
    CONTRIBUTED_WORDS,
    COPYRIGHT,
    COPYRIGHT_MARKS,
    DESK_CODES,
    IMAGE_CREDIT,
    INFORMATION_FROM,
    LABEL_MARKS,
    PICTURE_MARK,
    REPORTING,
    SPLIT,
    SYNDICATED,
    SYNDICATED_WORDS,
    VERB,
    report_line,
    source_label,
    unnamed_agencies,
    with_material,
)
from pipelines.credit_names import MAX_NAME_CHARS, has_form_of_agency, known_in
from pipelines.datelines import read_datelines
from pipelines.records import CreditSignal

# How surely a statement of this form means that the text is the agency's.
SURE, LIKELY, PARTLY, FORM_ONLY, NO_AGENCY = 0.95, 0.8, 0.6, 0.5, 0.0
MIN_CONFIDENCE = 0.5  # a weaker statement is kept as a signal and names no agency of the article
CLOSING_PARAGRAPHS = 4  # where a tail credit can stand
MAX_TAIL_CHARS = 320  # a longer paragraph that names an agency is text about it
MAX_REPORT_CHARS = 60  # of a line that only says who reports


@dataclass(frozen=True, slots=True)
class CreditSources:
    """The places of a page where a credit can stand, as written there."""

    byline_raw: str | None = None
    authors: tuple[str, ...] = ()  # of JSON-LD
    organizations: tuple[str, ...] = ()  # authors of JSON-LD that are organizations
    publisher: str | None = None
    jsonld_credits: tuple[str, ...] = ()
    meta_authors: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()  # lines cut as credit, copyright or byline
    captions: tuple[str, ...] = ()
    canonical_outlet: str | None = None  # where the declared canonical URL leads, if to another outlet
    own_names: tuple[str, ...] = ()  # the outlet's name and domain: no contributor to its own report


def read_credits(sources: CreditSources, table: AgencyTable | None = None) -> tuple[CreditSignal, ...]:
    """Every statement about whose text this is, each once: dateline, byline, data, tail, image."""
    known = table if table is not None else default_agencies()
    datelines = tuple(read_datelines(sources.paragraphs, sources.own_names, known))
    by_form = frozenset(signal.value for signal in datelines if signal.value)
    signals = (
        *datelines,
        *_bylines(sources, known, by_form),
        *_structured(sources, known, by_form),
        *_tails(sources, known, by_form),
        *_image_credits(sources, known),
    )
    return tuple(dict.fromkeys(signals))


def agencies_of(signals: Sequence[CreditSignal]) -> tuple[str, ...]:
    """The agencies credited with the text, surest first; image credits don't count."""
    text_credits = [s for s in signals if s.value and s.signal != "image" and s.confidence >= MIN_CONFIDENCE]
    ranked = sorted(text_credits, key=lambda signal: -signal.confidence)
    return tuple(dict.fromkeys(signal.value for signal in ranked if signal.value))


def _is_outlet_itself(name: str, sources: CreditSources) -> bool:
    bare = re.sub(r"\W", "", name.lower())
    own = {re.sub(r"\W", "", own_name.lower()) for own_name in sources.own_names}
    return bare in own or any(bare == own_name.split(".")[0].lower() for own_name in sources.own_names)


def _bylines(sources: CreditSources, table: AgencyTable, by_form: frozenset[str]) -> Iterator[CreditSignal]:
    if sources.byline_raw:
        yield from _named_signals("byline", sources.byline_raw, table, by_form)
    for author in sources.meta_authors:
        yield from _named_signals("meta:author", author, table, by_form)


def _structured(
    sources: CreditSources, table: AgencyTable, by_form: frozenset[str]
) -> Iterator[CreditSignal]:
    for author in (*sources.authors, *sources.organizations):
        yield from _named_signals("jsonld:author", author, table, by_form)
    if sources.publisher:
        agency = table.named(sources.publisher)
        yield CreditSignal("jsonld:publisher", sources.publisher, agency, LIKELY if agency else NO_AGENCY)
    for text in sources.jsonld_credits:
        yield from _named_signals("jsonld:creditText", text, table, by_form)
    if sources.canonical_outlet:
        agency = table.of_outlet(sources.canonical_outlet)
        yield CreditSignal("canonical", sources.canonical_outlet, agency, LIKELY if agency else NO_AGENCY)


def _named_signals(
    place: str, raw: str, table: AgencyTable, by_form: frozenset[str]
) -> Iterator[CreditSignal]:
    """The agencies in a line of names; one signal without value if it names none."""
    text = " ".join(raw.split())[:300]
    if PICTURE_MARK.search(text) and " / " not in text:
        return
    parts = [text, *SPLIT.split(text)]
    named = [table.named(part) or table.signing(part) or table.closing(part) for part in parts if part]
    known = dict.fromkeys(name for name in named if name is not None)
    formed = dict.fromkeys(part for part in parts if part in by_form and part not in known)
    yield from (CreditSignal(place, text, name, SURE) for name in known)
    yield from (CreditSignal(place, text, name, PARTLY) for name in formed)
    if not known and not formed:
        yield CreditSignal(place, text, None, NO_AGENCY)


def _tails(sources: CreditSources, table: AgencyTable, by_form: frozenset[str]) -> Iterator[CreditSignal]:
    closing = [text for text in sources.paragraphs[-CLOSING_PARAGRAPHS:] if len(text) <= MAX_TAIL_CHARS]
    for text in (*closing, *sources.removed):
        yield from _tail_of(" ".join(text.split()), sources, table, by_form)
    for text in sources.paragraphs[-2:]:
        yield from _closing(text.strip(), table)


def _closing(text: str, table: AgencyTable) -> Iterator[CreditSignal]:
    """What the very end says: "(Agency)", "— Agency", a line that is only a name."""
    if len(text) <= MAX_NAME_CHARS:
        desk = DESK_CODES.match(text)
        names = known_in(desk["names"] if desk is not None else text, table)
    else:
        ends = [pattern.search(text[-2 * MAX_NAME_CHARS :]) for pattern in (CLOSING_MARK, CLOSING_DASH)]
        names = tuple(name for end in ends if end is not None for name in known_in(end["names"], table))
    yield from (CreditSignal("tail", text[-60:], name, SURE) for name in dict.fromkeys(names))


def _tail_of(
    text: str, sources: CreditSources, table: AgencyTable, by_form: frozenset[str]
) -> Iterator[CreditSignal]:
    """What a line says in one of the forms of credits; a bare name in a line that was cut says nothing."""
    names: dict[str, None] = {}
    formed: dict[str, None] = {}
    for pattern in _forms_for(text):
        for match in pattern.finditer(text):
            if pattern is COPYRIGHT and PICTURE_MARK.search(match.group()):
                continue
            stated = VERB.split(INFORMATION_FROM.sub("", match[match.lastgroup or 0]))[0]
            parts = [part for part in (stated, *SPLIT.split(stated)) if part]
            known = [table.named(part) or table.signing(part) for part in parts]
            names |= dict.fromkeys(name for name in known if name is not None)
            formed |= dict.fromkeys(part for part in parts if part in by_form)
            if pattern is CONTRIBUTED and not names:
                formed |= dict.fromkeys(part for part in parts if _is_agency_like(part, sources))
    yield from (CreditSignal("tail", text, name, LIKELY) for name in names)
    yield from (CreditSignal("tail", text, name, FORM_ONLY) for name in formed if name not in names)
    if not names and not formed and (REPORTING.search(text) or unnamed_agencies().search(text)):
        yield CreditSignal("tail", text, None, NO_AGENCY)


def _forms_for(text: str) -> tuple[re.Pattern[str], ...]:
    """The forms that a line may have, by the words and marks that each of them holds."""
    lower = text.lower()
    forms = (
        (CONTRIBUTED, _holds(text, CONTRIBUTED_WORDS)),
        (SYNDICATED, _holds(lower, SYNDICATED_WORDS)),
        (source_label(), _holds(text, LABEL_MARKS)),
        (with_material(), True),
        (COPYRIGHT, _holds(lower, COPYRIGHT_MARKS)),
        (report_line(), len(text) <= MAX_REPORT_CHARS),
    )
    return tuple(form for form, is_possible in forms if is_possible)


def _holds(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)


def _is_agency_like(name: str, sources: CreditSources) -> bool:
    """Whether an unknown contributor is rather an agency than a person: one word, or a word for agencies."""
    if not has_form_of_agency(name) or _is_outlet_itself(name, sources):
        return False
    return " " not in name.strip() or bool(AGENCY_WORD.search(name))


def _image_credits(sources: CreditSources, table: AgencyTable) -> Iterator[CreditSignal]:
    for caption in sources.captions:
        credit = IMAGE_CREDIT.findall(caption)
        marks = re.findall(r"[(\[（]([^()\[\]（）]{2,60})[)\]）]|©\s*([^.,;]{2,40})", caption[-160:])
        tails = [
            *credit,
            *(part for mark in marks for part in mark if part),
            re.split(r"[/|]", caption)[-1][-40:],
        ]
        for name in dict.fromkeys(name for tail in tails for name in (table.mentioned(tail))):
            yield CreditSignal("image", caption[-160:], name, LIKELY)
