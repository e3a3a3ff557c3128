from __future__ import annotations

import pytest

from pipelines.direction import find_common_agency, order_pair, weigh
from pipelines.records import Direction, Evidence
from tests.benchmarks.bench_direction import measure
from tests.pipelines.copies_material import make_article

DAY = (0.0, 24.0)
NEXT_DAY = (24.5, 48.0)
SAME_DAY_LATER = (15.0, 15.0)


def test_the_article_whose_interval_ends_before_the_other_begins_is_the_source() -> None:
    early, late = make_article("z", ["Text."], hours=DAY), make_article("a", ["Text."], hours=NEXT_DAY)
    for ordered in (order_pair(early, late), order_pair(late, early)):
        assert (ordered.source, ordered.direction) == (early, Direction.SOURCE_FIRST)


@pytest.mark.parametrize("other", [SAME_DAY_LATER, DAY, (24.0, 30.0), None])
def test_intervals_that_overlap_or_are_missing_prove_nothing(other: tuple[float, float] | None) -> None:
    ordered = order_pair(make_article("a", ["Text."], hours=DAY), make_article("b", ["Text."], hours=other))
    assert ordered.direction is Direction.UNKNOWN


def test_an_interval_without_a_beginning_can_still_prove_the_source() -> None:
    early = make_article("a", ["Text."], hours=(1.0, 1.0))
    late = make_article("b", ["Text."], hours=(2.0, 9.0))
    assert order_pair(late, early).direction is Direction.SOURCE_FIRST


def test_a_pair_of_unknown_direction_is_filed_under_the_smaller_id() -> None:
    ordered = order_pair(make_article("b", ["Text."], hours=DAY), make_article("a", ["Text."]))
    assert ordered.source.article_id == "a"


def test_a_pair_of_unknown_direction_is_filed_under_the_earlier_end_where_both_have_one() -> None:
    whole_day, afternoon = (
        make_article("a", ["Text."], hours=DAY),
        make_article("b", ["Text."], hours=SAME_DAY_LATER),
    )
    assert order_pair(whole_day, afternoon).source == afternoon


def test_an_agency_that_both_credit_is_common() -> None:
    one, other = (make_article(name, ["Text."], agencies=("Sarn Wire", name)) for name in "ab")
    assert find_common_agency(one, other) == "Sarn Wire"


def test_an_agency_credited_by_one_only_is_not_common() -> None:
    one, other = make_article("a", ["Text."], agencies=("Sarn Wire",)), make_article("b", ["Text."])
    assert find_common_agency(one, other) is None


def test_the_agency_s_own_site_counts_as_credit() -> None:
    one = make_article("a", ["Text."], outlet="apnews.com")
    other = make_article("b", ["Text."], agencies=("AP",))
    assert find_common_agency(one, other) == "AP"


@pytest.mark.parametrize(
    ("hours", "evidence", "confidence"),
    [
        ((2.0, 2.0), Evidence.PUBLISHED_BEFORE, 0.98),
        ((1.1, 1.2), Evidence.PUBLISHED_BEFORE, 0.8),
        ((24.0, 48.0), Evidence.PUBLISHED_BEFORE, 0.9),
        ((1.0, 2.0), Evidence.TIMES_OVERLAP, 0.5),
        (None, Evidence.TIME_MISSING, 0.5),
    ],
)
def test_an_order_says_what_it_rests_on(
    hours: tuple[float, float] | None, evidence: Evidence, confidence: float
) -> None:
    one, other = make_article("a", ["Text."], hours=(1.0, 1.0)), make_article("b", ["Text."], hours=hours)
    assert weigh(order_pair(one, other)) == ((evidence,), confidence)


def test_a_common_agency_says_what_it_rests_on() -> None:
    page = make_article("a", ["Text."], outlet="apnews.com")
    one, other = (make_article(name, ["Text."], agencies=("AP",)) for name in "bc")
    assert Evidence.AGENCY_PAGE in weigh(order_pair(page, one))[0]
    assert Evidence.BOTH_CREDIT in weigh(order_pair(one, other))[0]


def test_no_arrow_of_generated_families_is_wrong_and_the_decidable_are_claimed() -> None:
    score = measure(40)
    assert score.wrong_arrows == score.wrong_common == 0
    assert score.claimed >= 0.9 * score.decidable > 0
    assert score.common_claimed == score.common > 0
