"""What a run says at its end: the funnel, each outlet's health, and what the user must look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from flows.errors import ExitCode
from flows.report.answer import answer_sentences
from flows.report.story import Story
from flows.tables import print_json, print_rows, shorten
from pipelines.records import Fate, Reason, Via
from spiders.journal import UrlOutcome, journal_notes, url_outcomes
from warehouse.master import open_published
from warehouse.read import FateCount, OutletHealth, count_rows, find_run, funnel, outlet_health
from warehouse.story_report import read_story_rows

NEXT_STEPS: Mapping[str, str] = {
    Reason.BAD_LINE: "mend the line and ingest the file again",
    Reason.UNREADABLE_FILE: "check the file and its permissions, then ingest it again",
    Reason.CORRUPT_RECORD: "copy the file from its source again, then ingest it again",
    Reason.DNS: "check the host name in the story file",
    Reason.CONNECTION: "check that the host is up and the address right, then run again",
    Reason.TIMEOUT: "run again later, or raise fetch.timeout_seconds",
    Reason.ROBOTS: "the site's robots.txt forbids it: ask the site, or use another source",
    Reason.ROBOTS_UNREACHABLE: "the site's robots.txt can't be read now: run again later",
    Reason.PRIVATE_ADDRESS: "set fetch.allow_private_hosts = true if you mean a host of your own",
    Reason.BAD_SOURCE: "open the URL: it holds no feed or sitemap",
}
LOCAL_FAULTS = (Reason.BAD_LINE, Reason.UNREADABLE_FILE, Reason.CORRUPT_RECORD)
DEFAULT_NEXT_STEP = "`wirecopy why URL` tells more"


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a run, as the published warehouse tells it."""

    run_id: str
    funnel: tuple[FateCount, ...]
    health: tuple[OutletHealth, ...]
    rows: dict[str, int]
    faults: tuple[UrlOutcome, ...]
    notes: tuple[str, ...] = ()  # a line for each search
    answer: tuple[str, ...] = ()  # who had the story first and whose text it is, in sentences

    @property
    def exit_code(self) -> ExitCode:
        return ExitCode.LOOK if self.faults else ExitCode.DONE


def summarize(warehouse: Path, run_id: str, journal: Path) -> Summary:
    """Read the summary of a run that was published."""
    with open_published(warehouse) as connection:
        run = find_run(connection, run_id)
        rows = read_story_rows(connection, run.story) if run is not None and run.story else None
        return Summary(
            run_id=run_id,
            funnel=funnel(connection, run_id),
            health=tuple(line for line in outlet_health(connection) if line.run_id == run_id),
            rows=count_rows(connection),
            faults=find_faults(url_outcomes(journal)),
            notes=journal_notes(journal),
            answer=answer_sentences(Story.of(rows)) if rows is not None else (),
        )


def find_faults(outcomes: Sequence[UrlOutcome]) -> tuple[UrlOutcome, ...]:
    """What the story file or the command named and didn't come: the user must look at it.

    A search isn't among them: it is one more way to find URLs, and the run's notes tell how it went.
    """
    lost = (Fate.FAILED, Fate.REFUSED, Fate.REJECTED)
    return tuple(
        outcome
        for outcome in outcomes
        if outcome.fate in lost
        and outcome.via is not Via.SEARCH
        and (outcome.source_url is None or outcome.reason in LOCAL_FAULTS)
    )


def print_summary(summary: Summary, *, as_json: bool) -> None:
    """The tables on standard output, the faults on standard error."""
    if as_json:
        print_json(_as_json(summary))
    else:
        _print_tables(summary)
    for outcome in summary.faults:
        next_step = NEXT_STEPS.get(outcome.reason or "", DEFAULT_NEXT_STEP)
        detail = f" ({shorten(outcome.detail, 200)})" if outcome.detail else ""
        click.echo(f"wirecopy: {outcome.url}: {outcome.reason}{detail}; next: {next_step}", err=True)


def _print_tables(summary: Summary) -> None:
    click.echo(f"\n{summary.run_id}: what became of every URL")
    print_rows(
        ("fate", "reason", "urls"),
        [(line.fate, line.reason, line.urls) for line in summary.funnel],
        as_json=False,
    )
    if summary.health:
        click.echo("\noutlets")
        print_rows(
            ("outlet", "expected", "found", "fetched", "kept", "status", "reason"),
            [
                (line.outlet, line.expected, line.found, line.fetched, line.kept, line.status, line.reason)
                for line in summary.health
            ],
            as_json=False,
        )
    if summary.notes:
        click.echo("\nsearches and archives")
        for note in summary.notes:
            click.echo(f"  {note}")
    rows = summary.rows
    click.echo(
        f"\nThe warehouse now holds {rows['articles']} articles, {rows['copies']} pairs that share text "
        f"and {rows['reused_passages']} copied passages."
    )
    if summary.answer:
        click.echo(f"\n{' '.join(summary.answer)}")
    else:
        click.echo(
            "Ask it: `wirecopy ask who-was-first`, `wirecopy ask who-copied-whom`; `wirecopy ask` lists all."
        )


def _as_json(summary: Summary) -> dict[str, Any]:
    return {
        "run_id": summary.run_id,
        "funnel": [{"fate": one.fate, "reason": one.reason, "urls": one.urls} for one in summary.funnel],
        "outlets": [{name: getattr(line, name) for name in line.__slots__} for line in summary.health],
        "rows": summary.rows,
        "notes": summary.notes,
        "answer": summary.answer,
        "faults": [{"url": one.url, "reason": one.reason, "detail": one.detail} for one in summary.faults],
    }
