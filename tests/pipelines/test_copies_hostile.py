from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.copies import compare_articles
from pipelines.groups import group_copies
from pipelines.records import CopyKind, GroupRole
from tests.pipelines.copies_material import invent_paragraphs, invent_sentence, make_article


@pytest.mark.parametrize("text", ["", "Word", "…", "\n\n", "a b c d", "\ud800", "\0"])
def test_texts_with_hardly_a_word_are_no_copies_of_one_another(text: str) -> None:
    articles = [
        make_article("a", [text]),
        make_article("b", [text]),
        make_article("c", [*invent_paragraphs(1)]),
    ]
    assert compare_articles(articles).copies == ()


def test_an_article_without_paragraphs_is_compared_with_nothing() -> None:
    assert compare_articles([make_article("a", []), make_article("b", [])]).copies == ()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.text(max_size=120), max_size=4), max_size=4))
def test_any_text_is_compared(texts: list[list[str]]) -> None:
    articles = [make_article(str(number), paragraphs) for number, paragraphs in enumerate([*texts, *texts])]
    for passage in compare_articles(articles).passages:
        assert 0 <= passage.start_char < passage.end_char
        assert 0 < passage.similarity <= 1


@pytest.mark.timeout(20)
def test_one_word_a_million_times_is_an_exact_copy_of_almost_as_many() -> None:
    one, other = (
        make_article(name, ["ferry " * count]) for name, count in (("a", 1_000_000), ("b", 999_000))
    )
    (copy,) = compare_articles([one, other, make_article("c", invent_paragraphs(1))]).copies
    assert (copy.kind, copy.shared_words) == (CopyKind.EXACT, 999_000)


@pytest.mark.timeout(20)
def test_two_words_in_turns_without_end_are_an_exact_copy_of_the_same_in_other_turns() -> None:
    one, other = make_article("a", ["ferry bridge " * 60_000]), make_article("b", ["bridge ferry " * 50_000])
    (copy,) = compare_articles([one, other]).copies
    assert copy.kind is CopyKind.EXACT
    assert copy.shared_words >= 99_990


@pytest.mark.timeout(20)
def test_one_letter_a_million_times_is_one_word() -> None:
    assert compare_articles([make_article(name, ["a" * 1_000_000]) for name in "ab"]).copies == ()


@pytest.mark.timeout(20)
def test_three_thousand_identical_articles_are_one_group_in_bounded_space() -> None:
    articles = [make_article(f"{number:04}", invent_paragraphs(1, 3)) for number in range(3_000)]
    comparison = compare_articles(articles)
    members = group_copies([article.article_id for article in articles], comparison.copies, articles).members
    assert len(comparison.copies) < 17 * len(articles)
    assert {copy.kind for copy in comparison.copies} == {CopyKind.EXACT}
    assert {member.group_id for member in members} == {"g0000"}
    assert len(members) == 3_000
    assert Counter(member.role for member in members)[GroupRole.ORIGIN] == 1


@pytest.mark.timeout(20)
def test_six_hundred_nearly_identical_articles_are_one_group() -> None:
    text = invent_paragraphs(1, 2)
    articles = [make_article(f"{number:04}", [*text, f"Number {number} of many."]) for number in range(600)]
    comparison = compare_articles(articles)
    members = group_copies([article.article_id for article in articles], comparison.copies, articles).members
    assert len({member.group_id for member in members}) == 1
    assert len(members) == 600


@pytest.mark.timeout(20)
def test_an_article_that_quotes_a_thousand_others_is_paired_with_each() -> None:
    source = random.Random(5)
    sentences = [invent_sentence(source, 25) for _ in range(1_000)]
    quoted = [
        make_article(f"b{number:04}", [invent_sentence(source, 40), sentence])
        for number, sentence in enumerate(sentences)
    ]
    comparison = compare_articles([make_article("a", sentences), *quoted])
    assert (
        len({copy.article_id if copy.source_id == "a" else copy.source_id for copy in comparison.copies})
        == 1_000
    )
