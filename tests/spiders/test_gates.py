import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from time import monotonic

import pytest

from spiders.gates import (
    MAX_BACKOFF_SECONDS,
    MAX_WAIT_SECONDS,
    MIN_BACKOFF_SECONDS,
    RECOVER_AFTER,
    Gates,
    HostGate,
    retry_after_seconds,
)

NOW = datetime(2024, 1, 29, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("5", 5.0),
        (" 7 ", 7.0),
        ("Mon, 29 Jan 2024 08:15:30 GMT", 30.0),
        ("Mon, 29 Jan 2024 08:00:00 GMT", 0.0),
        ("99999999999", 99999999999.0),
        ("Tue, 30 Jan 2024 08:15:00 GMT", 86_400.0),
        ("٣", None),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_what_retry_after_asks_for(header: str | None, expected: float | None) -> None:
    assert retry_after_seconds(header, NOW) == expected


def test_one_at_a_time_with_a_pause_after_each() -> None:
    async def take_turns() -> list[tuple[float, float]]:
        gate = HostGate(0.05)
        turns = []

        async def turn() -> None:
            async with gate.turn():
                start = monotonic()
                await asyncio.sleep(0.01)
                turns.append((start, monotonic()))

        await asyncio.gather(*(turn() for _ in range(4)))
        return turns

    turns = asyncio.run(take_turns())

    gaps = [later[0] - earlier[1] for earlier, later in pairwise(turns)]
    assert min(gaps) >= 0.05


def test_a_deferred_host_waits_longer() -> None:
    async def wait() -> float:
        gate = HostGate(0.0)
        gate.defer(0.1)
        start = monotonic()
        async with gate.turn():
            return monotonic() - start

    assert asyncio.run(wait()) >= 0.09


def test_a_host_that_asks_for_longer_than_a_run_lasts_is_closed() -> None:
    gate = HostGate(0.0)
    gate.wait_or_close(MAX_WAIT_SECONDS, "http 503")
    assert gate.closed_because == ""
    gate.wait_or_close(MAX_WAIT_SECONDS + 1, "http 429")
    assert gate.closed_because == "http 429: the host asks to be left alone for 121 s"

    async def wait() -> float:
        start = monotonic()
        async with gate.turn():
            return monotonic() - start

    assert asyncio.run(wait()) < 1.0  # whoever waits is told so at once


def test_a_busy_hosts_pause_grows_and_shrinks_again_for_all_its_pages() -> None:
    gate = HostGate(1.0)
    added = []
    for _ in range(8):
        gate.back_off()
        added.append(gate.backoff_seconds)
    assert added == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, MAX_BACKOFF_SECONDS, MAX_BACKOFF_SECONDS]

    for _ in range(RECOVER_AFTER - 1):
        gate.recover()
    assert gate.backoff_seconds == MAX_BACKOFF_SECONDS
    gate.recover()
    assert gate.backoff_seconds == MAX_BACKOFF_SECONDS / 2
    for _ in range(RECOVER_AFTER * 9):
        gate.recover()
    assert gate.backoff_seconds == 0.0


def test_a_busy_answer_between_good_ones_starts_the_count_again() -> None:
    gate = HostGate(0.0)
    gate.back_off()
    for _ in range(RECOVER_AFTER - 1):
        gate.recover()
    gate.back_off()
    gate.recover()

    assert gate.backoff_seconds == 2 * MIN_BACKOFF_SECONDS


def test_a_delay_is_only_ever_raised_and_never_over_the_cap() -> None:
    gate = HostGate(1.0)
    gate.slow_down(0.5)
    assert gate.delay_seconds == 1.0
    gate.slow_down(10_000)
    assert gate.delay_seconds == MAX_WAIT_SECONDS


def test_names_of_one_outlet_share_a_gate() -> None:
    gates = Gates(1.0)

    assert gates.of("http://www.post.example/a") is gates.of("https://post.example:8080/b")
    assert gates.of("http://127.0.0.1/") is not gates.of("http://127.0.0.2/")
