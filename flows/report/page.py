"""The report as one HTML file that asks nothing of the network."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from flows.errors import ExitCode, Failure
from flows.report import sheets
from flows.report.answer import answer_sentences, key_figures
from flows.report.charts import Figure, vega_bundle
from flows.report.coverage import draw_coverage
from flows.report.edits import find_edits
from flows.report.funnel import draw_funnel, find_losses, group_fates, say_reason
from flows.report.grid import State
from flows.report.headlines import MAX_GROUPS, group_headlines
from flows.report.ladder import EXACTNESS, draw_ladder
from flows.report.network import draw_network
from flows.report.outlets import draw_outlets
from flows.report.ownership import Basis, Proof
from flows.report.sides import pack_sides, squeeze, to_script_json
from flows.report.story import KINDS, Story
from flows.report.strip import draw_strip
from warehouse.master import open_published
from warehouse.questions import questions
from warehouse.story_report import StoryRows, read_story_rows

MAX_UNCORRECTED = 200  # sentences; the rest is one query away


@dataclass(frozen=True, slots=True)
class Script:
    """A script of the report's own, and the hash by which the page allows it to run."""

    text: Markup
    sha256: str


def render_story(warehouse: Path, story: str) -> str:
    """The report as HTML.

    Raises:
        Failure: the warehouse has no such story.
        WarehouseError: there is no warehouse, or it can't be read.
    """
    with open_published(warehouse) as connection:
        rows = read_story_rows(connection, story)
    if rows is None:
        raise Failure(
            f'{warehouse} has no story {story!r}; `wirecopy sql "select story from stories"` lists them',
            ExitCode.WRONG,
        )
    return render_rows(rows, datetime.now(UTC))


def render_rows(rows: StoryRows, written_at: datetime) -> str:
    """The report on rows that are read."""
    story = Story.of(rows)
    fates = group_fates(story)
    edits, hidden_edits = find_edits(story)
    headlines = group_headlines(story)
    scripts = (_script(vega_bundle()), _script(_asset("report.js")))
    return (
        _environment()
        .get_template("report/page.html.j2")
        .render(
            story=story,
            sentences=answer_sentences(story),
            key_figures=key_figures(story),
            fates=fates,
            funnel=draw_funnel(fates),
            coverage=draw_coverage(story),
            ladder=draw_ladder(story),
            network=draw_network(story),
            outlets=draw_outlets(story),
            strip=draw_strip(story),
            sides=squeeze(pack_sides(story)),
            edits=edits,
            hidden_edits=hidden_edits,
            uncorrected=rows.uncorrected[:MAX_UNCORRECTED],
            hidden_uncorrected=max(len(rows.uncorrected) - MAX_UNCORRECTED, 0),
            headlines=headlines[:MAX_GROUPS],
            hidden_headlines=max(len(headlines) - MAX_GROUPS, 0),
            losses=find_losses(fates),
            exactness=EXACTNESS,
            kinds=KINDS,
            bases=tuple(Basis),
            proofs=tuple(Proof),
            states=tuple(State),
            questions={question.name: question for question in questions()},
            written_at=written_at,
            style=Markup(_asset("report.css")),
            scripts=scripts,
        )
    )


def _script(text: str) -> Script:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return Script(Markup(text), base64.b64encode(digest).decode("ascii"))


@cache
def _asset(name: str) -> str:
    return files("flows").joinpath("templates", "report", name).read_text(encoding="utf-8")


def _figure_json(figure: Figure) -> Markup:
    return Markup(to_script_json(figure.spec))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        show=sheets.shown,
        raw=sheets.raw,
        web=sheets.web_link,
        percent=sheets.percent,
        thousands=sheets.thousands,
        reason=say_reason,
        spec=_figure_json,
    )
    environment.globals["counted"] = sheets.counted
    return environment
