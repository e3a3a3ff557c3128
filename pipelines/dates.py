"""What a raw date string or a URL says about a time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from pipelines.calendars import common_year, from_persian, is_persian_year
from pipelines.date_text import read_date_text
from pipelines.records import Precision, TimeSignal

EARLIEST_YEAR = 1990  # the web has no article from before; such a value is a default or a misreading
MAX_DATE_CHARS = 80  # a longer string is a sentence, not a date
# Names that mean one zone only; "CST" is one in America and another in China.
ZONES = {
    **{"z": "Z", "utc": "Z", "gmt": "Z", "bst": "+01:00", "cet": "+01:00", "cest": "+02:00", "eet": "+02:00"},
    **{
        "eest": "+03:00",
        "msk": "+03:00",
        "ist": "+05:30",
        "jst": "+09:00",
        "kst": "+09:00",
        "est": "-05:00",
        "edt": "-04:00",
    },
    **{"ist": "+05:30", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00"},
}
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, start=1)}

ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2})"
    r"(?:(?:T|\s+|\s+at\s+|T\s)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?)?)?"
    r"\s*(?P<zone>Z|[A-Z]{3,4}|(?:GMT|UTC)?\s?[+-]\d{2}:?\d{2}(?::00)?|[+-]\d{2})?(?:\[[\w/+-]+\])?",
    re.IGNORECASE,
)
COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:T?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<mark>[/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"(?:\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<zone>Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
RFC_822 = re.compile(
    r"(?:[A-Z]{3,9},?\s+)?(?P<day>\d{1,2})[\s-](?P<name>[A-Z]{3})[a-z]*\.?[\s-](?P<year>\d{4})"
    r"(?:\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<zone>[A-Z]{1,4}(?![\w:])|[+-]\d{2}:?\d{2})?)?"
    r"(?:\s*\([A-Z]{2,5}\))?",
    re.IGNORECASE,
)
C_TIME = re.compile(  # "Tue Jan 30 20:22:11 UTC 2024" and "Tue Jan 30 2024 20:22:11 GMT+0100 (CET)"
    r"[A-Z]{3}\s+(?P<name>[A-Z]{3})\s+(?P<day>\d{1,2})\s+(?:(?P<year>\d{4})\s+)?"
    r"(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})"
    r"(?:\s+(?P<zone>[A-Z]{2,4}[+-]\d{4}|[A-Z]{3,4}|[+-]\d{4}))?(?:\s+(?P<last_year>\d{4}))?(?:\s*\(.{2,40}\))?",
    re.IGNORECASE,
)
EPOCH = re.compile(r"(?:/Date\()?(?P<seconds>1\d{9})(?:\d{3}|\d{6})?(?:\.\d{1,9})?(?:\)/)?")
URL_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<mark>[/_-]?)(?P<month>\d{2})(?P=mark)(?P<day>\d{2})(?!\d)"
)
URL_MONTH = re.compile(r"/(?P<year>(?:19|20)\d{2})/(?P<month>0[1-9]|1[0-2])/")


def read_time(raw: str, signal: str) -> TimeSignal:
    """One statement as a signal; `value` is None where the raw string is no date or an ambiguous one."""
    text = " ".join(raw.split())
    if len(text) <= MAX_DATE_CHARS:
        for pattern in (ISO, COMPACT, YEAR_FIRST, RFC_822, C_TIME):
            match = pattern.fullmatch(text)
            if match is not None:
                return _from_fields(match.groupdict(), text, signal)
        epoch = EPOCH.fullmatch(text)
        if epoch is not None:
            value = datetime.fromtimestamp(int(epoch["seconds"]), tz=UTC)
            return TimeSignal(signal, text, value, Precision.SECOND, "Z")
        found = read_date_text(text, signal)
        if found is not None:
            return found
    return TimeSignal(signal, raw.strip()[: 2 * MAX_DATE_CHARS], None, None, None)


def read_url_date(url: str) -> TimeSignal | None:
    """The day or month that a URL's path names; None if it names none."""
    path = url.split("?")[0].partition("://")[2].partition("/")[2]
    for match in URL_DAY.finditer("/" + path):
        signal = _from_fields(
            {"year": match["year"], "month": match["month"], "day": match["day"]}, match[0], "url"
        )
        if signal.value is not None:
            return signal
    month = URL_MONTH.search("/" + path)
    if month is None:
        return None
    signal = _from_fields({"year": month["year"], "month": month["month"]}, month[0].strip("/"), "url")
    return signal if signal.value is not None else None


def _from_fields(fields: dict[str, str | None], raw: str, signal: str) -> TimeSignal:
    unread = TimeSignal(signal, raw, None, None, None)
    zone = _zone(fields.get("zone"))
    month = MONTHS.get((fields.get("name") or "").lower()) or int(fields.get("month") or 0)
    year = int(fields.get("year") or fields.get("last_year") or 0)
    hour, minute, second = (int(fields.get(unit) or 0) for unit in ("hour", "minute", "second"))
    is_midnight = hour == 24 and minute == second == 0
    try:
        clock = time(0 if is_midnight else hour, minute, min(second, 59))
        local = datetime.combine(_day(year, month, int(fields.get("day") or 1)), clock, _offset(zone))
    except ValueError:
        return unread
    if local.year < EARLIEST_YEAR:
        return unread
    local += timedelta(days=is_midnight)
    return TimeSignal(signal, raw, local, _precision(fields, (hour, minute, second), zone), zone)


def _day(year: int, month: int, day: int) -> date:
    """A day, also of the Buddhist era or the Persian calendar.

    Raises:
        ValueError: no such day.
    """
    return from_persian(year, month, day) if is_persian_year(year) else date(common_year(year), month, day)


def _precision(fields: dict[str, str | None], clock: tuple[int, int, int], zone: str | None) -> Precision:
    if fields.get("day") is None:
        return Precision.MONTH
    if fields.get("hour") is None or (clock == (0, 0, 0) and fields.get("second") and zone in (None, "Z")):
        return Precision.DAY  # 00:00:00 in no zone or UTC is how programs write a bare day
    return Precision.SECOND if fields.get("second") else Precision.MINUTE


def _zone(raw: str | None) -> str | None:
    """A zone as "Z" or "+02:00"; None for a name that means several zones or none."""
    if not raw:
        return None
    text = re.sub(r"^(?:gmt|utc)\s?(?=[+-])", "", raw.strip().lower())
    if text in ZONES:
        return ZONES[text]
    match = re.fullmatch(r"([+-])(\d{2}):?(\d{2})?(?::00)?", text)
    return f"{match[1]}{match[2]}:{match[3] or '00'}" if match else None


def _offset(zone: str | None) -> timezone:
    """Raises ValueError for an offset of a day or more."""
    if zone is None or zone == "Z":
        return UTC
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    if minutes > 14 * 60:
        raise ValueError(f"no place has the zone {zone}")
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))
