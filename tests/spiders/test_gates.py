import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from time import monotonic

import pytest

from spiders.gates import MAX_WAIT_SECONDS, Gates, HostGate, retry_after_seconds

NOW = datetime(2024, 1, 29, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("5", 5.0),
        (" 7 ", 7.0),
        ("Mon, 29 Jan 2024 08:15:30 GMT", 30.0),
        ("Mon, 29 Jan 2024 08:00:00 GMT", 0.0),
        ("99999999999", MAX_WAIT_SECONDS),
        ("Mon, 29 Jan 2034 08:15:30 GMT", MAX_WAIT_SECONDS),
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
    assert min(gaps) >= 0.8 * 0.05


def test_a_deferred_host_waits_longer() -> None:
    async def wait() -> float:
        gate = HostGate(0.0)
        gate.defer(0.1)
        start = monotonic()
        async with gate.turn():
            return monotonic() - start

    assert asyncio.run(wait()) >= 0.09


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
