from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.copies import Comparison, compare_articles
from pipelines.folding import fold_words
from pipelines.records import ComparedArticle, Copy, CopyKind, Direction
from tests.pipelines.copies_material import (
    invent_paragraph,
    invent_paragraphs,
    invent_sentence,
    make_article,
    passage_texts,
)

WIRE = invent_paragraphs(1)
OWN = invent_paragraphs(2)


def only_copy(comparison: Comparison) -> Copy:
    (copy,) = comparison.copies
    return copy


def compare_two(one: list[str], other: list[str]) -> Comparison:
    return compare_articles([make_article("a", one), make_article("b", other)])


def test_articles_that_share_nothing_are_no_pair() -> None:
    assert compare_two(WIRE, OWN) == Comparison((), ())


def test_the_same_words_in_other_typography_are_an_exact_copy() -> None:
    retyped = [paragraph.replace("“", '"').replace("”", '"').replace("’", "'").upper() for paragraph in WIRE]
    copy = only_copy(compare_two(WIRE, retyped))
    assert (copy.kind, copy.containment, copy.source_containment, copy.jaccard) == (
        CopyKind.EXACT,
        1.0,
        1.0,
        1.0,
    )


def test_a_dateline_and_a_local_paragraph_make_a_near_copy() -> None:
    local = [f"VELMORA, 3 May (Sarn Wire) — {WIRE[0]}", *WIRE[1:4], OWN[0], *WIRE[4:8]]
    assert only_copy(compare_two(WIRE, local)).kind is CopyKind.NEAR


def test_a_brief_cut_from_a_long_report_is_wholly_contained_in_it() -> None:
    copy = only_copy(compare_two(WIRE + OWN, WIRE[:2]))
    assert (copy.article_id, copy.source_id) == ("b", "a")
    assert copy.containment == 1.0
    assert copy.source_containment < 0.3
    assert copy.kind is CopyKind.PARTIAL


def test_paragraphs_pasted_into_a_commentary_are_found_one_by_one_where_they_stand() -> None:
    commentary = [OWN[0], WIRE[5], OWN[1], OWN[2], WIRE[2], OWN[3]]
    passages = compare_two(WIRE, commentary).passages
    assert [(passage.paragraph, passage.source_paragraph) for passage in passages] == [(1, 5), (4, 2)]
    assert {passage.similarity for passage in passages} == {1.0}


def test_a_merged_paragraph_is_cut_into_a_passage_for_each_source_paragraph() -> None:
    passages = compare_two(WIRE[:4], [OWN[0], f"{WIRE[1]} {WIRE[2]}"]).passages
    assert [(passage.paragraph, passage.source_paragraph) for passage in passages] == [(1, 1), (1, 2)]


def test_a_short_heading_between_copied_paragraphs_is_part_of_the_copy() -> None:
    report = [WIRE[0], "What happened next", WIRE[1]]
    comparison = compare_two(report, [OWN[0], *report])
    assert [passage.words for passage in comparison.passages][1] == 3
    assert only_copy(comparison).source_containment == 1.0


def test_swapped_paragraphs_are_wholly_found() -> None:
    assert only_copy(compare_two(WIRE, WIRE[5:] + WIRE[:5])).containment == 1.0


def test_passages_hold_the_words_between_first_and_last_and_no_marks_around() -> None:
    sentence = (
        "The Ferry’s captain, Old Jun, never left the harbour before the winter storm came over Velmora"
    )
    one, other = (
        make_article("a", [OWN[0], f"“{sentence}.”"]),
        make_article("b", [f"So: {sentence.upper()}!"]),
    )
    (passage,) = compare_articles([one, other]).passages
    assert passage_texts(passage, other, one) == (sentence.upper(), sentence)
    assert (passage.paragraph, passage.source_paragraph, passage.words) == (0, 1, 16)


def test_a_changed_word_lowers_the_similarity_of_its_passage_alone() -> None:
    words = invent_sentence(random.Random(3), 20).split()
    edited = " ".join([*words[:9], "otherwise", *words[10:]])
    (passage,) = compare_two([" ".join(words)], [edited]).passages
    assert (passage.words, passage.similarity) == (20, 19 / 20)


def test_a_set_phrase_of_eleven_words_is_no_copy() -> None:
    phrase = "who spoke on condition that their names would not be printed"
    assert compare_two([f"{WIRE[0]} {phrase}"], [f"{OWN[0]} {phrase}"]).copies == ()


def test_one_shared_sentence_in_two_long_articles_is_no_more_than_a_quote() -> None:
    sentence = invent_sentence(random.Random(3), 20)
    assert only_copy(compare_two([*WIRE, sentence], [sentence, *OWN])).kind is CopyKind.QUOTE


def test_a_speaker_s_words_that_both_set_in_quotation_marks_are_a_quote() -> None:
    speech = " ".join(invent_sentence(random.Random(seed), 20) for seed in (3, 4))
    one, other = [*WIRE, f"The mayor said: “{speech}”"], [f'"{speech}" the mayor told us.', *OWN]
    assert only_copy(compare_two(one, other)).kind is CopyKind.QUOTE


def test_reported_words_that_a_commentary_sets_in_quotation_marks_are_a_partial_copy() -> None:
    assert only_copy(compare_two(WIRE, [*OWN, f"“{WIRE[0]} {WIRE[1]}”"])).kind is CopyKind.PARTIAL


def test_the_later_article_is_filed_under_the_earlier_one() -> None:
    late, early = make_article("a", WIRE, hours=(9, 10)), make_article("b", WIRE[:5], hours=(1, 2))
    copy = only_copy(compare_articles([late, early]))
    assert (copy.article_id, copy.source_id, copy.direction) == ("a", "b", Direction.SOURCE_FIRST)
    assert copy.containment < copy.source_containment == 1.0


def test_an_agency_that_both_credit_is_named() -> None:
    articles = [make_article(name, WIRE, agencies=("Sarn Wire",)) for name in "ab"]
    assert only_copy(compare_articles(articles)).common_agency == "Sarn Wire"


def test_only_pairs_with_a_changed_article_are_compared() -> None:
    articles = [make_article(name, WIRE) for name in "abc"]
    every = compare_articles(articles)
    changed = compare_articles(articles, frozenset({"c"}))
    assert changed.copies == tuple(copy for copy in every.copies if "c" in (copy.article_id, copy.source_id))
    assert compare_articles(articles, frozenset()) == Comparison((), ())


def test_two_articles_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="two articles have the id a"):
        compare_articles([make_article("a", WIRE), make_article("a", OWN)])


def test_chinese_and_thai_are_compared_by_character() -> None:
    chinese = "港口工人星期五投票决定继续罢工直到合同签订为止市长说"
    thai = "คนงานท่าเรือลงมติหยุดงานต่อจนกว่าจะได้สัญญาใหม่"
    for text in (chinese, thai):
        passages = compare_two([f"甲乙丙丁。{text}。"], [f"ABC “{text}” def"]).passages
        assert [passage.start_char for passage in passages] == [5]


def test_words_that_every_page_of_an_outlet_carries_are_no_copy() -> None:
    plea = invent_sentence(random.Random(9), 25)
    articles = [
        make_article(f"a{seed}", [*invent_paragraphs(seed), plea], outlet="x.example") for seed in range(3, 9)
    ]
    assert compare_articles(articles).copies == ()


def test_local_files_are_of_no_outlet_and_have_no_stock() -> None:
    pages = [[*invent_paragraphs(seed), WIRE[0]] for seed in range(3, 9)]
    articles = [make_article(f"a{number}", page, outlet="file") for number, page in enumerate(pages)]
    assert len(compare_articles(articles).copies) == 15


def test_an_outlet_s_many_versions_of_one_text_are_still_pairs() -> None:
    versions = [make_article(f"a{cut}", WIRE[: 4 + cut], outlet="x.example") for cut in range(6)]
    assert len(compare_articles(versions).copies) == 15


def test_more_than_an_outlet_s_stock_is_shared_across_outlets() -> None:
    pages = [[*invent_paragraphs(seed), WIRE[0]] for seed in range(3, 9)]
    articles = [make_article(f"a{number}", page, outlet="x.example") for number, page in enumerate(pages)]
    comparison = compare_articles([*articles, make_article("b", [*OWN, WIRE[0]])])
    assert len(comparison.copies) == 6


@settings(deadline=None, max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_order_of_articles_changes_nothing(shuffler: random.Random) -> None:
    articles = family(5)
    expected = compare_articles(articles)
    shuffler.shuffle(articles)
    assert compare_articles(articles) == expected


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_passages_are_exact_and_within_one_paragraph_of_either_article(seed: int) -> None:
    articles = {article.article_id: article for article in family(seed)}
    for passage in compare_articles(list(articles.values())).passages:
        one, other = articles[passage.article_id], articles[passage.source_id]
        texts = passage_texts(passage, one, other)
        folded = [fold_words(text).hashes.tolist() for text in texts]
        assert [text.strip("“”’,. ") for text in texts] == list(texts)
        assert len(folded[0]) == passage.words >= 5
        assert folded[0][0] == folded[1][0]
        assert folded[0][-1] == folded[1][-1]
        assert (passage.similarity == 1.0) == (folded[0] == folded[1])
        assert paragraph_of(one, passage.start_char, passage.end_char) == passage.paragraph
        assert (
            paragraph_of(other, passage.source_start_char, passage.source_end_char)
            == passage.source_paragraph
        )


def family(seed: int) -> list[ComparedArticle]:
    """One text in five versions: whole, edited, cut, reordered, pasted between other paragraphs."""
    source = random.Random(seed)
    text = [invent_paragraph(source) for _ in range(6)]
    edited = [drop_words(paragraph, source) for paragraph in text]
    moved = source.sample(text, len(text))
    pasted = [invent_paragraph(source), *text[:2], invent_paragraph(source), " ".join(text[3:5])]
    return [
        make_article(name, own)
        for name, own in zip("dbeac", (text, edited, text[:3], moved, pasted), strict=True)
    ]


def drop_words(paragraph: str, source: random.Random) -> str:
    return " ".join(word for word in paragraph.split() if source.random() > 0.05)


def paragraph_of(article: ComparedArticle, start: int, end: int) -> int:
    (paragraph,) = {
        max(number for number, first in enumerate(article.paragraph_starts) if first <= place)
        for place in (start, end - 1)
    }
    return paragraph
