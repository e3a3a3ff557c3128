from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flows.runs import begin_run, iter_runs, write_run

NOON = datetime(2024, 1, 28, 12, tzinfo=UTC)
LATER = datetime(2024, 1, 28, 13, tzinfo=UTC)
STORY = '{"name": "harbour-strike"}'


def test_the_first_run_is_opened_with_its_story(tmp_path: Path) -> None:
    run = begin_run(tmp_path, "run", STORY, "", NOON)

    assert (run.run_id, run.story, run.status, run.started_at) == (
        "run-000001",
        "harbour-strike",
        "running",
        NOON,
    )


def test_an_unfinished_run_that_asked_the_same_is_taken_up(tmp_path: Path) -> None:
    first = begin_run(tmp_path, "run", STORY, "", NOON)

    assert begin_run(tmp_path, "run", STORY, "", LATER) == first


def test_a_finished_run_is_followed_by_a_new_one(tmp_path: Path) -> None:
    first = begin_run(tmp_path, "run", STORY, "", NOON)
    write_run(tmp_path, replace(first, status="finished"))

    assert begin_run(tmp_path, "run", STORY, "", LATER).run_id == "run-000002"


def test_an_unfinished_run_that_asked_something_else_is_marked_interrupted(tmp_path: Path) -> None:
    begin_run(tmp_path, "run", STORY, "", NOON)
    begin_run(tmp_path, "ingest", None, "page.txt", LATER)

    assert [(run.kind, run.status) for run in iter_runs(tmp_path)] == [
        ("run", "interrupted"),
        ("ingest", "running"),
    ]


def test_a_folder_that_was_made_but_never_opened_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "run-000001").mkdir()
    (tmp_path / "run-000001" / "run.json.tmp").write_text("{", encoding="utf-8")

    assert list(iter_runs(tmp_path)) == []
    assert begin_run(tmp_path, "run", STORY, "", NOON).run_id == "run-000001"
