"""A load: all or nothing, the same twice, and only what it touches changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from pipelines.outlet_table import OutletRow
from pipelines.records import CopyKind, Direction, Fate, GroupRole
from tests.warehouse.material import (
    AGENCY,
    COPIER,
    LEAD,
    MIXER,
    NOON,
    OTHER,
    OWNER,
    SECOND,
    STORY,
    Piece,
    contents,
    copy_rows,
    fate_row,
    load_and_publish,
    piece_rows,
    press_rows,
    stage,
    whole_run,
)
from warehouse.connection import open_for_reading
from warehouse.errors import CheckFailed, StagingDefect
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.master import open_published, prepare_master
from warehouse.outlets import replace_outlets
from warehouse.paths import WarehousePaths
from warehouse.publish import publish
from warehouse.rows import (
    ComparedRow,
    CopyRow,
    LegalSignalRow,
    ParagraphRow,
    ReusedPassageRow,
    Row,
    RunKind,
    RunRow,
    StoryArticleRow,
    UrlFateRow,
    VersionRow,
    WireGroupRow,
)


def rows_of(paths: WarehousePaths, query: str) -> list[tuple[object, ...]]:
    with open_published(paths.published) as connection:
        rows: list[tuple[object, ...]] = connection.execute(query).fetchall()
    return rows


def unchanged_run(run_id: str) -> list[Row]:
    return whole_run(
        [
            fate_row(piece.url, run_id, Fate.UNCHANGED, article_id=piece.article_id, outlet=piece.outlet)
            for piece in (AGENCY, COPIER, MIXER, OWNER)
        ],
        run_id,
        started_at=NOON + timedelta(days=2),
    )


def test_a_run_is_loaded_whole(loaded: WarehousePaths) -> None:
    tables = contents(loaded)

    assert {name: len(rows) for name, rows in tables.items()} == {
        "article_versions": 4,
        "articles": 4,
        "copies": 3,
        "credit_signals": 4,
        "group_merges": 0,
        "outlets": 0,
        "legal_signals": 1,
        "paragraphs": 7,
        "removed_blocks": 8,
        "reused_passages": 4,
        "runs": 1,
        "stories": 1,
        "story_articles": 4,
        "time_signals": 8,
        "url_fates": 7,
        "wire_groups": 2,
    }


def test_loading_a_run_twice_equals_loading_it_once(loaded: WarehousePaths) -> None:
    before = contents(loaded)

    report = load_and_publish(loaded, press_rows())

    assert report.was_loaded_before
    assert contents(loaded) == before


def test_a_run_that_finds_nothing_new_changes_only_runs_and_fates(loaded: WarehousePaths) -> None:
    before = contents(loaded)

    load_and_publish(loaded, unchanged_run("run-2"), "run-2")

    after = contents(loaded)
    assert {name for name in before if before[name] != after[name]} == {"runs", "url_fates"}


def test_the_order_of_staged_rows_does_not_matter(tmp_path_factory: pytest.TempPathFactory) -> None:
    one = WarehousePaths.of(tmp_path_factory.mktemp("one") / "w.duckdb")
    other = WarehousePaths.of(tmp_path_factory.mktemp("other") / "w.duckdb")

    load_and_publish(one, press_rows())
    load_and_publish(other, reversed(press_rows()))

    assert contents(one) == contents(other)


def without_the_failed_url(rows: Iterable[Row]) -> list[Row]:
    """A run that lost a URL on the way: it is counted and has no fate."""
    return [row for row in rows if not (isinstance(row, UrlFateRow) and row.fate is Fate.FAILED)]


def test_a_failed_check_takes_everything_back(loaded: WarehousePaths) -> None:
    before = contents(loaded)
    piece = Piece("late.example", (OTHER,))
    failed = fate_row("https://late.example/x", "run-2", Fate.FAILED, reason="dns", outlet="late.example")
    lost = without_the_failed_url(whole_run([*piece_rows(piece, "run-2"), failed], "run-2"))

    with lock_warehouse(loaded), pytest.raises(CheckFailed):
        load_run(loaded, stage(loaded, lost, "run-2"))

    with lock_warehouse(loaded):
        publish(loaded)
    assert contents(loaded) == before


def test_a_lost_url_is_a_complaint_with_its_numbers(paths: WarehousePaths) -> None:
    lost = without_the_failed_url(press_rows())

    with (
        lock_warehouse(paths),
        pytest.raises(CheckFailed, match=r"add_up .*1 counted as failed, 0 with that"),
    ):
        load_run(paths, stage(paths, lost))


def test_two_staged_rows_with_one_key_are_a_defect_that_names_it(paths: WarehousePaths) -> None:
    doubled = [*press_rows(), fate_row(AGENCY.url, "run-1", Fate.REJECTED, reason="off_topic", outlet="x")]

    with lock_warehouse(paths), pytest.raises(StagingDefect, match=r"sarn-wire\.example/bridge") as caught:
        load_run(paths, stage(paths, doubled))

    assert caught.value.table == "url_fates"


def test_a_version_that_is_stored_already_is_a_defect_that_names_it(loaded: WarehousePaths) -> None:
    again = whole_run(piece_rows(AGENCY, "run-2"), "run-2")

    with lock_warehouse(loaded), pytest.raises(StagingDefect, match=AGENCY.article_id):
        load_run(loaded, stage(loaded, again, "run-2"))


def test_a_value_of_the_wrong_kind_is_a_defect_that_names_its_table(paths: WarehousePaths) -> None:
    wrong = [
        replace(row, word_count="many") if isinstance(row, ParagraphRow) else row  # type: ignore[arg-type]
        for row in press_rows()
    ]

    with lock_warehouse(paths), pytest.raises(StagingDefect, match="paragraphs"):
        load_run(paths, stage(paths, wrong))


def test_a_missing_value_is_a_defect_that_names_its_table(paths: WarehousePaths) -> None:
    wrong = [
        replace(row, text=None) if isinstance(row, VersionRow) else row  # type: ignore[arg-type]
        for row in press_rows()
    ]

    with lock_warehouse(paths), pytest.raises(StagingDefect, match=r"article_versions.*text"):
        load_run(paths, stage(paths, wrong))


def test_a_staging_without_its_run_is_a_defect(paths: WarehousePaths) -> None:
    rows = [row for row in press_rows() if not isinstance(row, RunRow)]

    with lock_warehouse(paths), pytest.raises(StagingDefect, match="0 runs"):
        load_run(paths, stage(paths, rows))


def edited_run(run_id: str = "run-2") -> list[Row]:
    """The copier drops the second paragraph; its pairs are compared anew."""
    edited = replace(COPIER, paragraphs=(LEAD, OTHER))
    return whole_run(
        [
            *piece_rows(edited, run_id, version=2),
            *copy_rows(edited, AGENCY, (LEAD,)),
            *copy_rows(MIXER, edited, (LEAD,)),
        ],
        run_id,
    )


def test_an_edit_makes_a_version_and_renews_what_hangs_on_it(loaded: WarehousePaths) -> None:
    load_and_publish(loaded, edited_run(), "run-2")

    assert rows_of(
        loaded, f"select version from article_versions where article_id = '{COPIER.article_id}' order by all"
    ) == [(1,), (2,)]
    assert rows_of(
        loaded,
        f"select position, is_original from paragraphs where article_id = '{COPIER.article_id}' order by all",
    ) == [(0, False), (1, True)]
    assert rows_of(
        loaded, f"select count(*) from reused_passages where article_id = '{COPIER.article_id}'"
    ) == [(1,)]


def test_pairs_of_articles_that_were_not_compared_stay(loaded: WarehousePaths) -> None:
    load_and_publish(loaded, edited_run(), "run-2")

    assert rows_of(
        loaded, f"select source_id from copies where article_id = '{MIXER.article_id}' order by all"
    ) == sorted([(AGENCY.article_id,), (COPIER.article_id,)])


def test_groups_are_replaced_whole_when_anything_was_compared(loaded: WarehousePaths) -> None:
    load_and_publish(loaded, edited_run(), "run-2")

    assert rows_of(loaded, "select * from wire_groups") == []


def test_an_earlier_source_found_later_makes_old_paragraphs_unoriginal(loaded: WarehousePaths) -> None:
    earlier = Piece("north-desk.example", (OTHER,), hours=-3)
    groups = [
        WireGroupRow("g1", AGENCY.article_id, GroupRole.ORIGIN, "Sarn Wire"),
        WireGroupRow("g1", COPIER.article_id, GroupRole.COPY, "Sarn Wire"),
    ]
    rows = [*piece_rows(earlier, "run-2"), *copy_rows(OWNER, earlier, (OTHER,)), *groups]

    load_and_publish(loaded, whole_run(rows, "run-2"), "run-2")

    assert rows_of(loaded, f"select is_original from paragraphs where article_id = '{OWNER.article_id}'") == [
        (False,)
    ]


def test_a_paragraph_whose_order_is_not_proven_is_neither_original_nor_not(paths: WarehousePaths) -> None:
    unproven = [
        replace(row, direction=Direction.UNKNOWN)
        if isinstance(row, CopyRow)
        else replace(row, publishing_agency=None)
        if isinstance(row, VersionRow)
        else row
        for row in press_rows()
    ]

    load_and_publish(paths, unproven)

    assert rows_of(
        paths, f"select is_original from paragraphs where article_id = '{MIXER.article_id}' order by position"
    ) == [(None,), (True,)]


def test_an_agency_is_taken_to_be_the_author_of_what_it_publishes(paths: WarehousePaths) -> None:
    unproven = [
        replace(row, direction=Direction.UNKNOWN) if isinstance(row, CopyRow) else row for row in press_rows()
    ]

    load_and_publish(paths, unproven)

    assert rows_of(
        paths, f"select distinct is_original from paragraphs where article_id = '{AGENCY.article_id}'"
    ) == [(True,)]


def test_text_that_both_ran_from_an_agency_is_nobodys_own_but_the_agencys(paths: WarehousePaths) -> None:
    credited = [
        replace(row, direction=Direction.UNKNOWN, common_agency="Sarn Wire")
        if isinstance(row, CopyRow)
        else row
        for row in press_rows()
    ]

    load_and_publish(paths, credited)

    assert rows_of(
        paths, f"select is_original from paragraphs where article_id = '{MIXER.article_id}' order by position"
    ) == [(False,), (True,)]
    assert rows_of(
        paths, f"select distinct is_original from paragraphs where article_id = '{AGENCY.article_id}'"
    ) == [(True,)]


def test_a_shared_quote_leaves_a_paragraph_original(paths: WarehousePaths) -> None:
    quoted = [replace(row, kind=CopyKind.QUOTE) if isinstance(row, CopyRow) else row for row in press_rows()]

    load_and_publish(paths, quoted)

    assert rows_of(paths, "select distinct is_original from paragraphs") == [(True,)]


def test_a_passage_shorter_than_half_a_paragraph_leaves_it_original(paths: WarehousePaths) -> None:
    short = [
        replace(row, end_char=row.start_char + 40, source_end_char=row.source_start_char + 40)
        if isinstance(row, ReusedPassageRow)
        else row
        for row in press_rows()
    ]

    load_and_publish(paths, short)

    assert rows_of(paths, "select distinct is_original from paragraphs") == [(True,)]


def test_passages_that_overlap_are_not_counted_twice(paths: WarehousePaths) -> None:
    # both sources give the same 40 of 91 characters: together still less than half of the paragraph
    short = [
        replace(row, end_char=row.start_char + 40, source_end_char=row.source_start_char + 40)
        if isinstance(row, ReusedPassageRow) and row.article_id == MIXER.article_id
        else row
        for row in press_rows()
    ]

    load_and_publish(paths, short)

    assert rows_of(
        paths, f"select is_original from paragraphs where article_id = '{MIXER.article_id}' order by position"
    ) == [(True,), (True,)]


def test_a_comparison_without_a_new_version_replaces_the_pairs(loaded: WarehousePaths) -> None:
    compared = [ComparedRow(MIXER.article_id), *copy_rows(MIXER, AGENCY, (LEAD,))]

    load_and_publish(loaded, whole_run(compared, "run-2"), "run-2")

    assert rows_of(loaded, f"select source_id from copies where article_id = '{MIXER.article_id}'") == [
        (AGENCY.article_id,)
    ]


def test_a_legal_signal_is_kept_once_with_its_first_time(loaded: WarehousePaths) -> None:
    later = NOON + timedelta(days=3)
    rows: list[Row] = [
        LegalSignalRow(AGENCY.outlet, later, "tdm-reservation", "1"),
        LegalSignalRow(AGENCY.outlet, later, "tdm-reservation", "0"),
        LegalSignalRow(AGENCY.outlet, later + timedelta(hours=1), "tdm-reservation", "0"),
        LegalSignalRow(AGENCY.outlet, later, "tdm-reservation", "1", AGENCY.url),
    ]

    load_and_publish(loaded, whole_run(rows, "run-2"), "run-2")

    assert rows_of(loaded, 'select value, url, "at" from legal_signals order by all') == [
        ("0", None, later),
        ("1", AGENCY.url, later),
        ("1", None, NOON),
    ]


def test_a_legal_signal_that_changed_back_is_kept_with_each_time(loaded: WarehousePaths) -> None:
    said = [("run-2", "0"), ("run-3", "0"), ("run-4", "1")]
    for days, (run, value) in enumerate(said, 1):
        at = NOON + timedelta(days=days)
        rows: list[Row] = [LegalSignalRow(AGENCY.outlet, at, "tdm-reservation", value)]
        load_and_publish(loaded, whole_run(rows, run), run)

    assert rows_of(loaded, 'select "at", value from legal_signals order by all') == [
        (NOON, "1"),
        (NOON + timedelta(days=1), "0"),
        (NOON + timedelta(days=3), "1"),
    ]


def test_a_second_story_lists_an_article_that_is_there_already(loaded: WarehousePaths) -> None:
    listed = [StoryArticleRow(STORY.name, OWNER.article_id, 0.25, ("library",))]

    load_and_publish(loaded, whole_run(listed, "run-2"), "run-2")

    assert rows_of(
        loaded, f"select relevance from story_articles where article_id = '{OWNER.article_id}'"
    ) == [(0.25,)]


def reprocessed(run_id: str) -> list[Row]:
    """All versions again, cut by other rules: nothing but the agency's report is left."""
    rows = [*piece_rows(AGENCY, run_id), StoryArticleRow(STORY.name, COPIER.article_id, 1.0, ())]
    return whole_run(rows[:-1], run_id, RunKind.REPROCESS)


def test_a_reprocessing_replaces_all_that_is_derived_and_nothing_else(loaded: WarehousePaths) -> None:
    with lock_warehouse(loaded):
        replace_outlets(loaded, [OutletRow("quill-times.example", "Velmora", None, None, ())])
        publish(loaded)
    before = contents(loaded)

    load_and_publish(loaded, reprocessed("again"), "again")

    after = contents(loaded)
    assert after["outlets"] == before["outlets"] != []
    assert len(after["articles"]) == len(after["article_versions"]) == len(after["story_articles"]) == 1
    assert after["copies"] == after["reused_passages"] == after["wire_groups"] == []
    assert after["legal_signals"] == before["legal_signals"]
    assert set(before["url_fates"]) < set(after["url_fates"])


def test_two_reprocessings_give_the_same_tables(loaded: WarehousePaths) -> None:
    load_and_publish(loaded, reprocessed("again"), "again")
    once = contents(loaded)

    load_and_publish(loaded, reprocessed("more"), "more")

    twice = contents(loaded)
    assert {name for name in once if once[name] != twice[name]} <= {"runs", "url_fates", "article_versions"}


def test_runs_are_numbered_in_the_order_of_loading_whatever_the_clock_says(loaded: WarehousePaths) -> None:
    earlier = whole_run([], "run-0", started_at=NOON - timedelta(days=400))

    load_and_publish(loaded, earlier, "run-0")

    assert rows_of(loaded, "select run_id from runs order by run_number") == [("run-1",), ("run-0",)]


def test_a_load_of_a_few_thousand_rows_keeps_every_one(paths: WarehousePaths) -> None:
    pieces = [Piece(f"outlet-{number}.example", (f"{LEAD} {number}", SECOND)) for number in range(300)]

    load_and_publish(paths, whole_run([row for one in pieces for row in piece_rows(one, "run-1")], "run-1"))
    edited = [replace(one, paragraphs=(f"{OTHER} {one.outlet}",)) for one in pieces]
    load_and_publish(
        paths, whole_run([row for one in edited for row in piece_rows(one, "run-2", 2)], "run-2"), "run-2"
    )

    assert rows_of(
        paths,
        "select (select count(*) from articles), (select count(*) from article_versions), "
        "(select count(*) from paragraphs)",
    ) == [(300, 600, 300)]


def test_the_master_is_there_after_preparing_it_and_empty(paths: WarehousePaths) -> None:
    with lock_warehouse(paths):
        prepare_master(paths)

    with open_for_reading(paths.master) as connection:
        assert connection.execute("select count(*) from articles").fetchall() == [(0,)]
