"""Each check finds the fault that it is named after, planted by hand, and nothing in a sound warehouse."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.records import Fate, GroupRole
from tests.warehouse.material import (
    AGENCY,
    COPIER,
    LEAD,
    MIXER,
    OTHER,
    OWNER,
    Piece,
    copy_rows,
    fate_row,
    piece_rows,
    stage,
    whole_run,
)
from warehouse.connection import open_for_reading, open_for_writing
from warehouse.errors import CheckFailed
from warehouse.invariants import check_all
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.paths import WarehousePaths
from warehouse.rows import (
    CaptureRow,
    CopyRow,
    CreditSignalRow,
    ParagraphRow,
    RemovedBlockRow,
    ReusedPassageRow,
    Row,
    StoryArticleRow,
    TimeSignalRow,
    VersionRow,
    WireGroupRow,
)
from warehouse.sqlfiles import read_folder

A, B, C = AGENCY.article_id, COPIER.article_id, MIXER.article_id
PLANTED = {
    "article_not_in_the_index": f"delete from internal.indexed_articles where article_id = '{A}'",
    "article_not_its_newest_version": f"update articles set content_hash = 'other' where article_id = '{A}'",
    "copy_of_no_article": f"delete from articles where article_id = '{A}'",
    "copy_without_passage": f"delete from reused_passages where article_id = '{B}'",
    "counts_that_do_not_add_up": "delete from url_fates where fate = 'failed'",
    "credit_signal_of_no_article": "insert into credit_signals values ('ghost', 0, 'byline', 'x', null, 0.5)",
    "fate_of_no_run": "update url_fates set run_id = 'ghost' where fate = 'failed'",
    "fate_without_a_reason": "update url_fates set reason = null where fate = 'failed'",
    "fate_without_its_article": "update url_fates set article_id = null where fate = 'kept'",
    "group_member_of_no_article": "update wire_groups set article_id = 'ghost' where role = 'copy'",
    "group_without_one_origin": "update wire_groups set role = 'origin'",
    "index_of_no_article": f"update internal.indexed_articles set version = 9 where article_id = '{A}'",
    "page_with_no_fate": "delete from url_fates where fate = 'kept'",
    "page_with_no_outcome": "update internal.captures set version = 7",
    "pair_listed_both_ways": f"insert into copies select * replace ('{A}' as article_id, '{B}' as source_id) "
    f"from copies where article_id = '{B}'",
    "paragraph_not_in_its_text": "update paragraphs set start_char = start_char + 1 where position = 1",
    "paragraph_of_no_article": "insert into paragraphs values ('ghost', 0, 'text', 'x', 1, 0, true, null)",
    "paragraph_out_of_order": f"insert into paragraphs from paragraphs where article_id = '{A}' limit 1",
    "passage_outside_its_paragraph": "update reused_passages set end_char = end_char + 1",
    "passage_without_copy": f"delete from copies where article_id = '{C}'",
    "removed_block_of_no_article": "insert into removed_blocks values ('ghost', 0, 0, 'x', 'rule')",
    "row_out_of_order": f"insert into time_signals from time_signals where article_id = '{A}' limit 1",
    "share_out_of_range": "update copies set jaccard = 1.5",
    "story_article_without_its_article": "insert into story_articles values ('ghosts', 'ghost', 1.0, [])",
    "time_signal_of_no_article": "insert into time_signals values ('ghost', 0, 'url', 'x', null, null, null)",
    "url_with_two_articles": f"update articles set url = '{AGENCY.url}'",
    "version_missing_in_the_row": "update article_versions set version = 2",
    "version_of_no_run": "update article_versions set run_id = 'ghost'",
}
IMPOSSIBLE = {"url_with_two_fates"}  # the table's key forbids it; the check guards the key's own loss
DERIVED = {  # made by the load itself, from rows that it has just inserted
    "article_not_in_the_index",
    "article_not_its_newest_version",
    "index_of_no_article",
}
HUNG_ON_AN_ARTICLE = (ParagraphRow, RemovedBlockRow, TimeSignalRow, CreditSignalRow, StoryArticleRow)


def test_a_sound_warehouse_has_no_complaint(press: WarehousePaths) -> None:
    with open_for_reading(press.published) as connection:
        assert check_all(connection) == ()


def test_every_check_has_a_planted_fault() -> None:
    assert set(read_folder("checks")) == set(PLANTED) | IMPOSSIBLE


@pytest.mark.parametrize("check", sorted(PLANTED))
def test_a_planted_fault_is_found(check: str, loaded: WarehousePaths) -> None:
    with open_for_writing(loaded.master) as connection:
        connection.execute(PLANTED[check])
        complaints = check_all(connection)

    found = {complaint.check: complaint for complaint in complaints}
    assert check in found
    assert found[check].sentence.endswith(".")
    assert found[check].offenders


def faulty_rows(run_id: str) -> list[Row]:
    """A run into the press's warehouse that brings every fault which staged rows can have."""
    late, other = Piece("late.example", (LEAD, OTHER)), Piece("other.example", (OTHER,))
    own, pair = piece_rows(late, run_id), copy_rows(late, AGENCY, (LEAD,))
    copy = next(row for row in pair if isinstance(row, CopyRow))
    passage = next(row for row in pair if isinstance(row, ReusedPassageRow))
    capture = next(row for row in own if isinstance(row, CaptureRow))
    rows: list[Row] = [
        *(replace(row, article_id="ghost") for row in own if isinstance(row, HUNG_ON_AN_ARTICLE)),
        *(
            replace(row, start_char=row.start_char + 1) if isinstance(row, ParagraphRow) else row
            for row in own
        ),
        *(row for row in own if isinstance(row, (ParagraphRow, TimeSignalRow))),  # for the second time
        *(
            replace(row, url=AGENCY.url) if isinstance(row, VersionRow) else row
            for row in piece_rows(OWNER, run_id, 3)
        ),
        *(
            replace(row, run_id="ghost") if isinstance(row, VersionRow) else row
            for row in piece_rows(other, run_id)
        ),
        replace(copy, article_id="ghost", jaccard=1.5),
        replace(copy, article_id=AGENCY.article_id, source_id=late.article_id),
        replace(passage, end_char=passage.end_char + 500),
        replace(passage, source_id=OWNER.article_id),
        copy,
        WireGroupRow("g2", "ghost", GroupRole.COPY, None),
        replace(capture, url="https://late.example/lost", archive_offset=1),
        replace(capture, version=9, archive_offset=2),
        fate_row("https://late.example/why", run_id, Fate.FAILED, reason=None, outlet="late.example"),
        fate_row("https://late.example/what", run_id, Fate.KEPT, outlet="late.example"),
    ]
    uncounted = fate_row("https://late.example/x", "ghost", Fate.READ, outlet="late.example")
    return [*whole_run(rows, run_id), uncounted, replace(uncounted, run_id=run_id)]


def test_a_load_finds_every_fault_among_its_own_rows(loaded: WarehousePaths) -> None:
    with lock_warehouse(loaded), pytest.raises(CheckFailed) as caught:
        load_run(loaded, stage(loaded, faulty_rows("run-2"), "run-2"))

    found = {check for check in PLANTED if f"{check} (" in str(caught.value)}
    assert found == PLANTED.keys() - DERIVED
