"""Every verb of the command line: its help, its examples, its tables as JSON, its completion."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from flows.cli import VERBS, command
from flows.errors import ExitCode
from tests.flows.conftest import COMMAND, ROOT

# verbs that print paths, a file or nothing: there is no table to print as JSON
WITHOUT_TABLE = {"backup", "completion", "export", "new", "report", "restore", "serve"}


def verb(name: str) -> click.Command:
    found = command.get_command(click.Context(command), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(VERBS))
def test_a_verb_shows_an_example_of_itself(name: str) -> None:
    text = verb(name).get_help(click.Context(verb(name), info_name=f"wirecopy {name}"))

    examples = re.split(r"Examples?:", text)
    assert len(examples) == 2, "no example"
    shown = re.findall(r"\bwirecopy ([a-z-]+)", examples[1].partition("Options:")[0])
    assert name in shown
    assert set(shown) <= VERBS.keys()


@pytest.mark.parametrize("name", sorted(VERBS))
def test_a_verb_that_prints_a_table_prints_it_as_json_too(name: str) -> None:
    options = {option for parameter in verb(name).params for option in parameter.opts}

    assert ("--json" in options) == (name not in WITHOUT_TABLE)


@pytest.mark.parametrize("name", ["my-story", "harbour_strike.2024"])
def test_a_new_story_file_is_right_at_once(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    written = runner.invoke(command, ["new", name])
    checked = runner.invoke(command, ["check", f"{name}.toml"], standalone_mode=False)

    assert written.exit_code == 0
    assert "[match]" in (tmp_path / f"{name}.toml").read_text("utf-8")
    assert checked.return_value is ExitCode.DONE, checked.output
    assert "the story file is right" in checked.output
    assert "names no source yet" in checked.output


def test_check_as_json_says_what_a_run_would_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(command, ["new", "ferry"])

    done = CliRunner().invoke(command, ["check", "ferry.toml", "--json"], standalone_mode=False)

    assert json.loads(done.stdout).keys() == {"sources", "hosts", "searches", "requests", "minutes"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_takes_the_completion_script(shell: str, tmp_path: Path) -> None:
    script = tmp_path / "complete"
    script.write_text(CliRunner().invoke(command, ["completion", shell]).stdout, encoding="utf-8")

    assert "_WIRECOPY_COMPLETE" in script.read_text("utf-8")
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("wirecopy im", ["import-outlets"]),
        ("wirecopy ask who-", ["who-copied-whom", "who-was-first"]),
        ("wirecopy ask coverage-before-and-after mo", ["moment="]),
        ("wirecopy run --no", ["--no-prefect"]),
    ],
)
def test_completion_offers_what_fits(typed: str, offered: list[str], tmp_path: Path) -> None:
    words = typed.split()
    environment = {
        **os.environ,
        "_WIRECOPY_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(words) - 1),
        "PYTHONPATH": str(ROOT),
    }

    done = subprocess.run(COMMAND, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert [line.partition(",")[2] for line in done.stdout.split()] == offered, done.stderr
