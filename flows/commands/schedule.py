"""`serve`: stories on a schedule, one Prefect deployment each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from flows.errors import ExitCode, Failure, shown_to_people
from flows.options import warehouse_option
from flows.story_file import read_story_to_fetch
from warehouse.paths import WarehousePaths

INTERVAL = re.compile(r"(\d+)\s*([smhd])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
MIN_SECONDS = 60  # a story's sources are not asked more often


@click.command()
@click.argument("story_files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--every", default=None, help="Interval, such as 30m, 1h or 1d.  [default: 1h]")
@click.option("--cron", default=None, help='Cron schedule instead of an interval, such as "0 6 * * *".')
@warehouse_option
def serve(story_files: tuple[Path, ...], every: str | None, cron: str | None, warehouse: Path) -> ExitCode:
    """Run stories on a schedule until Ctrl-C: with --every the first time at once.

    \b
    Examples:
      wirecopy serve harbour-strike.toml --every 1h
      wirecopy serve a.toml b.toml --cron "0 6 * * *"
    """
    if every and cron:
        raise click.UsageError("give --every or --cron, not both")
    seconds = None if cron else _read_interval(every or "1h")
    with shown_to_people():
        names = {str(path.resolve()): read_story_to_fetch(path).name for path in story_files}
        _refuse_namesakes(names)
        paths = WarehousePaths.of(warehouse)
        paths.refuse_foreign()
        from flows.prefect_server import scheduling_server

        click.echo("starting Prefect (a few seconds; up to half a minute the first time)", err=True)
        with scheduling_server(paths.prefect):
            from flows.schedules import Timetable, serve_stories

            serve_stories(names, paths.published, Timetable(seconds, cron))
    return ExitCode.DONE


def _refuse_namesakes(names: Mapping[str, str]) -> None:
    """A deployment is called after its story: two of one name would be one."""
    for name, count in Counter(names.values()).items():
        if count > 1:
            files = ", ".join(path for path, named in names.items() if named == name)
            raise Failure(f"{files}: all call their story {name!r}; give each its own name", ExitCode.WRONG)


def _read_interval(text: str) -> int:
    found = INTERVAL.fullmatch(text.strip())
    seconds = int(found[1]) * SECONDS[found[2]] if found else 0
    if seconds < MIN_SECONDS:
        raise click.UsageError(f"--every {text!r}: write 30m, 1h or 1d; one minute at least")
    return seconds
