"""A run as it goes: a live funnel and outlet table on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from flows.errors import ExitCode, Failure
from flows.run_files import RunFiles
from flows.runs import iter_newest_first
from flows.say import Say
from flows.tables import clean_for_terminal, how_to_repeat
from spiders.progress import CrawlProgress, OutletProgress
from warehouse.paths import WarehousePaths

LOOKS_PER_SECOND = 4
LINES_AROUND_OUTLETS = 8  # the funnel's own lines, both headings and the line of what is being done
MIN_OUTLETS = 3
WORDS = {"discovered": "waiting", "fetched": "fetched", "read": "source read"}


@contextmanager
def telling(warehouse: Path) -> Iterator[Say]:
    """What a run tells: a live view on standard error if that is a terminal, else its lines.

    Raises:
        Failure: the run was interrupted; it says what is kept, and how to go on.
    """
    console = Console(stderr=True)
    try:
        if not console.is_terminal or console.is_dumb_terminal:
            yield tell
            return
        view = LiveView(warehouse, console.height)
        with Live(
            get_renderable=view.draw, console=console, refresh_per_second=LOOKS_PER_SECOND, transient=True
        ):
            yield view.say
    except KeyboardInterrupt as error:
        raise Failure(what_is_kept(warehouse), ExitCode.LOOK) from error


def tell(line: str) -> None:
    """A line of progress; on standard error, so that --json and pipes stay clean."""
    click.echo(clean_for_terminal(line), err=True)
    sys.stderr.flush()


def what_is_kept(warehouse: Path) -> str:
    """What an interrupted run leaves, and the command that goes on from there."""
    files = _at_work(warehouse)
    if files is None:
        return f"stopped; what is done is kept. {how_to_repeat()}"
    progress = CrawlProgress(files.journal)
    progress.look()
    return (
        f"stopped; {progress.fetched} pages are fetched and kept, {progress.waiting} more are known, and "
        f"what was published before is untouched. {how_to_repeat()}"
    )


class LiveView:
    """Draws the run that is at work, from the journal that its crawl writes."""

    def __init__(self, warehouse: Path, height: int) -> None:
        self._warehouse = warehouse
        self._height = height
        self._spinner = Spinner("dots", Text("starting"))
        self._files: RunFiles | None = None
        self._progress: CrawlProgress | None = None

    def say(self, line: str) -> None:
        """Take a line of the run as what is being done now."""
        self._spinner.update(text=Text(clean_for_terminal(line), overflow="ellipsis", no_wrap=True))

    def draw(self) -> RenderableType:
        """The view as things are."""
        if self._files is None or self._files.run().status != "running":
            self._files = _at_work(self._warehouse)
            self._progress = CrawlProgress(self._files.journal) if self._files else None
        if self._progress is None:
            return self._spinner
        self._progress.look()
        funnel = funnel_table(self._progress)
        room = self._height - LINES_AROUND_OUTLETS - funnel.row_count
        return Group(funnel, outlet_table(self._progress, max(MIN_OUTLETS, room)), self._spinner)


def funnel_table(progress: CrawlProgress) -> Table:
    """What has become of every URL so far."""
    table = Table("so far", "reason", "urls", header_style="bold", box=None)
    order = ("discovered", "fetched", "read")
    for (fate, reason), urls in sorted(
        ((key, count) for key, count in progress.fates.items() if count),
        key=lambda one: (order.index(one[0][0]) if one[0][0] in order else len(order), -one[1], str(one[0])),
    ):
        table.add_row(WORDS.get(fate, fate), Text(reason or ""), str(urls))
    return table


def outlet_table(progress: CrawlProgress, rows: int) -> Table:
    """The outlets with the most pages to come; as many as there is room for."""
    table = Table("outlet", "known", "fetched", "lost", "waiting", header_style="bold", box=None)
    outlets = sorted(progress.outlets.items(), key=_most_waiting)
    for name, counts in outlets[:rows]:
        style = "" if counts.waiting else "dim"
        numbers = (counts.known, counts.fetched, counts.lost, counts.waiting)
        table.add_row(Text(clean_for_terminal(name)), *map(str, numbers), style=style)
    if len(outlets) > rows:
        table.add_row(f"… and {len(outlets) - rows} more", style="dim")
    return table


def _most_waiting(outlet: tuple[str, OutletProgress]) -> tuple[int, str]:
    return (-outlet[1].waiting, outlet[0])


def _at_work(warehouse: Path) -> RunFiles | None:
    """The run that is at work, or was until just now."""
    paths = WarehousePaths.of(warehouse)
    run = next(iter_newest_first(paths.runs), None)
    return RunFiles(paths, run.run_id) if run and run.status == "running" else None
