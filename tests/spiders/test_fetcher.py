"""The fetcher against a downloader that answers from a list: what is asked for, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response

from pipelines.records import Fate, Reason
from spiders.answers import Ask
from spiders.errors import Loss
from spiders.fetcher import Fetcher
from spiders.gates import Gates
from spiders.warc import HttpResponse

HOST = "http://harbour-post.example"
Answers = dict[str, Callable[[Request], Response]]


def redirect(target: str) -> Callable[[Request], Response]:
    return lambda request: Response(request.url, status=302, headers={"Location": target})


def fine(body: bytes = b"<p>text", status: int = 200) -> Callable[[Request], Response]:
    return lambda request: Response(request.url, status=status, body=body)


def unknown_host(request: Request) -> Response:
    raise CannotResolveHostError(request.url)


class Web:
    """A downloader that knows some URLs, 404 for the rest, and remembers what was asked for."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def download(self, request: Request) -> Response:
        await asyncio.sleep(0)
        self.asked.append(request.url)
        return self.answers.get(request.url, fine(status=404))(request)

    def fetch(self, *urls: str, refused: dict[str, str] | None = None) -> list[HttpResponse | Loss]:
        async def ask() -> list[HttpResponse | Loss]:
            fetcher = Fetcher(self.download, "wirecopy/0", Gates(0.0), 5.0)
            fetcher.refused_hosts = refused or {}
            return list(await asyncio.gather(*(fetcher.fetch(Ask(url)) for url in urls)))

        return asyncio.run(ask())


def losses(answers: list[HttpResponse | Loss]) -> list[tuple[Fate, str]]:
    return [(answer.fate, answer.reason) for answer in answers if isinstance(answer, Loss)]


def test_a_redirect_to_a_private_address_is_refused() -> None:
    web = Web(
        {
            f"{HOST}/1": redirect("http://inside.example/secret"),
            "http://inside.example/robots.txt": unknown_host,
        }
    )

    answers = web.fetch(f"{HOST}/1", refused={"inside.example": "10.0.0.7"})

    assert losses(answers) == [(Fate.REFUSED, Reason.PRIVATE_ADDRESS)]
    assert "http://inside.example/secret" not in web.asked


def test_a_redirect_asks_the_other_hosts_robots_first() -> None:
    web = Web(
        {
            f"{HOST}/1": redirect("http://strict.example/closed"),
            "http://strict.example/robots.txt": fine(b"User-agent: *\nDisallow: /closed"),
        }
    )

    assert losses(web.fetch(f"{HOST}/1")) == [(Fate.REFUSED, Reason.ROBOTS)]
    assert "http://strict.example/closed" not in web.asked


def test_many_that_wait_for_one_robots_file_get_one_verdict() -> None:
    web = Web({f"{HOST}/robots.txt": fine(b"User-agent: *\nDisallow: /")})

    answers = web.fetch(*(f"{HOST}/{number}" for number in range(50)))

    assert losses(answers) == [(Fate.REFUSED, Reason.ROBOTS)] * 50
    assert web.asked == [f"{HOST}/robots.txt"]


def test_robots_is_followed_through_redirects() -> None:
    web = Web({f"{HOST}/robots.txt": redirect("/r2"), f"{HOST}/r2": fine(b"User-agent: *\nDisallow: /")})

    assert losses(web.fetch(f"{HOST}/1")) == [(Fate.REFUSED, Reason.ROBOTS)]


def test_a_redirect_loop_of_robots_forbids_all() -> None:
    web = Web({f"{HOST}/robots.txt": redirect("/robots.txt")})

    assert losses(web.fetch(f"{HOST}/1")) == [(Fate.REFUSED, Reason.ROBOTS_UNREACHABLE)]


def test_five_redirects_are_followed_and_no_more() -> None:
    chain: Answers = {f"{HOST}/{number}": redirect(f"/{number + 1}") for number in range(9)}
    chain[f"{HOST}/9"] = fine()

    four, five = Web(chain).fetch(f"{HOST}/4", f"{HOST}/3")

    assert isinstance(four, HttpResponse)
    assert (four.final_url, len(four.redirects)) == (f"{HOST}/9", 5)
    assert isinstance(five, Loss)
    assert five.reason == Reason.REDIRECT_LOOP


def test_a_redirect_to_what_is_no_web_page_is_refused() -> None:
    targets = ["file:///etc/passwd", "javascript:alert(1)", "http://[::1", "data:text/html,x"]
    web = Web({f"{HOST}/{number}": redirect(target) for number, target in enumerate(targets)})

    answers = web.fetch(*(f"{HOST}/{number}" for number in range(len(targets))))

    assert losses(answers) == [(Fate.REFUSED, Reason.BAD_URL)] * len(targets)


def test_a_url_without_end_is_refused_unasked() -> None:
    web = Web({})

    assert losses(web.fetch(f"{HOST}/" + "x" * 3000)) == [(Fate.REFUSED, Reason.BAD_URL)]
    assert web.asked == []


def test_an_answer_304_that_nobody_asked_for_is_a_failure() -> None:
    web = Web({f"{HOST}/1": fine(status=304)})

    assert losses(web.fetch(f"{HOST}/1")) == [(Fate.FAILED, "http_304")]


def test_a_bot_check_is_named_and_not_asked_again() -> None:
    web = Web({f"{HOST}/1": fine(b"<title>Just a moment...</title>", 503)})

    assert losses(web.fetch(f"{HOST}/1")) == [(Fate.FAILED, Reason.BOT_CHECK)]
    assert web.asked.count(f"{HOST}/1") == 1


def busy(status: int, retry_after: str) -> Callable[[Request], Response]:
    return lambda request: Response(request.url, status=status, headers={"Retry-After": retry_after})


def test_a_host_that_asks_for_an_hour_is_left_alone_for_the_rest_of_the_run() -> None:
    web = Web({f"{HOST}/1": busy(429, "3600")})

    answers = web.fetch(*(f"{HOST}/{number}" for number in range(1, 5)))

    assert losses(answers) == [(Fate.FAILED, "http_429")] + [(Fate.SKIPPED, Reason.HOST_BUSY)] * 3
    assert web.asked == [f"{HOST}/robots.txt", f"{HOST}/1"]


def test_a_date_in_retry_after_is_waited_for() -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    web = Web({f"{HOST}/1": busy(503, in_an_hour)})

    assert losses(web.fetch(f"{HOST}/1", f"{HOST}/2"))[1] == (Fate.SKIPPED, Reason.HOST_BUSY)


def test_a_retried_page_is_not_asked_for_again_where_the_host_closed() -> None:
    web = Web({f"{HOST}/1": busy(503, "3600")})

    assert losses(web.fetch(f"{HOST}/1")) == [(Fate.FAILED, "http_503")]
    assert web.asked.count(f"{HOST}/1") == 1


@pytest.mark.parametrize("status", [401, 402, 403, 404, 410, 451])
def test_a_refusal_by_the_server_is_tried_once_and_kept_as_evidence(status: int) -> None:
    web = Web({f"{HOST}/1": fine(b"no", status)})

    (loss,) = web.fetch(f"{HOST}/1")

    assert isinstance(loss, Loss)
    assert (loss.reason, web.asked.count(f"{HOST}/1")) == (f"http_{status}", 1)
    assert loss.answer is not None
    assert loss.answer.body == b"no"
