"""`doctor`, `backup`, `restore` and `export`: keeping a warehouse well, and taking things out of it."""

from __future__ import annotations

from pathlib import Path

import click

from flows.errors import ExitCode, shown_to_people
from flows.options import json_option, warehouse_option
from flows.tables import print_rows

MB = 1_000_000


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be derived again.")
@warehouse_option
@json_option
def doctor(repair: bool, warehouse: Path, as_json: bool) -> ExitCode:
    """Check the warehouse's invariants, its archive, dead sources, locks and disk.

    \b
    Examples:
      wirecopy doctor
      wirecopy doctor --repair
    """
    from flows.doctor import examine, mend

    with shown_to_people():
        findings = mend(warehouse) if repair else examine(warehouse)
    print_rows(
        ("state", "what", "finding", "next step"),
        [(one.state, one.what, one.finding, one.next_step) for one in findings],
        as_json=as_json,
    )
    return ExitCode.LOOK if any(one.state == "bad" for one in findings) else ExitCode.DONE


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.argument("story_files", nargs=-1, type=click.Path(path_type=Path))
@warehouse_option
def backup(target: Path, story_files: tuple[Path, ...], warehouse: Path) -> ExitCode:
    """Copy the warehouse, its archive, its runs and STORY_FILES to TARGET, also while a run is at work.

    TARGET is a folder, or one file where its name ends in .tar, .tar.gz or .tgz.

    \b
    Examples:
      wirecopy backup /mnt/disk/coverage-november
      wirecopy backup coverage.tar harbour-strike.toml
    """
    from flows.backup import back_up
    from flows.clock import utc_now

    with shown_to_people():
        made = back_up(warehouse, target, story_files, utc_now())
    click.echo(f"{made.path}: {len(made.files)} files, {made.size / MB:,.1f} MB")
    return ExitCode.DONE


@click.command()
@click.argument("source", metavar="BACKUP", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Set aside the warehouse that is there.")
@warehouse_option
def restore(source: Path, overwrite: bool, warehouse: Path) -> ExitCode:
    """Put a backup back; every file is proven by its digest before anything is touched.

    \b
    Example:  wirecopy restore coverage.tar --warehouse mended/coverage.duckdb
    """
    from flows.live import tell
    from flows.restore import restore as put_back

    with shown_to_people():
        backup = put_back(source, warehouse, tell, overwrite=overwrite)
    click.echo(f"{warehouse}: {len(backup.files)} files, {backup.size / MB:,.1f} MB")
    return ExitCode.DONE


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--format", "kind", type=click.Choice(["parquet", "csv", "jsonl", "warc"]), required=True)
@click.option("--no-full-text", is_flag=True, help="Leave texts out where the site reserves its rights.")
@warehouse_option
def export(folder: Path, kind: str, no_full_text: bool, warehouse: Path) -> ExitCode:
    """Write every public table to FOLDER, or the archived responses as WARC files.

    \b
    Example:  wirecopy export out --format parquet
    """
    from flows.export import export_to

    with shown_to_people():
        written = export_to(warehouse, folder, kind, full_text=not no_full_text)
    for path in written:
        click.echo(str(path))
    return ExitCode.DONE
