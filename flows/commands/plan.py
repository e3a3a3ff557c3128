"""`new` and `check`: before anything is fetched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from flows.errors import ExitCode, Failure, shown_to_people
from flows.options import json_option
from flows.story_file import TEMPLATE, read_story
from flows.tables import print_json, print_rows
from pipelines.story_toml import NAME

WINDOW_DAYS = 14  # how far back a new story looks


@click.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a commented NAME.toml to start from.

    \b
    Example:  wirecopy new harbour-strike
    """
    name = name.removesuffix(".toml")
    if not NAME.fullmatch(name):
        raise click.UsageError(f"{name!r}: use lower-case letters, digits, dots and hyphens, 64 at most")
    path = Path(f"{name}.toml")
    words = name.replace("-", " ").replace("_", " ").replace(".", " ")
    today = datetime.now(UTC).date()
    content = TEMPLATE.format(
        name=name,
        title=words.capitalize(),
        since=(today - timedelta(days=WINDOW_DAYS)).isoformat(),
        until=today.isoformat(),
        first_term=words,
    )
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError as error:
        raise Failure(f"{path} is there already; choose another name or edit it", ExitCode.WRONG) from error
    click.echo(f"{path} written. Name a feed, sitemap or seed in it, then: wirecopy check {path}")


@click.command()
@click.argument("story_file", type=click.Path(path_type=Path))
@json_option
def check(story_file: Path, as_json: bool) -> ExitCode:
    """Validate a story file and say what a run would do; only feeds, sitemaps and robots.txt are fetched.

    \b
    Example:  wirecopy check harbour-strike.toml
    """
    from flows.preview import preview_story

    with shown_to_people():
        story = read_story(story_file)
        preview = preview_story(story)
    if as_json:
        print_json(preview.as_json())
        return ExitCode.LOOK if preview.has_faults else ExitCode.DONE
    click.echo(f"{story_file}: the story file is right.")
    if not preview.sources and not preview.searches:
        click.echo("It names no source yet: add a seed, feed, sitemap or site, then check again.")
        return ExitCode.DONE
    print_rows(
        ("source", "kind", "state", "urls"),
        [(source.url, source.kind, source.state, source.urls) for source in preview.sources],
        as_json=False,
    )
    click.echo()
    print_rows(
        ("host", "robots", "pages", "seconds"),
        [(host.host, host.robots, host.pages, host.seconds) for host in preview.hosts],
        as_json=False,
    )
    if preview.searches:
        click.echo("\nsearches")
        print_rows(
            ("search", "state", "requests", "seconds"),
            [(one.search, one.state, one.requests, one.seconds) for one in preview.searches],
            as_json=False,
        )
    if story.fetch.follow_links:
        click.echo(
            f"\nThen links of relevant pages would be followed, {story.fetch.follow_links} deep, up to "
            f"{story.fetch.max_pages_per_host} pages a host; they come on top of what is counted here."
        )
    click.echo(
        f"\nA run would make about {preview.requests} requests and take about {preview.minutes:.1f} minutes."
    )
    if preview.has_faults:
        raise Failure("some sources gave nothing; see the table above")
    return ExitCode.DONE
