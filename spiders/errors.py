"""What Scrapy and Twisted raise, as losses with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.internet.error import TimeoutError as ConnectTimeoutError
from twisted.python.failure import Failure

from pipelines.records import Fate, Reason
from spiders.rendering import browser_fault
from spiders.robots import Verdict
from spiders.warc import HttpResponse

MAX_DETAIL_CHARS = 300


class FirstByteTimeoutError(Exception):
    """A server that took the request and said nothing."""


class HeadTooLargeError(Exception):
    """An answer whose headers have no end."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a URL gave no usable response; `is_passing`: another try may help."""

    fate: Fate
    reason: str  # a Reason, or http_404 and the like
    detail: str = ""
    is_passing: bool = False
    answer: HttpResponse | None = None  # what the server said instead, for the archive

    def as_verdict(self) -> Verdict:
        """The same said of every URL of the host."""
        return Verdict(self.fate, Reason(self.reason), self.detail)


def loss_of_error(error: Exception, refused_address: str | None) -> Loss:
    """The loss that an error of the downloader stands for.

    `refused_address` is what the host resolved to, if the guard withheld it.
    """
    root = list(_causes(error))[-1]
    detail = f"{type(root).__name__}: {root}"[:MAX_DETAIL_CHARS]
    if isinstance(error, CannotResolveHostError) and refused_address is not None:
        return Loss(Fate.REFUSED, Reason.PRIVATE_ADDRESS, f"leads to {refused_address}")
    reason = _reason_of(error)
    if reason is Reason.BAD_URL:
        return Loss(Fate.REFUSED, reason, detail)
    is_passing = reason not in (Reason.TLS, Reason.BODY_TOO_LARGE) and not isinstance(root, HeadTooLargeError)
    return Loss(Fate.FAILED, reason, detail, is_passing=is_passing)


def _reason_of(error: Exception) -> Reason:
    causes = tuple(_causes(error))
    if type(error).__module__.startswith("playwright."):
        return Reason(browser_fault(str(error)) or Reason.BAD_RESPONSE)
    for kinds, reason in REASONS:
        if any(isinstance(cause, kinds) for cause in causes):
            return reason
    # a server that breaks HTTP in a way of its own; the detail names the error
    return Reason.BAD_RESPONSE


# The first that fits one of the causes decides, so what is more telling comes first.
REASONS: tuple[tuple[tuple[type[BaseException], ...], Reason], ...] = (
    ((SSL.Error, VerificationError), Reason.TLS),
    ((CannotResolveHostError,), Reason.DNS),
    ((DownloadTimeoutError, ConnectTimeoutError, FirstByteTimeoutError, TimeoutError), Reason.TIMEOUT),
    ((HeadTooLargeError,), Reason.BAD_RESPONSE),
    ((ResponseDataLossError,), Reason.TRUNCATED),
    ((DownloadCancelledError,), Reason.BODY_TOO_LARGE),
    ((UnsupportedURLSchemeError, NotSupported), Reason.BAD_URL),
    ((DownloadConnectionRefusedError, ConnectError, ConnectionClosed, OSError), Reason.CONNECTION),
    ((DownloadFailedError,), Reason.BAD_RESPONSE),  # before ValueError: Twisted's parser raises that too
    ((ValueError,), Reason.BAD_URL),
)


def _causes(error: BaseException | None, depth: int = 0) -> Iterator[BaseException]:
    """The error, what it was raised from, and what Twisted packed into it."""
    if error is None or depth > 5:
        return
    yield error
    yield from _causes(error.__cause__, depth + 1)
    for reason in getattr(error, "reasons", None) or ():
        if isinstance(reason, Failure):
            yield from _causes(reason.value, depth + 1)
