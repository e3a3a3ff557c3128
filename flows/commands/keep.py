"""`doctor` and `export`: keeping a warehouse well, and taking things out of it."""

from __future__ import annotations

from pathlib import Path

import click

from flows.errors import ExitCode, shown_to_people
from flows.options import json_option, warehouse_option
from flows.tables import print_rows


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
