"""The agency in an article's opening: "HARBOURTOWN, 3 May (Agency) —"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.agencies import AgencyTable
from pipelines.credit_forms import AGENCY_FIRST, BARE_DATELINE, BARE_FIRST, DATELINE, RUN_ON
from pipelines.credit_names import has_form_of_agency, known_in
from pipelines.records import CreditSignal

SURE, PARTLY = 0.95, 0.6  # that the text is a known agency's, an unknown one's
OPENING_PARAGRAPHS = 3  # where a dateline can stand
OPENING_CHARS = 140  # a dateline is shorter


def read_datelines(
    paragraphs: Sequence[str], own_names: Sequence[str], table: AgencyTable
) -> Iterator[CreditSignal]:
    """The agencies in the datelines of an article's first paragraphs; `own_names` are those of the outlet."""
    for paragraph in paragraphs[:OPENING_PARAGRAPHS]:
        opening = paragraph[:OPENING_CHARS]
        match = DATELINE.match(opening)
        signals = tuple(_dateline_signals(match, own_names, table)) if match is not None else ()
        yield from signals
        if signals:
            continue
        for pattern in (AGENCY_FIRST, BARE_FIRST, BARE_DATELINE, RUN_ON):
            found = pattern.match(opening)
            names = known_in(found[found.lastgroup or 0], table) if found is not None else ()
            if found is not None and names:
                yield from (CreditSignal("dateline", found.group().strip(), name, SURE) for name in names)
                break


def _dateline_signals(
    match: re.Match[str], own_names: Sequence[str], table: AgencyTable
) -> Iterator[CreditSignal]:
    whole, place = match.group().strip(), match["place"]
    raw = match["round"] or match["slash"] or match["square"]
    names = known_in(raw, table)
    if names and (match["open"] or match["close"] or _is_place_and_date(place)):
        yield from (CreditSignal("dateline", whole, name, SURE) for name in names)
    elif _is_unknown_agency(raw, place, whole) and not (names or _is_part_of_outlet(raw, own_names)):
        yield CreditSignal("dateline", whole, raw.strip(), PARTLY)


def _is_unknown_agency(raw: str, place: str, whole: str) -> bool:
    return _looks_like_dateline(place, whole) and has_form_of_agency(raw)


def _is_place_and_date(place: str) -> bool:
    """Whether a place stands with a date, as in a dateline without a dash: "Harbourtown, Mar 3".

    In Indian languages the day is often written as a word.
    """
    if re.fullmatch(r"[^\W\d_][^,.]{1,40},\s.{0,30}\d{1,2}.{0,12}", place.strip()):
        return True
    return not place.isascii() and re.fullmatch(r"[^,.]{2,40},\s[^,.]{2,20}", place.strip()) is not None


def _looks_like_dateline(place: str, whole: str) -> bool:
    """Whether an unknown name in brackets stands in a dateline: a capital place, or one with a date."""
    if not re.search(r"[-–—―‒]\s*$", whole):
        return False
    city = re.split(r"[,.]", place)[0].strip()
    has_date = bool(re.search(r"\d", place))
    return len(city.split()) <= 4 and (city.isupper() or (has_date and city[:1].isupper()))


def _is_part_of_outlet(name: str, own_names: Sequence[str]) -> bool:
    """Whether this is a word of the outlet's own name: "Post" of "The Harbour Post"."""
    words = set(name.lower().split())
    return any(words < set(re.findall(r"\w+", own.lower())) for own in own_names if "." not in own)
