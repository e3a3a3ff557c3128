"""The newsroom's fourth command: a run that crawls a small press, and whose crawl is hit while it writes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.crash_trials import (
    VOLATILE,
    Disturbance,
    Newsroom,
    Stage,
    Trial,
    fork,
    nothing,
    run_trial,
    wait,
)
from tests.flows.desk import FIRST_DAY
from tests.spiders.press import Press, feed, page

HOST = "torvik-post.example"
COMMAND = ("run", "torvik.toml", "--no-prefect")
START_SECONDS = 30.0
# a page is fetched when it is fetched, and was published before that
VOLATILE_TIMES = ("at", "first_seen_at", "fetched_at", "published_latest", "recorded_at")
RUN, ARCHIVE = "coverage.duckdb.d/runs/run-000001", "coverage.duckdb.d/archive"
WRITTEN = (
    f"{ARCHIVE}/run-000001-00001.warc.gz",
    f"{ARCHIVE}/run-000001-00001.manifest",
    f"{RUN}/frontier.jsonl",
    f"{RUN}/legal_signals.jsonl",
)
CALLS = ("write", "fdatasync", "fsync", "ftruncate")
STORY = """[story]
name = "torvik"
[match]
all = ["Torvik"]
[sources]
feeds = ["http://{host}:{port}/feed"]
[fetch]
delay_seconds = 0
allow_private_hosts = true
resolve = {{ "{host}" = "127.0.0.1" }}
"""


@contextmanager
def small_press(folder: Path) -> Iterator[int]:
    """Serve the first day's articles from a process of its own, so that the one that forks has no thread."""
    told = folder / "port.txt"
    server = fork(lambda: _serve(told), folder / "press.txt")
    try:
        give_up_at = time.monotonic() + START_SECONDS
        while not told.exists() and time.monotonic() < give_up_at:
            time.sleep(0.01)
        yield int(told.read_text(encoding="ascii"))
    finally:
        os.kill(server, signal.SIGKILL)
        wait(server)


def prepare_crawl(folder: Path, port: int) -> Stage:
    """Run the command undisturbed; the state before it, and what it has to give."""
    before, work = folder / "before-crawl", folder / "undisturbed-crawl"
    before.mkdir(parents=True)
    (before / "torvik.toml").write_text(STORY.format(host=HOST, port=port), encoding="utf-8")
    shutil.copytree(before, work)
    room = Newsroom(work, nothing)
    started = time.monotonic()
    if code := wait(room.start(COMMAND)):
        raise RuntimeError(f"the crawl ended with {code}: {room.said()}")
    seconds = time.monotonic() - started
    volatile = (*VOLATILE, *VOLATILE_TIMES)
    return Stage(COMMAND, before, room.tables(volatile), seconds, 1, volatile)


def crawl_trials(stage: Stage, folder: Path, error: str, positions: Sequence[int]) -> Iterator[Trial]:
    """A kill, or the error, at the n-th call on each file that a crawl writes, as far as it makes so many."""
    for path in WRITTEN:
        for call in CALLS:
            for when in positions:
                plan = iter([Disturbance(call=call, when=when, path=path, error=error)])
                trial = run_trial(stage, folder / f"crawl-{Path(path).name}-{call}-{error}-{when}", plan)
                if not trial.disturbed and not trial.complaint:
                    break  # it makes fewer
                yield trial


def _serve(told: Path) -> None:
    with Press() as press:
        links = []
        for number, line in enumerate(FIRST_DAY):
            given = json.loads(line)
            paragraphs = "".join(f"<p>{text}</p>" for text in given["text"].split("\n\n")[1:])
            html = (
                f"<html><head><title>{given['title']}</title></head><body><article><h1>{given['title']}</h1>"
                f'<time datetime="{given["published_at"]}">{given["published_at"]}</time>{paragraphs}'
                "</article></body></html>"
            )
            links.append((press.add(HOST, f"/{number}", page(html)), "Mon, 04 Mar 2024 09:00:00 GMT"))
        press.add(HOST, "/feed", feed(*links))
        unfinished = told.with_suffix(".new")
        unfinished.write_text(str(press.port), encoding="ascii")
        unfinished.rename(told)
        signal.pause()
