"""The labels of the demo press: complete, in step with the content, and true of the pages."""

from __future__ import annotations

import gzip
import re
from itertools import combinations

import feedparser
import lxml.etree
import pytest

from flows.demo.content import Press, PressArticle, Taken, load_press
from flows.demo.copy_labels import MIN_PASSAGE_WORDS, LabelledCopy, LabelledKind
from flows.demo.labels import load_labels
from flows.demo.press import render
from flows.demo.story import demo_story
from pipelines.match import judge_relevance
from pipelines.records import Direction, Fate, Precision
from pipelines.story import Story
from pipelines.story_toml import parse_story
from pipelines.urls import canonicalize_url

PORT = 8123
PRESS = load_press(1)
LABELS = load_labels(PORT)
STORY = parse_story(demo_story(PORT).encode(), "demo.toml")


def url_of(article: PressArticle) -> str:
    return f"http://{article.outlet.host}:{PORT}{article.path}"


def fetch(url: str) -> bytes:
    authority, _, path = url.removeprefix("http://").partition("/")
    response = render(authority, "/" + path, 1)
    assert response is not None and response.status == 200, url
    return gzip.decompress(response.body) if url.endswith(".gz") else response.body


def discover(story: Story) -> set[str]:
    """Every URL that the story file leads to, sources included, in canonical spelling."""
    found = {*story.sources.seeds, *story.sources.feeds, *story.sources.sitemaps}
    for feed in story.sources.feeds:
        found |= {entry.link for entry in feedparser.parse(fetch(feed)).entries}
    waiting = list(story.sources.sitemaps)
    while waiting:
        root = lxml.etree.fromstring(fetch(waiting.pop()))
        locations = [node.text for node in root.iter("{*}loc")]
        found |= set(locations)
        waiting += locations if root.tag.endswith("sitemapindex") else []
    return {canonicalize_url(url) for url in found}


def longest_common_run(one: str, other: str) -> int:
    """Words of the longest run that both texts share, compared letter by letter."""
    ours, theirs = one.split(), other.split()
    best, row = 0, [0] * (len(theirs) + 1)
    for word in ours:
        row = [0, *(row[i] + 1 if word == theirs[i] else 0 for i in range(len(theirs)))]
        best = max(best, *row)
    return best


def body_of(article: PressArticle) -> str:
    return "\n\n".join(block.text for block in article.blocks)


def pair_of(copy: LabelledCopy) -> frozenset[str]:
    return frozenset((copy.article_url, copy.source_url))


def find_copy(one: str, other: str) -> LabelledCopy:
    urls = {article.id: url_of(article) for article in PRESS.articles}
    return next(copy for copy in LABELS.copies if pair_of(copy) == {urls[one], urls[other]})


def test_story_file_parses_and_allows_every_host_of_its_sources() -> None:
    hosts = {host for host, address in STORY.fetch.resolve if address == "127.0.0.1"}

    assert STORY.fetch.allow_private_hosts
    assert {outlet.host for outlet in PRESS.outlets} <= hosts


def test_every_url_that_the_story_file_leads_to_is_labelled_once_and_no_other() -> None:
    labelled = [page.url for page in LABELS.pages]

    assert len(labelled) == len(set(labelled))
    assert discover(STORY) == set(labelled)


def test_labelled_urls_are_canonical() -> None:
    assert [page.url for page in LABELS.pages if canonicalize_url(page.url) != page.url] == []


@pytest.mark.parametrize("edition", [1, 2])
def test_story_match_picks_exactly_the_labelled_pages(edition: int) -> None:
    kept = {page.url for page in LABELS.pages if page.expected.fate is Fate.KEPT}
    stopped_before = {page.url for page in LABELS.pages if page.expected.reason in ("too_short", "robots")}
    matched = {
        url_of(article)
        for article in load_press(edition).articles
        if judge_relevance(STORY.match, article.title, body_of(article).split("\n\n"))
    }

    assert matched - stopped_before == kept
    assert kept == {page.url for page in LABELS.pages if page.is_story} == set(LABELS.articles)


def test_page_text_would_mislead_the_match() -> None:
    whole_pages = [
        article
        for article in PRESS.articles
        if judge_relevance(
            STORY.match, article.title, [re.sub(r"<[^>]+>", " ", fetch(url_of(article)).decode("latin-1"))]
        )
    ]

    assert len(whole_pages) > len(LABELS.articles) + 5


def test_fates_of_all_kinds_occur() -> None:
    outcomes = {(page.expected.fate, page.expected.reason) for page in LABELS.pages}

    assert outcomes >= {
        (Fate.KEPT, None),
        (Fate.READ, None),
        (Fate.DUPLICATE, "same_article"),
        (Fate.REJECTED, "off_topic"),
        (Fate.REJECTED, "too_short"),
        (Fate.REJECTED, "not_article"),
        (Fate.FAILED, "http_404"),
        (Fate.FAILED, "http_500"),
        (Fate.FAILED, "connection"),
        (Fate.REFUSED, "robots"),
    }


def test_every_story_date_lies_in_the_window() -> None:
    assert STORY.since and STORY.until
    dates = [article.published for article in LABELS.articles.values()]

    assert all(STORY.since <= moment < STORY.until for moment in dates if moment and moment.tzinfo)


def test_standfirst_is_subtitle_and_first_paragraph() -> None:
    with_subtitle = [article for article in LABELS.articles.values() if article.subtitle]

    assert with_subtitle
    assert all(article.paragraphs[0].text == article.subtitle for article in with_subtitle)


def test_days_and_missing_dates_are_labelled_as_what_they_are() -> None:
    precisions = [article.precision for article in LABELS.articles.values()]

    assert precisions.count(Precision.DAY) == 2
    assert precisions.count(None) == 1


def test_copies_are_exactly_the_pairs_with_a_common_run_of_twelve_words() -> None:
    story = [article for article in PRESS.articles if article.is_story]
    sharing = {
        frozenset((url_of(one), url_of(other)))
        for one, other in combinations(story, 2)
        if longest_common_run(body_of(one), body_of(other)) >= MIN_PASSAGE_WORDS
    }

    assert {pair_of(copy) for copy in LABELS.copies} == sharing


def test_own_reporting_and_translations_are_in_no_pair() -> None:
    own = [a for a in PRESS.articles if a.is_story and not any(b.origin for b in a.blocks)]
    independent = {url_of(a) for a in own if a.id != "northwire/strike"}

    assert len(independent) >= 4
    assert not any(independent & pair_of(copy) for copy in LABELS.copies)


def test_own_report_came_before_the_agency() -> None:
    first, agency = (
        next(a for a in PRESS.articles if a.id == name)
        for name in ("harbour-post/walkout", "northwire/strike")
    )

    assert first.published and agency.published and first.published < agency.published


def test_edited_paragraphs_differ_from_their_origin() -> None:
    known = {article.id: article for article in PRESS.articles}
    for article in PRESS.articles:
        for block in article.blocks:
            if block.origin and block.origin.taken is Taken.EDITED:
                assert block.text != known[block.origin.article].blocks[block.origin.paragraph].text


def test_agency_text_is_the_source_wherever_the_times_prove_it() -> None:
    copy = find_copy("coast-tribune/strike", "northwire/strike")

    assert copy.source_url.startswith("http://northwire.example")
    assert copy.direction is Direction.SOURCE_FIRST
    assert (copy.kind, copy.common_agency, copy.is_credited_by_both) == (LabelledKind.WIRE, "Northwire", True)


@pytest.mark.parametrize("name", ["daily-quay/strike", "tidings-in-brief/strike"])
def test_no_order_is_claimed_for_a_day_or_no_date(name: str) -> None:
    assert find_copy(name, "northwire/strike").direction is Direction.UNKNOWN


def test_hidden_source_and_pasted_paragraphs_are_told_apart() -> None:
    assert find_copy("hourly-skim/strike", "northwire/strike").kind is LabelledKind.UNCREDITED
    assert find_copy("crooked-lantern/commentary", "northwire/strike").kind is LabelledKind.PARTIAL


def test_group_members_share_most_of_their_text_and_the_essay_is_none() -> None:
    (group,) = LABELS.groups
    near = {pair_of(c) for c in LABELS.copies if c.kind is not LabelledKind.PARTIAL}

    assert group == frozenset().union(*near)
    assert {frozenset(pair) for pair in combinations(sorted(group), 2)} == near


def test_second_edition_changes_one_labelled_text() -> None:
    second = load_labels(PORT, 2)
    changed = [url for url, article in LABELS.articles.items() if second.articles[url].text != article.text]

    assert changed == [LABELS.edited_url]
    assert second.copies == LABELS.copies


def test_port_is_in_every_url() -> None:
    press: Press = PRESS

    assert press.articles and all(":9001/" in url for url in load_labels(9001).articles)
