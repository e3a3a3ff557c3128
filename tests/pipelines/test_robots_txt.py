"""robots.txt: the published cases as data, and what goes beyond them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.robots_txt import (
    MAX_LINE_BYTES,
    MAX_SITEMAP_LINES,
    RobotsTxt,
    escape_octets,
    is_allowed,
    path_of,
    read_robots_txt,
)

CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("robots_cases.toml").read_text(encoding="utf-8")
)["case"]
HOST = "http://foo.bar"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_published_case_is_read_as_its_publisher_does(case: dict[str, Any]) -> None:
    robots = read_robots_txt(case["robots"].encode(), case["agent"])

    wrong = [path for path in case.get("allowed", []) if not robots.allows(HOST + path)]
    wrong += [path for path in case.get("refused", []) if robots.allows(HOST + path)]
    wrong += [path for path in case.get("unescaped_refused", []) if is_allowed(path, robots.rules)]

    assert wrong == []


def test_a_line_counts_up_to_the_bound() -> None:
    path = "/x/" + "a" * (MAX_LINE_BYTES - len("disallow: /x/") - 1)
    robots = read_robots_txt(f"user-agent: FooBot\ndisallow: {path}/qux\n".encode(), "FooBot")

    assert robots.allows(f"{HOST}/fux")
    assert not robots.allows(f"{HOST}{path}/fux")


def test_an_allow_line_counts_up_to_the_bound() -> None:
    start = "/x/" + "a" * (MAX_LINE_BYTES - len("allow: /x/") - 1)
    robots = read_robots_txt(f"user-agent: FooBot\ndisallow: /\nallow: {start}/qux\n".encode(), "FooBot")

    assert not robots.allows(f"{HOST}/")
    assert robots.allows(f"{HOST}{start}/qux")
    assert robots.allows(f"{HOST}{start}/fux")


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xef\xbb", b"\xef"])
def test_a_mark_of_utf8_is_read_over_even_if_half_is_missing(mark: bytes) -> None:
    assert not read_robots_txt(mark + b"User-Agent: foo\nDisallow: /x", "foo").allows(f"{HOST}/x")


def test_a_broken_mark_costs_its_line_only() -> None:
    robots = read_robots_txt(b"\xef\x11\xbfUser-Agent: foo\nDisallow: /x\nUser-agent: *\nDisallow: /y", "foo")

    assert robots.allows(f"{HOST}/x")
    assert not robots.allows(f"{HOST}/y")


def test_a_mark_in_the_middle_costs_its_line() -> None:
    robots = read_robots_txt(b"User-Agent: foo\n\xef\xbb\xbfDisallow: /x\nDisallow: /y", "foo")

    assert robots.allows(f"{HOST}/x")
    assert not robots.allows(f"{HOST}/y")


def test_needless_escapes_hide_nothing_that_is_forbidden() -> None:
    robots = read_robots_txt(b"User-agent: *\nDisallow: /%70rivate\n", "foo")

    assert not robots.allows(f"{HOST}/private/1")
    assert not robots.allows(f"{HOST}/%70rivate/1")
    assert not read_robots_txt(b"User-agent: *\nDisallow: /private\n", "foo").allows(f"{HOST}/%70rivate/1")


def test_octets_that_are_no_utf8_are_compared_as_octets() -> None:
    robots = read_robots_txt("User-agent: *\nDisallow: /málaga\n".encode("latin-1"), "foo")

    assert not robots.allows(f"{HOST}/m%E1laga")
    assert robots.allows(f"{HOST}/m%C3%A1laga")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://www.example.com", "/"),
        ("http://www.example.com/a/b?c=http://d.e/", "/a/b?c=http://d.e/"),
        ("http://www.example.com/a/b?c=d&e=f#fragment", "/a/b?c=d&e=f"),
        ("http://example.com?a", "/?a"),
        ("http://example.com/a;b#c", "/a;b"),
        ("http://a//b/c", "//b/c"),
    ],
)
def test_rules_are_compared_with_path_and_query(url: str, path: str) -> None:
    assert path_of(url) == path


@pytest.mark.parametrize(
    ("text", "escaped"), [("/a/b/c", "/a/b/c"), ("á", "%C3%A1"), ("%aa", "%AA"), ("\ud800", "%ED%A0%80")]
)
def test_escapes_are_written_one_way(text: str, escaped: str) -> None:
    assert escape_octets(text) == escaped


def test_a_delay_of_ones_own_group_outranks_that_for_all() -> None:
    body = b"User-agent: *\nCrawl-delay: 30\n\nUser-agent: foo\nCrawl-delay: 2.5\nDisallow: /x\n"

    assert read_robots_txt(body, "foo").crawl_delay_seconds == 2.5
    assert read_robots_txt(body, "bar").crawl_delay_seconds == 30.0


def test_a_delay_before_the_next_name_is_not_for_that_name() -> None:
    robots = read_robots_txt(b"User-agent: bar\nCrawl-delay: 30\nUser-agent: foo\nDisallow: /x\n", "foo")

    assert robots.crawl_delay_seconds is None


@pytest.mark.parametrize("value", ["", "soon", "-3", "nan", "inf", "1e9", "9999999999"])
def test_a_delay_that_is_no_number_of_seconds_says_nothing(value: str) -> None:
    assert read_robots_txt(f"User-agent: *\nCrawl-delay: {value}".encode(), "foo").crawl_delay_seconds is None


def test_sitemaps_belong_to_no_group_and_are_bounded() -> None:
    lines = "".join(f"Sitemap: http://foo.bar/{number}.xml\n" for number in range(500))
    robots = read_robots_txt(f"{lines}User-agent: x\nSITE-MAP: http://foo.bar/0.xml".encode(), "foo")

    assert robots.sitemaps[:2] == ("http://foo.bar/0.xml", "http://foo.bar/1.xml")
    assert len(robots.sitemaps) == MAX_SITEMAP_LINES


def test_signals_for_other_crawlers_are_not_ours() -> None:
    body = b"""Content-Signal: search=yes
User-agent: other
Content-Signal: ai-train=yes
User-agent: *
Content-Signal: ai-train=no
Disallow: /x
"""

    assert read_robots_txt(body, "foo").content_signals == ("search=yes", "ai-train=no")


@given(st.binary(max_size=400), st.text(max_size=40))
def test_no_bytes_make_it_fail(body: bytes, path: str) -> None:
    robots = read_robots_txt(b"user-agent: *\ndisallow: " + body, "foo")

    assert isinstance(robots, RobotsTxt)
    assert is_allowed(escape_octets(path), robots.rules) in (True, False)
