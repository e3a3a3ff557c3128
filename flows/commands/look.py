"""`why`, `copies` and `report`: the answers, for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from flows.errors import ExitCode, Failure, shown_to_people
from flows.options import json_option, warehouse_option
from flows.tables import print_json, print_rows, shorten
from flows.tale import print_tale, who_first
from pipelines.url_spellings import url_spellings
from warehouse.drawn_passages import DrawnPassage, drawn_passages
from warehouse.master import open_published
from warehouse.read import CopyLine, copies_of
from warehouse.why import Tale, find_article, near_urls, tell_why


@click.command()
@click.argument("url")
@warehouse_option
@json_option
def why(url: str, warehouse: Path, as_json: bool) -> ExitCode:
    """Tell every decision about a URL, with its evidence.

    Scheme, www, tracking parameters and the slash at the end make no difference; a redirect, an AMP page or
    another alias leads to its article.

    \b
    Examples:
      wirecopy why https://harbour-post.example/strike
      wirecopy why harbour-post.example/strike?utm_source=feed
    """
    with shown_to_people(), open_published(warehouse) as connection:
        tale = _tell(connection, url)
    if as_json:
        print_json(asdict(tale))
    else:
        print_tale(tale)
    return ExitCode.DONE


@click.command()
@click.argument("url", required=False)
@click.option("--with", "other", metavar="URL", help="Only the pair with this article.")
@warehouse_option
@json_option
def copies(url: str | None, other: str | None, warehouse: Path, as_json: bool) -> ExitCode:
    """List who copied whom; for one URL, draw the passages beside their sources.

    \b
    Examples:
      wirecopy copies
      wirecopy copies https://harbour-post.example/strike
      wirecopy copies harbour-post.example/strike --with northwire.example/dockers
    """
    with shown_to_people(), open_published(warehouse) as connection:
        article_id = _require_article(connection, url) if url else None
        other_id = _require_article(connection, other) if other else None
        pairs = [
            pair
            for pair in copies_of(connection, article_id)
            if other_id is None or other_id in (pair.article_id, pair.source_id)
        ]
        passages = [
            drawn_passages(connection, pair.article_id, pair.source_id) if url else () for pair in pairs
        ]
    if as_json:
        print_json(
            [
                {**asdict(pair), "passages": [asdict(one) for one in texts]}
                for pair, texts in zip(pairs, passages, strict=True)
            ]
        )
    elif url is None:
        _list_pairs(pairs)
    elif not pairs:
        click.echo(f"It shares no text with {other or 'any other article'}.")
    else:
        _draw(pairs, passages)
    return ExitCode.DONE


@click.command()
@click.argument("story")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="[default: STORY.html]")
@warehouse_option
def report(story: str, output: Path | None, warehouse: Path) -> ExitCode:
    """Write one offline HTML file about a story; STORY is its name or its file.

    \b
    Example:  wirecopy report harbour-strike -o strike.html
    """
    from flows.report import write_report

    name = Path(story).stem if story.endswith(".toml") else story
    with shown_to_people():
        path = write_report(warehouse, name, output or Path(f"{name}.html"))
    click.echo(str(path))
    return ExitCode.DONE


def _tell(connection: Any, url: str) -> Tale:
    """The tale of what was typed, by its exact spelling or else a looser one."""
    for spellings in url_spellings(url):
        tale = tell_why(connection, spellings)
        if tale.is_known:
            return tale
    raise Failure(f"no run has heard of {url}; {_near(connection, url)}")


def _require_article(connection: Any, url: str) -> str:
    for spellings in url_spellings(url):
        article_id = find_article(connection, spellings)
        if article_id is not None:
            return article_id
    raise Failure(f"{url} is no article of this warehouse; `wirecopy why {url}` tells what became of it")


def _near(connection: Any, url: str) -> str:
    near = near_urls(connection, url_spellings(url)[0][-1])
    if near:
        return f"near it are {', '.join(near)}"
    return '`wirecopy sql "select url from url_fates"` lists what is known'


def _draw(pairs: Sequence[CopyLine], passages: Sequence[Sequence[DrawnPassage]]) -> None:
    from flows.side_by_side import draw_pair, print_pair

    if sys.stdout.isatty():
        from rich.console import Console

        console = Console()
        for pair, texts in zip(pairs, passages, strict=True):
            draw_pair(pair, texts, console)
    else:
        for pair, texts in zip(pairs, passages, strict=True):
            print_pair(pair, texts)


def _list_pairs(pairs: Sequence[CopyLine]) -> None:
    if not pairs:
        click.echo("No two articles share text.")
        return
    print_rows(
        ("outlet", "title", "shares", "with outlet", "title there", "kind", "who was first", "common agency"),
        [
            (
                pair.outlet,
                shorten(pair.title or pair.url, 50),
                f"{pair.containment:.0%}",
                pair.source_outlet,
                shorten(pair.source_title or pair.source_url, 50),
                pair.kind,
                who_first(pair),
                pair.common_agency,
            )
            for pair in pairs
        ],
        as_json=False,
    )
