"""What a user knows about a site goes before what the page says; a wrong file of rules names every fault."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.page import read_page
from pipelines.records import Article, ParagraphKind
from pipelines.site_rules import rule_for
from pipelines.site_rules_toml import parse_site_rules
from pipelines.story import SiteRule
from pipelines.story_toml import StoryError
from tests.pipelines.page_captures import capture_page

SENTENCE = "The dockers of Harbourtown walked out at dawn and said they would stay until the tide turned. "
PAGE = f"""<html><head><title>Dockers walk out</title>
<meta property="article:published_time" content="2024-05-07T10:05:00"></head><body>
<div class="promo">Our weekend edition tells the story of the lighthouse and of those who lit it.</div>
<article><h1>Dockers walk out</h1><div class="txt"><p>{SENTENCE * 2}</p>
<aside class="box">Ten things that the harbour museum would rather not show you, in pictures.</aside>
<h3>At the gates</h3><ul><li>{SENTENCE}</li></ul><blockquote><p>{SENTENCE}</p></blockquote></div>
<div class="note">{SENTENCE.replace("dockers", "readers")}</div></article></body></html>"""
RULES = b"""
["harbour-post.example"]
name = "The Harbour Post"
zone = "Europe/Athens"
body = ["div.txt"]
prune = [".box", "div.promo"]
"""


def read_with(**rule: object) -> Article:
    article = read_page(capture_page(PAGE), SiteRule("harbour-post.example", **rule))  # type: ignore[arg-type]
    assert isinstance(article, Article), article
    return article


def faults(source: str) -> list[str]:
    with pytest.raises(StoryError) as caught:
        parse_site_rules(source.encode(), "sites.toml")
    return str(caught.value).splitlines()


def test_all_keys_are_read() -> None:
    assert parse_site_rules(RULES, "sites.toml") == (
        SiteRule(
            "harbour-post.example", "The Harbour Post", "Europe/Athens", ("div.txt",), (".box", "div.promo")
        ),
    )


def test_the_body_is_what_the_rule_says_with_its_kinds() -> None:
    article = read_with(body=("div.txt",), prune=(".box",))

    assert [(one.kind, one.text[:12]) for one in article.paragraphs] == [
        (ParagraphKind.TEXT, "The dockers "),
        (ParagraphKind.HEADING, "At the gates"),
        (ParagraphKind.LIST, "The dockers "),
        (ParagraphKind.QUOTE, "The dockers "),
    ]


def test_what_stands_outside_of_the_body_is_a_removed_block() -> None:
    removed = read_with(body=("div.txt",), prune=(".box",)).removed

    outside = [(block.position, block.text[:11]) for block in removed if block.rule == "site_body"]
    assert outside == [(0, "Our weekend"), (0, "Dockers wal"), (4, "The readers")]


def test_what_is_pruned_is_a_removed_block_in_its_place() -> None:
    removed = read_with(body=("div.txt",), prune=(".box", ".promo")).removed

    assert [(block.position, block.text[:11]) for block in removed if block.rule == "site_prune"] == [
        (0, "Our weekend"),
        (1, "Ten things "),
    ]


def test_pruning_works_without_a_body_of_its_own() -> None:
    article = read_with(prune=(".note",))

    assert "readers of Harbourtown" not in article.text
    assert "dockers of Harbourtown" in article.text


def test_a_body_that_the_page_does_not_have_changes_nothing() -> None:
    assert read_with(body=("div.moved-away",)).text == read_with().text


def test_a_time_without_a_zone_is_read_in_the_zone_of_the_site() -> None:
    published = read_with(zone="Europe/Athens").published

    assert published is not None and published.value is not None
    assert (published.value.astimezone(UTC), published.zone) == (
        datetime(2024, 5, 7, 7, 5, tzinfo=UTC),
        "Europe/Athens",
    )


def test_the_outlet_has_the_name_of_the_rule() -> None:
    assert read_with(name="The Harbour Post").outlet_name == "The Harbour Post"


def test_the_closest_host_counts() -> None:
    rules = tuple(SiteRule(host) for host in ("post.example", "sport.post.example", "ost.example"))

    assert rule_for(rules, "https://www.sport.post.example/a") == rules[1]
    assert rule_for(rules, "https://news.post.example/a") == rules[0]
    assert rule_for(rules, "https://ghost.example/a") is None


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (
            '["a.example"]\nbdy = ["p"]',
            "sites.toml:2: a.example.bdy: unknown key; known are name",
        ),
        ('["a.example"]\n\nzone = "Athens"', "sites.toml:3: a.example.zone: 'Athens' is no time zone"),
        ('["a.example"]\nprune = "p"', "sites.toml:2: a.example.prune: must be a list of CSS selectors"),
        ('["a.example"]\nprune = ["p >"]', "sites.toml:2: a.example.prune: 'p >' is no CSS selector"),
        ('["http://a.example/"]\nname = "A"', "sites.toml:1: http://a.example/: is no host name"),
        ('["a.example"]', "sites.toml:1: a.example: says nothing"),
        ("name = 'A'", "name: must be a table named after a host"),
        ("[a\n", "sites.toml:1: file: is not valid TOML"),
    ],
)
def test_a_fault_names_file_line_key_and_what_to_do(source: str, fault: str) -> None:
    assert fault in faults(source)[0]


def test_all_faults_are_told_at_once() -> None:
    assert len(faults('["a.example"]\nzone = 1\nbody = [""]\nother = 2')) == 3
