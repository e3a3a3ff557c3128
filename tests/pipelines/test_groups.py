from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.groups import group_copies
from pipelines.records import Copy, GroupMember, GroupRole
from tests.pipelines.copies_material import make_article, make_copy


def group(copies: list[Copy], **articles: dict[str, object]) -> tuple[GroupMember, ...]:
    made = [make_article(name, ["Text."], **values) for name, values in articles.items()]  # type: ignore[arg-type]
    return group_copies([article.article_id for article in made], copies, made).members


def origin_of(members: tuple[GroupMember, ...]) -> list[str]:
    return [member.article_id for member in members if member.role is GroupRole.ORIGIN]


def test_near_identical_articles_form_a_group_called_after_the_smallest_id() -> None:
    members = group([make_copy("c", "b"), make_copy("b", "d")], a={}, b={}, c={}, d={})
    assert [(member.group_id, member.article_id) for member in members] == [
        ("gb", "b"),
        ("gb", "c"),
        ("gb", "d"),
    ]


def test_containment_alone_joins_nothing() -> None:
    assert group([make_copy("a", "b", jaccard=0.49, containment=1.0)], a={}, b={}) == ()


def test_an_article_without_copies_is_in_no_group() -> None:
    assert group([], a={}, b={}) == ()


def test_the_agency_s_own_page_is_the_origin_even_if_another_was_earlier() -> None:
    members = group(
        [make_copy("a", "b"), make_copy("a", "c")],
        a={"hours": (0, 1), "agencies": ("AP",)},
        b={"outlet": "apnews.com", "hours": (5, 6)},
        c={"agencies": ("AP",)},
    )
    assert (origin_of(members), {member.agency for member in members}) == (["b"], {"AP"})


def test_a_credited_text_goes_before_an_earlier_one_without_credit() -> None:
    members = group([make_copy("a", "b")], a={"hours": (0, 1)}, b={"hours": (5, 6), "agencies": ("AP",)})
    assert origin_of(members) == ["b"]


def test_the_proven_earliest_is_the_origin_where_no_agency_is_credited() -> None:
    members = group(
        [make_copy("a", "b"), make_copy("b", "c")],
        a={"hours": (5, 6)},
        b={"hours": (2, 3)},
        c={"hours": (0, 1)},
    )
    assert (origin_of(members), members[0].agency) == (["c"], None)


def test_a_proven_later_one_is_not_the_origin_though_it_holds_more() -> None:
    members = group(
        [
            make_copy("a", "b", containment=0.6, source_containment=1.0),
            make_copy("a", "c"),
            make_copy("b", "c"),
        ],
        a={"hours": (5, 6)},
        b={"hours": (0, 1)},
        c={},
    )
    assert origin_of(members) != ["a"]


def test_of_undated_members_the_one_that_holds_most_of_the_others_is_the_origin() -> None:
    copies = [make_copy("a", "b", containment=1.0, source_containment=0.6)]
    assert origin_of(group(copies, a={}, b={})) == ["b"]


def test_a_copy_of_an_article_that_is_not_asked_for_is_left_out() -> None:
    made = [make_article("a", ["Text."]), make_article("b", ["Text."])]
    assert group_copies(["a"], [make_copy("a", "b")], made).members == ()


@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), st.booleans()), max_size=12),
    st.randoms(use_true_random=False),
)
def test_the_order_of_pairs_and_articles_changes_no_group(
    pairs: list[tuple[str, str, bool]], shuffler
) -> None:  # type: ignore[no-untyped-def]
    copies = [
        make_copy(one, other, jaccard=0.7 if near else 0.3) for one, other, near in pairs if one != other
    ]
    articles = [make_article(name, ["Text."]) for name in "abcdefgh"]
    expected = group_copies(list("abcdefgh"), copies, articles).members
    shuffler.shuffle(copies)
    shuffler.shuffle(articles)
    ids = [article.article_id for article in articles]
    assert group_copies(ids, copies, articles).members == expected
    assert sum(member.role is GroupRole.ORIGIN for member in expected) == len(
        {member.group_id for member in expected}
    )
