"""One URL in, one response or one loss out: robots, redirects, retries, politeness."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from pipelines.records import Fate, Reason
from pipelines.urls import requestable_url
from spiders.answers import (
    BUSY_STATUSES,
    REDIRECTS,
    Ask,
    judge_answer,
    read_response,
    redirect_target,
    with_redirects,
)
from spiders.bodies import decoded_body
from spiders.errors import Loss, loss_of_error
from spiders.gates import Gates, HostGate, retry_after_seconds
from spiders.rendering import RENDER_SLACK
from spiders.robots import RobotsRules, read_robots, unreachable_robots
from spiders.settings import MAX_PARALLEL_REQUESTS, MAX_REDIRECTS, MAX_URL_CHARS
from spiders.warc import HttpHeaders, HttpResponse

MIN_BACKOFF_SECONDS = 0.25  # before a retry; doubled with each, the story's delay if that is longer
DEAD_HOST_REASONS = (Reason.DNS, Reason.CONNECTION, Reason.TLS, Reason.PRIVATE_ADDRESS, Reason.BAD_URL)
ROBOTS_MAX_AGE_SECONDS = 24 * 3600  # RFC 9309 section 2.4
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPT_ENCODING = "gzip, deflate"  # what every reader of WARC files can take off again

Download = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class _KnownRobots:
    task: asyncio.Task[RobotsRules]
    since: float = field(default_factory=monotonic)


class Fetcher:
    """Fetches through Scrapy's downloader, politely; knows each host's robots.txt.

    `on_robots` is told each robots.txt that was asked for, with its host's URL and what came;
    `load_robots` gives an answer that is already in the archive, if any.
    """

    def __init__(self, download: Download, user_agent: str, gates: Gates, timeout_seconds: float) -> None:
        self._download = download
        self._user_agent = user_agent
        self._gates = gates
        self._timeout_seconds = timeout_seconds
        self._robots: dict[str, _KnownRobots] = {}
        self._parallel = asyncio.Semaphore(MAX_PARALLEL_REQUESTS)
        self.refused_hosts: dict[str, str] = {}
        self.rendered: tuple[str, ...] = ()  # beginnings of URLs whose pages a browser renders
        self.load_robots: Callable[[str], HttpResponse | None] = lambda _: None
        self.on_robots: Callable[[str, HttpResponse | None, RobotsRules], Awaitable[None]] = _keep_nothing

    async def fetch(self, ask: Ask) -> HttpResponse | Loss:
        """The final response, 2xx or 304, its body whole; or why there is none."""
        for attempt in range(ask.max_retries + 1):
            answer = await self._follow(ask)
            gate = self._gates.of(ask.url)
            is_over = isinstance(answer, HttpResponse) or not answer.is_passing or gate.closed_because
            if is_over or attempt == ask.max_retries:
                break
            await asyncio.sleep(max(MIN_BACKOFF_SECONDS, gate.delay_seconds) * 2**attempt)
        return answer

    def slow_down(self, url: str, delay_seconds: float) -> None:
        """Keep at least this pause between requests to a URL's outlet."""
        self._gates.of(url).slow_down(delay_seconds)

    async def robots_of(self, url: str) -> RobotsRules:
        """The rules of a URL's host: fetched once, however many ask at a time."""
        origin = origin_of(url)
        known = self._robots.get(origin)
        if known is None or monotonic() - known.since > ROBOTS_MAX_AGE_SECONDS:
            known = _KnownRobots(asyncio.create_task(self._load_robots(origin)))
            self._robots[origin] = known
        return await asyncio.shield(known.task)

    async def _load_robots(self, origin: str) -> RobotsRules:
        url = f"{origin}/robots.txt"
        stored = self.load_robots(url)
        answer = stored or await self.fetch(Ask(url, obeys_robots=False))
        response = answer if isinstance(answer, HttpResponse) else answer.answer
        if isinstance(answer, Loss) and answer.reason in DEAD_HOST_REASONS:
            rules = RobotsRules(f"host not reached ({answer.reason})", refusal=answer.as_verdict())
        elif response is None or (isinstance(answer, Loss) and answer.reason == Reason.TRUNCATED):
            assert isinstance(answer, Loss)
            rules = unreachable_robots(f"{answer.reason} {answer.detail}".strip())
        else:
            rules = read_robots(response.status, decoded_body(response))
        if rules.crawl_delay_seconds:
            self._gates.of(origin).slow_down(rules.crawl_delay_seconds)
        await self.on_robots(url, response if stored is None else None, rules)
        return rules

    async def _follow(self, ask: Ask) -> HttpResponse | Loss:
        url = ask.url
        passed: list[HttpResponse] = []
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
            target = redirect_target(answer)
            if target is None:
                return with_redirects(judge_answer(answer, ask), tuple(passed))
            passed.append(answer)
            asked = [hop.final_url for hop in passed]
            if target in asked or len(passed) > MAX_REDIRECTS:
                return Loss(Fate.FAILED, Reason.REDIRECT_LOOP, " -> ".join([*asked, target])[:1000])
            try:
                url = requestable_url(target)
            except ValueError as error:
                return Loss(Fate.REFUSED, Reason.BAD_URL, f"redirected: {error}")

    async def _ask_once(self, url: str, ask: Ask) -> HttpResponse | Loss:
        """One request, when the host's turn has come."""
        headers = self._headers(ask)
        meta = {"download_timeout": self._timeout_seconds, "download_maxsize": ask.max_bytes}
        meta |= {"playwright": True} if ask.is_rendered else {}
        limit = RENDER_SLACK * self._timeout_seconds if ask.is_rendered else None
        gate = self._gates.of(url)
        async with gate.turn(), self._parallel:
            if gate.closed_because:
                return Loss(Fate.SKIPPED, Reason.HOST_BUSY, gate.closed_because)
            started = monotonic()
            try:
                request = Request(url, headers=dict(headers), meta=meta, dont_filter=True)
                response = await asyncio.wait_for(self._download(request), limit)
            except Exception as error:  # noqa: BLE001 - Twisted raises what it likes; each becomes a fate
                return loss_of_error(error, self.refused_hosts.get(urlsplit(url).hostname or ""))
            elapsed_ms = round((monotonic() - started) * 1000)
            answer = replace(read_response(response, headers, elapsed_ms), is_rendered=ask.is_rendered)
            _obey_pause(answer, gate)
            return answer

    def _headers(self, ask: Ask) -> HttpHeaders:
        fixed = (
            ("User-Agent", self._user_agent),
            ("Accept", ACCEPT),
            ("Accept-Encoding", ACCEPT_ENCODING),
        )
        return fixed + ask.conditions


async def _keep_nothing(*_: object) -> None:
    pass


def origin_of(url: str) -> str:
    """Scheme, host and port: what a robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _obey_pause(answer: HttpResponse, gate: HostGate) -> None:
    """Hold the host's next requests back for as long as the answer asks, and slow down for a busy host."""
    wait = retry_after_seconds(answer.header("Retry-After"), datetime.now(UTC))
    if answer.status in BUSY_STATUSES:
        gate.back_off()
        gate.wait_or_close(wait or 0.0, f"http {answer.status}")
    elif wait is not None and answer.status in REDIRECTS:
        gate.wait_or_close(wait, f"http {answer.status}")
    elif answer.status < 500:
        gate.recover()
