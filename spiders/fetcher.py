"""One URL in, one response or one loss out: robots, redirects, retries, politeness."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from pipelines.discovery import requestable_url
from pipelines.records import Fate, Reason, http_reason
from spiders.bodies import MAX_BODY_BYTES, BodyError, decode_body
from spiders.errors import Loss, loss_of_error
from spiders.gates import Gates, HostGate, retry_after_seconds
from spiders.robots import RobotsRules, read_robots, unreachable_robots
from spiders.settings import MAX_PARALLEL_REQUESTS, MAX_URL_CHARS
from spiders.warc import HttpHeaders, HttpResponse

MAX_RETRIES = 2  # most passing troubles are over by then
MIN_BACKOFF_SECONDS = 0.25  # doubled with each retry; the story's delay if that is longer
MAX_REDIRECTS = 5  # what RFC 9309 asks for robots.txt; real pages need one or two
REDIRECTS = (301, 302, 303, 307, 308)
RETRIED_STATUSES = (408, 429, 500, 502, 503, 504, 522, 524)
BUSY_STATUSES = (429, 503)  # the host asks for a pause, not only this page
DEAD_HOST_REASONS = (Reason.DNS, Reason.CONNECTION, Reason.TLS, Reason.PRIVATE_ADDRESS, Reason.BAD_URL)
ROBOTS_MAX_AGE_SECONDS = 24 * 3600  # RFC 9309 section 2.4
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

logger = logging.getLogger(__name__)

Download = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Ask:
    """A URL to fetch; `conditions` are headers such as If-None-Match."""

    url: str
    conditions: HttpHeaders = ()
    max_bytes: int = MAX_BODY_BYTES
    obeys_robots: bool = True


@dataclass(slots=True)
class _KnownRobots:
    task: asyncio.Task[RobotsRules]
    since: float = field(default_factory=monotonic)


class Fetcher:
    """Fetches through Scrapy's downloader, politely; knows each host's robots.txt.

    `on_robots` is told each robots.txt that was read, with its host's URL; `load_robots`
    gives an answer that is already in the archive, if any.
    """

    def __init__(self, download: Download, user_agent: str, gates: Gates, timeout_seconds: float) -> None:
        self._download = download
        self._user_agent = user_agent
        self._gates = gates
        self._timeout_seconds = timeout_seconds
        self._robots: dict[str, _KnownRobots] = {}
        self._parallel = asyncio.Semaphore(MAX_PARALLEL_REQUESTS)
        self.refused_hosts: dict[str, str] = {}
        self.load_robots: Callable[[str], HttpResponse | None] = lambda _: None
        self.on_robots: Callable[[str, HttpResponse | None, RobotsRules], None] = lambda *_: None

    async def fetch(self, ask: Ask) -> HttpResponse | Loss:
        """The final response, 2xx or 304, its body whole; or why there is none."""
        for attempt in range(MAX_RETRIES + 1):
            answer = await self._follow(ask)
            if isinstance(answer, HttpResponse) or not answer.is_passing or attempt == MAX_RETRIES:
                break
            gate = self._gates.of(ask.url)
            await asyncio.sleep(max(MIN_BACKOFF_SECONDS, gate.delay_seconds) * 2**attempt)
        return answer

    async def robots_of(self, url: str) -> RobotsRules:
        """The rules of a URL's host: fetched once, however many ask at a time."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._robots.get(origin)
        if known is None or monotonic() - known.since > ROBOTS_MAX_AGE_SECONDS:
            known = _KnownRobots(asyncio.create_task(self._load_robots(origin)))
            self._robots[origin] = known
        return await asyncio.shield(known.task)

    async def _load_robots(self, origin: str) -> RobotsRules:
        url = f"{origin}/robots.txt"
        stored = self.load_robots(url)
        answer = stored or await self.fetch(Ask(url, obeys_robots=False))
        if isinstance(answer, HttpResponse):
            rules = read_robots(answer.status, decoded_body(answer))
        elif answer.status is not None:
            rules = read_robots(answer.status, b"")
        elif answer.reason in DEAD_HOST_REASONS:
            rules = RobotsRules(f"host not reached ({answer.reason})", refusal=answer.as_verdict())
        else:
            rules = unreachable_robots(f"{answer.reason} {answer.detail}".strip())
        if rules.crawl_delay_seconds:
            self._gates.of(origin).slow_down(rules.crawl_delay_seconds)
        fresh = answer if isinstance(answer, HttpResponse) and stored is None else None
        self.on_robots(url, fresh, rules)
        return rules

    async def _follow(self, ask: Ask) -> HttpResponse | Loss:
        url = ask.url
        passed: list[str] = []
        while True:
            if len(url) > MAX_URL_CHARS:
                return Loss(Fate.REFUSED, Reason.BAD_URL, f"longer than {MAX_URL_CHARS} characters")
            if ask.obeys_robots:
                verdict = (await self.robots_of(url)).verdict(url)
                if verdict is not None:
                    return Loss(verdict.fate, verdict.reason, verdict.detail)
            answer = await self._ask_once(url, ask)
            if isinstance(answer, Loss):
                return answer
            target = _redirect_target(answer)
            if target is None:
                return self._judge(answer, ask, tuple(passed))
            passed.append(url)
            if target in passed or len(passed) > MAX_REDIRECTS:
                chain = " -> ".join([*passed, target])
                return Loss(Fate.FAILED, Reason.REDIRECT_LOOP, chain[:1000])
            try:
                url = requestable_url(target)
            except ValueError as error:
                return Loss(Fate.REFUSED, Reason.BAD_URL, f"redirected: {error}")

    async def _ask_once(self, url: str, ask: Ask) -> HttpResponse | Loss:
        """One request, when the host's turn has come."""
        headers = self._headers(ask)
        meta = {"download_timeout": self._timeout_seconds, "download_maxsize": ask.max_bytes}
        gate = self._gates.of(url)
        async with gate.turn(), self._parallel:
            started = monotonic()
            try:
                request = Request(url, headers=dict(headers), meta=meta, dont_filter=True)
                response = await self._download(request)
            except Exception as error:  # noqa: BLE001 - Twisted raises what it likes; each becomes a fate
                return loss_of_error(error, self.refused_hosts.get(urlsplit(url).hostname or ""))
            answer = _http_response(response, headers, started)
            _obey_pause(answer, gate)
            return answer

    def _judge(self, answer: HttpResponse, ask: Ask, redirects: tuple[str, ...]) -> HttpResponse | Loss:
        if answer.status == 304 and ask.conditions:
            return _with_redirects(answer, redirects)
        if not 200 <= answer.status < 300:
            is_passing = answer.status in RETRIED_STATUSES
            detail = f"after redirect to {answer.final_url}" if redirects else ""
            return Loss(
                Fate.FAILED, http_reason(answer.status), detail, is_passing=is_passing, status=answer.status
            )
        try:
            decode_body(answer.body, answer.header("Content-Encoding") or "", ask.max_bytes)
        except BodyError as error:
            if error.reason is Reason.TRUNCATED:
                return Loss(Fate.FAILED, Reason.TRUNCATED, error.detail, is_passing=True)
            if error.reason is Reason.TOO_LARGE:
                return Loss(Fate.FAILED, Reason.BODY_TOO_LARGE, error.detail)
            logger.debug("%s: %s", ask.url, error)  # archived as it is; reading it gives the reason
        return _with_redirects(answer, redirects)

    def _headers(self, ask: Ask) -> HttpHeaders:
        fixed = (
            ("User-Agent", self._user_agent),
            ("Accept", ACCEPT),
            ("Accept-Encoding", "gzip, deflate"),
        )
        return fixed + ask.conditions


def decoded_body(answer: HttpResponse, limit: int = MAX_BODY_BYTES) -> bytes:
    """The body without content coding; empty where it can't be taken off."""
    try:
        return decode_body(answer.body, answer.header("Content-Encoding") or "", limit)
    except BodyError:
        return b""


def _redirect_target(answer: HttpResponse) -> str | None:
    location = answer.header("Location")
    if answer.status not in REDIRECTS or not location:
        return None
    try:
        return urljoin(answer.final_url, location.strip()).partition("#")[0]
    except ValueError:
        return location


def _http_response(response: Response, headers: HttpHeaders, started: float) -> HttpResponse:
    received = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    elapsed_ms = round((monotonic() - started) * 1000)
    return HttpResponse(response.url, response.status, received, response.body, headers, (), elapsed_ms)


def _with_redirects(answer: HttpResponse, redirects: tuple[str, ...]) -> HttpResponse:
    return replace(answer, redirects=redirects)


def _obey_pause(answer: HttpResponse, gate: HostGate) -> None:
    """Hold the host's next request back for as long as the answer asks."""
    wait = retry_after_seconds(answer.header("Retry-After"), datetime.now(UTC))
    if wait is not None and answer.status in (*BUSY_STATUSES, *REDIRECTS):
        gate.defer(wait)
    elif answer.status in BUSY_STATUSES:
        gate.defer(max(MIN_BACKOFF_SECONDS, gate.delay_seconds) * 4)
