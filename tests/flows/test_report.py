"""What a report says: the demo's, and the parts that it is made of."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lxml.html
import pytest

from flows.report import render_report
from flows.report.answer import answer_sentences
from flows.report.edges import find_edges
from flows.report.edits import Change, compare_words
from flows.report.outlets import draw_outlets
from flows.report.ownership import Basis, Proof
from flows.report.page import render_rows
from flows.report.sheets import percent
from flows.report.sides import pack_sides, to_script_json
from flows.report.story import Story
from flows.report.strip import draw_strip
from tests.flows.conftest import Demo, wirecopy_here
from tests.flows.naughty import naughty_rows
from warehouse.master import open_published
from warehouse.story_report import ReportArticle, ReportPair, ReportPassage, read_story_rows

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "=cmd()|'/C calc'!A0",
]
BODY = (
    "The lighthouse keeper of Sable Point was asked by the council to explain why the lamp was painted "
    "green, and answered that nobody had told him of what colour the sea should be."
)
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
SECTIONS = ["answer", "funnel", "coverage", "first", "network", "outlets", "paragraphs"]
SECTIONS += ["sides", "edits", "headlines", "missing"]


@pytest.fixture(scope="module")
def html(demo: Demo) -> str:
    return render_report(demo.warehouse, "harbour-strike")


@pytest.fixture(scope="module")
def page(html: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(html)


@pytest.fixture(scope="module")
def story(demo: Demo) -> Story:
    with open_published(demo.warehouse) as connection:
        rows = read_story_rows(connection, "harbour-strike")
    assert rows is not None
    return Story.of(rows)


def test_the_answer_comes_first_and_is_that_of_the_data(page: lxml.html.HtmlElement) -> None:
    sentences = [one.text_content().strip() for one in page.xpath("//*[@class='answer']/p")]

    assert [one.replace("\N{NARROW NO-BREAK SPACE}", " ") for one in sentences] == [
        "14 articles of 12 outlets tell this story in 8 different texts; the other 6 are near-identical "
        "copies.",
        "Most of it is Northwire's: 70 % of all 4 813 words, in 9 articles; 27 % are the other outlets' own.",
        "Who had it first is not proven. harbour-post.example (29 Jan 2024, 08:20 UTC, by the page's own "
        "data) has the earliest time, but daily-quay.example (29 Jan 2024 by the date in the text, no time "
        "of day: any moment from 28 Jan 2024, 10:00 to 30 Jan 2024, 12:00 UTC) may have been as early or "
        "earlier and 1 article states no date.",
    ]


def test_the_sections_come_in_their_order(page: lxml.html.HtmlElement) -> None:
    assert page.xpath("//main/section/@id") == SECTIONS


def test_only_its_own_two_scripts_may_run(page: lxml.html.HtmlElement) -> None:
    policy = page.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")

    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.count("sha256-") == len(page.xpath("//script[not(@type)]")) == 2
    assert "unsafe-eval" not in policy
    assert page.xpath("//link | //iframe | //object | //img | //form | //@onclick | //@src") == []


def test_every_table_cell_that_a_chart_shows_is_there_without_scripts(page: lxml.html.HtmlElement) -> None:
    plots = page.xpath("//*[@class='plot']/@aria-labelledby")

    assert len(plots) == 6
    assert all(page.get_element_by_id(words).text_content().strip() for words in plots)
    assert len(page.xpath("//table[@id='sheet-outlets']/tbody/tr")) == 12


def test_every_pair_of_the_story_can_be_read_side_by_side(page: lxml.html.HtmlElement) -> None:
    data = json.loads(zlib.decompress(base64.b64decode(page.get_element_by_id("sides-data").text)))

    assert len(data["articles"]) == 14
    assert len(data["pairs"]) == 35
    assert sum(len(pair[-1]) for pair in data["pairs"]) == 271


def test_the_edit_of_an_article_is_shown_word_by_word(page: lxml.html.HtmlElement) -> None:
    edit = page.xpath("//*[@id='edits']//details[@class='edit']")

    assert len(edit) == 1
    assert edit[0].xpath(".//del") and edit[0].xpath(".//ins")


def test_who_ran_the_agency_without_credit_is_told_from_those_who_said_so(story: Story) -> None:
    words: Counter[tuple[str, Basis]] = Counter()
    for one in story.ledger.paragraphs:
        words[story.by_id[one.article_id].outlet, one.basis] += one.words

    assert words["hourly-skim.example", Basis.UNCREDITED] == 391
    assert words["the-coast-tribune.example", Basis.CREDITED] == 508
    assert words["northwire.example", Basis.OWN] == 673


def test_an_arrow_stands_only_where_the_times_prove_the_order(story: Story) -> None:
    edges = {(edge.source, edge.target): edge.proof for edge in find_edges(story)}

    assert edges["Northwire", "hourly-skim.example"] is Proof.TIMES
    assert edges["Northwire", "daily-quay.example"] is Proof.CREDIT
    assert edges["Northwire", "tidings-in-brief.example"] is Proof.NONE


def test_words_that_many_hold_are_counted_once_for_each_article(story: Story) -> None:
    words: Counter[str] = Counter()
    for taking in story.ledger.takings:
        words[taking.article_id] += taking.words

    assert all(words[one] <= story.by_id[one].word_count + 2 for one in words)


def test_the_strip_is_of_the_agency_s_text_with_what_each_copy_did_to_it(story: Story) -> None:
    strip = draw_strip(story)

    assert strip is not None
    assert strip.source.outlet == "northwire.example"
    rows = {row[0]: row for row in strip.figure.sheet.rows}
    assert set(rows["the-coast-tribune.example"][1:-1]) == {"kept"}
    assert rows["orrin-valley-gazette.example"][-1] == 58
    assert "dropped" in rows["tidings-in-brief.example"]


def test_what_a_page_says_cannot_become_markup_or_a_link(tmp_path: Path) -> None:
    lines = [
        {
            "url": f"http://sable-point.example/{number}",
            "title": f"Lighthouse {nasty}",
            "outlet": nasty,
            "text": f"Lighthouse {nasty}\n\n{BODY}\n\n{nasty} said the keeper of the lamp.\n\n{BODY}",
        }
        for number, nasty in enumerate(NASTY)
    ]
    (tmp_path / "dump.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    (tmp_path / "lamp.toml").write_text(
        '[story]\nname = "lamp"\n[match]\nall = ["lighthouse"]\n', encoding="utf-8"
    )
    done = wirecopy_here("ingest", "dump.jsonl", "--story", "lamp.toml", "--no-prefect", cwd=tmp_path)
    assert done.returncode == 0, done.stderr

    assert wirecopy_here("report", "lamp", cwd=tmp_path).returncode == 0

    page = lxml.html.fromstring((tmp_path / "lamp.html").read_text(encoding="utf-8"))
    assert len(page.xpath("//script[not(@type)]")) == 2
    assert page.xpath("//img | //@onerror") == []
    assert [one for one in page.xpath("//@href") if not one.startswith(("http://", "https://", "#"))] == []


def test_an_unknown_story_names_the_way_to_the_known_ones(demo: Demo) -> None:
    done = wirecopy_here("report", "no-such-story", cwd=demo.folder)

    assert done.returncode == 2
    assert "select story from stories" in done.stderr


def two_articles(*, minutes_apart: int = 60, proven: bool = True) -> Story:
    """A source and its copy, made of two of the naughty story's articles."""
    rows = naughty_rows(["one", "two"])
    text = f"{BODY}\n\nSo it is, \U0001d54f said."
    source, later = (
        replace(one, text=text, outlet=f"{one.title}.example", publishing_agency=None, is_copy=False)
        for one in rows.articles
    )
    at = NOON + timedelta(minutes=minutes_apart)
    source = dated(source, NOON)
    later = dated(later, at)
    pair = ReportPair(later.article_id, source.article_id, 1.0, 1.0, 34, "exact", proven, None, (), 0.9)
    passage = ReportPassage(later.article_id, source.article_id, 0, len(text), 0, len(text), 34, 1.0)
    return Story.of(
        replace(rows, articles=(source, later), pairs=(pair,), passages=(passage,), paragraphs=())
    )


def dated(article: ReportArticle, at: datetime | None) -> ReportArticle:
    return replace(article, published_at=at, published_earliest=at, published_latest=at)


def test_who_is_proven_to_be_first_is_said_to_have_had_it_first() -> None:
    assert answer_sentences(two_articles())[-1] == (
        "one.example (1 Mar 2024, 12:00 UTC, by one) had it first: by the times that the pages state, every "
        "other article appeared later for certain."
    )


def test_of_two_at_the_same_minute_none_was_first() -> None:
    assert "is not proven" in answer_sentences(two_articles(minutes_apart=0))[-1]


def test_without_any_date_nobody_is_said_to_be_first() -> None:
    story = two_articles()
    rows = replace(story.rows, articles=tuple(dated(one, None) for one in story.rows.articles))

    assert answer_sentences(Story.of(rows))[-1] == (
        "No article states a date, so nothing proves who had it first."
    )


def test_a_story_without_articles_says_so() -> None:
    rows = replace(two_articles().rows, articles=(), pairs=(), passages=(), versions=())

    assert answer_sentences(Story.of(rows)) == ("No article about this story has been found.",)


@pytest.mark.parametrize("count", [0, 1])
def test_a_story_with_next_to_nothing_in_it_has_a_report(count: int) -> None:
    rows = naughty_rows(["one", "two"])
    articles = tuple(replace(dated(one, None), group_id=None) for one in rows.articles[:count])
    bare = replace(
        rows,
        **dict.fromkeys(("pairs", "passages", "paragraphs", "versions", "signals", "uncorrected"), ()),
        **dict.fromkeys(("fates", "junk", "health", "outlet_facts"), ()),
        articles=articles,
        run=None,
    )

    page = lxml.html.fromstring(render_rows(bare, NOON))

    assert page.xpath("//main/section/@id") == SECTIONS
    assert len(page.xpath("//*[@class='plot']")) == count  # the ladder


def test_what_the_user_knows_of_outlets_stands_in_their_table() -> None:
    story = two_articles()
    sheet = draw_outlets(Story.of(replace(story.rows, paragraphs=naughty_rows(["one", "two"]).paragraphs)))

    assert sheet is not None
    assert sheet.sheet.columns[:4] == ("outlet", "country", "owner", "type")


def test_offsets_count_as_scripts_do() -> None:
    story = two_articles()
    length = len(story.articles[0].text)

    packed = json.loads(json.dumps(pack_sides(story)))

    assert packed["pairs"][0][-1] == [[0, length + 1, 0, length + 1, 100]]


def test_data_in_a_script_element_cannot_end_it() -> None:
    assert to_script_json({"text": "</script><!--&\u2028"}) == (
        '{"text":"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028"}'
    )


def test_an_edit_keeps_the_words_around_what_changed() -> None:
    stretches = compare_words("The lamp was green at noon.", "The lamp was blue at noon.")

    assert [(one.change, one.text) for one in stretches] == [
        (Change.SAME, "The lamp was"),
        (Change.CUT, "green"),
        (Change.ADDED, "blue"),
        (Change.SAME, "at noon."),
    ]


def test_nearly_all_is_not_all() -> None:
    assert [percent(share) for share in (0.0, 0.004, 0.5, 0.996, 1.0)] == [
        "0 %",
        "under 1 %",
        "50 %",
        "over 99 %",
        "100 %",
    ]


def test_no_chart_has_a_page_s_text_outside_of_its_data(html: str) -> None:
    """There it would be part of an expression, which is a program."""
    specs = re.findall(r'<script type="application/json" id="spec-\w+">(.*?)</script>', html)

    assert len(specs) == 6
    for text in specs:
        spec = json.loads(text)
        del spec["datasets"]
        spec["params"] = [one for one in spec.get("params", ()) if one["name"] != "names"]
        assert ".example" not in json.dumps(spec)
