"""How far back articles are compared."""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.copies import compare_articles
from pipelines.look_back import longest_look_back
from pipelines.records import ComparedArticle
from tests.pipelines.copies_material import invent_paragraphs, make_article

DAY = 24
TEXT, OWN = invent_paragraphs(1, 4), invent_paragraphs(2, 4)


def version(name: str, day: float | None) -> ComparedArticle:
    hours = None if day is None else (day * DAY - 1, day * DAY)
    return make_article(name, [TEXT[0], TEXT[1], f"Version {name} of it."], hours=hours)


def pairs(articles: list[ComparedArticle], days: dict[str, int | None]) -> set[tuple[str, str]]:
    found = compare_articles(articles, look_backs=days)
    named = {(copy.article_id, copy.source_id) for copy in found.copies}
    assert {(one.article_id, one.source_id) for one in found.passages} == named
    return named


def test_an_article_is_compared_with_what_appeared_no_more_days_before_than_it_looks_back() -> None:
    articles = [version("a", 1), version("b", 4), version("c", 11)]

    assert pairs(articles, dict.fromkeys("abc", 7)) == {("b", "a"), ("c", "b")}


def test_the_later_article_looks_back_not_the_earlier_one() -> None:
    articles = [version("a", 1), version("b", 30)]

    assert pairs(articles, {"a": None, "b": 7}) == set()
    assert pairs(articles, {"a": 7, "b": None}) == {("b", "a")}


def test_an_article_of_unknown_time_is_compared_with_all() -> None:
    articles = [version("a", 1), version("b", None), version("c", 30)]

    assert pairs(articles, dict.fromkeys("abc", 7)) == {("b", "a"), ("c", "b")}


def test_one_text_that_several_carry_is_compared_carrier_by_carrier() -> None:
    articles = [make_article(f"{day:02}", TEXT, hours=(day * DAY, day * DAY)) for day in (1, 2, 20, 21)]

    assert pairs(articles, {one.article_id: 7 for one in articles}) == {("02", "01"), ("21", "20")}


def test_an_article_looks_back_as_far_as_the_story_of_its_that_looks_back_farthest() -> None:
    assert longest_look_back([7, 30]) == 30
    assert longest_look_back([7, None]) is None
    assert longest_look_back([]) is None


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False))
def test_a_look_back_leaves_out_the_pairs_beyond_it_and_changes_no_other(source: random.Random) -> None:
    texts = [*TEXT, *OWN]
    articles = [
        make_article(f"{number}", source.sample(texts, 3), hours=(hour - 3, hour))
        for number, hour in enumerate(source.sample(range(40 * DAY), 8))
    ]
    known = {one.article_id: one for one in articles}
    days = {article_id: source.choice([None, 3, 10]) for article_id in known}

    def is_within(one: str, other: str) -> bool:
        times = [known[one].published_latest, known[other].published_latest]
        earlier, later = sorted(time for time in times if time is not None)
        last = days[one] if known[one].published_latest == later else days[other]
        return last is None or later - earlier <= timedelta(last)

    every, bounded = compare_articles(articles), compare_articles(articles, look_backs=days)
    assert bounded.copies == tuple(one for one in every.copies if is_within(one.article_id, one.source_id))
    assert bounded.passages == tuple(
        one for one in every.passages if is_within(one.article_id, one.source_id)
    )
