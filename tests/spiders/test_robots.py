import pytest

from pipelines.records import Reason
from spiders.robots import MAX_ROBOTS_BYTES, read_robots

HOST = "http://harbour-post.example"


def reason(status: int, body: bytes, path: str = "/private/1") -> Reason | None:
    verdict = read_robots(status, body).verdict(HOST + path)
    return verdict.reason if verdict else None


RULES = b"User-agent: *\nDisallow: /private\nAllow: /private/open\n"


def test_a_forbidden_path_is_refused_and_the_longer_rule_wins() -> None:
    assert reason(200, RULES) is Reason.ROBOTS
    assert reason(200, RULES, "/private/open/1") is None
    assert reason(200, RULES, "/news") is None


def test_rules_for_us_by_name_outrank_those_for_all() -> None:
    assert reason(200, RULES + b"User-agent: WireCopy\nDisallow: /news\n") is None
    assert reason(200, RULES + b"User-agent: WireCopy\nDisallow: /news\n", "/news") is Reason.ROBOTS


def test_rules_for_others_do_not_concern_us() -> None:
    assert reason(200, b"User-agent: copy\nUser-agent: wire-copy\nDisallow: /\n") is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_missing_file_allows_all(status: int) -> None:
    assert reason(status, RULES) is None


@pytest.mark.parametrize("status", [429, 500, 503, 304, 301])
def test_a_file_that_cannot_be_had_forbids_all(status: int) -> None:
    assert reason(status, b"") is Reason.ROBOTS_UNREACHABLE


@pytest.mark.parametrize("body", [b"", b"<html><body>Disallow: /</body></html>", b"\x00\xff\xfe"])
def test_what_holds_no_rules_allows_all(body: bytes) -> None:
    assert reason(200, body) is None


def test_marks_of_encoding_are_read_over() -> None:
    assert reason(200, b"\xef\xbb\xbf" + RULES) is Reason.ROBOTS
    assert reason(200, RULES.decode().encode("utf-16")) is Reason.ROBOTS


def test_only_the_first_part_of_a_huge_file_counts() -> None:
    padding = b"#" * MAX_ROBOTS_BYTES + b"\n"

    assert reason(200, RULES + padding) is Reason.ROBOTS
    assert reason(200, padding + RULES) is None


def test_delay_sitemaps_and_signals_are_read() -> None:
    rules = read_robots(
        200,
        b"Sitemap: http://a.example/s.xml\nUser-agent: *\nCrawl-delay: 3\n"
        b"Content-Signal: search=yes, ai-train=no\n",
    )

    assert rules.crawl_delay_seconds == 3.0
    assert rules.sitemaps == ("http://a.example/s.xml",)
    assert rules.content_signals == ("search=yes, ai-train=no",)
