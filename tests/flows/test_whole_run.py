"""Runs as a user sees them: again, interrupted, while others read."""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.demo.server import serve_press
from flows.demo.story import demo_story
from tests.flows.conftest import COMMAND, Demo, wirecopy, wirecopy_here
from warehouse.master import open_published

KILLS = 10  # the crash benchmark does a hundred, and more
# what must differ between two runs of the same: when they were made, and where a record came to lie
VOLATILE = {
    "runs": ("started_at", "finished_at", "run_number"),
    "url_fates": ("at",),
    "articles": ("first_seen_at", "fetched_at", "published_latest"),
    "article_versions": ("first_seen_at", "fetched_at", "published_latest", "archive_offset"),
    "legal_signals": ("at",),
}
REPEATED = {"runs", "url_fates"}  # what a second run of the same story may add to


def contents(warehouse: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every public table, row by row, without what must differ."""
    with open_published(warehouse) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'main' order by 1"
            ).fetchall()
        ]
        found = {}
        for name in names:
            hidden = ", ".join(f'"{column}"' for column in VOLATILE.get(name, ()))
            columns = f"* exclude ({hidden})" if hidden else "*"
            found[name] = connection.execute(f'select {columns} from main."{name}" order by all').fetchall()
        return found


@pytest.fixture(scope="module")
def story_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A story file for a press that is being served."""
    with serve_press(edition=1) as press:
        path = tmp_path_factory.mktemp("story") / "strike.toml"
        path.write_text(demo_story(press.port), encoding="utf-8")
        yield path


@pytest.fixture(scope="module")
def undisturbed(story_file: Path) -> Path:
    """The warehouse of a run that nobody disturbed."""
    done = wirecopy("run", str(story_file), "--no-prefect", cwd=story_file.parent)
    assert done.returncode == 0, done.stderr
    return story_file.parent / "warehouse" / "coverage.duckdb"


@pytest.mark.timeout(280)
def test_kills_at_random_moments_change_no_row(undisturbed: Path, story_file: Path, tmp_path: Path) -> None:
    """Kills follow one another until a run comes to its end; then the next warehouse has its turn."""
    moments = random.Random(20240129)
    expected = contents(undisturbed)
    kills, warehouses = 0, 0
    while kills < KILLS:
        warehouses += 1
        folder = tmp_path / str(warehouses)
        folder.mkdir()
        while kills < KILLS and was_killed(story_file, folder, after_seconds=moments.uniform(0.3, 3.6)):
            kills += 1
        done = wirecopy("run", str(story_file), "--no-prefect", cwd=folder) if kills == KILLS else None

        assert done is None or done.returncode == 0
        found = contents(folder / "warehouse" / "coverage.duckdb")
        # a kill in the last moments hits a run that is finished; the next one is then a second run
        for name in REPEATED:
            found[name] = [row for row in found[name] if "run-000001" in row]
        assert found == expected


def was_killed(story_file: Path, folder: Path, after_seconds: float) -> bool:
    """Start a run and kill it; False if it came to its end before. Its children must notice by themselves."""
    with subprocess.Popen(
        [*COMMAND, "run", str(story_file), "--no-prefect"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(after_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    assert process.returncode == 0
    return False


def test_sigterm_and_a_kill_in_each_later_phase_change_no_row(
    undisturbed: Path, story_file: Path, tmp_path: Path
) -> None:
    for phase in ("pages to fetch", "cleaning"):
        stopped, said, seconds = stop_at(phase, signal.SIGTERM, story_file, tmp_path)
        assert stopped == 1
        assert re.search(r"stopped; \d+ pages are fetched and kept, \d+ more are known", said)
        assert f"Go on with: wirecopy run {story_file} --no-prefect" in said
        assert "Traceback" not in said
        assert seconds < 60  # on a machine that stalls; an idle one takes one
    for phase in ("fetching", "loading"):
        assert stop_at(phase, signal.SIGKILL, story_file, tmp_path)[0] == -signal.SIGKILL, phase

    done = wirecopy("run", str(story_file), "--no-prefect", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "warehouse" / "coverage.duckdb") == contents(undisturbed)


def stop_at(phase: str, sent: signal.Signals, story_file: Path, folder: Path) -> tuple[int, str, float]:
    """Start a run and stop it when it comes to a phase: its exit code, what it said, its last seconds."""
    command = [*COMMAND, "run", str(story_file), "--no-prefect"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if phase in line:
                process.send_signal(sent)
                break
        started = time.monotonic()
        said = process.stderr.read()
        return process.wait(60), said, time.monotonic() - started


def test_a_second_demo_goes_on_among_readers_refuses_a_third_run_and_changes_nothing_but_runs_and_fates(
    demo: Demo, tmp_path: Path
) -> None:
    shutil.copytree(demo.warehouse.parent, tmp_path / "warehouse", symlinks=True)
    (tmp_path / "a.jsonl").touch()
    warehouse = tmp_path / "warehouse" / "coverage.duckdb"
    count_runs = "select count(*) from runs"
    answers, stored = [], contents(warehouse)
    with open_published(warehouse) as shell:
        before = shell.execute(count_runs).fetchall()
        with subprocess.Popen(
            [*COMMAND, "demo", "--no-prefect", "--port", str(demo.port)],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            next(line for line in process.stderr if line.startswith("run-"))
            refused = wirecopy_here("ingest", "a.jsonl", "--no-prefect", cwd=tmp_path)
            while process.poll() is None:
                with open_published(warehouse) as connection:
                    answers.append(connection.execute("select count(*) from articles").fetchall()[0][0])
                time.sleep(0.02)
            process.stderr.read()
        still = shell.execute(count_runs).fetchall()

    assert process.returncode == 0
    assert refused.returncode == 75
    assert "another run holds this warehouse" in refused.stderr
    assert still == before
    assert len(answers) > 5
    assert set(answers) == {14}
    after = contents(warehouse)
    assert len(after["runs"]) == len(stored["runs"]) + 1
    assert {name: rows for name, rows in after.items() if name not in REPEATED} == {
        name: rows for name, rows in stored.items() if name not in REPEATED
    }


def test_reprocessing_with_the_same_rules_changes_no_article(demo: Demo, tmp_path: Path) -> None:
    shutil.copytree(demo.warehouse.parent, tmp_path / "warehouse", symlinks=True)
    before = contents(demo.warehouse)

    done = wirecopy_here("reprocess", cwd=tmp_path)

    after = contents(tmp_path / "warehouse" / "coverage.duckdb")
    assert done.returncode == 0, done.stderr
    assert {name: rows for name, rows in after.items() if name not in REPEATED} == {
        name: rows for name, rows in before.items() if name not in REPEATED
    }
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse"]
