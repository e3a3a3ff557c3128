from __future__ import annotations

import random

import pytest

from pipelines.copies import compare_articles
from pipelines.folding import fold_words
from pipelines.records import ComparedArticle
from pipelines.resemblance import LINKS_AT_ONCE, measure_resemblances
from pipelines.shingles import count_shared, distinct_shingles
from tests.pipelines.copies_material import invent_paragraphs, make_article


def versions(count: int) -> list[ComparedArticle]:
    """Cuts of three texts, one of which repeats itself."""
    source = random.Random(3)
    texts = [invent_paragraphs(seed, 6) for seed in (1, 2)]
    texts.append(texts[0][:2] * 3)
    return [
        make_article(f"{number:03}", source.choice(texts)[: source.randint(1, 6)]) for number in range(count)
    ]


def test_counts_are_those_of_the_sets_of_shingles() -> None:
    articles = versions(40)
    shingles = {one.article_id: distinct_shingles(fold_words(one.text).hashes) for one in articles}
    found = list(measure_resemblances(articles))
    assert found
    for one in found:
        own, other = shingles[one.article_id], shingles[one.other_id]
        assert (one.size, one.other_size, one.shared) == (len(own), len(other), count_shared(own, other))


def test_pairs_and_jaccard_are_those_of_the_whole_comparison() -> None:
    articles = versions(60)
    found = {frozenset((one.article_id, one.other_id)): one.jaccard for one in measure_resemblances(articles)}
    whole = {
        frozenset((one.article_id, one.source_id)): one.jaccard for one in compare_articles(articles).copies
    }
    assert whole
    assert {pair: found[pair] for pair in whole} == whole


def test_more_links_than_are_compared_at_once_give_every_pair() -> None:
    text = invent_paragraphs(1, 1)
    articles = [make_article(f"{number:03}", [*text, f"Number {number}."]) for number in range(60)]
    pairs = {frozenset((one.article_id, one.other_id)) for one in measure_resemblances(articles)}
    assert len(pairs) == 60 * 59 // 2 > LINKS_AT_ONCE


@pytest.mark.parametrize(
    ("texts", "expected"), [([], []), ([""], []), (["", ""], []), (["a b c d e", "A b c d e"], [1.0])]
)
def test_hardly_any_text_is_measured_too(texts: list[str], expected: list[float]) -> None:
    articles = [make_article(str(number), [text]) for number, text in enumerate(texts)]
    assert [one.jaccard for one in measure_resemblances(articles)] == expected
