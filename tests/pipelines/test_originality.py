from __future__ import annotations

import random

from pipelines.copies import compare_articles
from pipelines.originality import originality
from pipelines.records import ComparedArticle
from tests.pipelines.copies_material import invent_paragraphs, invent_sentence, make_article

WIRE = invent_paragraphs(1, 4)
OWN = invent_paragraphs(2, 4)


def judge(article: ComparedArticle, *others: ComparedArticle) -> tuple[bool | None, ...]:
    comparison = compare_articles([article, *others])
    return originality(article, comparison.passages, comparison.copies)


def test_an_article_that_shares_nothing_is_all_its_own() -> None:
    assert judge(make_article("a", OWN), make_article("b", WIRE)) == (True,) * 4


def test_paragraphs_of_a_source_proven_earlier_are_not_the_article_s_own() -> None:
    late = make_article("a", [WIRE[0], OWN[0], WIRE[1]], hours=(5, 6))
    assert judge(late, make_article("b", WIRE, hours=(0, 1))) == (False, True, False)


def test_what_later_articles_took_stays_the_earlier_one_s_own() -> None:
    early = make_article("a", WIRE, hours=(0, 1))
    assert judge(early, make_article("b", WIRE, hours=(5, 6))) == (True,) * 4


def test_shared_paragraphs_are_undecided_where_the_times_prove_nothing() -> None:
    assert judge(make_article("a", [WIRE[0], OWN[0]]), make_article("b", WIRE)) == (None, True)


def test_an_agency_s_text_is_not_the_own_text_of_outlets_that_credit_it() -> None:
    one, other = (make_article(name, [*WIRE, OWN[0]][int(name == "b") :], agencies=("AP",)) for name in "ab")
    assert judge(one, other) == (True, False, False, False, False)


def test_an_agency_s_text_is_the_agency_s_own() -> None:
    agency = make_article("a", WIRE, outlet="apnews.com", hours=(5, 6))
    assert judge(agency, make_article("b", WIRE, agencies=("AP",), hours=(0, 1))) == (True,) * 4


def test_less_than_half_a_paragraph_borrowed_leaves_it_the_article_s_own() -> None:
    borrowed = invent_sentence(random.Random(7), 25)
    late = make_article("a", [f"{borrowed} {invent_sentence(random.Random(8), 40)}"], hours=(5, 6))
    assert judge(late, make_article("b", [borrowed, *WIRE], hours=(0, 1))) == (True,)


def test_a_speaker_s_words_that_an_earlier_article_quoted_too_are_undecided() -> None:
    quotation = f"“{invent_sentence(random.Random(7), 30)}”"
    late = make_article("a", [*OWN, quotation], hours=(5, 6))
    assert judge(late, make_article("b", [quotation, *WIRE], hours=(0, 1)))[-1] is None


def test_passages_of_other_articles_are_ignored() -> None:
    late = make_article("c", OWN, hours=(9, 10))
    assert judge(late, make_article("a", WIRE), make_article("b", WIRE)) == (True,) * 4


def test_a_paragraph_without_words_is_the_article_s_own() -> None:
    assert judge(make_article("a", ["…", WIRE[0]]), make_article("b", WIRE)) == (True, None)
