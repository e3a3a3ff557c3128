"""The tale of a URL, as `why` tells it to people: from how it became known to who shares its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import click

from flows.tables import clean_for_terminal, shorten, show
from warehouse.read import CopyLine
from warehouse.why import ArticleHead, CaptureLine, FateLine, LegalLine, Tale

MARKS = "+ its own, = copied, ? shared and nothing proves whose"


def print_tale(tale: Tale) -> None:
    """Every part of the tale that there is anything to say about, under its heading."""
    click.echo(clean_for_terminal(_verdict(tale)))
    for title, lines in _sections(tale):
        if lines:
            click.secho(f"\n{title}", bold=True)
            for line in lines:
                click.echo(f"  {clean_for_terminal(line)}")


def who_first(pair: CopyLine) -> str:
    """The outlet that was first, where the times prove it."""
    return pair.source_outlet if pair.direction == "source_first" else "not proven"


def _verdict(tale: Tale) -> str:
    if tale.article is not None:
        head = tale.article
        return f"{head.url}\nis an article of {head.outlet_name or head.outlet}: {head.title or 'no title'}"
    url = tale.fates[-1].url if tale.fates else tale.urls[-1]
    what = _fate(tale.fates[-1]) if tale.fates else "came in as a copy of another page"
    return f"{url}\nis no article: {what}"


def _sections(tale: Tale) -> Iterator[tuple[str, list[str]]]:
    yield "found, and what became of it", [_found(one) for one in tale.fates]
    yield "what the site allows", [_legal(one) for one in tale.legal]
    yield "fetched, and where it lies in the archive", [_capture(one) for one in tale.captures]
    yield "other addresses", [f"{one.kind:8}  {one.url}" for one in tale.aliases]
    yield "the article", list(_head(tale.article)) if tale.article else []
    yield from _details(tale)
    yield from _company(tale)


def _details(tale: Tale) -> Iterator[tuple[str, list[str]]]:
    yield (
        "versions",
        [
            f"{one.version}  {show(one.fetched_at)}  {one.word_count} words  {show(one.title)}  "
            f"[{one.run_id}, rules {one.rules_version}]"
            for one in tale.versions
        ],
    )
    yield (
        "stories",
        [f"{one.story}  relevance {one.relevance:.2f}  by {show(one.matched_terms)}" for one in tale.stories],
    )
    yield (
        "what says when it appeared",
        [
            f"{one.signal}  {shorten(one.value_raw)}  {_read_as(one.value, one.precision)}"
            for one in tale.times
        ],
    )
    yield (
        "what says whose text it is",
        [
            f"{one.signal}  {shorten(one.value_raw)}  {one.value or 'no agency that we know'}"
            for one in tale.credits
        ],
    )


def _company(tale: Tale) -> Iterator[tuple[str, list[str]]]:
    yield (
        f"text ({MARKS})",
        [f"{_mark(one.is_original)} {one.kind:8} {shorten(one.text, 160)}" for one in tale.paragraphs],
    )
    yield "cut as junk", [f"{one.rule}: {shorten(one.text, 120)}" for one in tale.removed]
    yield "shares text", [_pair(one, tale.article_id) for one in tale.copies]
    yield (
        "group of near-identical copies",
        [f"{one.role:6}  {one.url}{_of(one.agency)}" for one in tale.group],
    )


def _found(fate: FateLine) -> str:
    source = f" of {fate.source_url}" if fate.source_url else ""
    address = f"\n      {fate.url}"
    return f"{show(fate.decided_at)}  {fate.run_id}  via {fate.via}{source}: {_fate(fate)}{address}"


def _fate(fate: FateLine) -> str:
    reason = f" ({fate.reason})" if fate.reason else ""
    return f"{fate.fate}{reason}{f': {shorten(fate.detail, 200)}' if fate.detail else ''}"


def _legal(line: LegalLine) -> str:
    place = f"on {line.url}" if line.url else f"for all of {line.host}"
    return f"{show(line.at)}  {line.signal}: {shorten(line.value, 120)}  {place}"


def _capture(capture: CaptureLine) -> str:
    redirect = f"  led from {capture.url} to {capture.final_url}" if capture.url != capture.final_url else ""
    outcome = f"{capture.outcome}{f' ({capture.reason})' if capture.reason else ''}"
    place = f"{capture.archive_file}:{capture.archive_offset}"
    return f"{show(capture.fetched_at)}  answer {capture.status}  {outcome}  {place}{redirect}"


def _head(head: ArticleHead) -> Iterator[str]:
    if head.subtitle:
        yield f"standfirst  {shorten(head.subtitle, 160)}"
    yield f"signed      {head.byline_raw or 'by nobody'}{_names(head.authors)}"
    yield f"credits     {show(head.agencies) or 'no agency'}"
    yield f"published   {_published(head)}"
    paywalled = ", says that it is for subscribers" if head.is_paywalled else ""
    yield f"text        {head.word_count} words, language {head.language}, version {head.version}{paywalled}"
    yield f"first seen  {show(head.first_seen_at)}"


def _published(head: ArticleHead) -> str:
    bounds = f"between {show(head.published_earliest) or '?'} and {show(head.published_latest) or '?'}"
    if head.published_at is None:
        return f"at no stated time; {bounds}"
    exact = f"exact to the {head.published_precision}, by {head.published_source}"
    return f"{show(head.published_at)}, {exact}; {bounds}"


def _names(authors: Sequence[str]) -> str:
    return f" ({show(tuple(authors))})" if authors else ""


def _read_as(value: datetime | None, precision: str | None) -> str:
    return f"read as {show(value)}, exact to the {precision}" if value else "can't be read as one moment"


def _pair(pair: CopyLine, article_id: str | None) -> str:
    is_later = pair.article_id == article_id
    other = pair.source_url if is_later else pair.url
    proven = "took from" if is_later else "gave to"
    verb = proven if pair.direction == "source_first" else "shares with"
    share = pair.containment if is_later else pair.source_containment
    agency = f", both ran {pair.common_agency}" if pair.common_agency else ""
    return f"{verb:11}  {other}  {pair.shared_words} words, {share:.0%} of this one, {pair.kind}{agency}"


def _mark(is_original: bool | None) -> str:
    return "?" if is_original is None else "+" if is_original else "="


def _of(agency: str | None) -> str:
    return f"  (text of {agency})" if agency else ""
