"""A folder of hostile files through the command: a fate for each, and the honest article is in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.flows.conftest import wirecopy_here
from tests.pipelines.test_hostile_pages import HARMLESS, HARMLESS_BYTES, TOO_LARGE, page
from warehouse.master import open_published

OTHERS: dict[str, bytes] = {
    "pdf.html": b"%PDF-1.7\n" + os.urandom(5_000),
    "zeros.html": b"\0" * 100_000,
    "noise.html": bytes(range(256)) * 500,
    "empty.html": b"",
    "noise.txt": bytes(range(256)) * 500,
    "one line of 9 MB.txt": b"word " * 1_800_000,
    "a million lines.txt": b"a\n" * 1_000_000,
    "zeros.txt": b"\0" * 5_000,
    "gzip.html": b"\x1f\x8b\x08\x00" + b"\0" * 5_000,
}
LINES = (
    '{"url": "http://a.example/1", "html": "<html><p>half a pair \\ud800</p>"}',
    '{"url": "http://a.example/2", "text": "zero \\u0000 and escape \\u001b"}',
    "[" * 100_000,
    '{"url": "http://a.example/3", "text": ' + "9" * 10_000 + "}",
    '{"url": "http://a.example/4", "text": "' + "x" * 2_000_000 + '"}',
    "\x00\x01\x02",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was taken in."""
    folder = tmp_path_factory.mktemp("hostile")
    pages = folder / "pages"
    pages.mkdir()
    markup = {**TOO_LARGE, **HARMLESS}
    contents = {f"{kind.replace('/', ' ')}.html": body.encode() for kind, body in markup.items()}
    contents |= {f"{kind}.html": body for kind, body in HARMLESS_BYTES.items()}
    for name, body in (contents | OTHERS | {"honest.html": page().encode()}).items():
        (pages / name).write_bytes(body)
    (pages / "lines.jsonl").write_text("\n".join(LINES), encoding="utf-8")
    done = wirecopy_here("ingest", "pages", "--no-prefect", "--json", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    assert all(line.startswith(("run-", "wirecopy: ")) for line in done.stderr.splitlines()), done.stderr
    return folder


def test_every_file_and_line_has_one_fate_with_its_reason(folder: Path) -> None:
    with open_published(folder / "warehouse" / "coverage.duckdb") as connection:
        fates = connection.execute("select url, fate, reason from url_fates").fetchall()

    files = len(list((folder / "pages").glob("*.html"))) + len(list((folder / "pages").glob("*.txt")))
    assert len(fates) == files + len(LINES)
    assert all(reason for _, fate, reason in fates if fate != "kept")


def test_the_honest_page_is_an_article(folder: Path) -> None:
    with open_published(folder / "warehouse" / "coverage.duckdb") as connection:
        kept = connection.execute("select url from articles where url = 'file:honest.html'").fetchall()

    assert kept


def test_the_warehouse_is_whole(folder: Path) -> None:
    done = wirecopy_here("doctor", "--json", cwd=folder)

    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)


def test_deriving_it_again_changes_nothing(folder: Path) -> None:
    done = wirecopy_here("reprocess", "--json", cwd=folder)

    assert done.returncode == 0, done.stderr
    changes = json.loads(done.stdout)
    assert (changes["changed_articles"], changes["lost_articles"]) == ([], [])
