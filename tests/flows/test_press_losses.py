"""What a lost master takes along comes back from the ledger and the archive."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.flows.conftest import wirecopy_here
from tests.flows.test_errors import line

DUMP = "select run_id, run_number, kind, status from runs order by all"
ARTICLES = "select article_id, version, title, text, first_seen_at from article_versions order by all"


@pytest.fixture(scope="module")
def ingested_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two runs")
    for name, url in (("a", "http://a.example/ferry"), ("b", "http://b.example/ferry")):
        (folder / f"{name}.jsonl").write_text(line(url=url) + "\n", encoding="utf-8")
        assert wirecopy_here("ingest", f"{name}.jsonl", "--no-prefect", cwd=folder).returncode == 0
    return folder


def answers(folder: Path) -> list[str]:
    return [wirecopy_here("sql", query, "--json", cwd=folder).stdout for query in (DUMP, ARTICLES)]


def lose_tables(folder: Path) -> None:
    """Master and all snapshots."""
    state = folder / "warehouse" / "coverage.duckdb.d"
    (state / "master.duckdb").unlink()
    shutil.rmtree(state / "snapshots")


def test_a_repair_brings_back_every_run(ingested_twice: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ingested_twice, tmp_path / "copy", symlinks=True))
    before = answers(folder)
    lose_tables(folder)

    assert wirecopy_here("doctor", "--repair", cwd=folder).returncode == 0
    assert answers(folder) == before


def test_the_next_run_brings_back_the_runs_before_it(ingested_twice: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ingested_twice, tmp_path / "copy", symlinks=True))
    before = answers(folder)
    lose_tables(folder)

    assert wirecopy_here("ingest", "a.jsonl", "--no-prefect", cwd=folder).returncode == 0
    assert answers(folder)[1] == before[1]


def test_runs_come_back_from_the_archive_where_their_staged_rows_are_gone(
    ingested_twice: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(ingested_twice, tmp_path / "copy", symlinks=True))
    before = answers(folder)
    lose_tables(folder)
    for staging in folder.rglob("staging"):
        shutil.rmtree(staging)

    assert wirecopy_here("reprocess", cwd=folder).returncode == 0
    assert answers(folder)[1] == before[1]


def test_a_reprocess_of_a_damaged_archive_changes_nothing(ingested_twice: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ingested_twice, tmp_path / "copy", symlinks=True))
    before = answers(folder)
    warc = sorted((folder / "warehouse" / "coverage.duckdb.d" / "archive").glob("*.warc.gz"))[0]
    whole = warc.read_bytes()
    warc.write_bytes(whole[: len(whole) // 2])
    for derived in folder.rglob("derived-*.jsonl"):
        derived.unlink()

    refused = wirecopy_here("reprocess", cwd=folder)
    assert refused.returncode == 1
    assert "nothing was changed" in refused.stderr
    assert answers(folder) == before

    warc.write_bytes(whole)
    assert wirecopy_here("reprocess", cwd=folder).returncode == 0
    assert answers(folder)[1] == before[1]
