"""The report of the demo, and of a story whose pages try to break out of it."""

from __future__ import annotations

import json
from pathlib import Path

import lxml.html
import pytest

from flows.report import answer_sentences, render_report
from tests.flows.conftest import Demo, wirecopy_here
from warehouse.story_report import StoryAnswer

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


@pytest.fixture(scope="module")
def html(demo: Demo) -> str:
    return render_report(demo.warehouse, "harbour-strike")


def test_the_answer_comes_first_and_is_that_of_the_data(html: str) -> None:
    page = lxml.html.fromstring(html)

    assert page.xpath("string(//p[@class='answer'])") == (
        "14 articles of 12 outlets tell this story in 8 different texts; 6 of them are near-identical "
        "copies. The most copied text is Northwire's, in 7 articles. harbour-post.example has the earliest "
        "date, 2024-01-29 08:20 UTC, but the dates of others are not exact enough to prove that it was first."
    )


def test_no_script_and_nothing_from_outside_is_in_it(html: str) -> None:
    page = lxml.html.fromstring(html)

    assert page.xpath("//script | //link | //iframe | //object | //img | //form | //@onclick | //@src") == []
    assert "default-src 'none'" in page.xpath(
        "string(//meta[@http-equiv='Content-Security-Policy']/@content)"
    )


def test_every_pair_of_the_story_can_be_read_side_by_side(html: str) -> None:
    assert len(lxml.html.fromstring(html).xpath("//div[@class='pair']")) == 35


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
    assert page.xpath("//script | //img | //@onerror") == []
    assert [link for link in page.xpath("//@href") if not link.startswith(("http://", "https://"))] == []


def test_an_unknown_story_names_the_way_to_the_known_ones(demo: Demo) -> None:
    done = wirecopy_here("report", "no-such-story", cwd=demo.folder)

    assert done.returncode == 2
    assert "select story from stories" in done.stderr


def answer(**values: object) -> StoryAnswer:
    plain: dict[str, object] = dict.fromkeys(StoryAnswer.__slots__)
    counts = {"articles": 3, "outlets": 2, "originals": 3, "largest_group_size": 0, "first_is_proven": False}
    return StoryAnswer(**{**plain, "story": "s", "title": "S", **counts, **values})  # type: ignore[arg-type]


def test_without_any_date_nobody_is_said_to_be_first() -> None:
    assert answer_sentences(answer())[-1] == "No article carries a date, so nothing proves who was first."
