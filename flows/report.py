"""One offline HTML file about a story: the answer first, then the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from flows.errors import ExitCode, Failure
from flows.tables import show
from warehouse.master import open_published
from warehouse.questions import Question, questions
from warehouse.read import CopyLine, FateCount, OutletHealth, PassageLine, funnel, latest_run, outlet_health
from warehouse.story_report import StoryAnswer, read_answer, story_copies, story_passages

# the questions that a report answers, in its order
REPORTED = (
    "who-was-first",
    "coverage-per-day",
    "agency-text-without-credit",
    "original-share-by-outlet",
    "lag-by-outlet",
    "headlines-of-one-text",
    "dropped-paragraphs",
    "edits-after-publication",
    "most-copied-outlets",
    "rejected-as-off-topic",
)
MAX_PAIRS = 200  # side by side; a story's strongest pairs come first, the rest is one query away


@dataclass(frozen=True, slots=True)
class Table:
    """A ready question with its answer."""

    question: Question
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles that share text, with the shared passages."""

    copy: CopyLine
    passages: tuple[PassageLine, ...]


def write_report(warehouse: Path, story: str, output: Path) -> Path:
    """Write the report of a story from the published warehouse; whole or not at all.

    Raises:
        Failure: the warehouse has no such story.
        WarehouseError: there is no warehouse, or it can't be read.
    """
    html = render_report(warehouse, story)
    unfinished = output.with_name(f".{output.name}.tmp")
    unfinished.write_text(html, encoding="utf-8")
    unfinished.replace(output)
    return output


def render_report(warehouse: Path, story: str) -> str:
    """The report as HTML; everything that came from a page is escaped, and no script runs in it."""
    with open_published(warehouse) as connection:
        answer = read_answer(connection, story)
        if answer is None:
            raise Failure(
                f'{warehouse} has no story {story!r}; `wirecopy sql "select story from stories"` lists them',
                ExitCode.WRONG,
            )
        run = latest_run(connection, story)
        tables = [_answer(connection, question, story) for question in _reported()]
        copies = story_copies(connection, story)
        shown = copies[:MAX_PAIRS]
        passages = story_passages(connection, [(copy.article_id, copy.source_id) for copy in shown])
        pairs = [Pair(copy, passages.get((copy.article_id, copy.source_id), ())) for copy in shown]
        return (
            _environment()
            .get_template("report.html.j2")
            .render(
                answer=answer,
                sentences=answer_sentences(answer),
                run=run,
                funnel=_group_funnel(funnel(connection, run.run_id)) if run else {},
                health=[line for line in outlet_health(connection, story) if _needs_a_look(line)],
                tables=tables,
                pairs=pairs,
                hidden_pairs=len(copies) - len(shown),
                written_at=datetime.now(UTC),
            )
        )


def answer_sentences(answer: StoryAnswer) -> tuple[str, ...]:
    """The story's answer in words, generated from the counts; no claim without its proof."""
    copied = answer.articles - answer.originals
    sentences = [
        f"{answer.articles} articles of {answer.outlets} outlets tell this story in {answer.originals} "
        f"different texts; {copied} of them are near-identical copies."
    ]
    if answer.largest_group_size:
        owner = answer.largest_group_agency or answer.largest_group_outlet
        sentences.append(f"The most copied text is {owner}'s, in {answer.largest_group_size} articles.")
    if answer.first_outlet and answer.first_is_proven:
        sentences.append(
            f"{answer.first_outlet} had the story first, {_show(answer.first_published_at)} UTC: every other "
            "dated article appeared later for certain."
        )
    elif answer.first_outlet:
        sentences.append(
            f"{answer.first_outlet} has the earliest date, {_show(answer.first_published_at)} UTC, but the "
            "dates of others are not exact enough to prove that it was first."
        )
    else:
        sentences.append("No article carries a date, so nothing proves who was first.")
    return tuple(sentences)


def _reported() -> Sequence[Question]:
    known = {question.name: question for question in questions()}
    return [known[name] for name in REPORTED]


def _answer(connection: Any, question: Question, story: str) -> Table:
    parameters = {
        parameter.name: story if parameter.name == "story" else None for parameter in question.parameters
    }
    connection.execute(question.sql, parameters)
    columns = tuple(column[0] for column in connection.description)
    return Table(question, columns, tuple(tuple(row) for row in connection.fetchall()))


def _needs_a_look(line: OutletHealth) -> bool:
    return line.status != "ok"


def _group_funnel(lines: Sequence[FateCount]) -> dict[str, list[FateCount]]:
    grouped: dict[str, list[FateCount]] = {}
    for line in lines:
        grouped.setdefault(line.fate, []).append(line)
    return grouped


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["show"] = _show
    environment.filters["web"] = _web_link
    return environment


def _show(value: Any) -> str:
    """A value as in the tables of the command line; times in UTC, without saying so each time."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else show(value)


def _web_link(url: str) -> str:
    """A URL that is safe to link: http and https only; others give an empty one."""
    return url if url.startswith(("http://", "https://")) else ""
