"""The two real documents that the project began with: flattened pages, junk included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import wirecopy_here
from warehouse.master import open_published

DOCUMENTS = Path(__file__).parents[3] / "shared" / "data" / "documents"
NAMES = sorted(path.name.removesuffix(".txt") for path in DOCUMENTS.glob("*.txt"))

pytestmark = pytest.mark.skipif(not NAMES, reason="the two documents are not on this machine")

STORY = """
[story]
name = "xi-biden-promise"
title = "Xi's promise to Biden on the 2024 election"
since = 2024-01-25
until = 2024-02-10

[match]
all = ["Xi", "Biden", "election"]
any = ["interfere", "interference", "interfering", "meddle", "meddling"]
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "xi.toml").write_text(STORY, encoding="utf-8")
    done = wirecopy_here(
        "ingest", str(DOCUMENTS), "--story", "xi.toml", "--warehouse", "x.duckdb", "--no-prefect", cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return folder / "x.duckdb"


def rows(warehouse: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with open_published(warehouse) as connection:
        return connection.execute(query, list(values)).fetchall()


def expected(name: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((DOCUMENTS / f"{name}.expected.json").read_text(encoding="utf-8"))
    return values


@pytest.mark.parametrize("name", NAMES)
def test_the_paragraphs_are_those_of_the_article_and_nothing_else(name: str, warehouse: Path) -> None:
    found = rows(
        warehouse,
        """
        select paragraphs.text
        from paragraphs inner join articles using (article_id)
        where url = ? order by position
        """,
        f"file:{name}.txt",
    )

    assert [text for (text,) in found] == expected(name)["paragraphs"]


@pytest.mark.parametrize("name", NAMES)
def test_title_subtitle_and_date_are_those_of_the_page(name: str, warehouse: Path) -> None:
    found = rows(
        warehouse,
        """
        select title, subtitle, strftime(published_at, '%Y-%m-%dT%H:%M'), published_precision, published_zone
        from articles where url = ?
        """,
        f"file:{name}.txt",
    )
    true = expected(name)

    assert found == [
        (true["title"], true["subtitle"], true["published_at"], true["published_precision"], None)
    ]


def test_both_are_about_the_story(warehouse: Path) -> None:
    assert rows(warehouse, "select count(*) from story_articles where story = 'xi-biden-promise'") == [(2,)]


def test_every_line_that_was_cut_is_kept_with_its_rule(warehouse: Path) -> None:
    found = rows(
        warehouse,
        """
        select url, count(*)
        from removed_blocks inner join articles using (article_id)
        group by url
        order by url
        """,
    )

    assert [count for _, count in found] == [3, 6]
    assert rows(warehouse, "select count(*) from removed_blocks where rule = ''") == [(0,)]


def test_two_write_ups_of_one_report_are_no_copies_of_each_other(warehouse: Path) -> None:
    assert rows(warehouse, "select count(*) from copies") == [(0,)]
    assert rows(warehouse, "select bool_and(is_original) from paragraphs") == [(True,)]


def test_a_second_ingest_changes_nothing_but_runs_and_fates(warehouse: Path) -> None:
    before = rows(warehouse, "from article_versions order by all")

    done = wirecopy_here(
        "ingest",
        str(DOCUMENTS),
        "--story",
        "xi.toml",
        "--warehouse",
        "x.duckdb",
        "--no-prefect",
        cwd=warehouse.parent,
    )

    assert done.returncode == 0, done.stderr
    assert rows(warehouse, "from article_versions order by all") == before
    assert rows(
        warehouse, "select fate, count(*) from url_fates where run_id = 'run-000002' group by 1 order by 1"
    ) == [
        ("rejected", 2),
        ("unchanged", 2),
    ]
