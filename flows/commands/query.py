"""`sql` and `ask`: questions to the tables, on a connection that can do nothing else."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from flows.errors import shown_to_people
from flows.options import json_option, nearest, warehouse_option
from flows.tables import print_json, print_rows
from warehouse.master import open_published
from warehouse.query import QueryLimits, QueryResult, run_query
from warehouse.questions import Parameter, Question, questions
from warehouse.read import story_names

FORMATS = (
    click.option("--csv", "as_csv", is_flag=True, help="Print CSV."),
    click.option("--parquet", type=click.Path(path_type=Path, dir_okay=False), help="Write a Parquet file."),
    json_option,
)


@click.command()
@click.argument("query")
@warehouse_option
@FORMATS[0]
@FORMATS[1]
@FORMATS[2]
@click.option(
    "--seconds", type=click.IntRange(1, 3600), default=8, show_default=True, help="Stop the query after that."
)
def sql(query: str, warehouse: Path, as_csv: bool, parquet: Path | None, as_json: bool, seconds: int) -> None:
    """Run one read-only query. It can open no file, reach no network and change nothing.

    \b
    Examples:
      wirecopy sql "select outlet, title, published_at from articles order by published_at"
      wirecopy sql "from copies" --json
    """
    with shown_to_people():
        result = run_query(warehouse, query, limits=QueryLimits(seconds=seconds))
    _deliver(result, parquet, as_csv=as_csv, as_json=as_json)


@click.command()
@click.argument("name", required=False, shell_complete=lambda _, __, typed: _names_from(typed))
@click.argument(
    "values",
    nargs=-1,
    metavar="[PARAMETER=VALUE]…",
    shell_complete=lambda context, _, typed: _parameters_from(context.params.get("name"), typed),
)
@warehouse_option
@FORMATS[0]
@FORMATS[1]
@FORMATS[2]
def ask(
    name: str | None,
    values: tuple[str, ...],
    warehouse: Path,
    as_csv: bool,
    parquet: Path | None,
    as_json: bool,
) -> None:
    """Answer a ready question and print its SQL; without NAME, list them.

    The SQL goes to standard error where the answer is CSV, JSON or a file.

    \b
    Examples:
      wirecopy ask
      wirecopy ask who-was-first
      wirecopy ask coverage-before-and-after moment=2024-01-30 story=harbour-strike
    """
    library = {question.name: question for question in questions()}
    if name is None:
        _list(list(library.values()), as_json=as_json)
        return
    question = library.get(name.replace("_", "-"))
    if question is None:
        raise click.UsageError(f"no question is called {name!r}; {nearest(name, library)}")
    parameters = _parameters(question, values)
    with shown_to_people():
        _require_story(warehouse, parameters.get("story"))
        result = run_query(warehouse, question.sql, parameters)
    is_for_machines = bool(as_json or as_csv or parquet)
    click.echo(f"-- {question.title}\n{question.sql.strip()}\n", err=is_for_machines)
    _deliver(result, parquet, as_csv=as_csv, as_json=as_json)


def _names_from(typed: str) -> list[str]:
    return [one.name for one in questions() if one.name.startswith(typed.replace("_", "-"))]


def _parameters_from(name: str | None, typed: str) -> list[str]:
    known = [parameter.name for one in questions() if one.name == name for parameter in one.parameters]
    return [f"{parameter}=" for parameter in known if parameter.startswith(typed)]


def _list(library: Sequence[Question], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(one) for one in library])
        return
    rows = [(one.name, one.title, ", ".join(map(_in_words, one.parameters))) for one in library]
    print_rows(("name", "question", "parameters"), rows, as_json=False)
    if sys.stdout.isatty():
        click.echo("Ask one of them: wirecopy ask NAME [PARAMETER=VALUE]…")


def _in_words(parameter: Parameter) -> str:
    return f"{parameter.name} (required)" if parameter.is_required else parameter.name


def _parameters(question: Question, values: Sequence[str]) -> dict[str, str | None]:
    known = {parameter.name: parameter for parameter in question.parameters}
    given: dict[str, str] = {}
    for text in values:
        name, is_pair, value = text.partition("=")
        if not is_pair:
            raise click.UsageError(f"{text!r}: write PARAMETER=VALUE, such as story=harbour-strike")
        if name not in known:
            raise click.UsageError(f"{question.name} has no parameter {name!r}; {nearest(name, known)}")
        given[name] = value
    for parameter in question.parameters:
        if parameter.is_required and parameter.name not in given:
            raise click.UsageError(f"{question.name} needs {parameter.name}=…: {parameter.about}")
    return {name: given.get(name) for name in known}


def _require_story(warehouse: Path, story: str | None) -> None:
    """A misspelt story would have an empty answer, which looks like a true one."""
    if story is None:
        return
    with open_published(warehouse) as connection:
        stories = story_names(connection)
    if story not in stories:
        raise click.UsageError(f"the warehouse has no story {story!r}; {nearest(story, stories)}")


def _deliver(result: QueryResult, parquet: Path | None, *, as_csv: bool, as_json: bool) -> None:
    if parquet is not None:
        from warehouse.export import write_parquet

        with shown_to_people():
            write_parquet(result, parquet)
        click.echo(f"{parquet}: {len(result.rows)} rows")
    elif as_csv:
        click.echo(to_csv(result), nl=False)
    else:
        print_rows(result.columns, result.rows, as_json=as_json)


def to_csv(result: QueryResult) -> str:
    """CSV with a header; no cell starts a formula in a spreadsheet."""
    from warehouse.export import defuse_formula

    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow([defuse_formula(name) for name in result.columns])
    for row in result.rows:
        writer.writerow([defuse_formula(value) if isinstance(value, str) else value for value in row])
    return output.getvalue()
