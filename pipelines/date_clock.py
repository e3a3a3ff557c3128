"""Finds the clock time and its zone in a folded date text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from pipelines.lexicon import DateWords
from pipelines.records import Precision

_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?$")
_ZONE = re.compile(
    r"""\s*(?:(?:uhr|hrs?|hours|hs|uur|h)\b)?[\s,(]*(?P<zone>
        (?:utc|gmt)\s?[+-](?:0?\d|1[0-4])(?::?[0-5]\d)?(?!\d)
      | [+-](?:0\d|1[0-4]):?[0-5]\d(?!\d)
      | (?<=\d)[+-](?:0\d|1[0-4])(?!\d)
      | [^\W\d_]{1,8}(?![^\W\d_])
    )""",
    re.VERBOSE,
)
_MINUS = str.maketrans("−‐–", "---")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as a text states it."""

    hour: int
    minute: int
    second: int
    precision: Precision
    zone: str | None  # as written, named zones in capitals
    minutes_east: int | None
    has_american_summer: bool
    days_later: int = 0  # 1 for 24:00

    def offset_minutes(self, local: datetime) -> int:
        """Minutes east of UTC at `local`; 0 where the text gives no zone."""
        summer = 60 if self.has_american_summer and _is_american_summer(local) else 0
        return (self.minutes_east or 0) + summer


def take_clock(folded: str, words: DateWords) -> tuple[Clock | None, str]:
    """The clock time in `folded` and the text without it; the text unchanged if it has none."""
    match = next((found for shape in clock_shapes() if (found := shape.search(folded))), None)
    if match is None:
        return None, folded
    zone_text, minutes_east, has_summer, end = _take_zone(folded, match.end(), words)
    parts = match.groupdict()
    hour = _full_hour(int(parts["hour"]), parts.get("before"), parts.get("after"), words)
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    is_midnight = hour == 24 and minute == second == 0
    hour = 0 if is_midnight else hour
    if hour is None or hour > 23 or minute > 59 or second > 60:
        return None, folded
    precision = Precision.SECOND if parts.get("second") else Precision.MINUTE
    clock = Clock(
        hour, minute, min(second, 59), precision, zone_text, minutes_east, has_summer, int(is_midnight)
    )
    return clock, f"{folded[: match.start()]} {folded[end:]}"


@cache
def clock_shapes() -> tuple[re.Pattern[str], ...]:
    """Colon, letter or CJK times; then times with a dot; then full hours with a word."""
    spaced = r"[ap]\.?\s?m\b\.?|[πμ]\.?μ\b\.?|[صم]\b|مساء|صباحا?|ظهرا|عصرا|अपरहन|परवहन"
    noon = rf"(?:{spaced}|上午|午前|오전|早上|下午|午後|오후|晚上|凌晨|中午|傍晚)"
    start = rf"(?:(?P<before>{noon})\s*|(?<=\d)t|(?<![\w:])|(?<=[日号號일]))"
    after = rf"(?:\s*(?P<after>{noon}))?"
    seconds = r"(?:\s?[:m분分]\s?(?P<second>\d{2})(?!\d)(?:[.,]\d{1,9})?)?"
    return tuple(
        re.compile(shape)
        for shape in (
            rf"{start}(?P<hour>\d{{1,2}})(?::|\s?h\s?|\s?[時时點点시]\s?)(?P<minute>\d{{2}}|(?<=[時时點点시])\d|(?<=[時时點点시]\s)\d)(?!\d){seconds}\s?[분分秒초]?{after}",
            rf"(?<![\d.])(?P<hour>\d{{1,2}})\.(?P<minute>\d{{2}})(?!\.?\d){after}",
            rf"(?<![\d.:])(?P<hour>\d{{1,2}})\s?(?P<after>{noon})",
            rf"(?:(?P<before>{noon})\s?)?(?<![\d.:])(?P<hour>\d{{1,2}})\s?(?:uhr|uur|h|hs|時|时|点|點|시)(?!\w)",
        )
    )


def _full_hour(hour: int, before: str | None, after: str | None, words: DateWords) -> int | None:
    """The hour of 24; None where the half of the day contradicts it."""
    mark = re.sub(r"\s", "", (before or after or "").rstrip("."))
    is_afternoon = mark in words.after_noon or mark.replace(".", "") in words.after_noon
    if not mark or hour > 12:
        return hour
    if is_afternoon:
        return hour + 12 if 0 < hour < 12 else 12 if hour == 12 else None
    return 0 if hour == 12 else hour


def _take_zone(folded: str, position: int, words: DateWords) -> tuple[str | None, int | None, bool, int]:
    """The zone as written, its minutes, whether it has American summer time, and where it ends."""
    match = _ZONE.match(folded.translate(_MINUS), position)
    if match is None:
        return None, None, False, position
    written = match["zone"]
    offset = _OFFSET.search(written)
    if offset is not None:
        minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
        return written.upper(), -minutes if offset["sign"] == "-" else minutes, False, match.end()
    if written in words.zones:
        return written.upper(), words.zones[written], False, match.end()
    if written in words.american_zones:
        return written.upper(), words.american_zones[written], True, match.end()
    return None, None, False, position


def _is_american_summer(local: datetime) -> bool:
    """From the second Sunday of March to the first of November, 02:00 (the law since 2007)."""
    march, november = datetime(local.year, 3, 8, 2), datetime(local.year, 11, 1, 2)
    begin = march + timedelta(days=6 - march.weekday())
    end = november + timedelta(days=6 - november.weekday())
    return begin <= local < end
