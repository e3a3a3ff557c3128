"""A story that asks something else: what is known is judged again, nothing is asked for again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.reprocess import reprocess_archive
from flows.run import Request, execute
from pipelines.story_toml import parse_story
from tests.flows.desk import HURT, LEAD, OTHER, OWN, REPAIR
from tests.spiders.press import Press, feed, page
from warehouse.master import open_published

POST = "torvik-post.example"
PAGES = {"/lamp": (LEAD, HURT), "/barge": (OWN, OTHER), "/both": (LEAD, REPAIR, OWN), "/gone": (OWN, HURT)}


def article(title: str, paragraphs: tuple[str, ...]) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    head = f"<html><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>{body}</article></body></html>"


def run(press: Press, warehouse: Path, word: str, *paths: str) -> None:
    """A run that asks for one word and hears of some pages."""
    source = press.add(
        POST, "/feed", feed(*((press.url(POST, path), "Mon, 04 Mar 2024 08:15:00 GMT") for path in paths))
    )
    text = f"""
[story]
name = "torvik"
[match]
all = ["{word}"]
[sources]
feeds = ["{source}"]
[fetch]
delay_seconds = 0
allow_private_hosts = true
resolve = {{ "{POST}" = "{press.address}" }}
"""
    story = parse_story(text.encode(), "torvik.toml")
    execute(Request(warehouse, "run", story, with_prefect=False), lambda line: None)


def query(warehouse: Path, statement: str) -> dict[str, str]:
    with open_published(warehouse) as connection:
        rows = connection.execute(statement).fetchall()
    return {"/" + str(url).rpartition("/")[2]: value for url, value in rows}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Press, Path]]:
    """Two runs: the second asks for the barge, and the feed names one page only."""
    warehouse = tmp_path_factory.mktemp("rejudged") / "coverage.duckdb"
    with Press() as press:
        for path, paragraphs in PAGES.items():
            press.add(POST, path, page(article(path.strip("/"), paragraphs)))
        run(press, warehouse, "lighthouse", *PAGES)
        run(press, warehouse, "barge", "/lamp")
        yield press, warehouse


def test_each_page_has_a_fate_by_the_new_question(asked: tuple[Press, Path]) -> None:
    fates = (
        "select url, fate || coalesce(' ' || reason, '') from url_fates where fate <> 'read' and run_id = "
    )

    assert query(asked[1], fates + "'run-000001'") == {
        "/lamp": "kept",
        "/both": "kept",
        "/barge": "rejected off_topic",
        "/gone": "rejected off_topic",
    }
    assert query(asked[1], fates + "'run-000002'") == {
        "/lamp": "rejected off_topic",
        "/both": "unchanged",
        "/barge": "kept",
        "/gone": "kept",
    }


def test_the_story_holds_what_it_asks_for_now_and_the_rest_stay_articles(asked: tuple[Press, Path]) -> None:
    articles = "select url, coalesce(story, 'none') from articles left join story_articles using (article_id)"

    assert query(asked[1], articles) == {
        "/lamp": "none",
        "/both": "torvik",
        "/barge": "torvik",
        "/gone": "torvik",
    }


def test_no_page_was_asked_for_that_was_not_due(asked: tuple[Press, Path]) -> None:
    pages = [path for path in asked[0].paths() if path != "/feed"]

    assert sorted(pages) == sorted([*PAGES, "/lamp"])


def test_a_reprocessing_goes_by_the_newest_question(asked: tuple[Press, Path]) -> None:
    changes = reprocess_archive(asked[1], lambda line: None)

    assert [url.rpartition("/")[2] for url in changes.lost_articles] == ["lamp"]
    assert sorted(
        query(asked[1], "select url, story from articles join story_articles using (article_id)")
    ) == [
        "/barge",
        "/both",
        "/gone",
    ]
