"""What sites say about the use of their pages: headers, meta elements, tdmrep.json, and withdrawals."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.tdmrep import read_tdmrep
from spiders.legal import (
    WITHDRAWN,
    SignalLog,
    page_signals,
    read_legal_signals,
    robots_signals,
    tdmrep_signals,
    withdrawn_signals,
)
from spiders.robots import read_robots
from spiders.warc import HttpResponse

URL = "http://harbour-post.example/cranes"
NOW = datetime(2024, 1, 29, 8, 15, tzinfo=UTC)
HTML = ("Content-Type", "text/html")


def said(*headers: tuple[str, str], body: bytes = b"") -> dict[str, str]:
    answer = HttpResponse(URL, 200, (HTML, *headers), body)
    return {signal.signal: signal.value for signal in page_signals(URL, answer, NOW)}


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("noarchive", "noarchive"),
        ("unavailable_after: 25 Jun 2030 15:00:00 GMT", "unavailable_after: 25 Jun 2030 15:00:00 GMT"),
        ("max-snippet: 5, noai", "max-snippet: 5, noai"),
        ("WireCopy: noai, noimageai", "noai, noimageai"),
        ("otherbot: noindex", None),
    ],
)
def test_a_robots_header_counts_if_it_speaks_to_us(header: str, value: str | None) -> None:
    assert said(("X-Robots-Tag", header)).get("x-robots-tag") == value


def test_several_headers_of_a_kind_are_one_statement() -> None:
    assert said(("X-Robots-Tag", "noindex"), ("x-robots-tag", "noai")) == {"x-robots-tag": "noindex; noai"}


def test_meta_elements_for_all_and_for_us_by_name_are_read() -> None:
    body = (
        b'<meta content="noindex" name=robots><META NAME="WireCopy" CONTENT="noarchive">'
        b'<meta name="otherbot" content="noai"><meta name="tdm-policy" content="http://a.example/p?x&amp;y">'
    )

    assert said(body=body) == {
        "meta robots": "noindex; noarchive",
        "tdm-policy": "http://a.example/p?x&y",
    }


def test_headers_of_the_reservation_protocol_and_signals_are_read() -> None:
    assert said(("TDM-Reservation", " 1 "), ("Content-Signal", "ai-train=no")) == {
        "tdm-reservation": "1",
        "content-signal": "ai-train=no",
    }


TDMREP = b"""[
 {"location": "/open/*", "tdm-reservation": 0},
 {"location": "/*.pdf$", "tdm-reservation": 1, "tdm-policy": "http://harbour-post.example/policy.json"},
 {"location": "/", "tdm-reservation": 1},
 {"location": 5, "tdm-reservation": 1}, "x",
 {"location": "/y"}, {"location": "/z", "tdm-reservation": "maybe"}
]"""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/cranes", "1"),
        ("/open/cranes", "0"),
        ("/a.pdf", "1 http://harbour-post.example/policy.json"),
        ("/a.pdf?x", "1"),
    ],
)
def test_the_first_statement_of_a_tdmrep_file_that_fits_a_page_counts(path: str, value: str) -> None:
    answer = HttpResponse(f"http://harbour-post.example{path}", 200, (), b"")

    (signal,) = tdmrep_signals(URL, answer, read_tdmrep(TDMREP), NOW)

    assert (signal.signal, signal.value, signal.url) == ("tdmrep", value, URL)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"not json", b"[" * 100_000, b"\xff\xfe", b'{"location": "/"}', b"[]"]
)
def test_a_tdmrep_file_that_says_nothing_is_read_over(body: bytes) -> None:
    assert read_tdmrep(body) == ()


def test_what_was_said_before_and_no_longer_is_is_withdrawn() -> None:
    before = page_signals(URL, HttpResponse(URL, 200, (HTML, ("X-Robots-Tag", "noai")), b""), NOW)
    now = page_signals(URL, HttpResponse(URL, 200, (HTML, ("TDM-Reservation", "1")), b""), NOW)

    (signal,) = withdrawn_signals(before, now, NOW)

    assert (signal.signal, signal.value, signal.url) == ("x-robots-tag", WITHDRAWN, URL)


def test_a_host_says_how_it_wants_to_be_asked() -> None:
    rules = read_robots(
        200, b"User-agent: *\nCrawl-delay: 2.50\nContent-Signal: search=yes\nContent-Signal: ai-train=no"
    )

    assert [(signal.signal, signal.value) for signal in robots_signals(URL, rules, NOW)] == [
        ("robots", "rules"),
        ("crawl-delay", "2.5"),
        ("content-signal", "search=yes; ai-train=no"),
    ]


def test_a_statement_is_written_once_and_a_torn_line_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "signals.jsonl"
    signals = page_signals(URL, HttpResponse(URL, 200, (HTML, ("TDM-Reservation", "1")), b""), NOW)
    for _ in range(2):
        log = SignalLog(file)
        log.add(signals)
        log.close()
        with file.open("ab") as torn:
            torn.write(b'{"host": "half')

    assert read_legal_signals(file) == signals
