"""Site rules through the command: named by the story file, used by the run and by what derives it again."""

from __future__ import annotations

import json
from pathlib import Path

from tests.flows.conftest import wirecopy_here
from tests.pipelines.test_site_rules import PAGE, RULES
from warehouse.master import open_published

STORY = '[story]\nname = "strike"\n[match]\nall = ["dockers"]\n[clean]\nsite_rules = "sites.toml"\n'
FOUND = "select outlet_name, text like '%readers of%', published_zone, rules_version from article_versions"


def rows(folder: Path) -> list[tuple[object, ...]]:
    with open_published(folder / "warehouse" / "coverage.duckdb") as connection:
        return connection.execute(FOUND).fetchall()


def test_a_run_follows_the_rules_and_a_reprocessing_follows_the_newest(tmp_path: Path) -> None:
    (tmp_path / "strike.toml").write_text(STORY, encoding="utf-8")
    (tmp_path / "sites.toml").write_bytes(RULES)
    line = json.dumps({"url": "http://harbour-post.example/news/strike", "html": PAGE})
    (tmp_path / "pages.jsonl").write_text(line + "\n", encoding="utf-8")

    done = wirecopy_here("ingest", "pages.jsonl", "--story", "strike.toml", "--no-prefect", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert [row[:3] for row in rows(tmp_path)] == [("The Harbour Post", False, "Europe/Athens")]
    assert len(str(rows(tmp_path)[0][3]).split(".")) == 4  # release, digest of our rules and of the user's

    done = wirecopy_here("reprocess", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert [row[:3] for row in rows(tmp_path)] == [("The Harbour Post", False, "Europe/Athens")]


def test_a_fault_in_the_rules_is_named_before_anything_is_touched(tmp_path: Path) -> None:
    (tmp_path / "strike.toml").write_text(STORY, encoding="utf-8")
    (tmp_path / "sites.toml").write_text('["harbour-post.example"]\nzone = "Nowhere"\n', encoding="utf-8")
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")

    done = wirecopy_here("ingest", "a.html", "--story", "strike.toml", "--no-prefect", cwd=tmp_path)

    assert done.returncode == 2
    assert "sites.toml:2: harbour-post.example.zone: 'Nowhere' is no time zone" in done.stderr
    assert not (tmp_path / "warehouse").exists()


def test_a_file_of_rules_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "strike.toml").write_text(STORY, encoding="utf-8")
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")

    done = wirecopy_here("ingest", "a.html", "--story", "strike.toml", "--no-prefect", cwd=tmp_path)

    assert done.returncode == 2
    assert "clean.site_rules: 'sites.toml' can't be read" in done.stderr
