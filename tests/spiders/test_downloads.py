"""The bounds on the head of an answer, with a clock and a transport of their own."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web._newclient import Request
from twisted.web.http_headers import Headers

from pipelines.records import Reason
from spiders.downloads import BoundedProtocol
from spiders.errors import loss_of_error
from spiders.settings import MAX_HEAD_BYTES


def ask(clock: Clock) -> tuple[BoundedProtocol, StringTransport, list[object]]:
    protocol = BoundedProtocol(lambda _: None, clock, 20.0)
    transport = StringTransport()
    transport.abortConnection = transport.loseConnection  # type: ignore[method-assign]
    protocol.makeConnection(transport)
    results: list[object] = []
    request = Request(b"GET", b"/", Headers({b"Host": [b"a.example"]}), None, persistent=False)
    protocol.request(request).addBoth(results.append)
    return protocol, transport, results


def reason_of(result: object) -> tuple[str, bool]:
    assert isinstance(result, Failure)
    loss = loss_of_error(result.value, None)
    return loss.reason, loss.is_passing


def test_a_server_that_says_nothing_is_left() -> None:
    clock = Clock()
    _, transport, results = ask(clock)

    clock.advance(19.0)
    assert results == []
    clock.advance(2.0)

    assert reason_of(results[0]) == (Reason.TIMEOUT, True)
    assert transport.disconnecting


def test_a_server_that_has_begun_has_the_time_of_a_whole_download() -> None:
    clock = Clock()
    protocol, transport, results = ask(clock)

    protocol.dataReceived(b"HTTP/1.1 200 OK\r\n")
    clock.advance(100.0)

    assert results == []
    assert not transport.disconnecting


def test_headers_without_end_are_a_bad_response_and_no_second_try() -> None:
    protocol, transport, results = ask(Clock())

    protocol.dataReceived(b"HTTP/1.1 200 OK\r\n")
    for number in range(MAX_HEAD_BYTES // 8000 + 1):
        protocol.dataReceived(b"X-%d: %s\r\n" % (number, b"x" * 8000))
        if results:
            break

    assert reason_of(results[0]) == (Reason.BAD_RESPONSE, False)
    assert transport.disconnecting


def test_a_connection_that_is_gone_leaves_no_timer_behind() -> None:
    clock = Clock()
    protocol, _, results = ask(clock)

    protocol.connectionLost(Failure(ConnectionError("gone")))
    clock.advance(100.0)

    assert len(results) == 1
    assert clock.getDelayedCalls() == []
