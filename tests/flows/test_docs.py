"""README and docs, done as they say: every command, query and snippet on the demo's warehouse.

A block that can't be done here has a line before it: `<!-- not run: WHY -->`; its wirecopy commands are
parsed all the same. A document whose blocks are the matter of a test of its own has such a line at its head.
"""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from flows.cli import VERBS, command
from pipelines.story_toml import KNOWN_KEYS, parse_story
from tests.flows.conftest import ROOT, Demo
from warehouse.master import open_published

DOCUMENTS = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
BLOCK = re.compile(r"(?:<!-- not run: ([^\n]+) -->\n+)?^```([a-z]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
WHOLE = re.compile(r"\A# [^\n]*\n\n<!-- not run: ([^\n]+) -->")
INLINE = re.compile(r"`(wirecopy [a-z][^`\n]*)`")
OURS = re.compile(r"(?:\.venv/bin/)?wirecopy ")
COMMAND = re.compile(r"(?:\.venv/bin/)?(?:wirecopy|python|make|pip|dask|prefect|export|duckdb) ")
PLACEHOLDER = "…"
MAX_NOT_RUN = 8  # blocks; what isn't run can lag


@dataclass(frozen=True)
class Block:
    document: str
    why_not: str | None
    language: str
    text: str


def blocks() -> Iterator[Block]:
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        whole = WHOLE.match(text)
        for why_not, language, body in BLOCK.findall(text):
            yield Block(path.name, why_not or (whole[1] if whole else None), language, body)


def of_kind(*languages: str) -> list[Block]:
    return [block for block in blocks() if block.language in languages]


def commands_of(block: Block) -> list[str]:
    """The command lines of a block; a diagram has none."""
    lines = block.text.replace("\\\n", " ").splitlines()
    return [line for line in lines if COMMAND.match(line) or (block.language == "sh" and line.strip())]


@pytest.fixture(scope="module")
def folder(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader of the docs stands: after the demo, in the project's folder, with a story file."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(demo.warehouse.parent, folder / "warehouse", symlinks=True)
    (folder / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "outlets.csv", folder / "docs" / "outlets.csv")
    return folder


def parse(line: str) -> None:
    """Let click read a command without doing it; placeholders such as URL may stand for values."""
    name, *arguments = shlex.split(line.partition("wirecopy ")[2], comments=True)
    assert name in VERBS, line
    verb = command.get_command(click.Context(command), name)
    assert verb is not None
    with suppress(click.MissingParameter), verb.make_context(name, arguments):
        pass


@pytest.mark.parametrize("document", [path.name for path in DOCUMENTS])
def test_every_command_shown_does_what_it_is_shown_for(
    document: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for block in of_kind("", "sh"):
        for line in commands_of(block) if block.document == document else []:
            if block.why_not is not None:
                if OURS.match(line):
                    parse(line)
                continue
            assert OURS.match(line), f"{document}: not run, and not marked so: {line}"
            arguments = shlex.split(OURS.sub("", line, count=1), comments=True)
            done = CliRunner().invoke(command, arguments, standalone_mode=False)
            assert not done.exception, f"{document}: {line}: {done.exception}\n{done.output}"
            assert not done.return_value, f"{document}: {line}: {done.output}"


@pytest.mark.parametrize("document", [path.name for path in DOCUMENTS])
def test_every_command_in_a_sentence_can_be_given(document: str) -> None:
    text = (ROOT / "README.md" if document == "README.md" else ROOT / "docs" / document).read_text("utf-8")
    for line in INLINE.findall(text):
        if PLACEHOLDER not in line and "|" not in line:
            parse(line)


@pytest.mark.parametrize("document", sorted({block.document for block in of_kind("sql")}))
def test_every_query_shown_runs(document: str, demo_with_outlets: Path) -> None:
    with open_published(demo_with_outlets) as connection:
        for block in of_kind("sql"):
            if block.document == document and block.why_not is None:
                names = set(re.findall(r"\$([a-z_]+)", block.text))
                assert connection.execute(block.text, dict.fromkeys(names)).description


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # duckdb's use of pandas
def test_notebook_snippets_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three lines each, in the order of the document, as cells of one notebook."""
    monkeypatch.chdir(folder)
    CliRunner().invoke(command, ["export", "out", "--format", "parquet"])
    cells = [block.text for block in of_kind("python") if block.document == "notebooks.md"]
    names: dict[str, object] = {}
    with redirect_stdout(StringIO()) as printed:
        for cell in cells:
            exec(cell, names)

    assert len(cells) == 4
    assert all(sum(map(bool, cell.splitlines())) == 3 for cell in cells)
    assert "northwire.example" in printed.getvalue()
    assert len(names["copies"]) == 35  # type: ignore[arg-type]


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_dataframes_keep_the_types(demo: Demo) -> None:
    with open_published(demo.warehouse) as connection:
        polars = connection.sql("select published_at, authors from articles").pl()
        pandas = connection.sql("select published_at, word_count from articles").df()

    assert str(polars.schema["published_at"]) == "Datetime(time_unit='us', time_zone='UTC')"
    assert str(polars.schema["authors"]) == "List(String)"
    assert "UTC" in str(pandas.dtypes["published_at"])


@pytest.mark.parametrize("block", of_kind("python"), ids=lambda block: block.document)
def test_python_shown_is_python(block: Block) -> None:
    ast.parse(block.text)


@pytest.mark.parametrize("block", of_kind("toml"), ids=lambda block: block.document)
def test_toml_shown_is_toml_and_a_story_file_is_right(block: Block) -> None:
    tomllib.loads(block.text)
    if "[match]" in block.text:
        parse_story(block.text.encode(), block.document)


def test_few_blocks_are_not_run_and_each_says_why() -> None:
    marked = [
        block
        for block in of_kind("", "sh", "sql")
        if block.why_not and (block.language == "sql" or commands_of(block))
    ]

    assert len([block for block in marked if block.document != "operating.md"]) <= MAX_NOT_RUN
    assert all(len(block.why_not or "") > 20 for block in marked)


def test_every_key_of_a_story_file_is_documented() -> None:
    text = (ROOT / "docs" / "story-file.md").read_text("utf-8")

    missing = {
        key
        for keys in KNOWN_KEYS.values()
        for key in keys
        if f"`{key}`" not in text and not re.search(rf"^{key} +=", text, re.MULTILINE)
    }
    assert missing == set()
