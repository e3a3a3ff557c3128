"""The README's questions and commands, held against what the demo really answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.cli import VERBS
from flows.run_files import RunFiles
from flows.summary import print_summary, summarize
from pipelines.story_toml import parse_story
from tests.flows.conftest import Demo, wirecopy_here

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"```sql\n(.+?)\n```\n\n((?:\|[^\n]*\n)+)", README, re.DOTALL)


def test_the_readme_has_five_questions() -> None:
    assert len(QUESTIONS) == 5


@pytest.mark.parametrize(("query", "table"), QUESTIONS, ids=[str(number) for number in range(1, 6)])
def test_the_demo_gives_the_answer_that_the_readme_shows(query: str, table: str, demo: Demo) -> None:
    header, _, *lines = table.rstrip("\n").split("\n")
    shown = [[cell.strip() for cell in line.strip("|").split("|")] for line in (header, *lines)]

    done = wirecopy_here("sql", query, cwd=demo.folder)

    assert done.returncode == 0, done.stderr
    assert [line.split("\t") for line in done.stdout.rstrip("\n").split("\n")] == shown


def test_the_demo_ends_with_the_answer_that_the_readme_shows(
    demo: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = " ".join(line.removeprefix("> ") for line in README.splitlines() if line.startswith("> "))

    journal = RunFiles.of(demo.warehouse, "run-000002").journal
    print_summary(summarize(demo.warehouse, "run-000002", journal), as_json=False)

    assert _plain(shown) in _plain(capsys.readouterr().out)


def _plain(text: str) -> str:
    """With one kind of space: numbers are written with narrow ones."""
    return " ".join(text.split())


def test_the_story_file_of_the_readme_is_right() -> None:
    (source,) = re.findall(r"```toml\n(.+?)```", README, re.DOTALL)

    assert parse_story(source.encode(), "README.md").name == "harbour-strike"


@pytest.mark.parametrize("path", sorted(ROOT.glob("docs/*.md")), ids=lambda path: path.name)
def test_every_document_is_linked_from_the_readme(path: Path) -> None:
    assert f"(docs/{path.name})" in README


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))], ids=lambda path: path.name
)
def test_every_command_shown_is_a_verb(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    shown = set(re.findall(r"(?:`|/bin/)wirecopy ([a-z-]+)", text))

    assert shown <= VERBS.keys()


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))], ids=lambda path: path.name
)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_the_story_file_document_is_right() -> None:
    source, *_ = re.findall(
        r"```toml\n(.+?)```", (ROOT / "docs" / "story-file.md").read_text("utf-8"), re.DOTALL
    )

    assert parse_story(source.encode(), "story-file.md").match.like == ("examples/strike.txt",)
