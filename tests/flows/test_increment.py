"""Articles that come in many batches give what they give in one."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.copies import compare_articles
from pipelines.groups import group_copies
from pipelines.records import ComparedArticle
from tests.benchmarks.copy_warehouse import BatchRun, add_batch, warehouse_at
from tests.pipelines.copies_material import invent_paragraphs, invent_sentence, make_article
from warehouse.connection import open_for_reading
from warehouse.invariants import check_all
from warehouse.paths import WarehousePaths


def add_in_batches(paths: WarehousePaths, batches: Sequence[Sequence[ComparedArticle]]) -> None:
    for number, batch in enumerate(batches, start=1):
        add_batch(paths, batch, BatchRun(f"run-{number}"))


def stored(
    paths: WarehousePaths,
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], set[frozenset[str]]]:
    """The pairs, the passages, and the groups as sets of articles."""
    groups = defaultdict(set)
    with open_for_reading(paths.master) as connection:
        assert check_all(connection) == ()
        copies = connection.execute("select * from copies order by all").fetchall()
        passages = connection.execute("select * from reused_passages order by all").fetchall()
        for group_id, article_id in connection.execute(
            "select group_id, article_id from wire_groups"
        ).fetchall():
            groups[group_id].add(article_id)
    return copies, passages, {frozenset(members) for members in groups.values()}


def names(paths: WarehousePaths) -> dict[str, str]:
    with open_for_reading(paths.master) as connection:
        return dict(connection.execute("select article_id, group_id from wire_groups").fetchall())


def family(seed: int, versions: int = 4) -> list[ComparedArticle]:
    """One text, cut and edited, and a commentary that quotes it."""
    source = random.Random(seed)
    text, own = invent_paragraphs(seed, 6), invent_paragraphs(seed + 500, 3)
    made = [
        make_article(f"{seed:03}{version}", text[: source.randint(2, 6)], hours=(version, version + 1))
        for version in range(versions)
    ]
    quoting = [own[0], text[0], own[1], own[2]]
    return [*made, make_article(f"{seed:03}q", quoting, hours=(9, 10))]


@settings(deadline=None, max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(2, 3))
def test_many_batches_in_any_order_give_what_one_gives(
    tmp_path_factory: pytest.TempPathFactory, shuffler: random.Random, count: int
) -> None:
    articles = [article for seed in (1, 2, 3) for article in family(seed)]
    once, often = (warehouse_at(tmp_path_factory.mktemp("copies")) for _ in range(2))
    add_in_batches(once, [articles])
    shuffler.shuffle(articles)
    add_in_batches(often, [articles[start::count] for start in range(count)])

    assert stored(often) == stored(once)


def test_the_index_gives_what_a_comparison_in_memory_gives(tmp_path: Path) -> None:
    articles = [article for seed in (1, 2, 3) for article in family(seed)]
    expected = compare_articles(articles)
    paths = warehouse_at(tmp_path)
    add_in_batches(paths, [articles[:7], articles[7:]])

    copies, passages, groups = stored(paths)
    assert {row[:2] for row in copies} == {(copy.article_id, copy.source_id) for copy in expected.copies}
    assert len(passages) == len(expected.passages)
    members = group_copies([one.article_id for one in articles], expected.copies, articles).members
    assert {article_id for group in groups for article_id in group} == {one.article_id for one in members}


def test_a_new_version_is_compared_anew_and_its_old_pairs_go(tmp_path: Path) -> None:
    text, own = invent_paragraphs(1, 4), invent_paragraphs(2, 4)
    paths = warehouse_at(tmp_path)
    add_in_batches(
        paths,
        [
            [make_article("a", text), make_article("b", text)],
            [make_article("b", own), make_article("c", own)],
        ],
    )

    copies, _, groups = stored(paths)
    assert [row[:2] for row in copies] == [("c", "b")]
    assert groups == {frozenset("bc")}


def test_a_group_keeps_its_name_when_a_smaller_id_joins(tmp_path: Path) -> None:
    text = invent_paragraphs(1, 4)
    paths = warehouse_at(tmp_path)
    add_in_batches(paths, [[make_article(name, text) for name in batch] for batch in ("mn", "a", "z")])

    assert names(paths) == dict.fromkeys("mnaz", "gm")


def test_two_groups_that_an_article_joins_keep_one_name_and_the_other_is_logged(tmp_path: Path) -> None:
    text = invent_paragraphs(1, 6)
    left, right, whole = text[:4], text[2:], text
    paths = warehouse_at(tmp_path)
    add_in_batches(
        paths,
        [
            [make_article("b", left), make_article("c", left)],
            [make_article("d", right), make_article("e", right), make_article("f", right)],
            [make_article("a", whole)],
        ],
    )

    with open_for_reading(paths.master) as connection:
        merges = connection.execute("select * from group_merges").fetchall()
    assert set(names(paths).values()) == {"gd"}
    assert merges == [("gb", "gd", "run-3")]


def test_many_copies_of_one_text_give_the_same_pairs_in_any_batches(tmp_path: Path) -> None:
    text = invent_paragraphs(1, 1)
    articles = [make_article(f"{number:03}", text, hours=(0, 200 - number)) for number in range(140)]
    once, often = warehouse_at(tmp_path / "once"), warehouse_at(tmp_path / "often")
    add_in_batches(once, [articles])
    add_in_batches(often, [articles[:60], articles[60:120], articles[120:]])

    assert stored(often) == stored(once)


def test_an_outlets_stock_is_told_in_any_batches(tmp_path: Path) -> None:
    plea = invent_sentence(random.Random(9), 30)
    articles = [
        make_article(
            f"a{day}", [*invent_paragraphs(day, 8), plea], outlet="x.example", hours=(24 * day, 24 * day + 1)
        )
        for day in range(3, 10)
    ]
    paths = warehouse_at(tmp_path)
    add_in_batches(paths, [articles[:3], articles[3:4], articles[4:]])

    assert stored(paths)[0] == []


def test_the_files_of_the_index_are_made_again_where_they_are_lost(tmp_path: Path) -> None:
    text = invent_paragraphs(1, 4)
    paths = warehouse_at(tmp_path)
    add_in_batches(paths, [[make_article(name, text)] for name in "abc"])
    for path in paths.index.rglob("*.npy"):
        path.write_bytes(b"")
    add_batch(paths, [make_article("d", text)], BatchRun("run-4"))

    assert len(stored(paths)[0]) == 6


@pytest.mark.parametrize("agency_hours", [(0, 1), (5, 6)])
def test_text_of_an_agency_article_is_its_own_in_every_pair_however_late_it_is_found(
    tmp_path: Path, agency_hours: tuple[float, float]
) -> None:
    text = invent_paragraphs(1, 4)
    paths = warehouse_at(tmp_path)
    papers = [make_article(name, text, hours=(2 + at, 2 + at)) for at, name in enumerate("ab")]
    add_in_batches(paths, [papers, [make_article("w", text, outlet="apnews.com", hours=agency_hours)]])

    with open_for_reading(paths.master) as connection:
        rows = connection.execute(
            "select common_agency, contains(evidence, 'agency_article') from copies where source_id = 'a'"
        ).fetchall()
    is_first = agency_hours == (0, 1)
    assert ("AP", True) in rows if is_first else rows == [(None, False)] * len(rows)
