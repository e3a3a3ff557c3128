import pytest
from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    NotSupported,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectionLost, NoRouteError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from pipelines.records import Fate, Reason
from spiders.errors import loss_of_error


def failed_for(cause: Exception) -> DownloadFailedError:
    """What Scrapy raises where Twisted gave up for a cause."""
    error = DownloadFailedError("failed")
    error.__cause__ = ResponseFailed([Failure(cause)])
    return error


@pytest.mark.parametrize(
    ("error", "reason", "is_passing"),
    [
        (CannotResolveHostError("no such name"), Reason.DNS, True),
        (DownloadConnectionRefusedError("no"), Reason.CONNECTION, True),
        (DownloadTimeoutError("late"), Reason.TIMEOUT, True),
        (ResponseDataLossError(), Reason.TRUNCATED, True),
        (DownloadCancelledError("too large"), Reason.BODY_TOO_LARGE, False),
        (failed_for(ConnectionLost()), Reason.CONNECTION, True),
        (failed_for(SSL.Error([("ssl", "", "certificate verify failed")])), Reason.TLS, False),
        (NoRouteError(), Reason.CONNECTION, True),
        (failed_for(KeyError("x")), Reason.BAD_RESPONSE, True),
    ],
)
def test_errors_become_failures_with_a_reason(error: Exception, reason: Reason, is_passing: bool) -> None:
    loss = loss_of_error(error, None)

    assert (loss.fate, loss.reason, loss.is_passing) == (Fate.FAILED, reason, is_passing)


@pytest.mark.parametrize("error", [NotSupported("ftp"), ValueError("Missing scheme")])
def test_a_url_that_cannot_be_asked_for_is_refused(error: Exception) -> None:
    assert loss_of_error(error, None).fate is Fate.REFUSED


def test_a_withheld_address_is_told_from_an_unknown_name() -> None:
    loss = loss_of_error(CannotResolveHostError("x"), "169.254.169.254")

    assert (loss.fate, loss.reason) == (Fate.REFUSED, Reason.PRIVATE_ADDRESS)
    assert "169.254.169.254" in loss.detail


def test_the_detail_names_the_root_of_the_trouble() -> None:
    assert loss_of_error(failed_for(ConnectionLost()), None).detail.startswith("ConnectionLost")
