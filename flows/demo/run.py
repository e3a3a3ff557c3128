"""`wirecopy demo`: the press of two days, a run on each, and what to look at next."""

from __future__ import annotations

import shutil
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import click

from flows.demo.server import serve_press
from flows.demo.story import demo_story
from flows.errors import ExitCode, Failure
from flows.report import write_report
from flows.run import Request, execute, prefect_for
from flows.runs import iter_runs
from flows.say import Say
from flows.summary import Summary, print_summary, summarize
from pipelines.story_toml import parse_story
from warehouse.paths import WarehousePaths

PORT = 8642  # fixed, since it is part of every URL: a second demo finds the same articles
LATEST_EDITION = 2

LOOK_NEXT = """
Look at what came of it:
  {report}   the report: open it in a browser
  {command} ask                   the ready questions
  {command} ask who-was-first
  {command} copies                who copied whom
  {command} sql "select outlet, title, published_at from articles order by published_at"
  {command} new my-story          then a story of your own
"""


def run_demo(warehouse: Path, port: int | None, say: Say, *, with_prefect: bool) -> tuple[Summary, Path]:
    """Run the story on the first day's press, then on the second day's, where one article was edited.

    Returns the summary of the last run and the report's file.

    A demo that was killed goes on where it stopped; one that was finished looks at the second day again.

    Raises:
        Failure: the port is taken.
    """
    story = parse_story(demo_story(port or PORT).encode(), "demo.toml")
    request = Request(warehouse, "run", story, with_prefect=with_prefect)
    with ExitStack() as stack:
        try:
            press = stack.enter_context(serve_press(port=port or PORT))
        except OSError as error:
            raise _port_taken(port or PORT, error) from error
        has_prefect = stack.enter_context(prefect_for(request, say))  # one server for both days
        request = replace(request, with_prefect=has_prefect)
        for press.edition in _editions_to_come(warehouse, story.name):
            say(f"the demo press, day {press.edition}, on 127.0.0.1:{press.port}")
            files = execute(request, say)
    report = write_report(warehouse, story.name, warehouse.with_suffix(".html"))
    return summarize(warehouse, files.run_id, files.journal), report


def print_demo(summary: Summary, report: Path, *, as_json: bool) -> None:
    """The summary, and what to look at next."""
    print_summary(summary, as_json=as_json)
    if not as_json:
        click.echo(LOOK_NEXT.format(report=report, command=_command()).rstrip())


def _command() -> str:
    """How the user gives the command again: its name where it is on the path, else where it lies."""
    given = Path(sys.argv[0])
    on_path = shutil.which(given.name)
    return given.name if on_path and Path(on_path).absolute() == given.absolute() else str(given)


def _editions_to_come(warehouse: Path, story: str) -> range:
    runs = iter_runs(WarehousePaths.of(warehouse).runs)
    finished = sum(run.story == story and run.kind == "run" and run.status == "finished" for run in runs)
    return range(min(finished + 1, LATEST_EDITION), LATEST_EDITION + 1)


def _port_taken(port: int, error: OSError) -> Failure:
    return Failure(
        f"the demo press can't use port {port} of 127.0.0.1 ({error.strerror}); "
        f"stop what uses it, or choose another: wirecopy demo --port {port + 1}",
        ExitCode.WRONG,
    )
