"""The user's own table of agencies: read by every run, its faults told before anything is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.story_file import read_story
from pipelines.story import Story
from pipelines.story_toml import StoryError
from tests.flows.conftest import wirecopy_here
from warehouse.master import open_published

TABLE = '[[agency]]\nname = "Lune Wire"\naliases = ["Lune Wire", "LW"]\ndomains = ["lunewire.example"]\n'
PAGE = (
    "<html><head><title>The ferry stops</title></head><body><main><h1>The ferry stops</h1><article>"
    + "".join(
        f"<p>The ferry to Low Island stopped for day {day} because its captain had lost the timetable, and "
        "neither the harbour master nor the mayor knew where the spare copy was kept.</p>"
        for day in ("one", "two", "three")
    )
    + "<p>(LW)</p></article></main></body></html>"
)


STORY = '[story]\nname = "ferry"\n[match]\nall = ["ferry"]\n[clean]\nagencies = "agencies.toml"\n'


def ingest(folder: Path, table: str) -> tuple[int, str]:
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    (folder / "ferry.toml").write_text(STORY, encoding="utf-8")
    (folder / "agencies.toml").write_text(table, encoding="utf-8")
    asked = ("ingest", "page.html", "--story", "ferry.toml", "--warehouse", "x.duckdb", "--no-prefect")
    done = wirecopy_here(*asked, cwd=folder)
    return done.returncode, done.stderr


def test_agency_of_the_users_table_is_credited(tmp_path: Path) -> None:
    assert ingest(tmp_path, TABLE)[0] == 0
    with open_published(tmp_path / "x.duckdb") as connection:
        assert connection.execute("select agencies from articles").fetchall() == [(["Lune Wire"],)]


def test_unknown_key_in_the_table_is_told_and_nothing_is_touched(tmp_path: Path) -> None:
    code, said = ingest(tmp_path, TABLE.replace("aliases", "alias"))
    assert code == 2
    assert "agencies.toml" in said and "unknown key 'alias'" in said and "Traceback" not in said
    assert not (tmp_path / "x.duckdb.d").exists()


@pytest.mark.parametrize(
    "table", ["[[agency", '[agencies]\nname = "X"', "[[agency]]\naliases = []", "agency = 3"]
)
def test_faulty_table_is_refused(table: str, tmp_path: Path) -> None:
    (tmp_path / "ferry.toml").write_text(STORY, encoding="utf-8")
    (tmp_path / "agencies.toml").write_text(table, encoding="utf-8")
    with pytest.raises(StoryError, match=r"agencies\.toml"):
        read_story(tmp_path / "ferry.toml")


def test_table_goes_with_the_storys_definition(tmp_path: Path) -> None:
    (tmp_path / "ferry.toml").write_text(STORY, encoding="utf-8")
    (tmp_path / "agencies.toml").write_text(TABLE, encoding="utf-8")
    story = read_story(tmp_path / "ferry.toml")
    assert [agency.name for agency in story.clean.agencies] == ["Lune Wire"]
    assert Story.from_definition(json.loads(json.dumps(story.definition()))) == story
