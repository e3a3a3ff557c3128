from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.polling import PollRules, Polls, is_poll_due, next_poll

START = datetime(2024, 1, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = PollRules()

hours = st.floats(0, 2000, allow_nan=False)


def polls(read: float, news: float | None) -> Polls:
    """Read first at the start and last after `read` hours; the last news came after `news` hours."""
    return Polls(START, START + read * HOUR, None if news is None else START + news * HOUR)


@pytest.mark.parametrize(
    ("read", "news", "wait"),
    [
        (0, None, 0),  # read once
        (1, 1, 0),  # news at the last reading
        (1.9, 0, 0),  # quiet for less than two hours
        (4, 0, 2),
        (4, None, 2),  # never anything
        (20, 10, 5),
        (500, 0, 24),  # the longest
    ],
)
def test_a_source_is_left_alone_for_half_as_long_as_it_was_quiet(
    read: float, news: float | None, wait: float
) -> None:
    assert next_poll(polls(read, news), RULES) - START == (read + wait) * HOUR


def test_the_storys_bounds_hold() -> None:
    assert next_poll(polls(1, 1), PollRules(min_hours=3)) == START + 4 * HOUR
    assert next_poll(polls(500, 0), PollRules(max_hours=6)) == START + 506 * HOUR
    assert is_poll_due(polls(500, 0), PollRules(max_hours=0), START + 500 * HOUR)


def test_a_clock_that_went_back_makes_a_source_due() -> None:
    assert is_poll_due(polls(48, 0), RULES, START)


@given(read=hours, news=hours, later=hours)
def test_no_source_is_left_alone_longer_than_the_bound(read: float, news: float, later: float) -> None:
    known = polls(max(read, news), news)

    assert is_poll_due(known, RULES, known.last_read + max(later, 24) * HOUR)


@given(read=hours, news=hours, later=hours)
def test_the_longer_a_source_is_quiet_the_longer_it_is_left_alone(
    read: float, news: float, later: float
) -> None:
    read = max(read, news)
    early, late = polls(read, news), polls(read + later, news)

    assert next_poll(late, RULES) - late.last_read >= next_poll(early, RULES) - early.last_read
