"""What an outlet repeats on different stories is cut, whatever the order in which they came."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.conftest import wirecopy_here
from tests.pipelines.test_outlet_blocks import story
from warehouse.master import open_published

HOUSE = "The Harbour Post has been printed beside the old lighthouse for six generations."
WIRE = [paragraph.text for paragraph in story(77, 8)]
REMOVED = "select count(*) from removed_blocks where rule = 'outlet_repeats' and text = ?"
CONTENT = """
select article_id, version, articles.text, content_hash, list((r.position, r.text, r.rule) order by r.ordinal)
from articles left join removed_blocks as r using (article_id) group by all order by article_id
"""


def line(number: int, outlet: str = "post", body: list[str] | None = None) -> str:
    paragraphs = body or [paragraph.text for paragraph in story(number)]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in [*paragraphs, HOUSE if outlet == "post" else ""])
    html = f"<html><head><title>Report {number}</title></head><body><article><h1>Report {number}</h1>{text}"
    return json.dumps({"url": f"http://{outlet}.example/news/report-{number}.html", "html": html})


def ingest(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = wirecopy_here("ingest", name, "--no-prefect", cwd=folder)
    assert done.returncode == 0, done.stderr


def query(folder: Path, statement: str, *parameters: str) -> list[tuple[object, ...]]:
    with open_published(folder / "warehouse" / "coverage.duckdb") as connection:
        return connection.execute(statement, list(parameters)).fetchall()


WIRED = [line(90 + n, outlet, WIRE) for n, outlet in enumerate(["post", "bell", "tide", "dune"])]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same pages taken in at once, and one after the other."""
    whole, parts = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("parts")
    ingest(whole, "all.jsonl", line(0), line(1), line(2), *WIRED)
    ingest(parts, "first.jsonl", line(2), line(1), *WIRED[2:])
    ingest(parts, "second.jsonl", *WIRED[:2], line(0))
    return whole, parts


def test_evidence_that_is_stored_counts_for_a_later_run(folders: tuple[Path, Path]) -> None:
    assert query(folders[0], REMOVED, HOUSE) == [(4,)]
    assert query(folders[1], REMOVED, HOUSE) == [(2,)]


def test_wire_text_is_whole_at_every_outlet(folders: tuple[Path, Path]) -> None:
    for folder in folders:
        whole = "select count(*) from articles where contains(text, ?)"
        assert query(folder, whole, "\n\n".join(WIRE)) == [(4,)]


def test_after_reprocessing_the_order_of_arrival_makes_no_difference(folders: tuple[Path, Path]) -> None:
    done = wirecopy_here("reprocess", cwd=folders[1])
    assert done.returncode == 0, done.stderr

    whole, parts = (query(folder, CONTENT) for folder in folders)
    assert whole == parts
    assert {version for _, version, *_ in parts} == {1}
    assert query(folders[1], REMOVED, HOUSE) == [(4,)]
