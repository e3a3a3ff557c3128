"""Pages made to hang, crash or fool a parser: each is a rejection with a reason, or the right article."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from dataclasses import astuple, is_dataclass

import pytest

from pipelines.page import read_page
from pipelines.records import Article, Reason, Rejected
from tests.pipelines.page_captures import capture_page, read_article

SENTENCE = (
    "The dockers of Harbourtown walked out at dawn and said they would stay out until the tide turned. "
)
PARAGRAPHS = "".join(f"<p>{SENTENCE} {word.capitalize()} was the word at the gate.</p>" for word in "abcd")
MAX_SECONDS = 10.0  # of processor time; under a fifth of it on the machine this was written on


def page(body: str = PARAGRAPHS, head: str = "") -> str:
    return (
        f"<html><head><title>Dockers walk out</title>{head}</head><body><main><h1>Dockers walk out</h1>"
        f"<article>{body}</article></main></body></html>"
    )


def script(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


TOO_LARGE = {
    "a million nested tags": "<html>" + "<div>" * 1_000_000,
    "tags nested beyond any browser": page("<div>" * 20_000 + PARAGRAPHS),
    "unclosed elements": page("<p><font>" * 20_000 + PARAGRAPHS),
    "nested tables": page("<table><tr><td>" * 15_000 + PARAGRAPHS),
    "50 MB of text": page(f"<p>{SENTENCE * 520_000}</p>"),
    "one line of 9.9 MB": page("<p>" + "word " * 1_980_000),
    "100,000 paragraphs": page("<p>a b c</p>" * 100_000),
    "a table of 20,000 rows": page("<table>" + "<tr><td>a</td><td>1</td></tr>" * 20_000 + "</table>"),
    "a million attributes": page("<p " + " ".join(f"a{i}=1" for i in range(1_000_000)) + ">a</p>"),
    "many tags of many attributes": page(("<p " + " ".join(f"a{i}" for i in range(900)) + ">a</p>") * 1_000),
    "many long classes": page(("<p class='" + "x " * 200_000 + "'>a</p>") * 20),
    "comments in comments": page("<!--" * 200_000 + PARAGRAPHS),
    "megabytes of references": page("<p>" + "&amp;&lt;&nbsp;" * 200_000),
}
HARMLESS = {
    "300 nested tags": page("<div>" * 300 + PARAGRAPHS),
    "a comment of 8 MB": page("<!-- " + "x " * 4_000_000 + " -->" + PARAGRAPHS),
    "a comment that never ends": page(PARAGRAPHS + "<!-- " + "x " * 100_000),
    "a tag that never ends": page(PARAGRAPHS + "<p " + "a" * 100_000),
    "a script that never ends": page(PARAGRAPHS + "<script>" + "a = b; " * 100_000),
    "an entity bomb": '<!DOCTYPE html [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    + page(),
    "references to no character": page(PARAGRAPHS.replace("dawn", "dawn&#0;&#1;&#xD800;&#x110000;&#27;")),
    "8 MB of JSON-LD": page(head=script('{"@type":"NewsArticle","articleBody":"' + SENTENCE * 80_000 + '"}')),
    "200,000 nodes of JSON-LD": page(
        head=script("[" + ",".join(['{"@type":"NewsArticle"}'] * 200_000) + "]")
    ),
    "JSON-LD two million deep": page(head=script("[" * 2_000_000)),
    "a number of 100,000 digits": page(
        head=script('{"@type":"NewsArticle","wordCount":' + "9" * 100_000 + "}")
    ),
    "10,000 scripts": page(head=script('{"@type":"NewsArticle"}') * 10_000),
    "6,000 links": page() + "<div>" + "<a href='/x'>another page of ours</a> " * 6_000,
    "nested links": page(PARAGRAPHS + "<a href='/x'>" * 10_000),
    "spaces that don't break": page("<p>" + "\u00a0" * 1_000_000 + "</p>" + PARAGRAPHS),
    "a million brackets": page("<p>" + "(" * 1_000_000 + "</p>" + PARAGRAPHS),
}
HARMLESS_BYTES = {
    "NUL bytes": page().encode().replace(b"dockers", b"dock\0ers"),
    "UTF-16 without a mark": page().encode("utf-16-le"),
    "UTF-32 without a mark": page().encode("utf-32-be"),
    "UTF-16 with a mark": page().encode("utf-16"),
    "UTF-16 that is none": page(head='<meta charset="utf-16">').encode(),
    "UTF-7": page(head='<meta charset="utf-7">').encode("utf-7"),
    "an unknown charset": page(head='<meta charset="klingon">').encode(),
    "half a surrogate pair": page().encode().replace(b"turned.", b"turned.\xed\xa0\x80"),
    "a character cut in two": page().encode() + b"\xc3",
    "old Mac line ends": page().replace(" of ", "\rof\r").encode(),
    "mixed line ends": page().replace(" of ", "\r\nof\n\r").replace(" at ", "\u2028at\u2029").encode(),
    "C1 controls": page().replace(" at ", " at\x81 ").encode(),
}


def read_in_time(body: bytes | str) -> Article | Rejected:
    started = time.process_time()
    result = read_page(capture_page(body))
    assert time.process_time() - started < MAX_SECONDS
    return result


def strings_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for entry in value:
            yield from strings_in(entry)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from strings_in(astuple(value))


@pytest.mark.parametrize("kind", TOO_LARGE)
def test_a_page_that_would_stall_a_parser_is_too_large(kind: str) -> None:
    result = read_in_time(TOO_LARGE[kind])

    assert isinstance(result, Rejected), kind
    assert result.reason is Reason.TOO_LARGE and result.detail


@pytest.mark.parametrize("kind", HARMLESS)
def test_an_article_beside_hostile_markup_is_read(kind: str) -> None:
    result = read_in_time(HARMLESS[kind])

    assert isinstance(result, Article), result
    assert "walked out at dawn" in result.text


@pytest.mark.parametrize("kind", HARMLESS_BYTES)
def test_an_article_in_damaged_bytes_is_read(kind: str) -> None:
    result = read_in_time(HARMLESS_BYTES[kind])

    assert isinstance(result, Article), result
    assert result.text.startswith(SENTENCE.strip())


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n1 0 obj",
        b"\r\n<html>%PDF-1.4\n1 0 obj << /Length 44 >> stream (Hello) Tj endstream" * 99,
        b"{\\rtf1\\ansi Hello}",
    ],
    ids=["PDF", "PDF behind markup", "RTF"],
)
def test_a_document_of_another_kind_called_html_is_no_text(body: bytes) -> None:
    result = read_page(capture_page(body))
    assert isinstance(result, Rejected) and result.reason is Reason.NOT_TEXT


def test_no_string_of_an_article_holds_control_characters_or_half_pairs() -> None:
    spelled_out = r"dock\u0000\u0001\u001b\ud800\u202eers"
    data = f'{{"@type":"NewsArticle","headline":"{spelled_out}","author":{{"name":"Ana {spelled_out}"}}}}'
    article = read_article(page(head=script(data) + '<meta name="section" content="a&#1;b">'))

    bad = [one for one in strings_in(article) if any(unicodedata.category(c) in ("Cc", "Cs") for c in one)]
    assert bad == []
