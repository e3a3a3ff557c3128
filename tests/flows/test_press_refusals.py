"""Commands that have nothing to work on say so and touch nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.cli import main
from tests.flows.conftest import wirecopy_here


def write_story(folder: Path, sources: str) -> Path:
    path = folder / "ferry.toml"
    path.write_text(f'[story]\nname = "ferry"\n[match]\nall = ["ferry"]\n{sources}', encoding="utf-8")
    return path


def test_a_run_of_a_story_without_sources_is_refused(tmp_path: Path) -> None:
    done = wirecopy_here("run", str(write_story(tmp_path, "")), "--no-prefect", cwd=tmp_path)

    assert done.returncode == 2
    assert "names no source" in done.stderr
    assert not (tmp_path / "warehouse").exists()


def test_a_reprocess_without_a_warehouse_is_refused(tmp_path: Path) -> None:
    done = wirecopy_here("reprocess", cwd=tmp_path)

    assert done.returncode == 2
    assert "there is no warehouse" in done.stderr
    assert not (tmp_path / "warehouse").exists()


def test_a_check_with_a_dead_source_ends_alike_with_and_without_json(tmp_path: Path) -> None:
    sources = '[sources]\nfeeds = ["http://127.0.0.1:9/rss"]\n[fetch]\nallow_private_hosts = true\n'
    story = str(write_story(tmp_path, sources))

    assert wirecopy_here("check", story, "--json", cwd=tmp_path).returncode == 1
    assert wirecopy_here("check", story, cwd=tmp_path).returncode == 1


def test_the_option_before_the_verb_counts_more_than_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIRECOPY_WAREHOUSE", str(tmp_path / "of-environment.duckdb"))
    monkeypatch.setattr("sys.argv", ["wirecopy", "--warehouse", str(tmp_path / "named.duckdb"), "copies"])

    with pytest.raises(SystemExit):
        main()
    assert "named.duckdb" in capsys.readouterr().err


def test_two_stories_of_one_name_are_not_served(tmp_path: Path) -> None:
    sources = '[sources]\nfeeds = ["http://127.0.0.1:9/rss"]\n'
    (tmp_path / "other").mkdir()
    first, second = write_story(tmp_path, sources), write_story(tmp_path / "other", sources)

    done = wirecopy_here("serve", str(first), str(second), cwd=tmp_path)

    assert done.returncode == 2
    assert "give each its own name" in done.stderr
    assert not (tmp_path / "warehouse").exists()
