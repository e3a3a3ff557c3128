"""Which sources are read: paged feeds, indexes, home pages that announce something or nothing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pipelines.records import Fate, Reason, Via
from pipelines.story import Sources
from spiders.frontier import MAX_FEED_PAGES
from tests.spiders.desk import Answer, Desk, found, make_desk_story

POST, TIMES = "http://harbour-post.example", "http://quay-times.example"
IN_WINDOW, TOO_EARLY = "Mon, 29 Jan 2024 08:15:00 GMT", "Fri, 29 Dec 2023 08:15:00 GMT"
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def rss(*paths: str, date: str = IN_WINDOW, head: str = "") -> Answer:
    items = "".join(
        f"<item><link>{POST}{path}</link><pubDate>{date}</pubDate><title>x</title></item>" for path in paths
    )
    return found(f'<rss version="2.0" {ATOM}><channel><title>All</title>{head}{items}</channel></rss>')


def link(rel: str, path: str) -> str:
    return f'<atom:link rel="{rel}" href="{POST}{path}"/>'


def urlset(*urls: str) -> str:
    return f"<urlset {SITEMAPS}>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>"


def feeds(*paths: str) -> Sources:
    return Sources(feeds=tuple(POST + path for path in paths))


@pytest.mark.parametrize("rel", ["next", "prev-archive"])
def test_a_feed_is_walked_back_page_by_page(rel: str, tmp_path: Path) -> None:
    web = {
        f"{POST}/feed": rss("/1", head=link("self", "/feed") + link(rel, "/feed/2")),
        f"{POST}/feed/2": rss("/2", head=link(rel, "/feed/3")),
        f"{POST}/feed/3": rss("/3", head=link(rel, "/feed")),  # a circle
    }
    desk = Desk(tmp_path, web)

    desk.crawl(make_desk_story(feeds("/feed")), is_preview=True)

    read = [url for url, one in desk.outcomes().items() if one.fate is Fate.READ]
    assert read == [f"{POST}/feed", f"{POST}/feed/2", f"{POST}/feed/3"]
    assert desk.outcomes()[f"{POST}/feed/2"].source_url == f"{POST}/feed"


def test_a_feed_is_not_walked_back_beyond_the_window_nor_to_another_site(tmp_path: Path) -> None:
    web = {
        f"{POST}/feed": rss("/1", date=TOO_EARLY, head=link("next", "/feed/2")),
        f"{POST}/other": rss("/2", head=f'<atom:link rel="next" href="{TIMES}/feed/2"/>'),
    }
    desk = Desk(tmp_path, web)

    desk.crawl(make_desk_story(feeds("/feed", "/other")), is_preview=True)

    assert [url for url, one in desk.outcomes().items() if one.fate is Fate.READ] == [
        f"{POST}/feed",
        f"{POST}/other",
    ]
    assert f"{TIMES}/feed/2" not in desk.asked


def test_a_feed_is_not_walked_back_to_what_is_known(tmp_path: Path) -> None:
    web = {
        f"{POST}/feed": rss("/1", head=link("next", "/feed/2")),
        f"{POST}/feed/2": rss("/2"),
        f"{POST}/1": found("<p>1"),
        f"{POST}/2": found("<p>2"),
    }
    desk = Desk(tmp_path, web)
    desk.crawl(make_desk_story(feeds("/feed")))
    desk.asked.clear()

    desk.crawl(make_desk_story(feeds("/feed")), "r2")

    assert f"{POST}/feed" in desk.asked
    assert f"{POST}/feed/2" not in desk.asked


def test_an_endless_feed_ends(tmp_path: Path) -> None:
    web = {
        f"{POST}/feed/{number}": rss(f"/{number}", head=link("next", f"/feed/{number + 1}"))
        for number in range(100)
    }
    desk = Desk(tmp_path, web)

    desk.crawl(make_desk_story(feeds("/feed/0")), is_preview=True)

    last = desk.outcomes()[f"{POST}/feed/{MAX_FEED_PAGES}"]
    assert (last.fate, last.reason) == (Fate.SKIPPED, Reason.OVER_BUDGET)


def test_a_json_feed_names_its_next_page(tmp_path: Path) -> None:
    def page(path: str, **more: str) -> Answer:
        items = [{"url": POST + path, "date_published": "2024-01-29T08:15:00Z"}]
        return found(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items, **more}))

    desk = Desk(tmp_path, {f"{POST}/a": page("/1", next_url=f"{POST}/b"), f"{POST}/b": page("/2")})

    desk.crawl(make_desk_story(feeds("/a")), is_preview=True)

    assert desk.outcomes()[f"{POST}/b"].fate is Fate.READ


def test_an_index_is_walked_newest_first_by_date_or_name(tmp_path: Path) -> None:
    children = ["<sitemap><loc>{0}/undated.xml</loc></sitemap>"]
    children += [f"<sitemap><loc>{{0}}/map-2024-{month}.xml</loc></sitemap>" for month in ("01", "02")]
    children += ["<sitemap><loc>{0}/fresh.xml</loc><lastmod>2024-05-01</lastmod></sitemap>"]
    index = f"<sitemapindex {SITEMAPS}>{''.join(children)}</sitemapindex>".format(POST)
    desk = Desk(tmp_path, {f"{POST}/index.xml": found(index)})

    desk.crawl(make_desk_story(Sources(sitemaps=(f"{POST}/index.xml",))), is_preview=True)

    assert [url.removeprefix(POST) for url in desk.asked_of(POST)[1:]] == [
        "/fresh.xml",
        "/map-2024-02.xml",
        "/map-2024-01.xml",
        "/undated.xml",
    ]


def test_a_gzipped_sitemap_of_several_members_and_a_torn_one_are_read(tmp_path: Path) -> None:
    whole = urlset(f"{POST}/1", f"{POST}/2")
    members = gzip.compress(whole[:80].encode()) + gzip.compress(whole[80:].encode())
    torn = gzip.compress(urlset(*(f"{POST}/torn-{number}" for number in range(2000))).encode())[:-2000]
    desk = Desk(tmp_path, {f"{POST}/a.xml.gz": found(members), f"{POST}/b.xml.gz": found(torn)})

    desk.crawl(make_desk_story(Sources(sitemaps=(f"{POST}/a.xml.gz", f"{POST}/b.xml.gz"))))

    assert {f"{POST}/1", f"{POST}/2", f"{POST}/torn-1"} <= set(desk.outcomes())


def test_a_site_that_announces_nothing_is_looked_up_at_the_usual_places(tmp_path: Path) -> None:
    web = {
        f"{POST}/": found("<html><body>Welcome"),
        f"{POST}/feed": found("<html><body>Not here, yet with status 200"),
        f"{POST}/rss.xml": rss("/1"),
        f"{POST}/sitemap.xml": found(urlset(f"{POST}/2")),
        f"{POST}/1": found(),
        f"{POST}/2": found(),
    }
    desk = Desk(tmp_path, web)

    desk.crawl(make_desk_story(Sources(sites=(f"{POST}/",))))

    outcomes = {url.removeprefix(POST): one for url, one in desk.outcomes().items()}
    assert (outcomes["/1"].via, outcomes["/2"].via) == (Via.FEED, Via.SITEMAP)
    assert (outcomes["/feed"].fate, outcomes["/feed"].reason) == (Fate.FAILED, Reason.NOT_OFFERED)
    assert outcomes["/news-sitemap.xml"].reason == Reason.NOT_OFFERED
    assert outcomes["/"].fate is Fate.READ
    assert "/rss" not in outcomes  # one feed is enough


def test_a_site_that_announces_something_is_not_guessed_at(tmp_path: Path) -> None:
    alternate = '<link rel="alternate" type="application/rss+xml" href="/news/feed">'
    desk = Desk(tmp_path, {f"{POST}/": found(alternate), f"{POST}/news/feed": rss()})

    desk.crawl(make_desk_story(Sources(sites=(f"{POST}/",))))

    assert desk.asked_of(POST) == [f"{POST}/", f"{POST}/news/feed"]


def test_a_site_with_nothing_at_all_is_said(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {f"{POST}/": found("<html><body>Welcome")})

    desk.crawl(make_desk_story(Sources(sites=(f"{POST}/",))))

    home = desk.outcomes()[f"{POST}/"]
    assert (home.fate, home.reason) == (Fate.FAILED, Reason.BAD_SOURCE)
    others = {one.reason for url, one in desk.outcomes().items() if url != f"{POST}/"}
    assert others == {Reason.NOT_OFFERED}


def test_a_feed_given_as_a_site_is_read_as_a_feed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {f"{POST}/all.rss": rss("/1"), f"{POST}/1": found()})

    desk.crawl(make_desk_story(Sources(sites=(f"{POST}/all.rss",))))

    assert desk.outcomes()[f"{POST}/1"].via is Via.FEED
