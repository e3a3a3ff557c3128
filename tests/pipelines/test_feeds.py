import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.feeds import MAX_FEED_ENTRIES, FeedReading, read_feed
from pipelines.records import Reason, Via
from tests.benchmarks.feed_suite import FEEDS, collected_feeds, damage, linked_entries

BASE = "http://harbour-post.example/feeds/all.xml"


def rss(items: str, version: str = "2.0", prologue: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{prologue}<rss version="{version}"><channel><title>All</title>{items}'
        "</channel></rss>"
    ).encode()


ITEM = (
    "<item><title>Cranes stand still</title><link>http://harbour-post.example/cranes</link>"
    "<pubDate>Mon, 29 Jan 2024 08:15:00 +0300</pubDate></item>"
)


def test_rss_entries_keep_title_and_date_as_written() -> None:
    (entry,) = read_feed(rss(ITEM), BASE).entries

    assert entry.url == "http://harbour-post.example/cranes"
    assert entry.via is Via.FEED
    assert entry.source_url == BASE
    assert entry.hints.title == "Cranes stand still"
    assert entry.hints.published_raw == "Mon, 29 Jan 2024 08:15:00 +0300"


def test_a_relative_link_is_resolved_against_the_feed() -> None:
    reading = read_feed(rss("<item><link>../cranes?id=1</link></item>"), BASE)

    assert [entry.url for entry in reading.entries] == ["http://harbour-post.example/cranes?id=1"]


def test_a_permalink_guid_stands_in_for_a_missing_link() -> None:
    reading = read_feed(rss("<item><guid>http://harbour-post.example/g</guid></item>"), BASE)

    assert [entry.url for entry in reading.entries] == ["http://harbour-post.example/g"]


def test_atom_gives_the_alternate_link_and_both_dates() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>All</title><entry>
        <title>Cranes</title><link rel="self" href="http://harbour-post.example/self"/>
        <link rel="alternate" href="/cranes"/><published>2024-01-29T08:15:00+03:00</published>
        <updated>2024-01-30T09:00:00Z</updated></entry></feed>"""

    (entry,) = read_feed(body, BASE).entries

    assert entry.url == "http://harbour-post.example/cranes"
    assert entry.hints.published_raw == "2024-01-29T08:15:00+03:00"
    assert entry.hints.modified_raw == "2024-01-30T09:00:00Z"


def test_rdf_is_read() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="http://harbour-post.example/"><title>All</title></channel>
        <item rdf:about="http://harbour-post.example/r"><title>R</title>
        <link>http://harbour-post.example/r</link><dc:date>2024-01-29</dc:date></item></rdf:RDF>"""

    (entry,) = read_feed(body, BASE).entries

    assert entry.url == "http://harbour-post.example/r"
    assert "2024-01-29" in (entry.hints.published_raw or entry.hints.modified_raw or "")


def test_json_feed_is_read() -> None:
    item = {"url": "/j", "title": "J", "date_published": "2024-01-29T08:15:00Z", "date_modified": 5}
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item, 7]}).encode()

    reading = read_feed(body, BASE)

    assert reading.kind == "json"
    assert [entry.url for entry in reading.entries] == ["http://harbour-post.example/j"]
    assert reading.entries[0].hints.published_raw == "2024-01-29T08:15:00Z"


def test_a_link_that_is_no_web_page_costs_that_entry_only() -> None:
    bad = "<item><link>javascript:alert(1)</link></item><item><link>http://a.example:99999/</link></item>"

    reading = read_feed(rss(bad + ITEM), BASE)

    assert [entry.url for entry in reading.entries] == ["http://harbour-post.example/cranes"]
    assert [entry.reason for entry in reading.rejected] == [Reason.BAD_URL, Reason.BAD_URL]


@pytest.mark.parametrize(
    "damage",
    [
        b"<p>loose & ampersand</p>",
        b"<description>one &nbsp; two</description>",
        b"<description>control \x08 byte</description>",
        b"<description>latin \xe9 byte</description>",
    ],
)
def test_a_malformed_feed_gives_its_entries(damage: bytes) -> None:
    body = rss(ITEM).replace(b"<item>", b"<item>" + damage, 1)

    assert [entry.url for entry in read_feed(body, BASE).entries] == ["http://harbour-post.example/cranes"]


def test_a_feed_without_entries_is_a_feed() -> None:
    reading = read_feed(rss(""), BASE)

    assert (reading.kind, reading.entries, reading.fault) == ("rss20", (), None)


@pytest.mark.parametrize("end", ["", "<item><title>The cranes stop"])
def test_a_feed_that_breaks_off_before_its_first_link_says_so(end: str) -> None:
    reading = read_feed(f'<rss version="2.0"><channel><title>Harbour Post</title>{end}'.encode(), BASE)

    assert reading.fault is not None
    assert "malformed" in reading.fault


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Not here</body></html>", b"{not json", b'{"a": 1}', b"\x00\x01"]
)
def test_what_is_no_feed_says_so(body: bytes) -> None:
    reading = read_feed(body, BASE)

    assert reading.fault
    assert not reading.entries


def test_entities_of_its_own_are_refused_and_never_expanded() -> None:
    prologue = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'

    reading = read_feed(rss(ITEM, prologue=prologue), BASE)

    assert reading.fault is not None
    assert "entities" in reading.fault


def test_the_declaration_of_old_rss_is_harmless() -> None:
    prologue = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.example/rss-0.91.dtd">'

    assert len(read_feed(rss(ITEM, version="0.91", prologue=prologue), BASE).entries) == 1


def test_entries_are_bounded() -> None:
    items = [{"url": f"/{number}"} for number in range(MAX_FEED_ENTRIES + 5)]

    assert len(read_feed(json.dumps({"items": items}).encode(), BASE).entries) == MAX_FEED_ENTRIES


@given(st.binary(max_size=300))
def test_no_bytes_crash_it(body: bytes) -> None:
    read_feed(body, BASE)


@given(st.integers(0, 400), st.binary(max_size=20))
def test_a_feed_with_a_hole_in_it_does_not_crash_it(position: int, rubbish: bytes) -> None:
    body = rss(ITEM)
    read_feed(body[:position] + rubbish + body[position + 10 :], BASE)


@pytest.mark.skipif(not FEEDS.exists(), reason="the shared suites are not here")
def test_of_collected_feeds_every_linked_entry_is_found() -> None:
    feeds = list(collected_feeds())[::5]

    found = [len(reading.entries) + len(reading.rejected) for reading in map(read, feeds)]

    assert len(feeds) > 400
    assert found == [linked_entries(feed) for feed in feeds]


@pytest.mark.skipif(not FEEDS.exists(), reason="the shared suites are not here")
def test_damaged_feeds_never_crash_it() -> None:
    chance = random.Random(11)

    for feed in list(collected_feeds())[::3]:
        read(damage(feed, chance))


def read(body: bytes) -> FeedReading:
    return read_feed(body, BASE)


def test_a_feed_service_in_between_gives_way_to_the_publishers_own_link() -> None:
    item = (
        "<item><link>http://proxy.example/~r/1</link><fb:origLink>http://harbour-post.example/cranes"
        "</fb:origLink></item>"
    )
    body = rss(item).replace(b"<rss ", b'<rss xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0" ')

    assert [entry.url for entry in read(body).entries] == ["http://harbour-post.example/cranes"]


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ('<atom:link rel="next" href="?page=2"/>', f"{BASE}?page=2"),
        ('<atom:link rel="prev-archive" href="/2023.xml"/>', "http://harbour-post.example/2023.xml"),
        (
            '<atom:link rel="prev-archive" href="/a"/><atom:link rel="next" href="/b"/>',
            "http://harbour-post.example/b",
        ),
        (f'<atom:link rel="next" href="{BASE}"/>', None),
        ('<atom:link rel="self" href="/x"/><atom:link rel="next" href="/x"/>', None),
        ('<atom:link rel="next" href="javascript:x"/>', None),
        ('<atom:link rel="next"/>', None),
        ("", None),
    ],
)
def test_a_feed_names_the_page_before_it(links: str, found: str | None) -> None:
    body = rss(links + ITEM).replace(b"<rss ", b'<rss xmlns:atom="http://www.w3.org/2005/Atom" ')

    assert read(body).next_url == found
