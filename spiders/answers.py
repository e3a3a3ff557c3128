"""What one answer of a server means: a usable response, a redirect, or a loss with a reason."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from scrapy.http import Response

from pipelines.records import Fate, Reason, http_reason
from pipelines.walls import is_challenge
from spiders.bodies import MAX_BODY_BYTES, BodyError, decode_body, decoded_body
from spiders.errors import Loss
from spiders.warc import HttpHeaders, HttpResponse

REDIRECTS = (301, 302, 303, 307, 308)
RETRIED_STATUSES = (408, 429, 500, 502, 503, 504, 522, 524)
BUSY_STATUSES = (429, 503)  # the host asks for a pause, not only this page
CHALLENGE_STATUSES = (401, 403, 405, 429, 503)  # what bot checks are sent with
NOT_MODIFIED = 304

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ask:
    """A URL to fetch; `conditions` are headers such as If-None-Match."""

    url: str
    conditions: HttpHeaders = ()
    max_bytes: int = MAX_BODY_BYTES
    obeys_robots: bool = True
    max_retries: int = 2  # most passing troubles are over by then
    is_rendered: bool = False  # by a browser, which sends no conditions


def read_response(response: Response, request_headers: HttpHeaders, elapsed_ms: int) -> HttpResponse:
    """A response of Scrapy's downloader as our own record."""
    received = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    address = str(response.ip_address) if response.ip_address else None
    return HttpResponse(
        response.url, response.status, received, response.body, request_headers, (), elapsed_ms, address
    )


def redirect_target(answer: HttpResponse) -> str | None:
    """Where an answer sends us, without fragment; None if it is no redirect."""
    location = answer.header("Location")
    if answer.status not in REDIRECTS or not location:
        return None
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")  # servers write it as they please
    try:
        return urljoin(answer.final_url, location.strip()).partition("#")[0]
    except ValueError:
        return location


def judge_answer(answer: HttpResponse, ask: Ask) -> HttpResponse | Loss:
    """The answer itself if it is one to go on with: 2xx or an expected 304, its body whole.

    A loss carries the answer where it is evidence: an error status, or a body cut short.
    """
    if answer.status == NOT_MODIFIED and ask.conditions:
        return answer
    if not 200 <= answer.status < 300:
        return _error_status(answer, ask)
    try:
        decode_body(answer.body, answer.header("Content-Encoding") or "", ask.max_bytes)
    except BodyError as error:
        if error.reason is Reason.TRUNCATED:
            return Loss(Fate.FAILED, Reason.TRUNCATED, error.detail, is_passing=True, answer=answer)
        if error.reason is Reason.TOO_LARGE:
            return Loss(Fate.FAILED, Reason.BODY_TOO_LARGE, error.detail)
        logger.debug("%s: %s", ask.url, error)  # archived as it is; reading it gives the reason
    return answer


def with_redirects(result: HttpResponse | Loss, passed: tuple[HttpResponse, ...]) -> HttpResponse | Loss:
    """The same with the redirects that led there."""
    if isinstance(result, HttpResponse):
        return replace(result, hops=passed)
    return replace(result, answer=replace(result.answer, hops=passed)) if result.answer else result


def _error_status(answer: HttpResponse, ask: Ask) -> Loss:
    detail = f"after redirect to {answer.final_url}" if answer.final_url != ask.url else ""
    if answer.status in CHALLENGE_STATUSES and is_challenge(decoded_body(answer).decode("latin-1")):
        return Loss(Fate.FAILED, Reason.BOT_CHECK, f"http {answer.status} {detail}".rstrip(), answer=answer)
    is_passing = answer.status in RETRIED_STATUSES
    return Loss(Fate.FAILED, http_reason(answer.status), detail, is_passing=is_passing, answer=answer)
