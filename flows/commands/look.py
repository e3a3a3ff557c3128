"""`why`, `copies` and `report`: the answers, for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from flows.errors import ExitCode, Failure, shown_to_people
from flows.options import json_option, warehouse_option
from flows.tables import clean_for_terminal, print_json, print_rows, shorten, show
from pipelines.urls import canonicalize_url
from warehouse.master import open_published
from warehouse.read import CopyLine, PassageLine, copies_of, passages_of
from warehouse.why import Tale, find_article, tell_why

PASSAGE_CHARS = 300


@click.command()
@click.argument("url")
@warehouse_option
@json_option
def why(url: str, warehouse: Path, as_json: bool) -> ExitCode:
    """Tell every decision about a URL, with its evidence. Tracking parameters make no difference.

    \b
    Example:  wirecopy why https://harbour-post.example/strike
    """
    with shown_to_people(), open_published(warehouse) as connection:
        tale = tell_why(connection, _spellings(url))
    if not tale.is_known:
        raise Failure(
            f'no run has heard of {url}; `wirecopy sql "select url from url_fates"` lists what is known'
        )
    if as_json:
        print_json(asdict(tale))
    else:
        _tell(tale)
    return ExitCode.DONE


@click.command()
@click.argument("url", required=False)
@warehouse_option
@json_option
def copies(url: str | None, warehouse: Path, as_json: bool) -> ExitCode:
    """List who copied whom; for one URL, with the passages.

    \b
    Examples:
      wirecopy copies
      wirecopy copies https://harbour-post.example/strike
    """
    with shown_to_people(), open_published(warehouse) as connection:
        article_id = find_article(connection, _spellings(url)) if url else None
        if url and article_id is None:
            raise Failure(
                f"{url} is no article of this warehouse; `wirecopy why {url}` tells what became of it"
            )
        pairs = copies_of(connection, article_id)
        passages = [passages_of(connection, pair.article_id, pair.source_id) if url else () for pair in pairs]
    if as_json:
        print_json(
            [
                {**asdict(pair), "passages": [asdict(one) for one in texts]}
                for pair, texts in zip(pairs, passages, strict=True)
            ]
        )
    elif url is None:
        _list_pairs(pairs)
    else:
        for pair, texts in zip(pairs, passages, strict=True):
            _draw_pair(pair, texts)
        if not pairs:
            click.echo("It shares no text with any other article.")
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


def _spellings(url: str) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys((url, canonicalize_url(url))))
    except ValueError:
        return (url,)


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
                _who_first(pair),
                pair.common_agency,
            )
            for pair in pairs
        ],
        as_json=False,
    )


def _who_first(pair: CopyLine) -> str:
    return pair.source_outlet if pair.direction == "source_first" else "not proven"


def _draw_pair(pair: CopyLine, passages: Sequence[PassageLine]) -> None:
    arrow = "took from" if pair.direction == "source_first" else "shares text with"
    agency = f"; both credit {pair.common_agency}" if pair.common_agency else ""
    click.echo(f"\n{pair.url}\n  {arrow} {pair.source_url}")
    click.echo(
        f"  {pair.kind}: {pair.shared_words} words, {pair.containment:.0%} of it, "
        f"{pair.source_containment:.0%} of the other, longest run {pair.longest_run_words} words{agency}"
    )
    for passage in passages:
        mark = "=" if passage.similarity == 1.0 else "~"
        text = clean_for_terminal(shorten(passage.text, PASSAGE_CHARS))
        click.echo(f"  {mark} ¶{passage.paragraph + 1} from ¶{passage.source_paragraph + 1}: {text}")


def _tell(tale: Tale) -> None:
    for fate in tale.fates:
        reason = f" ({fate.reason})" if fate.reason else ""
        detail = f": {shorten(fate.detail, 200)}" if fate.detail else ""
        source = f" of {fate.source_url}" if fate.source_url else ""
        click.echo(
            f"{show(fate.decided_at)}  {fate.run_id}  {fate.fate}{reason}{detail}  [via {fate.via}{source}]"
        )
    _section(
        "archived",
        [
            f"{one.archive_file}:{one.archive_offset}  {one.status}  {show(one.fetched_at)}"
            for one in tale.captures
        ],
    )
    _section(
        "versions",
        [
            f"{one.version}  {show(one.title)}  {one.word_count} words  rules {one.rules_version}"
            for one in tale.versions
        ],
    )
    _section(
        "stories",
        [f"{one.story}  relevance {one.relevance:.2f}  {show(one.matched_terms)}" for one in tale.stories],
    )
    _section(
        "times",
        [
            f"{one.signal}  {shorten(one.value_raw)}  {show(one.value)}  {show(one.precision)}"
            for one in tale.times
        ],
    )
    _section(
        "credits", [f"{one.signal}  {shorten(one.value_raw)}  {show(one.value)}" for one in tale.credits]
    )
    _section(
        "text",
        [f"{_mark(one.is_original)} {one.kind:8} {shorten(one.text, 160)}" for one in tale.paragraphs],
    )
    _section("cut as junk", [f"{one.rule}: {shorten(one.text, 120)}" for one in tale.removed])
    _section(
        "shares text",
        [
            f"{one.url} <- {one.source_url}  {one.shared_words} words  {one.kind}  first: {_who_first(one)}"
            for one in tale.copies
        ],
    )
    _section("group", [f"{one.role:6} {one.url}" for one in tale.group])


def _mark(is_original: bool | None) -> str:
    """`+` its own, `=` copied, `?` shared, and who was first is not proven."""
    return "?" if is_original is None else "+" if is_original else "="


def _section(title: str, lines: Sequence[str]) -> None:
    if lines:
        click.echo(f"\n{title}")
        for line in lines:
            click.echo(f"  {clean_for_terminal(line)}")
