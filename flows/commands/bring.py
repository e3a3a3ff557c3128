"""`import-outlets`: what the user knows beside what pages say."""

from __future__ import annotations

from pathlib import Path

import click

from flows.errors import ExitCode, shown_to_people
from flows.options import json_option, warehouse_option
from flows.tables import print_json

SHOWN_OUTLETS = 20  # names, where most of a list is missing


@click.command("import-outlets")
@click.argument("table", type=click.Path(path_type=Path))
@warehouse_option
@json_option
def import_outlets(table: Path, warehouse: Path, as_json: bool) -> ExitCode:
    """Take a CSV table of outlets (outlet, country, owner, type and columns of your own) into the SQL.

    The table of SQL is called outlets. A second import replaces the first.

    \b
    Example:
      wirecopy import-outlets outlets.csv
      wirecopy ask coverage-by-kind-of-outlet by=country
    """
    from flows.outlet_table import import_table

    with shown_to_people():
        coverage = import_table(warehouse, table)
    if as_json:
        print_json(
            {
                "imported": coverage.imported,
                "with_articles": coverage.with_articles,
                "without_row": coverage.without_row,
            }
        )
        return ExitCode.DONE
    click.echo(f"{coverage.imported} outlets imported; {coverage.with_articles} of them have articles here.")
    if coverage.without_row:
        names = ", ".join(coverage.without_row[:SHOWN_OUTLETS])
        more = len(coverage.without_row) - SHOWN_OUTLETS
        click.echo(f"Not in the table: {names}{f' and {more} more' if more > 0 else ''}.")
    return ExitCode.DONE
