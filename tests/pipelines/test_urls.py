from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.urls import article_id_of, canonicalize_url, host_of, is_same_site, outlet_of

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


@pytest.mark.skipif(not WHATWG.exists(), reason="the URL cases are not on this machine")
def test_the_web_platform_url_cases_never_crash() -> None:
    for case in json.loads(WHATWG.read_text(encoding="utf-8")):
        if isinstance(case, str):
            continue
        try:
            canonical = canonicalize_url(case["input"])
        except ValueError:
            continue
        assert canonicalize_url(canonical) == canonical, case["input"]


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
