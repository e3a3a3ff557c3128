"""The report of large stories: CPU seconds to read its rows and to write it, its size, and how it scrolls.

Run as `python -m tests.benchmarks.bench_report [--sizes 500 2000] [--folder DIR]`. The articles are invented:
families of three, a source and two copies that keep most of its paragraphs, ten passages for each article.
Browser figures need Chromium and playwright; without them they are left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.report.charts import vega_bundle
from flows.report.page import render_rows
from warehouse.master import open_published
from warehouse.story_report import StoryRows, read_story_rows

FAMILY = 3
PARAGRAPHS, SENTENCES = 11, 2
KEPT = 0.95  # share of the source's paragraphs that a copy keeps
OUTLETS = 40
START = datetime(2024, 3, 1, tzinfo=UTC)
SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "do",
    "fa",
    "fe",
    "ga",
    "go",
    "ka",
    "ke",
    "la",
    "le",
    "lo",
    "ma",
    "me",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "pe",
    "ra",
    "re",
    "ro",
    "sa",
    "se",
    "ta",
    "te",
    "to",
    "va",
]
STORY = '[story]\nname = "large"\ntitle = "A large story"\n[match]\nall = ["council"]\n'
COMMAND = "import sys; from flows.cli import main; sys.argv[0] = 'wirecopy'; main()"
SCROLL = """async () => {
    let [worst, last] = [0, performance.now()];
    for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
        scrollTo(0, y);
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        worst = Math.max(worst, now - last);
        last = now;
    }
    return worst;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 2000])
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    print("| articles | passages | read, CPU s | written, CPU s | ratio | MB | opened, s | worst frame, ms |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for size in options.sizes:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            fill(Path(folder), size)
            print(measure(Path(folder)), flush=True)


def fill(folder: Path, size: int) -> None:
    """A warehouse with a story of that many articles, by the command that a user would give."""
    lines = "".join(json.dumps(line) + "\n" for line in invent(size))
    (folder / "dump.jsonl").write_text(lines, encoding="utf-8")
    (folder / "large.toml").write_text(STORY, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-c", COMMAND, "ingest", "dump.jsonl", "--story", "large.toml", "--no-prefect"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"},
    )


def measure(folder: Path) -> str:
    """One line of the table."""
    vega_bundle.cache_clear()  # a command makes it once
    started = time.process_time()
    rows = read(folder)
    reading = time.process_time() - started
    html = render_rows(rows, START)
    writing = time.process_time() - started
    file = folder / "large.html"
    file.write_text(html, encoding="utf-8")
    opened, frame = browse(file)
    return (
        f"| {len(rows.articles):,} | {len(rows.passages):,} | {reading:.2f} | {writing:.2f} | "
        f"{writing / reading:.1f} | {file.stat().st_size / 1e6:.1f} | {opened} | {frame} |"
    )


def read(folder: Path) -> StoryRows:
    with open_published(folder / "warehouse" / "coverage.duckdb") as connection:
        rows = read_story_rows(connection, "large")
    if rows is None:
        raise SystemExit("the story was not loaded")
    return rows


def browse(file: Path) -> tuple[str, str]:
    """Seconds until all is drawn, and the longest frame in milliseconds while scrolling from top to end."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None or importlib.util.find_spec("playwright") is None:
        return "", ""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page()
        started = time.monotonic()
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached", timeout=120_000)
        opened = time.monotonic() - started
        frame = page.evaluate(SCROLL)
        browser.close()
    return f"{opened:.1f}", f"{frame:.0f}"


def invent(size: int) -> Iterator[dict[str, str]]:
    """Pages of an invented press, as lines for `wirecopy ingest`."""
    chance = random.Random(7)
    for number in range(0, size, FAMILY):
        source = [_paragraph(chance) for _ in range(PARAGRAPHS)]
        at = START + timedelta(minutes=chance.randrange(20_000))
        for member in range(min(FAMILY, size - number)):
            kept = [one for one in source if member == 0 or chance.random() < KEPT]
            texts = kept if member == 0 else [*kept, _paragraph(chance)]
            yield _page(f"{number}-{member}", (number + member) % OUTLETS, at, texts, _words(chance, 8))
            at += timedelta(minutes=chance.randrange(5, 300))


def _page(name: str, outlet: int, at: datetime, texts: list[str], title: str) -> dict[str, str]:
    body = "".join(f"<p>{text}</p>" for text in texts)
    head = f'<title>{title}</title><meta property="article:published_time" content="{at.isoformat()}">'
    return {
        "url": f"http://paper-{outlet}.example/news/{name}",
        "html": f"<html lang=en><head>{head}</head><body><h1>{title}</h1><article>{body}</article></html>",
    }


def _paragraph(chance: random.Random) -> str:
    sentences = [
        f"The council of {_words(chance, 1)} said that the {_words(chance, 2)} had been {_words(chance, 2)} "
        f"by the {_words(chance, 2)} before it was {_words(chance, 3)}, and that nobody {_words(chance, 2)}."
        for _ in range(SENTENCES)
    ]
    return " ".join(sentences)


def _words(chance: random.Random, count: int) -> str:
    words = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(count)]
    return " ".join(words)


if __name__ == "__main__":
    main()
