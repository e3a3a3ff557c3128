import gzip
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.records import Reason, Via
from pipelines.sitemaps import MAX_SITEMAP_BYTES, MAX_SITEMAP_ENTRIES, is_sitemap, read_sitemap
from tests.benchmarks.feed_suite import SITEMAPS, damage

BASE = "http://harbour-post.example/sitemap.xml"
OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def urlset(*locs: str) -> bytes:
    return (OPEN + "".join(f"<url><loc>{loc}</loc></url>" for loc in locs) + "</urlset>").encode()


def urls(body: bytes) -> list[str]:
    return [entry.url for entry in read_sitemap(body, BASE).entries]


def test_news_entries_keep_title_and_dates() -> None:
    body = f"""{OPEN}<url><loc> http://harbour-post.example/a?x=1&amp;y=2 </loc><lastmod>2024-01-30</lastmod>
        <news:news><news:publication><news:name>Post</news:name></news:publication>
        <news:publication_date>2024-01-29T08:15:00+03:00</news:publication_date>
        <news:title>Cranes &amp; ships</news:title></news:news>
        <image:image><image:loc>http://harbour-post.example/a.jpg</image:loc></image:image></url></urlset>"""

    (entry,) = read_sitemap(body.encode(), BASE).entries

    assert entry.url == "http://harbour-post.example/a?x=1&y=2"
    assert entry.via is Via.SITEMAP
    assert entry.hints.title == "Cranes & ships"
    assert entry.hints.published_raw == "2024-01-29T08:15:00+03:00"
    assert entry.hints.modified_raw == "2024-01-30"


def test_an_index_lists_its_children() -> None:
    body = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap><loc>http://harbour-post.example/1.xml</loc><lastmod>2024-01-30</lastmod></sitemap>
        <sitemap><loc>http://harbour-post.example/2.xml</loc></sitemap></sitemapindex>"""

    reading = read_sitemap(body, BASE)

    assert reading.kind == "index"
    assert [(child.url, child.modified_raw) for child in reading.children] == [
        ("http://harbour-post.example/1.xml", "2024-01-30"),
        ("http://harbour-post.example/2.xml", None),
    ]


@pytest.mark.parametrize(
    "loc",
    [
        "rel/path",
        "/abs/path",
        "//x/y",
        "javascript:alert(1)",
        "http://[::1",
        "http://a.example:99999/",
        "",
        "file:///etc/x",
    ],
)
def test_a_bad_entry_costs_that_entry_only(loc: str) -> None:
    reading = read_sitemap(urlset("http://a.example/1", loc, "http://a.example/2"), BASE)

    assert [entry.url for entry in reading.entries] == ["http://a.example/1", "http://a.example/2"]
    assert [entry.reason for entry in reading.rejected] == [Reason.BAD_URL]


def test_gzip_is_read_whatever_its_name() -> None:
    assert urls(gzip.compress(urlset("http://a.example/1"))) == ["http://a.example/1"]


def test_a_list_of_lines_is_read() -> None:
    body = b"\xef\xbb\xbfhttp://a.example/1\r\n\r\nnonsense\nhttp://a.example/2\n"

    reading = read_sitemap(body, BASE)

    assert reading.kind == "text"
    assert [entry.url for entry in reading.entries] == ["http://a.example/1", "http://a.example/2"]
    assert [entry.url for entry in reading.rejected] == ["nonsense"]


def test_a_declaration_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    body = urlset("http://a.example/&b;").replace(b"?>", b"?>" + bomb, 1)

    reading = read_sitemap(body, BASE)

    assert not reading.entries
    assert "document type" in (reading.fault or "")


def test_malformed_xml_gives_the_entries_that_can_be_read() -> None:
    body = urlset("http://a.example/1", "http://a.example/2?a=1&b=2", "http://a.example/3")

    found = urls(body.replace(b"</urlset>", b""))

    assert "http://a.example/1" in found
    assert "http://a.example/3" in found


def test_a_cut_sitemap_gives_what_came_before_the_cut() -> None:
    body = urlset(*(f"http://a.example/{number}" for number in range(10)))

    assert len(urls(body[: len(body) // 2])) >= 2


def test_a_sitemap_without_namespace_is_read() -> None:
    assert urls(b"<urlset><url><loc>http://a.example/1</loc></url></urlset>") == ["http://a.example/1"]


def test_entries_are_bounded() -> None:
    body = urlset(*(f"http://a.example/{number}" for number in range(MAX_SITEMAP_ENTRIES + 1)))

    reading = read_sitemap(body, BASE)

    assert len(reading.entries) == MAX_SITEMAP_ENTRIES
    assert reading.is_capped


def test_a_gzip_bomb_is_refused() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(b" " * 1024 * 1024) for _ in range(MAX_SITEMAP_BYTES // 1024 // 1024 + 2))

    reading = read_sitemap(bomb + packer.flush(), BASE)

    assert "inflates" in (reading.fault or "")


@pytest.mark.parametrize("body", [b"", b"<html>Not here</html>", b"\x1f\x8b\x00broken", b"\xff\xfe\x00"])
def test_what_is_no_sitemap_says_so(body: bytes) -> None:
    assert read_sitemap(body, BASE).fault
    assert not is_sitemap(body)


@given(st.binary(max_size=200))
def test_no_bytes_crash_it(rubbish: bytes) -> None:
    read_sitemap(rubbish, BASE)
    read_sitemap(OPEN.encode() + rubbish, BASE)


def test_damaged_sitemaps_never_crash_it() -> None:
    chance = random.Random(11)

    for sitemap in SITEMAPS:
        for _ in range(50):
            read_sitemap(damage(sitemap, chance), BASE)


def test_pictures_and_videos_are_no_entries() -> None:
    found = [read_sitemap(sitemap, BASE) for sitemap in SITEMAPS]

    assert [len(reading.entries) for reading in found] == [1, 3, 0, 1, 1, 1, 2]
    assert found[3].entries[0].hints.title == "Cranes"
    assert {entry.url for reading in found[4:6] for entry in reading.entries} == {
        "http://harbour-post.example/a?b=1&c=2"
    }
