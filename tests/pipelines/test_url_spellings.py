"""What a typed address may stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.url_spellings import url_spellings

STORED = "https://harbour-post.example/strike"


@pytest.mark.parametrize(
    "typed",
    [
        STORED,
        f" {STORED}?utm_source=feed&fbclid=7#top ",
        "HTTPS://Harbour-Post.example:443/strike",
        "harbour-post.example/strike",
        "harbour-post.example/strike?utm_medium=mail",
    ],
)
def test_the_first_group_holds_the_address_itself(typed: str) -> None:
    assert STORED in url_spellings(typed)[0]


@pytest.mark.parametrize(
    "typed", ["http://harbour-post.example/strike", "www.harbour-post.example/strike", f"{STORED}/"]
)
def test_scheme_www_and_slash_are_bolder_guesses(typed: str) -> None:
    exact, loose = url_spellings(typed)

    assert STORED not in exact
    assert STORED in loose


@pytest.mark.parametrize("typed", ["clipping.txt", "clippings/clipping.txt"])
def test_a_bare_name_may_be_that_of_a_local_file(typed: str) -> None:
    assert "file:clipping.txt" in url_spellings(typed)[1]


def test_a_port_is_no_scheme() -> None:
    assert "http://harbour-post.example:8642/a" in url_spellings("harbour-post.example:8642/a")[0]


@pytest.mark.parametrize("typed", ["file:dump.txt", "0123456789abcdef", "", "http://["])
def test_anything_else_stays_as_it_is(typed: str) -> None:
    assert url_spellings(typed)[0][0] == typed


@given(st.text(max_size=60))
def test_no_text_is_too_strange(typed: str) -> None:
    exact, *_ = url_spellings(typed)

    assert exact[0] == typed.strip()
