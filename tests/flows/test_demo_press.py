"""The demo press: what it prints, and what its pages look like."""

from __future__ import annotations

import gzip
import re
from datetime import datetime
from urllib.parse import urlsplit

import feedparser
import lxml.etree
import lxml.html
import pytest

from flows.demo.content import Outlet, PressArticle, load_press
from flows.demo.press import Response, answer, render
from flows.demo.sources import SITEMAP_CHILD

PORT = 8123
PRESS = load_press(1)
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
REAL_OUTLETS = (
    r"Reuters|AP|AFP|DPA|dpa|EFE|ANSA|TASS|Xinhua|UPI|BBC|CNN|NPR|PBS|Fox News|Al Jazeera|Sky News|Guardian"
    r"|Telegraph|New York Times|Washington Post|Spiegel|Le Monde|Le Figaro|El País|Bloomberg|Politico|Axios"
)


def get(host: str, path: str, edition: int = 1) -> Response:
    response = render(f"{host}:{PORT}", path, edition)
    assert response is not None, f"nothing at {host}{path}"
    return response


def page_of(article: PressArticle, edition: int = 1) -> Response:
    return get(article.outlet.host, article.path, edition)


def fold(text: str) -> str:
    return " ".join(text.split())


def ids(value: object) -> str:
    return value.id if isinstance(value, PressArticle) else value.key if isinstance(value, Outlet) else ""


def test_the_press_has_at_least_nine_outlets_and_44_pages_that_may_be_fetched() -> None:
    pages = [a for a in PRESS.articles if not a.path.startswith(a.outlet.disallow or ("\0",))]

    assert len(PRESS.outlets) >= 9
    assert len(pages) >= 44


def test_the_sites_come_in_at_least_six_looks() -> None:
    assert len({outlet.template for outlet in PRESS.outlets}) >= 6


def test_at_least_four_outlets_have_a_feed_and_four_a_sitemap_and_none_has_neither() -> None:
    assert len([outlet for outlet in PRESS.outlets if outlet.feed]) >= 4
    assert len([outlet for outlet in PRESS.outlets if outlet.sitemap]) >= 4
    assert all(outlet.feed or outlet.sitemap for outlet in PRESS.outlets)


@pytest.mark.parametrize("article", PRESS.articles, ids=ids)
def test_page_holds_title_and_every_paragraph_of_its_article(article: PressArticle) -> None:
    response = page_of(article)
    tree = lxml.html.fromstring(response.body)
    text = fold(tree.text_content())

    assert response.status == 200
    assert fold(article.title) in text
    assert [block.text for block in article.blocks if fold(block.text) not in text] == []


@pytest.mark.parametrize("article", PRESS.articles, ids=ids)
def test_page_carries_junk_that_does_not_belong_to_the_article(article: PressArticle) -> None:
    text = fold(lxml.html.fromstring(page_of(article).body).text_content())

    assert fold(article.outlet.copyright) in text
    for junk in (article.outlet.plea, article.outlet.cookies):
        assert junk is None or article.is_paywalled or fold(junk) in text


def test_every_off_topic_page_of_an_outlet_with_the_story_links_to_it_by_its_headline() -> None:
    stories = [article for article in PRESS.articles if article.is_story]
    for story in stories:
        others = [a for a in PRESS.articles_of(story.outlet) if not a.is_story]
        assert all(
            fold(story.title) in fold(page_of(a).body.decode(a.outlet.charset)).replace("&#39;", "'")
            for a in others
        )


def test_a_page_without_a_date_has_none_in_its_feed_either() -> None:
    undated = next(outlet for outlet in PRESS.outlets if not outlet.dates)
    page = page_of(PRESS.articles_of(undated)[0]).body.decode()

    assert not re.search(r"20\d\d|datetime|published", page)
    assert all(
        "published" not in entry
        for entry in feedparser.parse(get(undated.host, undated.feed_path or "").body).entries
    )


@pytest.mark.parametrize("outlet", [o for o in PRESS.outlets if o.feed], ids=ids)
def test_feed_lists_every_article_of_its_outlet(outlet: Outlet) -> None:
    feed = feedparser.parse(get(outlet.host, outlet.feed_path or "").body)
    links = {urlsplit(entry.link).path for entry in feed.entries}

    assert not feed.bozo
    assert {urlsplit(article.path).path for article in PRESS.articles_of(outlet)} <= links


def test_feed_times_are_those_of_the_articles() -> None:
    outlet = next(outlet for outlet in PRESS.outlets if outlet.feed == "atom")
    feed = feedparser.parse(get(outlet.host, outlet.feed_path or "").body)
    written = {urlsplit(entry.link).path: datetime.fromisoformat(entry.published) for entry in feed.entries}

    assert written == {article.path: article.published for article in PRESS.articles_of(outlet)}


@pytest.mark.parametrize("outlet", [o for o in PRESS.outlets if o.sitemap], ids=ids)
def test_sitemap_lists_every_article_of_its_outlet(outlet: Outlet) -> None:
    body = get(outlet.host, outlet.sitemap_path or "").body
    if outlet.sitemap == "index":
        assert lxml.etree.fromstring(body).findtext(f".//{SITEMAP}loc", "").endswith(SITEMAP_CHILD)
        body = gzip.decompress(get(outlet.host, SITEMAP_CHILD).body)
    locations = [node.text for node in lxml.etree.fromstring(body).iter(f"{SITEMAP}loc")]

    expected = [f"http://{outlet.host}:{PORT}{article.path}" for article in PRESS.articles_of(outlet)]
    assert set(expected) <= set(locations)
    assert len(locations) == len(set(locations))


def test_nothing_in_the_press_names_a_real_outlet() -> None:
    for article in PRESS.articles:
        text = lxml.html.fromstring(page_of(article).body).text_content()
        assert re.findall(rf"\b(?:{REAL_OUTLETS})\b", text) == [], article.id


def test_every_host_name_is_one_that_can_never_exist() -> None:
    hosts = [outlet.host for outlet in PRESS.outlets]

    assert all(host.endswith(".example") for host in hosts)
    assert len(set(hosts)) == len(hosts)


def test_rendering_twice_gives_the_same_bytes() -> None:
    article = PRESS.articles[0]
    first = page_of(article)
    render.cache_clear()

    assert page_of(article) == first


def test_second_edition_changes_the_edited_article_and_its_feed_alone() -> None:
    changed = [article.id for article in PRESS.articles if page_of(article) != page_of(article, 2)]
    sources = [
        (o, path) for o in PRESS.outlets for path in (o.feed_path, o.sitemap_path, "/", "/robots.txt") if path
    ]
    changed_sources = [o.key for o, path in sources if get(o.host, path) != get(o.host, path, 2)]

    assert changed == ["harbour-post/walkout"]
    assert set(changed_sources) <= {"harbour-post"}


def test_second_edition_corrects_the_number_and_adds_a_paragraph() -> None:
    one, two = (next(a for a in load_press(e).articles if a.id == "harbour-post/walkout") for e in (1, 2))

    assert len(two.blocks) == len(one.blocks) + 1
    assert sum(a.text != b.text for a, b in zip(one.blocks, two.blocks, strict=False)) == 1
    assert two.modified is not None


def test_there_is_no_third_edition() -> None:
    with pytest.raises(ValueError, match="editions 1 and 2"):
        load_press(3)


def test_unchanged_page_is_answered_304_to_its_etag_and_to_its_date() -> None:
    article = PRESS.articles[0]
    host, page = f"{article.outlet.host}:{PORT}", page_of(article)
    for name, header in (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")):
        response = answer(host, article.path, 2, {name: page.header(header) or ""})
        assert (response.status, response.body) == (304, b"")


def test_edited_page_is_sent_again_to_who_has_the_first_edition() -> None:
    article = next(a for a in PRESS.articles if a.id == "harbour-post/walkout")
    first = page_of(article)
    for name, header in (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")):
        request = {name: first.header(header) or ""}
        assert answer(f"{article.outlet.host}:{PORT}", article.path, 2, request).status == 200


def test_gzip_is_sent_to_who_accepts_it() -> None:
    article = PRESS.articles[0]
    response = answer(f"{article.outlet.host}:{PORT}", article.path, 1, {"accept-encoding": "gzip, deflate"})

    assert response.header("content-encoding") == "gzip"
    assert gzip.decompress(response.body) == page_of(article).body


def test_unknown_hosts_and_paths_have_nothing() -> None:
    assert render(f"nowhere.example:{PORT}", "/", 1) is None
    assert render(f"northwire.example:{PORT}", "/nothing", 1) is None


def test_moved_article_redirects_to_its_new_place() -> None:
    article = next(a for a in PRESS.articles if a.old_path)
    response = get(article.outlet.host, article.old_path or "")

    assert response.status == 301
    assert response.header("location") == f"http://{article.outlet.host}:{PORT}{article.path}"


def test_amp_page_names_the_ordinary_page_as_canonical() -> None:
    article = next(a for a in PRESS.articles if a.amp_path)
    tree = lxml.html.fromstring(get(article.outlet.host, article.amp_path or "").body)

    assert tree.xpath("//link[@rel='canonical']/@href") == [
        f"http://{article.outlet.host}:{PORT}{article.path}"
    ]


def test_campaign_parameters_change_nothing() -> None:
    outlet = next(outlet for outlet in PRESS.outlets if outlet.feed_query)
    article = PRESS.articles_of(outlet)[0]

    assert get(outlet.host, article.path + outlet.feed_query).body == page_of(article).body


def test_a_browser_finds_all_outlets_and_stays_on_this_machine() -> None:
    index = lxml.html.fromstring(get("localhost", "/").body)
    links = index.xpath("//a/@href")

    assert len(links) == len(PRESS.outlets)
    for link in links:
        parts = urlsplit(link)
        front = lxml.html.fromstring(get(parts.hostname or "", parts.path).body)
        assert all(urlsplit(href).hostname == parts.hostname for href in front.xpath("//a/@href"))
