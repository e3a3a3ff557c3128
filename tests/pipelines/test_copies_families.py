from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from pipelines.copies import compare_articles
from pipelines.folding import fold_words
from pipelines.records import ComparedArticle, Copy, CopyKind
from tests.benchmarks.copy_families import (
    NEWS,
    SpanScores,
    build_article,
    load_copy_maker,
    make_families,
    read_news,
    score_spans,
    split_paragraphs,
)
from tests.pipelines.copies_material import invent_paragraphs, make_article

FLOORS = json.loads((Path(__file__).parents[1] / "floors.json").read_text(encoding="utf-8"))["copies"]
DOCUMENTS = NEWS.parent / "documents"
FAMILIES = 40
REAL_ARTICLES = 300


@pytest.fixture(scope="module")
def span_scores() -> SpanScores:
    maker = load_copy_maker()
    if maker is None:
        pytest.skip("the generator of labelled copies is absent")
    bases = [(f"base{seed:02}", invent_paragraphs(seed, 8)) for seed in range(FAMILIES)]
    labelled = make_families(maker, bases, seed=11)
    return score_spans(labelled, compare_articles([one.article for one in labelled]).passages)


def test_copied_words_are_found(span_scores: SpanScores) -> None:
    assert span_scores.recall("verbatim", "typo") >= FLOORS["passage_recall"]


def test_found_words_are_copied(span_scores: SpanScores) -> None:
    assert span_scores.precision >= FLOORS["passage_precision"]


def test_words_quoted_in_a_commentary_are_found(span_scores: SpanScores) -> None:
    assert span_scores.recall("quote") >= FLOORS["quote_recall"]


def test_lightly_paraphrased_words_are_found(span_scores: SpanScores) -> None:
    assert span_scores.recall("para") >= FLOORS["paraphrase_recall"]


@pytest.fixture(scope="module")
def real_articles() -> list[ComparedArticle]:
    if not NEWS.exists():
        pytest.skip("the real articles are absent")
    rows = [(number, outlet, split_paragraphs(text)) for number, outlet, text in read_news(REAL_ARTICLES)]
    whole = [build_article(f"a{number}", outlet, paragraphs) for number, outlet, paragraphs in rows]
    cut = [
        build_article(f"b{number}", "other", paragraphs[: 1 + len(paragraphs) // 2])
        for number, _, paragraphs in rows[::5]
    ]
    return whole + cut


def test_real_articles_give_the_pairs_of_a_brute_force_comparison(
    real_articles: list[ComparedArticle],
) -> None:
    copies = {
        frozenset((copy.article_id, copy.source_id)): copy for copy in compare_articles(real_articles).copies
    }
    expected = {pair: value for pair, value, _ in compare_by_force(real_articles) if value >= 0.5}
    assert {pair: copy.jaccard for pair, copy in copies.items() if copy.jaccard >= 0.5} == expected
    assert len(expected) > 30


def test_real_articles_contained_in_others_are_all_found(real_articles: list[ComparedArticle]) -> None:
    pairs = {frozenset((copy.article_id, copy.source_id)) for copy in compare_articles(real_articles).copies}
    contained = {pair for pair, _, containment in compare_by_force(real_articles) if containment >= 0.5}
    assert len(contained) >= REAL_ARTICLES / 5
    assert contained <= pairs


def compare_by_force(articles: list[ComparedArticle]) -> Iterator[tuple[frozenset[str], float, float]]:
    """Jaccard and the greater containment of every pair that shares a shingle, by sets of word tuples."""
    shingles = {}
    for article in articles:
        words = fold_words(article.text).hashes.tolist()
        shingles[article.article_id] = {tuple(words[place : place + 5]) for place in range(len(words) - 4)}
    for one, other in combinations(shingles, 2):
        shared = len(shingles[one] & shingles[other])
        if shared:
            sizes = len(shingles[one]), len(shingles[other])
            yield frozenset((one, other)), shared / (sum(sizes) - shared), shared / min(sizes)


@pytest.fixture
def real_documents() -> list[list[str]]:
    if not DOCUMENTS.exists():
        pytest.skip("the real documents are absent")
    files = sorted(DOCUMENTS.glob("*.expected.json"))
    return [json.loads(path.read_text(encoding="utf-8"))["paragraphs"] for path in files]


def test_two_write_ups_of_one_report_are_no_copies_of_each_other(real_documents: list[list[str]]) -> None:
    articles = [make_article(f"d{number}", own) for number, own in enumerate(real_documents)]
    assert compare_articles(articles).copies == ()


def test_a_report_that_one_of_two_documents_pastes_is_told_from_them(real_documents: list[list[str]]) -> None:
    pasted = max(real_documents, key=len)
    report = make_article(
        "report", [*pasted[2:5], *invent_paragraphs(4)], hours=(0, 1), agencies=("Sarn Wire",)
    )
    others = [make_article(f"d{number}", own, hours=(9, 9)) for number, own in enumerate(real_documents)]
    (copy,) = compare_articles([report, *others]).copies
    assert (copy.source_id, copy.article_id) == ("report", f"d{real_documents.index(pasted)}")
    assert copy.kind is CopyKind.PARTIAL
    assert copy.common_agency is None


def test_no_arrow_is_wrong_where_dates_are_days_or_missing() -> None:
    source = random.Random(3)
    articles, hours = [], {}
    for number in range(60):
        text = invent_paragraphs(number // 3)
        hour = hours[f"a{number:02}"] = source.uniform(0, 200)
        day = (hour // 24 * 24, hour // 24 * 24 + 24)
        interval = source.choice([None, day, (hour, hour), (hour - 1, hour + 3)])
        articles.append(make_article(f"a{number:02}", text, hours=interval))
    copies: tuple[Copy, ...] = compare_articles(articles).copies
    claimed = [copy for copy in copies if copy.direction == "source_first"]
    assert len(copies) == 60
    assert len(claimed) > 20
    assert all(hours[copy.source_id] < hours[copy.article_id] for copy in claimed)
