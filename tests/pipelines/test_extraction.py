"""The body of a page: paragraphs of their kinds, junk out and kept apart, floors on gold pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.records import ParagraphKind
from tests.benchmarks.cleaning_tools import Row, capture_of, text_for
from tests.benchmarks.page_scores import PAGES, read_pages, score_page, score_set
from tests.pipelines.page_captures import read_article

FLOORS = Path(__file__).parents[1] / "floors.json"
FIRST = "The dockers of Harbourtown walked out at dawn on Monday, since the new rota leaves no time to sleep."
SECOND = (
    "The port authority said it would talk to anyone who came in person, and that its door is never locked."
)
THIRD = "Nobody came on Monday, though a cat was seen at the door, and the talks were put off to the regatta."


def page_of(body: str, head: str = "") -> str:
    title = "Dockers walk out"
    head = f"<head><title>{title}</title>{head}</head>"
    return f"<html>{head}<body><main><h1>{title}</h1>{body}</main></body></html>"


def body_of(inside: str) -> str:
    return f'<div class="story"><p>{FIRST}</p><p>{SECOND}</p>{inside}<p>{THIRD}</p></div>'


def rules_of(html: str) -> dict[str, str]:
    return {block.text: block.rule for block in read_article(html).removed}


@pytest.mark.parametrize(
    "junk",
    [
        '<p><a href="/x">Read more: The rota that nobody wanted at all</a></p>',
        '<p>Also read: <a href="/x">The rota that nobody wanted</a></p>',
        '<p><b>Lesen Sie auch:</b> <a href="/x">Der Dienstplan</a></p>',
        '<p>À lire aussi : <a href="/x">Le tour de garde</a></p>',
        '<p>Читайте также: <a href="/x">График дежурств</a></p>',
        "<p>Advertisement</p>",
        "<p>Story continues below advertisement</p>",
        "<p>Teilen</p>",
        '<p>[gallery ids="1,2"]</p>',
        "<p>* * *</p>",
        "<div>The door that is never locked, seen from the quay (Image: Harbour Press)</div>",
        "<p>Dockers at the gate on Monday (Northwire Photo/Ann Roe).</p>",
        "<p>Foto: Ann Roe / Northwire</p>",
        "<p>Table of contents</p>",
        "<p>vor 3 Stunden</p>",
        '<p class="story-date">4 October 2024, 14:30 Reading time: 4 minutes</p>',
        "<p>By signing up you confirm that you are over 16; you may unsubscribe at any time.</p>",
        "<p>An dieser Stelle finden Sie einen ausgewählten externen Inhalt, der den Artikel ergänzt.</p>",
    ],
)
def test_junk_between_paragraphs_is_cut(junk: str) -> None:
    article = read_article(page_of(body_of(junk)))
    assert [paragraph.text for paragraph in article.paragraphs] == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    "junk",
    [
        "<p>Sign up for our newsletter and get the tides in your inbox.</p>",
        "<p>Please consider making a donation to keep the foghorn going.</p>",
        "<p>As you are here, we have a small favour to ask. Become a friend of the foghorn.</p>",
        "<p>Abonnez-vous à notre lettre du matin.</p>",
        "<p>Подпишитесь на наш канал.</p>",
        "<p>Ann Roe is a reporter at the Harbour Post and writes about ropes.</p>",
        "<p>© 2024 Harbour Post. All rights reserved.</p>",
        "<p>(Reporting by Ann Roe; Editing by Ben Doe)</p>",
        "<h3>More stories</h3>",
        "<p>12 comments</p>",
    ],
)
def test_junk_after_the_body_is_cut_and_kept_apart(junk: str) -> None:
    html = page_of(f'<div class="story"><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>{junk}</div>')
    assert [paragraph.text for paragraph in read_article(html).paragraphs] == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    "text",
    [
        "“We will not sign up for a rota like that.”",
        "He did.",
        "“Donate the rope,” she said.",
        "___",
        "84 minutes: Northport 2, Harbourtown 2",
        "https://harbour.example/rota.pdf",
        "The gulls came back (and looked good for pictures with the tall ships behind them).",
        "The door (the photo shows it open) has been locked since Tuesday, the dockers say.",
        "Image: it is all that the port authority has left, said its chairman, and not much to go by.",
        f"The plan asks readers to subscribe to the rope fund; {SECOND[0].lower()}{SECOND[1:]}",
    ],
)
def test_short_or_pleading_sentence_inside_the_body_stays(text: str) -> None:
    article = read_article(page_of(body_of(f"<p>{text}</p>")))
    assert text in [paragraph.text for paragraph in article.paragraphs]


@pytest.mark.parametrize(
    "note",
    [
        "Correction, 5 October 2024: an earlier version said that the door had never been locked at all.",
        "[Editor’s note: The port authority sent its statement after this report had gone to print.]",
        "This article was amended on 5 October. The cat was seen at the gate, and not at the door.",
        "Korrektur: In einer früheren Version hieß es, die Katze sei vor der Tür gesehen worden.",
    ],
)
def test_editors_note_on_the_article_stays(note: str) -> None:
    html = page_of(f'<div class="story"><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{note}</p></div>')
    assert [paragraph.text for paragraph in read_article(html).paragraphs] == [FIRST, SECOND, THIRD, note]


def test_repeated_title_is_cut_and_a_repeated_sentence_stays() -> None:
    inside = f"<h2>Dockers walk out</h2><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{FIRST}</p>"
    html = page_of(f'<div class="story">{inside}</div>')
    assert [paragraph.text for paragraph in read_article(html).paragraphs] == [FIRST, SECOND, THIRD, FIRST]


def test_standfirst_is_the_lead_and_the_subtitle() -> None:
    lead = "Talks are put off until after the regatta, to nobody's surprise"
    article = read_article(page_of(f'<p class="standfirst">{lead}</p>{body_of("")}'))
    assert (article.paragraphs[0].kind, article.paragraphs[0].text, article.subtitle) == ("lead", lead, lead)


def test_standfirst_that_the_body_quotes_stays_in_both_places() -> None:
    story = f'<div class="story"><p>{SECOND}</p><p>{FIRST}</p><p>{THIRD}</p></div>'
    article = read_article(page_of(f'<p class="standfirst">{FIRST}</p>{story}'))
    assert [paragraph.text for paragraph in article.paragraphs] == [FIRST, SECOND, FIRST, THIRD]


def test_standfirst_below_a_headline_that_is_marked_up_inside_is_the_lead() -> None:
    deck = "Talks are put off until after the regatta, to nobody's surprise in the harbour or beyond it"
    page = page_of(f"<h2>{deck}</h2>{body_of('')}")
    article = read_article(page.replace("<h1>", '<h1><div class="line">').replace("</h1>", "</div></h1>"))
    assert (article.paragraphs[0].kind, article.subtitle) == ("lead", deck)


def test_standfirst_that_is_printed_twice_above_the_body_is_kept_once() -> None:
    deck = "Talks are put off until after the regatta, to nobody's surprise."
    story = f'<p class="dek">{deck}</p><time>4 October</time><div class="abstract">{deck}</div>{body_of("")}'
    article = read_article(page_of(story))
    assert [p.text for p in article.paragraphs] == [deck, FIRST, SECOND, THIRD]


def test_opening_paragraph_is_text_though_its_class_says_intro() -> None:
    story = body_of("").replace("<p>", '<p class="intro">', 1)
    article = read_article(page_of(story, f'<meta name="description" content="{FIRST}">'))
    assert [p.kind for p in article.paragraphs] == ["text", "text", "text"]
    assert article.subtitle is None


def test_first_paragraph_that_the_description_repeats_is_no_standfirst() -> None:
    head = f'<meta name="description" content="{FIRST}">'
    article = read_article(page_of(body_of(""), head))
    assert (article.subtitle, article.paragraphs[0].kind) == (None, ParagraphKind.TEXT)


def test_headings_lists_and_quotes_are_told_apart() -> None:
    inside = (
        "<h2>What the dockers want</h2>"
        "<ul><li>Two more hands on the night shift.</li><li>A rota with sleep in it.</li></ul>"
        "<blockquote><p>We have been awake since the herring fair, every one of us.</p></blockquote>"
    )
    kinds = [paragraph.kind for paragraph in read_article(page_of(body_of(inside))).paragraphs]
    assert kinds == ["text", "text", "heading", "list", "list", "quote", "text"]


def test_paragraphs_parted_by_line_breaks_are_paragraphs() -> None:
    html = page_of(f"<div>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</div>")
    assert [paragraph.text for paragraph in read_article(html).paragraphs] == [FIRST, SECOND, THIRD]


def test_body_that_only_structured_data_holds_is_read_from_it() -> None:
    data = {
        "@type": "NewsArticle",
        "headline": "Dockers walk out",
        "articleBody": f"{FIRST}\n\n{SECOND}\n\n{THIRD}",
    }
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    assert [
        paragraph.text for paragraph in read_article(page_of("<div id='app'></div>", head)).paragraphs
    ] == [FIRST, SECOND, THIRD]


def test_positions_of_removed_blocks_point_into_the_paragraphs() -> None:
    article = read_article(page_of(body_of("<p>Advertisement</p>")))
    cut = next(block for block in article.removed if block.text == "Advertisement")
    assert (cut.position, cut.rule) == (2, "ui")


def _sample(name: str) -> list[Row]:
    """Every fifth page: enough to see a loss, few enough to be quick."""
    return list(read_pages(name))[::5]


@pytest.mark.skipif(not PAGES.exists(), reason="the shared pages are not here")
@pytest.mark.parametrize(
    "name", ["article-extraction-benchmark", "fundus-evaluation", "fundus-parser-tests", "chinese-news"]
)
def test_text_of_gold_pages_stays_above_the_floor(name: str) -> None:
    from pipelines.page import read_page

    rows = _sample(name)
    scores = [
        score_page(text_for(read_page(capture_of(row)), name), row["text"], row["optional_paragraphs"])
        for row in rows
    ]
    floor = json.loads(FLOORS.read_text(encoding="utf-8"))["html"][name]
    assert score_set(scores).f1 >= floor


def test_row_of_a_table_is_one_paragraph_or_none() -> None:
    rows = [("Wheat went up again", "12 crowns a sack"), ("Rye, which nobody wanted, went down", "9 crowns")]
    table = "".join(f"<tr><td>{grain}</td><td>{price}</td></tr>" for grain, price in rows)
    article = read_article(page_of(body_of(f"<table>{table}</table>")))
    texts = [
        *(paragraph.text for paragraph in article.paragraphs),
        *(block.text for block in article.removed),
    ]
    for grain, price in rows:
        assert (f"{grain} | {price}" in texts) != (grain in texts and price in texts)
