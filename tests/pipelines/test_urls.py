from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.url_syntax import WebUrl, parse_url
from pipelines.urls import (
    article_id_of,
    canonicalize_url,
    host_of,
    is_same_site,
    outlet_of,
    requestable_url,
    resolve_url,
)

WHATWG = Path(__file__).parents[3] / "shared" / "data" / "suites" / "urltestdata.json"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Harbour-Post.Example:80/A?b=1#top", "http://harbour-post.example/A?b=1"),
        ("https://a.example:443", "https://a.example/"),
        ("https://a.example/x?utm_source=feed&id=7&fbclid=q", "https://a.example/x?id=7"),
        ("https://a.example./x", "https://a.example/x"),
        ("https://user:secret@a.example/x", "https://a.example/x"),
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        ("http://a.example:8642/x", "http://a.example:8642/x"),
        ("https://a.example/x?b=2&a=1", "https://a.example/x?b=2&a=1"),
        ("https://a.example/x?empty=", "https://a.example/x?empty="),
        ("https://a.example/x?flag&b=%7e", "https://a.example/x?flag&b=~"),
        ("https://a.example/x?", "https://a.example/x"),
        ("https://a.example/%7Euser/%c3%a4/./b/../c", "https://a.example/~user/%C3%A4/c"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://[::FFFF:7f00:1]/", "http://[::ffff:7f00:1]/"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("file:page.txt", "file:page.txt"),
    ],
)
def test_spellings_of_one_page_become_one(url: str, canonical: str) -> None:
    assert canonicalize_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://a.example/",
        "javascript:alert(1)",
        "//a.example/x",
        "http://",
        "http://a:99999/",
        "http://[::1",
    ],
)
def test_what_cannot_be_fetched_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonicalize_url(url)


@given(
    st.one_of(
        st.text(), st.from_regex(r"https?://[a-zé.]{1,20}(:\d{1,4})?/\S{0,30}(\?\S{0,30})?", fullmatch=True)
    )
)
def test_canonicalizing_twice_equals_once(url: str) -> None:
    try:
        canonical = canonicalize_url(url)
    except ValueError:
        return
    assert canonicalize_url(canonical) == canonical


def web_platform_cases() -> list[dict[str, Any]]:
    return [case for case in json.loads(WHATWG.read_text(encoding="utf-8")) if isinstance(case, dict)]


def without_credentials_and_fragment(href: str) -> str | None:
    """The part of an expected address that is asked for; None where it is none of the web."""
    parts = urlsplit(href)
    if parts.scheme not in ("http", "https"):
        return None
    return href.partition("#")[0].replace(parts.netloc, parts.netloc.rpartition("@")[2], 1)


@pytest.mark.skipif(not WHATWG.exists(), reason="the URL cases are not on this machine")
def test_every_web_platform_url_case_is_read_as_browsers_read_it() -> None:
    cases = web_platform_cases()
    wrong = []
    for case in cases:
        expected = None if case.get("failure") else without_credentials_and_fragment(case["href"])
        try:
            found = str(parse_url(case["input"], base_of(case)))
        except ValueError:
            found = None
        if found != expected:
            wrong.append((case["input"], case.get("base"), expected, found))

    assert len(cases) > 800
    assert wrong == []


def base_of(case: dict[str, Any]) -> WebUrl | None:
    try:
        return parse_url(case["base"]) if case.get("base") else None
    except ValueError:
        return None  # the base is no web address, and what is relative to it is none


@pytest.mark.skipif(not WHATWG.exists(), reason="the URL cases are not on this machine")
def test_canonicalizing_any_web_platform_case_twice_equals_once() -> None:
    for case in web_platform_cases():
        try:
            canonical = canonicalize_url(case.get("href") or case["input"])
        except ValueError:
            continue
        assert canonicalize_url(canonical) == canonical, case["input"]


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (
            "http://a.example/%7euser/%c3%a4?b=%2f&utm_source=x",
            "http://a.example/%7euser/%c3%a4?b=%2f&utm_source=x",
        ),
        ("http://A.example./x", "http://a.example/x"),
        ("http://me@a.example:80/a b#c", "http://a.example/a%20b"),
    ],
)
def test_what_is_asked_for_is_as_the_source_wrote_it(url: str, asked: str) -> None:
    assert requestable_url(url) == asked


@pytest.mark.parametrize(
    ("link", "resolved"),
    [
        ("../x", "http://a.example/x"),
        ("//b.example/y", "http://b.example/y"),
        ("\\\\b.example\\y", "http://b.example/y"),
        ("?p=2", "http://a.example/news/1?p=2"),
        ("http:2", "http://a.example/news/2"),
        (" https://b.example/a\nb ", "https://b.example/ab"),
    ],
)
def test_links_lead_where_browsers_go(link: str, resolved: str) -> None:
    assert resolve_url(link, "http://a.example/news/1#top") == resolved


def test_no_address_takes_long_to_read() -> None:
    started = time.process_time()
    for url in (
        "http://" + "a-" * 20_000 + "é",
        "http://a.example/" + "a." * 50_000 + " ",
        "http://a/" + "%" * 50_000,
    ):
        with suppress(ValueError):
            canonicalize_url(url)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://news.harbour-post.example/x", "harbour-post.example"),
        ("https://www.city.gov.uk/x", "city.gov.uk"),
        ("http://127.0.0.3:8642/x", "127.0.0.3"),
        ("http://[::1]:80/x", "::1"),
        ("file:page.txt", "file"),
        ("http://localhost/x", "localhost"),
    ],
)
def test_an_outlet_is_keyed_by_its_registered_domain(url: str, outlet: str) -> None:
    assert outlet_of(url) == outlet


def test_ids_are_short_and_stable() -> None:
    assert len(article_id_of("https://a.example/x")) == 16


def test_a_host_has_no_port() -> None:
    assert host_of("http://a.example:81/x") == "a.example"


def test_subdomains_are_the_same_site() -> None:
    assert is_same_site("https://m.a.example/x", "https://www.a.example/y")
    assert not is_same_site("https://a.example/x", "https://b.example/x")
