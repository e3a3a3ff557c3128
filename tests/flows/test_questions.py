"""The ready questions, held against what is true of the demo's press."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from flows.cli import command
from flows.errors import Failure
from flows.questions_page import render_page
from tests.flows.conftest import ROOT
from warehouse.errors import WarehouseError
from warehouse.master import open_published
from warehouse.questions import questions

STRIKE = "Harbourtown dockers walk out over crane automation plan"
COPIERS = {
    "the-coast-tribune.example": 52,  # minutes after the agency
    "hourly-skim.example": 215,
    "eastmarsh-herald.example": 320,
    "vallmere-observer.example": 365,
    "orrin-valley-gazette.example": 1340,
}


class Asker:
    def __init__(self, warehouse: Path) -> None:
        self.warehouse = warehouse

    def __call__(self, name: str, **given: str) -> list[dict[str, Any]]:
        question = next(one for one in questions() if one.name == name)
        values = {one.name: given.get(one.name) for one in question.parameters}
        with open_published(self.warehouse) as connection:
            connection.execute(question.sql, values)
            columns = [column[0] for column in connection.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in connection.fetchall()]


@pytest.fixture(scope="module")
def ask(demo_with_outlets: Path) -> Asker:
    return Asker(demo_with_outlets)


def call(warehouse: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        command, ["--warehouse", str(warehouse), *arguments], catch_exceptions=False, standalone_mode=False
    )


def test_there_are_eighteen_questions_and_each_takes_a_story() -> None:
    assert len(questions()) == 18
    assert all("story" in {one.name for one in question.parameters} for question in questions())


def test_who_was_first(ask: Asker) -> None:
    first, second, *_ = ask("who-was-first", story="harbour-strike")

    # a day without a time proves nothing about the morning of the same day
    assert (first["outlet"], first["published_precision"]) == ("daily-quay.example", "day")
    assert not first["is_certainly_before_all_below"]
    assert (second["outlet"], f"{second['published_at']:%H:%M}") == ("harbour-post.example", "08:20")
    assert second["is_certainly_before_all_below"]


def test_who_copied_whom_leads_with_the_whole_text(ask: Asker) -> None:
    first, *others = ask("who-copied-whom")

    assert (first["outlet"], first["source_outlet"], first["kind"]) == (
        "the-coast-tribune.example",
        "northwire.example",
        "exact",
    )
    assert len(others) == 34


def test_the_original_share_of_each_outlet(ask: Asker) -> None:
    shares = {row["outlet"]: row["original_share"] for row in ask("original-share-by-outlet")}

    assert [outlet for outlet, share in shares.items() if share == 1.0] == [
        "harbour-post.example",
        "kuestenlotse.example",
        "northwire.example",
        "tideway.example",
    ]
    assert shares["crooked-lantern.example"] == 0.53  # its comment quotes 223 of its 477 words
    assert shares["the-coast-tribune.example"] == 0.0


def test_who_ran_the_agencys_text_without_credit(ask: Asker) -> None:
    assert [(row["outlet"], row["agency"]) for row in ask("agency-text-without-credit")] == [
        ("hourly-skim.example", "Northwire"),
        ("tidings-in-brief.example", "Northwire"),
    ]


def test_which_paragraphs_were_dropped(ask: Asker) -> None:
    rows = ask("dropped-paragraphs")

    assert {row["outlet"] for row in rows} == {"northwire.example"}  # others dropped what wasn't their own
    assert [(row["position"], row["kept_by"], row["of_copies"]) for row in rows[:2]] == [
        (12, 2, 6),
        (8, 3, 6),
    ]


def test_the_lag_is_that_behind_the_agency_not_behind_who_ran_it_before(ask: Asker) -> None:
    assert {row["outlet"]: row["median_lag_minutes"] for row in ask("lag-by-outlet")} == COPIERS


def test_what_was_edited(ask: Asker) -> None:
    (row,) = ask("edits-after-publication")

    assert (row["outlet"], row["version"], row["words_added"]) == ("harbour-post.example", 2, 33)


def test_nobody_copied_what_was_edited(ask: Asker) -> None:
    assert ask("uncorrected-copies") == []


def test_the_silent_and_broken(ask: Asker) -> None:
    assert [(row["outlet"], row["status"]) for row in ask("silent-outlets")] == [
        ("old-pier-news.example", "broken")
    ]


def test_the_headlines_of_one_text(ask: Asker) -> None:
    titles = [row["title"] for row in ask("headlines-of-one-text")]

    assert titles[0] == STRIKE  # the origin's
    assert (len(titles), len(set(titles))) == (7, 5)


def test_before_and_after_a_moment(ask: Asker) -> None:
    rows = ask("coverage-before-and-after", moment="2024-01-29T18:00Z")

    # seven articles of the 29th: four before six o'clock, two after, and one that gives the day alone
    assert {row["side"]: row["articles"] for row in rows} == {
        "before": 4,
        "either": 1,
        "after": 8,
        "undated": 1,
    }


def test_a_moment_with_a_zone_is_that_moment(ask: Asker) -> None:
    moments = ("2024-01-29T18:00Z", "2024-01-29T19:00+01:00")

    assert len({str(ask("coverage-before-and-after", moment=moment)) for moment in moments}) == 1


def test_the_off_topic_sample_is_25_of_33(ask: Asker) -> None:
    rows = ask("rejected-as-off-topic")

    assert len(rows) == 25
    assert rows == ask("rejected-as-off-topic", story="harbour-strike")


def test_the_agency_is_copied_most_and_nobody_else_where_it_is_left_out(ask: Asker) -> None:
    (row,) = ask("most-copied-outlets")

    assert (row["outlet"], row["outlets_copying"]) == ("northwire.example", 6)
    assert ask("most-copied-outlets", agencies="no") == []


def test_attention_per_day_with_and_without_copies(ask: Asker) -> None:
    first, *_ = rows = ask("coverage-per-day")

    assert (str(first["day"]), first["articles"], first["without_copies"]) == ("2024-01-29", 7, 2)
    assert sum(row["articles"] for row in rows) == 13  # one has no date


def test_the_most_reprinted_text(ask: Asker) -> None:
    (row,) = ask("most-reprinted-texts")

    assert (row["agency"], row["origin"], row["articles"], row["crediting_an_agency"]) == (
        "Northwire",
        "northwire.example",
        7,
        6,
    )


def test_what_the_numbers_miss(ask: Asker) -> None:
    assert {row["reason"] for row in ask("what-the-numbers-miss")} == {
        "connection",
        "http_404",
        "http_500",
        "not_article",
        "paywall",
        "robots",
        "too_short",
    }


def test_the_users_own_columns_divide_coverage_and_copying(ask: Asker) -> None:
    by_country = {row["kind"]: row["articles"] for row in ask("coverage-by-kind-of-outlet")}
    by_owner = ask("copies-between-kinds-of-outlet")

    assert by_country == {"Vallmere": 10, "Orrin": 1, "Norddeich": 1, None: 2}
    assert (by_owner[0]["kind"], by_owner[0]["source_kind"], by_owner[0]["outlets_copying"]) == (
        "Tribune Holding",
        "Northwire Cooperative",
        2,
    )


def test_the_page_of_questions_shows_what_the_demo_answers(demo_with_outlets: Path) -> None:
    assert (ROOT / "docs" / "questions.md").read_text("utf-8") == render_page(demo_with_outlets), (
        "python -m flows.questions_page WAREHOUSE > docs/questions.md, with the table of docs/ imported"
    )


def test_ask_alone_lists_titles_and_parameters(demo_with_outlets: Path) -> None:
    header, *lines = call(demo_with_outlets, "ask").stdout.splitlines()

    assert header == "name\tquestion\tparameters"
    assert (
        "coverage-before-and-after\tHow did coverage change at a moment?\tmoment (required), story" in lines
    )
    assert len(lines) == 18


def test_an_answer_comes_with_its_sql(demo_with_outlets: Path) -> None:
    plain = call(demo_with_outlets, "ask", "lag-by-outlet")
    machine = call(demo_with_outlets, "ask", "lag-by-outlet", "--json")

    assert plain.stdout.startswith("-- How long after its source does each outlet copy?\nwith own_words as (")
    assert {row["outlet"] for row in json.loads(machine.stdout)} == COPIERS.keys()
    assert machine.stderr == plain.stdout[: len(machine.stderr)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lag-by-outlets"], "no question is called 'lag-by-outlets'; did you mean lag-by-outlet"),
        (["lag-by-outlet", "stroy=x"], "has no parameter 'stroy'; did you mean story"),
        (["lag-by-outlet", "harbour-strike"], "write PARAMETER=VALUE"),
        (["lag-by-outlet", "story=harbor-strike"], "no story 'harbor-strike'; did you mean harbour-strike"),
        (["coverage-before-and-after"], r"needs moment=…: a day or a time"),
    ],
)
def test_what_is_misspelt_is_named_with_what_is_near(
    arguments: list[str], said: str, demo_with_outlets: Path
) -> None:
    with pytest.raises(click.UsageError, match=said):
        call(demo_with_outlets, "ask", *arguments)


def test_a_moment_that_is_none_is_said_so(demo_with_outlets: Path) -> None:
    with pytest.raises(Failure, match="yesterday"):
        call(demo_with_outlets, "ask", "coverage-before-and-after", "moment=yesterday")


@pytest.mark.parametrize("name", ["coverage-by-kind-of-outlet", "copies-between-kinds-of-outlet"])
def test_a_column_that_the_table_of_outlets_lacks_is_named(name: str, ask: Asker) -> None:
    assert "61000" in {row["kind"] for row in ask(name, by="circulation")}

    with pytest.raises(WarehouseError, match="the table of outlets has no column sort"):
        ask(name, by="sort")
