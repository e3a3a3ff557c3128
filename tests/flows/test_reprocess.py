"""Deriving again: the same twice, in one publish, resumable, and honest about what is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from flows.changes import changed_lines, print_changes
from flows.errors import Failure
from flows.reprocess import reprocess_archive
from flows.runs import iter_runs
from tests.flows.desk import tables
from warehouse.connection import open_for_writing
from warehouse.differences import TextChange
from warehouse.lock import lock_warehouse
from warehouse.master import open_published
from warehouse.paths import WarehousePaths
from warehouse.publish import publish
from warehouse.schema import record_edition

OF_RUNS = {"main.runs", "main.url_fates", "internal.captures"}  # each reprocessing adds its own


def tell(line: str) -> None:
    """Nobody listens."""


@pytest.fixture
def warehouse(newsroom: Path, tmp_path: Path) -> Path:
    """One of the test's own."""
    shutil.copytree(newsroom.parent, tmp_path / "here", symlinks=True)
    return tmp_path / "here" / newsroom.name


def derived(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows for name, rows in tables(warehouse).items() if name not in OF_RUNS}


def test_two_reprocessings_give_identical_tables_each_in_one_publish(warehouse: Path) -> None:
    before, paths = derived(warehouse), WarehousePaths.of(warehouse)
    editions = [len(paths.all_snapshots())]
    for _ in range(2):
        changes = reprocess_archive(warehouse, tell)
        editions.append(len(paths.all_snapshots()))

        assert (changes.changed_articles, changes.lost_articles, changes.samples) == ((), (), ())
        assert (changes.changed_fields, changes.new_pairs, changes.lost_pairs) == ({}, 0, 0)
        assert derived(warehouse) == before

    assert editions == [editions[0], editions[0] + 1, editions[0] + 2]


def test_what_differs_is_shown_in_numbers_and_in_texts(
    warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = derived(warehouse)
    spoil(
        WarehousePaths.of(warehouse),
        "update articles set text = replace(text, 'dark', 'grey'), language = 'fr'",
    )

    print_changes(reprocess_archive(warehouse, tell), as_json=True)

    said = json.loads(capsys.readouterr().out)
    assert len(said["changed_articles"]) == 3
    assert said["changed_fields"] == {"language": 5, "text": 3}
    assert {one["url"] for one in said["samples"]} == set(said["changed_articles"])
    assert all("grey" in one["text_before"] and "dark" in one["text_after"] for one in said["samples"])
    assert derived(warehouse) == before


def spoil(paths: WarehousePaths, statement: str) -> None:
    """Publish a warehouse that other rules might have made."""
    with lock_warehouse(paths):
        with open_for_writing(paths.master) as connection:
            connection.execute(statement)
            record_edition(connection, "a test")
        publish(paths)


def test_a_sample_shows_what_went_and_what_came() -> None:
    change = TextChange("https://a.example/x", "Old", "New", "one\n\ntwo\n\nthree", "one\n\n2\n\nthree")

    assert list(changed_lines(change)) == [("-", "Old"), ("+", "New"), ("-", "two"), ("+", "2")]


def test_a_killed_one_goes_on_where_it_stopped_and_a_loaded_one_is_done(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, before = WarehousePaths.of(warehouse), derived(warehouse)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("flows.reprocess.load_run", killed)
        reprocess_archive(warehouse, tell)
    assert len(list(paths.runs.glob("*/derived-*"))) == 2
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("flows.reprocess.write_run", killed)
        reprocess_archive(warehouse, tell)
    assert derived(warehouse) == before
    reprocess_archive(warehouse, tell)  # only closes it
    assert [(run.run_id, run.status) for run in iter_runs(paths.runs)][2:] == [("run-000003", "finished")]
    reprocess_archive(warehouse, tell)
    assert [(run.run_id, run.status) for run in iter_runs(paths.runs)][3:] == [("run-000004", "finished")]
    assert derived(warehouse) == before


def test_a_damaged_archive_is_named_and_its_loss_has_to_be_accepted(warehouse: Path) -> None:
    before, archive, said = tables(warehouse), WarehousePaths.of(warehouse).archive, list[str]()
    warc = archive / "run-000001-00001.warc.gz"
    whole = warc.read_bytes()
    warc.write_bytes(whole[:-40])  # the last page: the council's, of both runs
    (archive / "run-000002-00001.manifest").unlink()  # the agency's second version and the evening's page

    with pytest.raises(Failure, match=r"3 archived pages can't be read.*--accept-loss"):
        reprocess_archive(warehouse, said.append)
    assert [line.split()[1] for line in said if line.startswith("lost: ")] == [
        "https://coastwire.example/torvik",
        "https://council.example/torvik",
        "https://evening.example/torvik",
    ]
    assert tables(warehouse) == before

    changes = reprocess_archive(warehouse, tell, accept_loss=True)
    assert changes.lost_articles == ("https://council.example/torvik", "https://evening.example/torvik")
    with open_published(warehouse) as connection:
        fates = connection.execute(
            "select url from url_fates where run_id = 'run-000003' and reason = 'corrupt_record' order by url"
        ).fetchall()
    assert fates == [("https://council.example/torvik",), ("https://evening.example/torvik",)]
