"""Years and days of other calendars, as news sites write them, in the common one."""

from __future__ import annotations

import re
from datetime import date, timedelta

BUDDHIST_YEARS = range(2480, 2700)  # 1937 to 2157: what a Thai page of our time can mean
BUDDHIST_OFFSET = 543
PERSIAN_YEARS = range(1340, 1480)  # 1961 to 2101
PERSIAN_NEW_YEAR = date(2024, 3, 20)  # 1 Farvardin 1403
PERSIAN_BASE = 1403
PERSIAN_LONG_MONTHS = 6  # the first ones have 31 days, the others 30
# first year of each era; 令和6年 is 2024
ERAS = {"令和": 2019, "平成": 1989, "昭和": 1926, "民國": 1912, "民国": 1912}
ERA = re.compile(r"(?P<era>令和|平成|昭和|民[國国])\s?(?P<year>\d{1,3}|元)\s?年")


def common_year(year: int) -> int:
    """A year of the Buddhist era as one of the common era; any other year as it is."""
    return year - BUDDHIST_OFFSET if year in BUDDHIST_YEARS else year


def is_persian_year(year: int) -> bool:
    """Whether a year is one of the solar Hijri calendar."""
    return year in PERSIAN_YEARS


def from_persian(year: int, month: int, day: int) -> date:
    """A day of the solar Hijri calendar; leap years by the cycle of 33 years, right for 1244 to 1472.

    Raises:
        ValueError: no such day.
    """
    length = 31 if month <= PERSIAN_LONG_MONTHS else 30 if month < 12 or _is_persian_leap(year) else 29
    if not 1 <= month <= 12 or not 1 <= day <= length:
        raise ValueError(f"no day {day} in month {month} of the Persian year {year}")
    step = 1 if year >= PERSIAN_BASE else -1
    years = range(PERSIAN_BASE, year) if step > 0 else range(year, PERSIAN_BASE)
    leaps = sum(map(_is_persian_leap, years))
    first = PERSIAN_NEW_YEAR + timedelta(days=(year - PERSIAN_BASE) * 365 + step * leaps)
    return first + timedelta(days=31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1)


def with_common_era(text: str) -> str:
    """A text whose Japanese or Taiwanese year is one of the common era."""
    return ERA.sub(_spell_year, text)


def _spell_year(match: re.Match[str]) -> str:
    year = 1 if match["year"] == "元" else int(match["year"])
    return f"{ERAS[match['era']] + year - 1}年"


def _is_persian_leap(year: int) -> bool:
    return (year * 8 + 29) % 33 < 8
