"""How far articles look back doesn't depend on when they, or their stories, came."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.compare import compare_fresh
from flows.look_backs import StoryChange, find_other_look_backs
from flows.reprocess import reprocess_archive
from pipelines.copies import compare_articles
from pipelines.groups import group_copies
from pipelines.match import Match
from pipelines.records import ComparedArticle
from pipelines.story import CopyRules, Story
from tests.benchmarks.copy_warehouse import BatchRun, add_batch, staged_rows, warehouse_at
from tests.flows.desk import FIRST_DAY, SECOND_DAY, ingest, tables
from tests.flows.test_increment import family, stored
from tests.pipelines.copies_material import invent_paragraphs, make_article
from warehouse.history import story_look_backs
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.master import read_master
from warehouse.neighbours import StoredArticles
from warehouse.paths import WarehousePaths
from warehouse.postings import open_postings
from warehouse.rows import StoryArticleRow
from warehouse.staging import write_staging

DAY = 24
TEXT = invent_paragraphs(1, 4)
WEEK = Story("week", "A week", None, None, Match(), copies=CopyRules(7))
MONTH = Story("month", "A month", None, None, Match(), copies=CopyRules(30))
ALL = Story("all", "Everything", None, None, Match())
Part = tuple[Story | None, Sequence[ComparedArticle]]


def on_day(name: str, day: int) -> ComparedArticle:
    return make_article(name, TEXT, hours=(day * DAY, day * DAY))


def add(paths: WarehousePaths, parts: Sequence[Part]) -> None:
    for number, (story, articles) in enumerate(parts):
        add_batch(paths, articles, BatchRun(f"run-{number}", story))


def join(paths: WarehousePaths, story: Story, article_ids: frozenset[str]) -> None:
    """A run that finds stored articles, unchanged, to be about another story."""
    staging = paths.runs / "run-9" / "staging"
    with lock_warehouse(paths):
        with read_master(paths) as connection:
            stored_articles = StoredArticles(connection, open_postings(connection, paths.index))
            days = story.copies.look_back_days
            change = StoryChange(story_look_backs(connection), story.name, days, article_ids)
            findings = compare_fresh([], stored_articles, change=change)
        members = [StoryArticleRow(story.name, article_id, 1.0, ()) for article_id in sorted(article_ids)]
        write_staging(staging, [*staged_rows([], findings, BatchRun("run-9", story), {}), *members])
        load_run(paths, staging)


def pairs(paths: WarehousePaths) -> set[tuple[object, ...]]:
    return {row[:2] for row in stored(paths)[0]}


@settings(deadline=None, max_examples=1, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_stories_that_look_back_differently_give_in_batches_what_one_comparison_gives(
    tmp_path_factory: pytest.TempPathFactory, source: random.Random
) -> None:
    of_story: dict[Story | None, list[ComparedArticle]] = {WEEK: [], MONTH: [], None: []}
    for seed in range(1, 4):
        for article in family(seed):
            days = source.choice([0, 5, 20, 60])
            hours = (days * DAY, days * DAY + source.randint(0, 9))
            moved = make_article(article.article_id, article.text.split("\n\n"), hours=hours)
            of_story[source.choice([WEEK, MONTH, None])].append(moved)
    halves = [(story, articles[start::2]) for story, articles in of_story.items() for start in range(2)]
    source.shuffle(halves)
    paths = warehouse_at(tmp_path_factory.mktemp("copies"))
    add(paths, halves)

    days = {
        one.article_id: story.copies.look_back_days if story else None
        for story, articles in of_story.items()
        for one in articles
    }
    every = [one for articles in of_story.values() for one in articles]
    expected = compare_articles(every, look_backs=days)
    copies, passages, groups = stored(paths)
    assert [row[:2] for row in copies] == [(one.article_id, one.source_id) for one in expected.copies]
    assert len(passages) == len(expected.passages)
    members = group_copies(list(days), expected.copies, every).members
    assert {article_id for group in groups for article_id in group} == {one.article_id for one in members}


@pytest.mark.parametrize("stories", [(WEEK, MONTH), (MONTH, WEEK), (ALL, WEEK), (None, WEEK)])
def test_an_article_that_another_story_asks_for_too_is_compared_by_both(
    tmp_path: Path, stories: tuple[Story | None, Story]
) -> None:
    first, second = stories
    paths = warehouse_at(tmp_path)
    add(paths, [(first, [on_day("a", 0), on_day("b", 20)])])
    before = pairs(paths)
    join(paths, second, frozenset("ab"))

    days = {WEEK: set(), MONTH: {("b", "a")}, ALL: {("b", "a")}, None: {("b", "a")}}
    assert before == days[first]
    assert pairs(paths) == (days[second] if first is None else days[first] | days[second])


def test_a_story_that_looks_back_otherwise_now_has_its_articles_compared_anew(tmp_path: Path) -> None:
    paths = warehouse_at(tmp_path)
    add(paths, [(WEEK, [on_day("a", 0), on_day("b", 20), on_day("c", 21)])])
    before = pairs(paths)
    wider = Story(WEEK.name, WEEK.title, None, None, Match(), copies=CopyRules(30))
    add_batch(paths, [on_day("d", 90)], BatchRun("run-8", wider))

    assert before == {("c", "b")}
    assert pairs(paths) == {("b", "a"), ("c", "b"), ("c", "a")}


def test_a_reprocessing_looks_back_as_the_runs_did(tmp_path: Path) -> None:
    warehouse, story = tmp_path / "coverage.duckdb", tmp_path / "torvik.toml"
    story.write_text('[story]\nname = "torvik"\n[match]\nany = ["Torvik"]\n[copies]\nlook_back_days = 1\n')
    ingest(warehouse, FIRST_DAY, "first")
    ingest(warehouse, SECOND_DAY, "second")
    found = tables(warehouse)["main.copies"]
    reprocess_archive(warehouse, print)

    assert tables(warehouse)["main.copies"] == found
    story.write_text(story.read_text("utf-8").replace("= 1", "= 30"), "utf-8")
    ingest(warehouse, SECOND_DAY, "third")
    assert len(tables(warehouse)["main.copies"]) > len(found) > 0


def test_where_no_story_bounds_its_look_back_nothing_is_asked() -> None:
    change = StoryChange({"all": None}, "all", None, frozenset("ab"))

    assert not change.is_of_consequence
    assert find_other_look_backs(change, NOBODY, ()) == frozenset()


class _Nobody:
    """Stands where nothing may be asked."""

    def stories_of(self, article_ids: object) -> list[tuple[str, str]]:
        raise AssertionError(article_ids)

    def members(self, story: str) -> list[str]:
        raise AssertionError(story)


NOBODY = _Nobody()
