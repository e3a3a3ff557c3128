"""What all charts share: a figure with its words and its table, and one look in light, dark and print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import altair as alt

from flows.report.sheets import Sheet

Spec = Mapping[str, Any]  # a Vega-Lite specification
ROW_HEIGHT = 24  # pixels
MAX_ROWS = 40  # a taller chart is a table; what is left out is said
LINE = "var(--line)"
LOOK: Spec = {
    "autosize": {"type": "fit-x", "contains": "padding"},
    "background": "transparent",
    "config": {
        "aria": False,  # the figure carries the words; Vega's own are many and say less
        "font": "system-ui, sans-serif",
        "axis": {
            "labelColor": "currentColor",
            "labelFontSize": 12,
            "labelPadding": 6,
            "titleColor": "var(--muted)",
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": LINE,
            "domainColor": LINE,
            "tickColor": LINE,
        },
        "view": {"stroke": None},
    },
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, what it shows in a sentence, and its data."""

    name: str
    spec: Spec
    words: str  # for those who don't see it
    sheet: Sheet
    note: str = ""


def finish(chart: alt.Chart | alt.LayerChart | alt.FacetChart, height: int) -> Spec:
    """The chart as a specification that fills its place; colours come from the page's style."""
    spec: dict[str, Any] = chart.to_dict()
    return {**spec, "width": "container", "height": height, **LOOK}


def values(rows: Sequence[Mapping[str, object]]) -> alt.InlineData:
    """Rows as a chart's data; times become milliseconds."""
    return alt.InlineData(values=[{name: _plain(value) for name, value in row.items()} for row in rows])


def in_order(field: str) -> alt.EncodingSortField:
    """A sort by a number of the rows: a list of names would become part of an expression."""
    return alt.EncodingSortField(field=field, op="min", order="ascending")


def utc_axis(start: datetime, end: datetime) -> alt.Axis:
    """A time axis whose labels suit what it spans."""
    days = (end - start).days
    clock = "%-d %b %H:%M" if days < 3 else "%-d %b" if days < 300 else "%b %Y"
    return alt.Axis(format=clock, labelOverlap="greedy", labelSeparation=10, labelFlush=True, tickCount=6)


def _plain(value: object) -> object:
    return round(value.astimezone(UTC).timestamp() * 1000) if isinstance(value, datetime) else value


@cache
def vega_bundle() -> str:
    """The libraries that draw the charts, as one script that asks nothing of the network."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")
