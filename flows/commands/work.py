"""`run`, `ingest`, `reprocess` and `demo`: what writes to a warehouse."""

from __future__ import annotations

from pathlib import Path

import click

from flows.errors import ExitCode, Failure, shown_to_people
from flows.live import tell, telling
from flows.options import json_option, prefect_option, warehouse_option
from flows.run import Request, execute
from flows.story_file import read_story, read_story_to_fetch
from flows.summary import Summary, print_summary, summarize

KNOWN_SUFFIXES = (".html", ".htm", ".txt", ".jsonl", ".warc", ".warc.gz")


@click.command()
@click.argument("story_file", type=click.Path(path_type=Path))
@click.option(
    "--when-due", is_flag=True, help="Leave quiet sources alone until they are due, as `serve` does."
)
@warehouse_option
@prefect_option
@json_option
def run(story_file: Path, when_due: bool, warehouse: Path, no_prefect: bool, as_json: bool) -> ExitCode:
    """Discover, fetch, clean, compare, load and publish; goes on where a killed run stopped.

    \b
    Example:  wirecopy run harbour-strike.toml
    """
    with shown_to_people():
        story = read_story_to_fetch(story_file)
        request = Request(warehouse, "run", story, with_prefect=not no_prefect, asks_all_sources=not when_due)
        summary = perform(request)
    print_summary(summary, as_json=as_json)
    return summary.exit_code


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--story", "story_file", type=click.Path(path_type=Path), help="Keep only what is about this story."
)
@warehouse_option
@prefect_option
@json_option
def ingest(
    paths: tuple[Path, ...], story_file: Path | None, warehouse: Path, no_prefect: bool, as_json: bool
) -> ExitCode:
    """Take local material instead of the web: .html .txt .jsonl .warc .warc.gz, files or folders.

    \b
    Examples:
      wirecopy ingest clippings/
      wirecopy ingest dump.jsonl --story harbour-strike.toml
    """
    with shown_to_people():
        for path in paths:
            if not path.exists():
                raise Failure(f"{path}: no such file or folder; nothing was touched", ExitCode.WRONG)
            if path.is_file() and not path.name.lower().endswith(KNOWN_SUFFIXES):
                kinds = " ".join(KNOWN_SUFFIXES)
                raise Failure(f"{path}: not a kind that ingest takes ({kinds})", ExitCode.WRONG)
        story = read_story(story_file) if story_file else None
        summary = perform(Request(warehouse, "ingest", story, paths, with_prefect=not no_prefect))
    print_summary(summary, as_json=as_json)
    return summary.exit_code


@click.command()
@click.option("--accept-loss", is_flag=True, help="Go on without pages whose archive records are damaged.")
@warehouse_option
@json_option
def reprocess(accept_loss: bool, warehouse: Path, as_json: bool) -> ExitCode:
    """Derive everything again from the archive, with the rules of this release; no network.

    \b
    Example:  wirecopy reprocess
    """
    from flows.changes import print_changes
    from flows.reprocess import reprocess_archive

    with shown_to_people():
        changes = reprocess_archive(warehouse, tell, accept_loss=accept_loss)
    print_changes(changes, as_json=as_json)
    return ExitCode.DONE


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Port of the demo press.")
@warehouse_option
@prefect_option
@json_option
def demo(port: int | None, warehouse: Path, no_prefect: bool, as_json: bool) -> ExitCode:
    """Follow an invented story through an invented press, served on this machine; no network.

    \b
    Example:  wirecopy demo
    """
    from flows.demo.run import print_demo, run_demo

    with shown_to_people(), telling(warehouse) as say:
        summary, report = run_demo(warehouse, port, say, with_prefect=not no_prefect)
    print_demo(summary, report, as_json=as_json)
    return summary.exit_code


def perform(request: Request) -> Summary:
    """Execute a request and read its summary from the published warehouse."""
    with telling(request.warehouse) as say:
        files = execute(request, say)
    return summarize(request.warehouse, files.run_id, files.journal)
