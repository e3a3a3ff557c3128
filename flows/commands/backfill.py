"""`backfill`: a story's coverage out of WARC files by the hundred."""

from __future__ import annotations

from pathlib import Path

import click

from flows.errors import ExitCode, Failure, shown_to_people
from flows.live import tell
from flows.options import json_option, prefect_option, warehouse_option
from flows.run import Request
from flows.story_file import read_story
from flows.summary import print_summary, summarize


@click.command()
@click.argument("story_file", metavar="STORY.toml", type=click.Path(path_type=Path))
@click.argument("warcs", metavar="WARC...", nargs=-1, required=True)
@click.option(
    "--engine",
    "engine_name",
    default="local",
    show_default=True,
    metavar="local|dask",
    help="Where the files are read and compared: on this machine's cores, or by a Dask scheduler's workers.",
)
@click.option("--address", help="Of the Dask scheduler, e.g. tcp://10.0.0.5:8786.")
@warehouse_option
@prefect_option
@json_option
def backfill(
    story_file: Path,
    warcs: tuple[str, ...],
    engine_name: str,
    address: str | None,
    warehouse: Path,
    no_prefect: bool,
    as_json: bool,
) -> ExitCode:
    """Read a month of CC-NEWS: keep the pages about the story, count the others, compare and load.

    WARC files, folders or patterns. Pages are read, judged and compared by the rules of `run`; the engine
    changes how long it takes, not what comes of it. A file that was read isn't read again after a crash,
    nor by the next backfill of the same story.

    \b
    Examples:
      wirecopy backfill harbour-strike.toml cc-news/
      wirecopy backfill harbour-strike.toml '/shared/cc-news/*.warc.gz' \\
          --engine dask --address tcp://10.0.0.5:8786 --warehouse /shared/coverage.duckdb
    """
    from flows.backfill.drive import ASKED, execute_backfill
    from flows.backfill.engines import open_engine

    with shown_to_people():
        story = read_story(story_file)
        paths = list_files(warcs)
        with open_engine(engine_name, address) as engine:
            request = Request(
                warehouse.absolute(), "ingest", story, paths, with_prefect=not no_prefect, asked=(ASKED,)
            )
            files = execute_backfill(request, engine, tell)
        summary = summarize(warehouse, files.run_id, files.journal)
    print_summary(summary, as_json=as_json)
    return summary.exit_code


def list_files(patterns: tuple[str, ...]) -> tuple[Path, ...]:
    """The files that the patterns name, each once, in a fixed order.

    Raises:
        Failure: one names nothing.
    """
    from spiders.local_archives import find_files

    found: set[Path] = set()
    for pattern in patterns:
        paths = find_files(str(Path(pattern).absolute()))
        if not paths:
            raise Failure(f"{pattern}: no such file, folder or pattern; nothing was touched", ExitCode.WRONG)
        found.update(paths)
    return tuple(sorted(found))
