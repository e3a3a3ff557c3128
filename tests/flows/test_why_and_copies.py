"""`why` and `copies` on the demo: the whole tale, however the address is typed; passages on both sides."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from flows.cli import command
from flows.errors import Failure
from flows.side_by_side import draw_pair
from tests.flows.conftest import Demo
from warehouse.drawn_passages import DrawnPassage, drawn_passages
from warehouse.master import open_published
from warehouse.read import CopyLine, copies_of
from warehouse.why import find_article

ESSAY = "crooked-lantern.example:{port}/essays/whose-harbour-is-it"
WIRE = "northwire.example:{port}/wire/2024/01/29/harbourtown-dockers-walk-out"


def call(demo: Demo, *arguments: str) -> Result:
    given = [one.replace("{port}", str(demo.port)) for one in arguments]
    return CliRunner().invoke(
        command,
        ["--warehouse", str(demo.warehouse), *given],
        catch_exceptions=False,
        standalone_mode=False,
    )


def tale(demo: Demo, url: str) -> Any:
    return json.loads(call(demo, "why", url, "--json").stdout)


@pytest.mark.parametrize(
    "typed",
    [
        "http://harbour-post.example:{port}/2024/02/14/dockers-vote-for-the-deal/",
        "http://harbour-post.example:{port}/2024/02/14/dockers-vote-for-the-deal/?utm_source=x&fbclid=1#a",
        "harbour-post.example:{port}/2024/02/14/dockers-vote-for-the-deal",
        "https://www.harbour-post.example:{port}/2024/02/14/dockers-vote-for-the-deal/",
        "harbour-post.example:{port}/?p=20914",  # an old link that redirects
    ],
)
def test_an_address_leads_to_its_article_however_it_is_typed(typed: str, demo: Demo) -> None:
    told = tale(demo, typed)

    assert told["article"]["url"].endswith("/2024/02/14/dockers-vote-for-the-deal/")
    assert [alias["kind"] for alias in told["aliases"]] == ["redirect"]
    assert {fate["fate"] for fate in told["fates"]} == {"kept", "unchanged", "duplicate"}
    assert any(capture["url"] != capture["final_url"] for capture in told["captures"])


def test_an_amp_page_leads_to_its_article(demo: Demo) -> None:
    told = tale(demo, "hourly-skim.example:{port}/amp/harbourtown-port-strike-cranes")

    assert told["article"]["url"].endswith("/s/harbourtown-port-strike-cranes")


def test_the_tale_has_every_part(demo: Demo) -> None:
    told = call(demo, "why", WIRE).stdout

    for words in (
        "is an article of Northwire: Harbourtown dockers walk out",
        "via seed: kept",
        "tdm-reservation: 1",
        "robots: rules  for all of northwire.example",
        "answer 200  kept",
        "credits     Northwire",
        "published   2024-01-29 14:10+00:00, exact to the second, by meta:article:published_time",
        "harbour-strike  relevance 1.00",
        "what says when it appeared",
        "what says whose text it is",
        "cut as junk",
        "gave to",
        "both ran Northwire",
        "group of near-identical copies",
    ):
        assert words in told


def test_what_robots_forbids_is_told_with_its_reason(demo: Demo) -> None:
    told = call(
        demo, "why", "harbour-post.example:{port}/members/2024/02/02/inside-the-strike-committee"
    ).stdout

    assert "is no article: refused (robots): robots.txt forbids it" in told


def test_a_mistyped_address_is_answered_with_those_near_it(demo: Demo) -> None:
    with pytest.raises(Failure, match=r"no run has heard of .*near it are http://daily-quay.*n240129a\.html"):
        call(demo, "why", "daily-quay.example:{port}/news/n240129a.htm")


def test_copies_in_a_pipe_are_lines_with_offsets(demo: Demo) -> None:
    lines = call(demo, "copies", ESSAY, "--with", WIRE).stdout.splitlines()

    assert lines[3] == "  partial: 223 words, 47% of it, 44% of the other, longest run 103 words"
    assert lines[4] == "  = ¶3 [320-577] from ¶2 [202-459], 49 words"
    assert lines[5].strip().startswith("The strike began at six in the morning")
    assert sum(line.startswith(("  = ", "  ~ ")) for line in lines) == 5


@pytest.fixture(scope="module")
def pair(demo: Demo) -> tuple[CopyLine, tuple[DrawnPassage, ...]]:
    with open_published(demo.warehouse) as connection:
        source = find_article(connection, (f"http://{WIRE}".format(port=demo.port),))
        article = find_article(connection, (f"http://{ESSAY}".format(port=demo.port),))
        (line,) = [one for one in copies_of(connection, article) if one.source_id == source]
        return line, drawn_passages(connection, line.article_id, line.source_id)


def test_a_passage_is_drawn_on_both_sides_with_what_stands_around_it(
    pair: tuple[CopyLine, tuple[DrawnPassage, ...]],
) -> None:
    console = Console(record=True, width=400, file=io.StringIO())
    draw_pair(*pair, console)

    drawn = console.export_text()
    assert "crooked-lantern.example: Whose harbour is it?" in drawn
    assert "¶3, characters 320 to 577" in drawn
    assert "¶2, characters 202 to 459" in drawn
    assert drawn.count("The strike began at six in the morning") == 2


def test_words_that_differ_are_marked(pair: tuple[CopyLine, tuple[DrawnPassage, ...]]) -> None:
    line, passages = pair
    changed = replace(
        passages[0], text=passages[0].text.replace("brass band", "pipe\x1b[2J band"), similarity=0.95
    )
    console = Console(record=True, width=400, file=io.StringIO())
    draw_pair(line, (changed,), console)

    styled = console.export_text(styles=True)
    assert "\x1b[1;33m pipe" in styled
    assert "\x1b[1;33m brass" in styled
    assert "\x1b[2J" not in styled


def test_an_article_that_shares_nothing_is_said_to(demo: Demo) -> None:
    told = call(demo, "copies", "harbour-post.example:{port}/2024/02/14/dockers-vote-for-the-deal/")

    assert told.stdout == "It shares no text with any other article.\n"
