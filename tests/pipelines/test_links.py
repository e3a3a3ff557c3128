"""Which links of a page are followed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.links import MAX_LINKS, find_links
from pipelines.match import Match, count_conditions
from pipelines.planning import mentionable
from pipelines.records import Candidate, Capture, Hints, Via

URL = "http://harbour-post.example/news/strike"
MATCH = Match(all=("Harbourtown",), any=("dockers", "port authority"))


def capture(html: str | bytes, media_type: str = "text/html") -> Capture:
    body = html.encode() if isinstance(html, str) else html
    at = datetime(2024, 1, 30, tzinfo=UTC)
    return Capture(
        URL, URL, Via.FEED, None, at, 200, media_type, "utf-8", body, Hints(), "r1.warc.gz", 0, "sha256:0"
    )


def links(body: str, head: str = "") -> list[str]:
    page = f"<html><head><title>Strike</title>{head}</head><body>{body}</body></html>"
    return [link.url for link in find_links(capture(page), MATCH)]


def test_a_link_is_resolved_and_carries_its_words_and_the_page_it_stood_on() -> None:
    html = "<html><body><p>As the <a href='../quay?id=7#top'>Quay\n Times</a> reported"

    (link,) = find_links(capture(html), MATCH)

    assert link == Candidate(
        "http://harbour-post.example/quay?id=7", Via.LINK, URL, Hints(title="Quay Times")
    )


def test_a_base_element_is_obeyed() -> None:
    assert links("<p><a href='b'>x</a>", "<base href='http://quay.example/a/'>") == [
        "http://quay.example/a/b"
    ]


def test_links_that_speak_of_the_story_come_first_then_those_in_the_text() -> None:
    body = (
        "<ul><li><a href='/weather'>Rain</a><li><a href='/harbourtown-quay'>Day two</a></ul>"
        "<p>See <a href='/crane'>the crane</a></p><div><a href='/dockers'>Dockers vote</a></div>"
    )

    assert links(body) == [
        "http://harbour-post.example/harbourtown-quay",
        "http://harbour-post.example/dockers",
        "http://harbour-post.example/crane",
        "http://harbour-post.example/weather",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<nav><a href='/x'>x</a></nav>",
        "<header><a href='/x'>x</a></header>",
        "<footer><div><a href='/x'>x</a></div></footer>",
        "<form><a href='/x'>x</a></form>",
        "<p><a href='/x' rel='nofollow noopener'>x</a>",
        "<p><a href='/x' rel='author'>x</a>",
        "<p><a href='/x' download>x</a>",
        "<p><a href='/x.pdf'>x</a><a href='/y.JPG'>y</a>",
        "<p><a href='/'>home</a><a href='http://quay.example'>home</a>",
        "<p><a href='#top'>top</a><a href='/news/strike#part-2'>next</a>",
        "<p><a href='/news/strike?utm_source=x'>the page itself</a>",
        "<p><a href='mailto:a@b.example'>x</a><a href='javascript:x()'>x</a><a href='http://[::1'>x</a>",
        "<p><a href='http://chat.example/share?u=http%3A%2F%2Fharbour-post.example%2F'>share</a>",
        "<p><a>nowhere</a><a href=''>nowhere</a>",
    ],
)
def test_furniture_files_and_the_page_itself_are_left_out(body: str) -> None:
    assert links(body) == []


@pytest.mark.parametrize("tag", ["header", "footer", "aside"])
def test_inside_an_article_headers_and_footers_count(tag: str) -> None:
    assert links(f"<article><{tag}><a href='/x'>x</a></{tag}></article>") == ["http://harbour-post.example/x"]


def test_a_page_that_asks_not_to_be_followed_is_not() -> None:
    assert links("<p><a href='/x'>x</a>", "<meta name='ROBOTS' content='index, nofollow'>") == []


def test_an_index_of_links_is_cut() -> None:
    body = "".join(f"<li><a href='/{number}'>no {number}</a>" for number in range(500))

    assert len(links(f"<ul>{body}</ul>")) == MAX_LINKS


def test_a_link_that_stands_twice_counts_once_at_its_best_place() -> None:
    body = "<div><a href='/a'>more</a> <a href='/b'>more</a></div><p><a href='/b'>the b</a></p>"

    assert links(body) == ["http://harbour-post.example/b", "http://harbour-post.example/a"]


@pytest.mark.parametrize(
    ("html", "media_type"), [("x", "application/pdf"), ("", "text/html"), (b"\x00" * 99, "")]
)
def test_what_is_no_page_has_no_links(html: str | bytes, media_type: str) -> None:
    assert find_links(capture(html, media_type), MATCH) == ()


@given(st.text("<>/ahrefp=\"' :.#?&;[]", max_size=200))
def test_no_markup_crashes_it(html: str) -> None:
    find_links(capture(f"<html><body><a href='http://quay.example/1'>{html}"), MATCH)


def test_a_slug_is_read_as_words() -> None:
    link = Candidate("http://quay.example/2024/harbourtown_port-authority.html", Via.LINK)

    assert count_conditions(MATCH, mentionable(link)) == 2
