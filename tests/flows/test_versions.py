"""Several captures of one page in local material are versions of one article."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.flows.conftest import wirecopy_here
from tests.flows.desk import FIRST_DAY, ingest
from tests.flows.test_errors import TEXT, line
from warehouse.connection import open_for_writing
from warehouse.lock import lock_warehouse
from warehouse.master import open_published
from warehouse.paths import WarehousePaths

URL = "http://a.example/ferry"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions")
    lines = [
        line(
            fetched_at="2024-03-02T10:00:00Z",
            text=f"The ferry stops\n\n{TEXT}\n\nOn Tuesday the captain found it.",
        ),
        line(fetched_at="2024-03-01T10:00:00Z"),
        line(
            fetched_at="2024-03-03T10:00:00Z",
            text=f"The ferry stops\n\n{TEXT}\n\nOn Tuesday, the captain found it.",
        ),
        line(url="http://b.example/gone", text="Page not found"),
    ]
    (folder / "dump.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = wirecopy_here("ingest", "dump.jsonl", "--no-prefect", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "warehouse" / "coverage.duckdb"


def test_they_are_versions_in_the_order_of_their_times(warehouse: Path) -> None:
    with open_published(warehouse) as connection:
        found = connection.execute(
            """
            select version, strftime(fetched_at, '%d'), strftime(first_seen_at, '%d')
            from article_versions order by version
            """
        ).fetchall()
        newest = connection.execute("select version, text like '%captain found it.' from articles").fetchall()

    assert found == [(1, "01", "01"), (2, "02", "01")]
    assert newest == [(2, True)]


def test_a_moved_comma_is_no_version_and_every_capture_has_its_outcome(warehouse: Path) -> None:
    with open_published(warehouse) as connection:
        outcomes = connection.execute(
            "select outcome, version from internal.captures where url = ? order by fetched_at", [URL]
        ).fetchall()

    assert outcomes == [("kept", 1), ("kept", 2), ("unchanged", 2)]


def test_the_url_has_one_fate(warehouse: Path) -> None:
    with open_published(warehouse) as connection:
        fates = connection.execute("select url, fate from url_fates order by url").fetchall()

    assert fates == [(URL, "kept"), ("http://b.example/gone", "rejected")]


def test_reprocessing_gives_the_same_versions(warehouse: Path) -> None:
    query = "select * exclude (rules_version) from article_versions order by version"
    with open_published(warehouse) as connection:
        before = connection.execute(query).fetchall()

    done = wirecopy_here("reprocess", "--json", cwd=warehouse.parents[1])

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["changed_articles"] == []
    with open_published(warehouse) as connection:
        assert connection.execute(query).fetchall() == before


def test_the_same_bytes_read_by_other_rules_are_no_edit(newsroom: Path, tmp_path: Path) -> None:
    shutil.copytree(newsroom.parent, tmp_path / "here", symlinks=True)
    here = tmp_path / "here" / newsroom.name
    paths = WarehousePaths.of(here)
    with lock_warehouse(paths), open_for_writing(paths.master) as connection:
        connection.execute(
            "update articles set content_hash = 'other', text = text || ' More.' where title = 'Roof'"
        )
        connection.execute(
            "update article_versions set rules_version = '0.0.9', content_hash = 'other' where title = 'Roof'"
        )

    ingest(here, FIRST_DAY, "third")

    with open_published(here) as connection:
        found = connection.execute(
            "select version, fate, contains(detail, 'wirecopy reprocess') from url_fates "
            "inner join articles using (article_id) where run_id = 'run-000003' and title = 'Roof'"
        ).fetchall()
    assert found == [(1, "unchanged", True)]
