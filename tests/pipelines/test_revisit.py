from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.revisit import Visits, is_due

START = datetime(2024, 1, 28, 12, tzinfo=UTC)


def after(**delta: float) -> datetime:
    return START + timedelta(**delta)


def test_a_page_seen_once_is_due_at_once() -> None:
    assert is_due(Visits(START, START), after(seconds=1))


def test_a_page_known_for_a_day_waits_half_a_day() -> None:
    visits = Visits(START, after(days=1))

    assert not is_due(visits, after(days=1, hours=11))
    assert is_due(visits, after(days=1, hours=12))


def test_a_page_is_left_alone_after_thirty_days() -> None:
    assert not is_due(Visits(START, after(days=3)), after(days=30, seconds=1))


def test_a_clock_that_went_back_makes_nothing_due() -> None:
    assert not is_due(Visits(START, START), after(hours=-1))


def test_visits_out_of_order_are_a_broken_promise() -> None:
    with pytest.raises(ValueError, match="before first seen"):
        Visits(START, after(days=-1))


@given(
    known=st.timedeltas(timedelta(0), timedelta(days=29)), wait=st.timedeltas(timedelta(0), timedelta(days=1))
)
def test_what_is_due_stays_due_until_the_thirty_days_are_over(known: timedelta, wait: timedelta) -> None:
    visits = Visits(START, START + known)
    now = visits.last_visit + wait

    later = now + timedelta(minutes=1)
    if is_due(visits, now) and later - START <= timedelta(days=30):
        assert is_due(visits, later)
