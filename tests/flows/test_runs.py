from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flows.runs import (
    KEPT_STAGED,
    begin_run,
    find_begun_since,
    forget_staged,
    iter_runs,
    question_of,
    read_run,
    run_ids,
    write_run,
)

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


def test_an_unfinished_run_of_a_story_that_asked_something_else_is_marked_interrupted(tmp_path: Path) -> None:
    begin_run(tmp_path, "run", STORY, "", NOON)
    begin_run(tmp_path, "run", changed(STORY, title="Another title"), "", LATER)

    assert [run.status for run in iter_runs(tmp_path)] == ["interrupted", "running"]


def test_a_run_of_another_story_leaves_an_unfinished_one_to_go_on(tmp_path: Path) -> None:
    first = begin_run(tmp_path, "run", STORY, "", NOON)
    begin_run(tmp_path, "run", changed(STORY, name="ferry"), "", LATER)

    assert begin_run(tmp_path, "run", STORY, "", LATER) == first


def test_an_unfinished_run_goes_on_with_the_way_of_fetching_of_today(tmp_path: Path) -> None:
    first = begin_run(tmp_path, "run", STORY, "", NOON)
    slower = changed(STORY, fetch={"delay_seconds": 5.0})

    resumed = begin_run(tmp_path, "run", slower, "", LATER)

    assert (resumed.run_id, resumed.definition) == (first.run_id, slower)
    assert read_run(tmp_path, first.run_id) == resumed


def test_a_run_that_was_due_before_the_last_one_began_has_nothing_to_add(tmp_path: Path) -> None:
    question = question_of("run", STORY)
    run = begin_run(tmp_path, "run", STORY, "", LATER)
    assert find_begun_since(tmp_path, question, NOON) is None  # not finished: this one goes on with it
    finished = replace(run, status="finished")
    write_run(tmp_path, finished)

    assert find_begun_since(tmp_path, question, NOON) == finished
    assert find_begun_since(tmp_path, question, LATER) is None
    assert find_begun_since(tmp_path, question_of("run", changed(STORY, name="ferry")), NOON) is None


def changed(definition: str, **values: object) -> str:
    return json.dumps({**json.loads(definition), **values}, sort_keys=True)


def test_a_folder_that_was_made_but_never_opened_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "run-000001").mkdir()
    (tmp_path / "run-000001" / "run.json.tmp").write_text("{", encoding="utf-8")

    assert list(iter_runs(tmp_path)) == []
    assert begin_run(tmp_path, "run", STORY, "", NOON).run_id == "run-000001"


def test_staged_rows_of_older_runs_go_unless_the_run_is_still_to_go_on(tmp_path: Path) -> None:
    for number in range(KEPT_STAGED + 3):
        run = begin_run(tmp_path, "run", changed(STORY, name=f"story-{number}"), "", NOON)
        (tmp_path / run.run_id / "staging").mkdir()
        (tmp_path / run.run_id / "staging" / "runs.0.jsonl").touch()
        write_run(tmp_path, replace(run, status="running" if number == 1 else "finished"))
    (tmp_path / "run-000001" / "staging").rename(tmp_path / "run-000001" / "staging.tmp")  # killed meanwhile

    forget_staged(tmp_path)

    kept = [run_id for run_id in run_ids(tmp_path) if any((tmp_path / run_id).glob("staging*"))]
    assert kept == ["run-000002", *run_ids(tmp_path)[-KEPT_STAGED:]]
