"""When an article appeared: the one statement of all that is believed, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from pipelines.records import Precision, TimeSignal

SAME_STATEMENT = timedelta(hours=36)  # signals this close may mean the same moment (day only, other zone)
SAME_MOMENT = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
DECLARED = 3.0  # the weight from which a place is made for this date
CONTRADICTED = 0.45  # of a statement's weight is left where the page contradicts it
UTC_LATEST_ZONE = timedelta(hours=14)  # clocks run at most this far ahead of UTC …
UTC_EARLIEST_ZONE = timedelta(hours=12)  # … and this far behind it
# How far each place is to be trusted, found by counting which one was right where two disagreed.
PUBLISHED_WEIGHT = {
    "jsonld:datePublished": 5.0,
    "hint": 4.5,
    "meta:article:published_time": 4.0,
    "feed": 3.5,
    "sitemap": 3.5,
    "meta": 3.0,
    "microdata:datePublished": 3.0,
    "time": 2.5,
    "text": 2.5,
    "jsonld:dateCreated": 2.0,
    "url": 2.0,
    "htmldate": 1.0,
    "text:above": 0.9,
    "time:elsewhere": 0.6,
    "text:elsewhere": 0.5,
}
MODIFIED_WEIGHT = {
    "jsonld:dateModified": 5.0,
    "meta:article:modified_time": 4.0,
    "microdata:dateModified": 3.5,
    "meta:og:updated_time": 3.0,
    "feed:modified": 2.5,
    "sitemap:modified": 2.5,
    "hint:modified": 2.5,
    "meta:modified": 2.0,
    "time:modified": 2.0,
    "text:modified": 1.5,
}
FINENESS = {Precision.SECOND: 4, Precision.MINUTE: 4, Precision.DAY: 3, Precision.MONTH: 2, Precision.YEAR: 1}


def choose_published(signals: Sequence[TimeSignal], not_after: datetime | None = None) -> TimeSignal | None:
    """The signal to believe about the publication; None if no signal has a value.

    Statements that may mean the same moment support each other; the group of the greatest weight wins, and in
    it the most trusted statement, in the finest wording of it. Where a page states its last change only, that
    is the best there is. `not_after` rules out dates in the future.
    """
    usable = _usable(signals, not_after)
    weighed = [(signal, _published_weight(signal, usable)) for signal in usable]
    known = [(signal, weight) for signal, weight in weighed if weight > 0]
    if not known:
        return choose_modified(signals, not_after)
    fine = [pair for pair in known if _fineness(pair[0]) >= FINENESS[Precision.DAY]] or known
    groups = [[other for other in fine if _is_same_statement(signal, other[0])] for signal, _ in fine]
    best = max(groups, key=lambda group: sum({signal.signal: weight for signal, weight in group}.values()))
    anchor = max(best, key=lambda pair: pair[1])[0]
    return max((signal for signal, _ in best), key=lambda signal: _wording(signal, anchor))


def _published_weight(signal: TimeSignal, others: Sequence[TimeSignal]) -> float:
    """The weight of a statement about the publication, the less if the page contradicts it.

    A date that is later than the last change, or a bare day that is the same, is rather that of a deployment;
    a line under the headline that names the day of the last change means that change.
    """
    weight = _weight(signal, PUBLISHED_WEIGHT)
    changed = {_day(other) for other in others if is_modification(other)}
    if not changed or not weight:
        return weight
    is_stamp = signal.precision is Precision.DAY and any(
        is_modification(other) and other.value_raw == signal.value_raw for other in others
    )
    if is_stamp or _day(signal) > max(changed) + ONE_DAY:
        return weight * CONTRADICTED
    if signal.signal.partition(":")[0] not in ("text", "time"):
        return weight
    declared = {_day(other) for other in others if _weight(other, PUBLISHED_WEIGHT) >= DECLARED}
    return weight * CONTRADICTED if _day(signal) in changed - declared else weight


def is_modification(signal: TimeSignal) -> bool:
    """Whether a statement is about a change of the article rather than its publication."""
    return _weight(signal, MODIFIED_WEIGHT) > 0


def _wording(signal: TimeSignal, anchor: TimeSignal) -> tuple[bool, int, bool, bool]:
    """How well a statement says what the anchor says: the same clock or day, finely, with a local zone."""
    assert signal.value is not None and anchor.value is not None
    same_moment = abs(signal.value - anchor.value) < SAME_MOMENT
    same_clock = abs(signal.value.replace(tzinfo=UTC) - anchor.value.replace(tzinfo=UTC)) < SAME_MOMENT
    if _fineness(anchor) <= FINENESS[Precision.DAY]:
        agrees = signal.value.date() == anchor.value.date()
    else:
        agrees = (same_moment or same_clock) and _fineness(signal) == _fineness(anchor)
    is_local = signal.value.utcoffset() != timedelta(0)
    return signal == anchor or agrees, _fineness(signal), is_local, signal.zone is not None


def choose_modified(
    signals: Sequence[TimeSignal], not_after: datetime | None = None, published: TimeSignal | None = None
) -> TimeSignal | None:
    """The most trusted statement about the last change; None if no signal has a value.

    A change before the day of the publication believed in is none of this article.
    """
    first_day = (
        _day(published) - ONE_DAY if published is not None and published.value is not None else date.min
    )
    usable = [signal for signal in _usable(signals, not_after) if _day(signal) >= first_day]
    weighed = [(signal, _weight(signal, MODIFIED_WEIGHT)) for signal in usable]
    known = [(signal, weight) for signal, weight in weighed if weight > 0]
    return max(known, key=lambda pair: pair[1])[0] if known else None


def publication_interval(
    signal: TimeSignal | None, first_seen: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """The earliest and the latest moment at which the article can have appeared; None where open.

    Without a zone, the clock may be that of any place on earth. What was seen had appeared before; what
    was changed then, too.
    """
    if signal is None or signal.value is None:
        return None, first_seen
    earliest, latest = signal.value, _end_of(signal)
    if signal.zone is None:
        earliest, latest = earliest - UTC_LATEST_ZONE, latest + UTC_EARLIEST_ZONE
    if first_seen is not None:
        latest = min(latest, first_seen)
        earliest = min(earliest, latest)
    return None if is_modification(signal) else earliest, latest


def _end_of(signal: TimeSignal) -> datetime:
    """The last moment that the signal's precision leaves open."""
    start = signal.value
    assert start is not None
    if signal.precision is Precision.YEAR:
        return start.replace(year=start.year + 1, month=1, day=1)
    if signal.precision is Precision.MONTH:
        return (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    length = {Precision.DAY: timedelta(days=1), Precision.MINUTE: timedelta(minutes=1)}
    return start + length.get(signal.precision or Precision.SECOND, timedelta(0))


def _day(signal: TimeSignal) -> date:
    assert signal.value is not None
    return signal.value.date()


def _usable(signals: Iterable[TimeSignal], not_after: datetime | None) -> list[TimeSignal]:
    return [
        signal
        for signal in signals
        if signal.value is not None and (not_after is None or signal.value <= not_after)
    ]


def _weight(signal: TimeSignal, weights: dict[str, float]) -> float:
    """The place's own weight, or that of its family: `meta:dc.date` counts as `meta`."""
    family = signal.signal
    while family not in PUBLISHED_WEIGHT and family not in MODIFIED_WEIGHT and ":" in family:
        family = family.rpartition(":")[0]
    return weights.get(family, 0.0)


def _fineness(signal: TimeSignal) -> int:
    return FINENESS[signal.precision or Precision.YEAR]


def _is_same_statement(signal: TimeSignal, other: TimeSignal) -> bool:
    assert signal.value is not None and other.value is not None
    return abs(signal.value - other.value) <= SAME_STATEMENT
