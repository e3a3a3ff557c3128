from __future__ import annotations

from pipelines.match import Match, judge_relevance
from pipelines.records import Relevance

STRIKE = Match(
    all=("Harbourtown|harbour", "strike|walkout"), any=("dockers", "port authority"), none=("football",)
)


def test_an_article_that_meets_every_entry_is_relevant() -> None:
    found = judge_relevance(STRIKE, "Walkout at the harbour", ["The port authority said so."])

    assert found == Relevance(1.0, ("harbour", "walkout", "port authority"))


def test_terms_in_the_body_alone_count_for_half() -> None:
    found = judge_relevance(STRIKE, "A quiet day", ["Nothing.", "The dockers' strike closed the harbour."])

    assert found is not None
    assert found.relevance == 0.5


def test_a_missing_entry_makes_it_irrelevant() -> None:
    assert judge_relevance(STRIKE, "Harbour festival", ["Dockers danced."]) is None


def test_a_forbidden_term_makes_it_irrelevant() -> None:
    assert judge_relevance(STRIKE, "Harbour strike", ["Dockers play football."]) is None


def test_a_term_is_a_whole_word() -> None:
    assert judge_relevance(Match(all=("strike",)), "The striker scored", []) is None


def test_a_plural_and_a_genitive_are_the_same_word() -> None:
    assert judge_relevance(Match(all=("strike",)), "Strikes spread", []) is not None
    assert judge_relevance(Match(all=("docker",)), "A docker’s day", []) is not None


def test_a_star_lets_any_ending_follow() -> None:
    assert judge_relevance(Match(all=("strik*",)), "Striking dockers", []) is not None


def test_case_and_accents_fold() -> None:
    assert judge_relevance(Match(all=("GRÈVE",)), "La greve continue", []) is not None


def test_scripts_without_spaces_match_inside_a_run() -> None:
    assert judge_relevance(Match(all=("罢工",)), None, ["港口工人罢工第三天"]) is not None


def test_a_text_like_the_given_one_is_relevant_without_any_term() -> None:
    text = "the cranes of the northern quay stood still on monday as four hundred people left at noon"
    found = judge_relevance(Match(like=(text,)), None, ["Before. " + text + ". After."])

    assert found is not None
    assert found.matched_terms == ("like",)


def test_an_empty_match_finds_nothing() -> None:
    assert judge_relevance(Match(), "Anything", ["at all"]) is None
