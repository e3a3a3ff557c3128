"""The way Scrapy talks HTTP, without what it does on its own account, and with bounds on an answer's head."""

from __future__ import annotations

from functools import partial
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.python.failure import Failure
from twisted.web._newclient import BODY

from spiders.errors import FirstByteTimeoutError, HeadTooLargeError
from spiders.settings import FIRST_BYTE_SETTING, MAX_HEAD_BYTES


class PoliteHandler(HTTP11DownloadHandler):
    """Asks once: Twisted's pool would ask again by itself, past our pauses and our count of retries."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
        from twisted.internet import reactor  # not before Scrapy has chosen the reactor

        seconds = crawler.settings.getfloat(FIRST_BYTE_SETTING)
        self._pool._factory = partial(_BoundedFactory, reactor, seconds)  # type: ignore[assignment]


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Hangs up on a server that is silent for too long, or whose headers have no end."""

    def __init__(self, quiescent: Any, clock: Any, first_byte_seconds: float) -> None:
        super().__init__(quiescent)  # type: ignore[no-untyped-call]
        self._clock = clock
        self._first_byte_seconds = first_byte_seconds
        self._head_bytes = 0
        self._silence: Any = None

    def request(self, request: Any) -> Any:
        self._head_bytes = 0
        why = FirstByteTimeoutError(f"no byte of an answer within {self._first_byte_seconds:g} s")
        self._silence = self._clock.callLater(self._first_byte_seconds, self._hang_up, why)
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self._heard()
        if self._parser is not None and self._parser.state != BODY:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._hang_up(HeadTooLargeError(f"headers of more than {MAX_HEAD_BYTES} bytes"))
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Any = None) -> None:  # noqa: N802
        self._heard()
        super().connectionLost(reason)  # type: ignore[no-untyped-call]

    def _heard(self) -> None:
        if self._silence is not None and self._silence.active():
            self._silence.cancel()

    def _hang_up(self, why: Exception) -> None:
        self._disconnectParser(Failure(why))  # type: ignore[no-untyped-call]
        assert self.transport is not None
        self.transport.abortConnection()


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def __init__(self, clock: Any, first_byte_seconds: float, *rest: Any) -> None:
        super().__init__(*rest)  # type: ignore[no-untyped-call]
        self._clock = clock
        self._first_byte_seconds = first_byte_seconds

    def buildProtocol(self, addr: Any) -> BoundedProtocol:  # noqa: N802
        return BoundedProtocol(self._quiescentCallback, self._clock, self._first_byte_seconds)
