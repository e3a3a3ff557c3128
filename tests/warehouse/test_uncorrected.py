"""Copies that still carry what their source has removed or changed."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.benchmarks.copy_warehouse import BatchRun, compare_batch, load_batch
from tests.pipelines.copies_material import invent_paragraphs, invent_sentence, make_article
from tests.warehouse.material import (
    AGENCY,
    COPIER,
    LEAD,
    MIXER,
    SECOND,
    Piece,
    copy_rows,
    load_and_publish,
    piece_rows,
    whole_run,
)
from warehouse.connection import open_for_writing
from warehouse.copy_index import find_wrong, rebuild_index
from warehouse.lock import lock_warehouse
from warehouse.master import open_published, prepare_master, read_master
from warehouse.paths import WarehousePaths
from warehouse.questions import questions
from warehouse.rows import Row
from warehouse.schema import migrations

SATURDAY = "The old bridge over the Sarn at Velmora was closed on Saturday after inspectors found cracks."
SHORT = "Nobody was hurt."


def uncorrected(paths: WarehousePaths) -> list[tuple[object, ...]]:
    with open_published(paths.published) as connection:
        return connection.execute(
            "select article_id, source_id, text, source_text_now from uncorrected_copies order by all"
        ).fetchall()


def edit(paths: WarehousePaths, piece: Piece, version: int, *pairs: Row) -> None:
    run_id = f"run-{version}-of-{piece.outlet}"
    load_and_publish(paths, whole_run([*piece_rows(piece, run_id, version), *pairs], run_id), run_id)


def test_without_an_edit_nothing_is_uncorrected(press: WarehousePaths) -> None:
    assert uncorrected(press) == []


def test_a_sentence_that_the_source_removed_is_found_in_its_copy(loaded: WarehousePaths) -> None:
    edited = replace(AGENCY, paragraphs=(LEAD,))
    edit(loaded, edited, 2, *copy_rows(COPIER, edited, (LEAD,)), *copy_rows(MIXER, edited, (LEAD,)))

    assert uncorrected(loaded) == [(COPIER.article_id, AGENCY.article_id, SECOND, None)]


def test_the_ready_question_names_copy_source_and_sentence(loaded: WarehousePaths) -> None:
    edit(loaded, replace(AGENCY, paragraphs=(LEAD,)), 2)
    question = next(one for one in questions() if one.name == "uncorrected-copies")

    with open_published(loaded.published) as connection:
        rows = connection.execute(question.sql, {"story": None}).fetchall()

    assert [(row[0], row[2], row[3], row[4], row[6]) for row in rows] == [
        (COPIER.outlet, SECOND, AGENCY.outlet, None, False)
    ]


def test_a_sentence_that_the_source_changed_is_shown_with_what_stands_there_now(
    loaded: WarehousePaths,
) -> None:
    edited = replace(AGENCY, paragraphs=(SATURDAY, SECOND))
    edit(loaded, edited, 2, *copy_rows(COPIER, edited, (SECOND,)))

    assert uncorrected(loaded) == [
        (
            MIXER.article_id,
            AGENCY.article_id,
            LEAD,
            SATURDAY,
        ),  # it shares nothing else and is no pair any more
        (COPIER.article_id, AGENCY.article_id, LEAD, SATURDAY),
    ]


def test_a_copy_that_was_corrected_too_is_found_no_longer(loaded: WarehousePaths) -> None:
    edited = replace(AGENCY, paragraphs=(LEAD,))
    edit(loaded, edited, 2, *copy_rows(COPIER, edited, (LEAD,)))
    edit(loaded, replace(COPIER, paragraphs=(LEAD,)), 2, *copy_rows(COPIER, edited, (LEAD,)))

    assert uncorrected(loaded) == []


def test_what_a_copier_changed_is_no_news_about_its_source(loaded: WarehousePaths) -> None:
    edited = replace(COPIER, paragraphs=(LEAD,))
    edit(loaded, edited, 2, *copy_rows(edited, AGENCY, (LEAD,)))

    assert uncorrected(loaded) == []


def test_a_moved_quote_mark_or_a_joined_paragraph_is_no_change(loaded: WarehousePaths) -> None:
    edited = replace(AGENCY, paragraphs=(f"{LEAD.replace('closed', '“closed”').upper()} {SECOND[:-1]} …",))
    edit(loaded, edited, 2, *copy_rows(COPIER, AGENCY, (LEAD,)))

    assert uncorrected(loaded) == []


def test_the_newest_version_that_had_it_is_named_and_when_it_was_gone(loaded: WarehousePaths) -> None:
    edit(loaded, replace(AGENCY, paragraphs=(LEAD, SECOND, SHORT)), 2)
    edit(loaded, replace(AGENCY, paragraphs=(LEAD,)), 3)

    with open_published(loaded.published) as connection:
        found = connection.execute(
            """
            select
                uncorrected.paragraph,
                uncorrected.source_version,
                uncorrected.source_changed_at = article_versions.fetched_at,
                uncorrected.copy_seen_at = copies.fetched_at
            from uncorrected_copies as uncorrected
            inner join article_versions
                on uncorrected.source_id = article_versions.article_id and article_versions.version = 3
            inner join articles as copies on uncorrected.article_id = copies.article_id
            """
        ).fetchall()

    assert found == [(1, 2, True, True)]


def test_fingerprints_find_what_reading_every_text_finds(paths: WarehousePaths) -> None:
    source = random.Random(8)
    said = [invent_sentence(source, words) for words in range(9, 29)]
    said[3:5] = ["The U.S. envoy left " + said[3], "L’été « d’Ørjan » a fini à 3.5 km d’ici, " + said[4]]
    sources = [
        [*invent_paragraphs(number, 3), f"{one} {said[number - 1]}"] for number, one in enumerate(said)
    ]
    holders = [[*invent_paragraphs(100 + number, 4), one.upper()] for number, one in enumerate(said)]
    texts = {f"s{number:02}": texts for number, texts in enumerate(sources)}
    texts |= {f"t{number:02}": texts for number, texts in enumerate(holders)}
    with lock_warehouse(paths):
        prepare_master(paths)
        for version in (1, 2):
            articles = [make_article(name, text) for name, text in texts.items()]
            load_batch(paths, articles, compare_batch(paths, articles), BatchRun(f"run-{version}"))
            texts = {
                name: [*text[:-1], *(text[-1].replace(" ", " not ", 2) for _ in range(int(name[1:]) % 2))]
                for name, text in texts.items()
                if name.startswith("s")
            }
        first = next(one for one in migrations() if one.version == 8).statements
        with read_master(paths) as connection:
            now = connection.execute("from uncorrected_copies order by all").fetchall()
            view = first[first.index("create view uncorrected_copies") : first.index("comment on view")]
            connection.execute(
                view.replace("create view", "create temp view").replace("copies as", "then as", 1)
            )
            then = connection.execute("from uncorrected_then order by all").fetchall()

    assert len({row[2] for row in now}) >= 16  # of twenty sentences, three are too short
    assert sum(row[3] is not None for row in now) >= 8  # half of them were rewritten
    assert now == then


def test_fingerprints_of_replaced_versions_are_checked_and_made_again(loaded: WarehousePaths) -> None:
    edit(loaded, replace(AGENCY, paragraphs=(LEAD,)), 2)

    with open_for_writing(loaded.master) as connection:
        connection.execute("update internal.superseded_fingerprints set fingerprints = fingerprints[2:]")
        assert find_wrong(connection) == (AGENCY.article_id,)
        rebuild_index(connection)
        assert find_wrong(connection) == ()
