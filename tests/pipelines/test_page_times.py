"""Where a page's dates stand: around the headline, in teasers, in the masthead."""

from __future__ import annotations

import pytest

from pipelines.date_search import find_dates
from pipelines.date_text import DateLabel
from tests.pipelines.page_captures import read_article

PARAGRAPHS = (
    "<p>The dockers of Harbourtown walked out at dawn and said they would stay out until the tide turned, "
    "the clocks were put right and the port authority had answered their letter about the night rota.</p>"
    "<p>The port authority put its clocks back by an hour and asked for more time to think of the rota.</p>"
)


def page_of(above: str = "", below: str = "", head: str = "", after: str = "") -> str:
    return (
        f"<html><head><title>Dockers walk out</title>{head}</head><body>{above}"
        f"<main><h1>Dockers walk out</h1>{below}<article>{PARAGRAPHS}</article></main>{after}</body></html>"
    )


def day_of(html: str) -> str | None:
    published = read_article(html).published
    return published.value.date().isoformat() if published and published.value else None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("By Ann Roe · Science Editor · Updated 3 May 2024 · 5 min read", "2024-05-03"),
        ("by Ann Roe on May 3, 2024", "2024-05-03"),
        ("May 3, 2024 8 min read", "2024-05-03"),
        ("May 3, 2024 · 12 comments", "2024-05-03"),
        ("POST.EXAMPLE 2024年5月3日16:36 港口日报", "2024-05-03"),
        ("2024-05-03 阅读1054次", "2024-05-03"),
        ("От редакции, 3 мая 2024, 10:22 · 3 мин", "2024-05-03"),
    ],
)
def test_date_is_found_beside_other_words(line: str, day: str) -> None:
    (found,) = find_dates(line, "text")
    assert found.time.value is not None
    assert found.time.value.date().isoformat() == day


@pytest.mark.parametrize(
    "line",
    [
        "We updated our review of the docks on May 3, 2024, to add the new cranes and to correct a name.",
        "The rota that the port authority wrote is due on May 3, 2024.",
        "他出生于2004年10月6日，现居云港。",
        "© 2019-2024 The Harbour Post. 3 May 2024",
        "Date: 16-19 March",
        "Ann Roe, 24 years, 12 boats",
        "Call 555 2024 now",
    ],
)
def test_date_in_a_sentence_is_not_taken(line: str) -> None:
    assert find_dates(line, "text") == ()


def test_label_inside_a_line_is_told() -> None:
    (found,) = find_dates("By Ann Roe · Updated 3 May 2024", "text")
    assert found.label is DateLabel.MODIFIED


def test_unmarked_date_under_the_headline_is_the_articles() -> None:
    assert day_of(page_of(below="<div><span>May 3, 2024</span></div>")) == "2024-05-03"


def test_date_of_a_masthead_is_that_of_the_visit() -> None:
    assert day_of(page_of(above="<header><div>Friday, 20 September 2024</div></header>")) is None


def test_time_elements_of_teasers_do_not_outvote_a_meta_tag() -> None:
    head = '<meta property="article:published_time" content="2024-05-03T10:00:00+02:00">'
    teasers = "".join(
        f'<div><h3>Fog again</h3><time datetime="2024-05-0{day}T08:00:00Z">{day} May 2024</time></div>'
        for day in (7, 8, 9)
    )
    assert day_of(page_of(head=head, after=teasers)) == "2024-05-03"


def test_shown_day_of_the_last_change_is_not_the_publication() -> None:
    head = (
        '<meta name="date" content="2024-05-03">'
        '<meta property="article:modified_time" content="2024-08-09T10:00:00Z">'
    )
    html = page_of(head=head, below="<p>9 August 2024</p>")
    assert day_of(html) == "2024-05-03"


def test_page_without_any_date_has_none() -> None:
    article = read_article(page_of())
    assert (article.published, article.modified) == (None, None)
