"""An article's other addresses: one article, every address known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.conftest import wirecopy_here
from tests.flows.test_errors import TEXT
from warehouse.master import open_published

PLAIN, AMP, PRINT = (f"http://a.example/{path}" for path in ("ferry", "ferry/amp", "ferry?print=1"))
MOBILE = "http://m.a.example/7"


def line(url: str, canonical: str | None = None) -> str:
    declared = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT.split("\n\n"))
    html = (
        f"<html><head><title>The ferry stops</title>{declared}</head>"
        f"<body><article><h1>The ferry stops</h1>{paragraphs}</article></body></html>"
    )
    return json.dumps({"url": url, "html": html, "fetched_at": "2024-03-01T10:00:00Z"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("variants")
    first = [line(PLAIN), line(AMP), line(MOBILE, PLAIN), line("http://b.example/ferry/amp")]
    for lines in (first, [line(PRINT)]):
        (folder / "dump.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = wirecopy_here("ingest", "dump.jsonl", "--no-prefect", cwd=folder)
        assert done.returncode == 0, done.stderr
    return folder


def test_amp_and_print_pages_are_the_article_of_the_plain_page(folder: Path) -> None:
    with open_published(folder / "warehouse/coverage.duckdb") as connection:
        fates = dict(connection.execute("select url, fate from url_fates").fetchall())
        versions = connection.execute("select url, version from article_versions order by url").fetchall()

    assert fates == {
        PLAIN: "kept",
        AMP: "duplicate",
        MOBILE: "duplicate",
        PRINT: "duplicate",  # of an earlier run's article
        "http://b.example/ferry/amp": "kept",  # nothing is known to be plainer
    }
    assert versions == [(PLAIN, 1), ("http://b.example/ferry/amp", 1)]


def test_every_other_address_is_listed_with_the_article(folder: Path) -> None:
    with open_published(folder / "warehouse/coverage.duckdb") as connection:
        aliases = connection.execute(
            "select url, canonical_url, kind from url_aliases order by url"
        ).fetchall()

    assert aliases == [(AMP, PLAIN, "variant"), (PRINT, PLAIN, "variant"), (MOBILE, PLAIN, "declared")]


def test_why_resolves_an_alias(folder: Path) -> None:
    done = wirecopy_here("why", PRINT, "--json", cwd=folder)

    assert json.loads(done.stdout)["versions"][0]["url"] == PLAIN
