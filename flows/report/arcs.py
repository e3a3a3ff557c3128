"""The copy network as arcs: a column of names, and half ellipses that join them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from flows.report.charts import Spec, finish, values
from flows.report.edges import Edge
from flows.report.ownership import Proof

ARC_STEPS = 24
BAND = 0.72  # of a row: what all arcs of the busiest name take together
ROW_HEIGHT = 38  # pixels
THINNEST = 1.2  # pixels
COLOURS = {Proof.TIMES: "var(--own)", Proof.CREDIT: "var(--wire)", Proof.NONE: "var(--undecided)"}


@dataclass(frozen=True, slots=True)
class Ends:
    """The rows in which an arc starts and ends, spread a little so that arcs don't lie on each other."""

    start: float
    end: float


def draw_arcs(edges: Sequence[Edge], names: Sequence[str]) -> Spec:
    """The chart; the page sets its signals `outlet`, `least` and `proven`."""
    rows = {name: number for number, name in enumerate(names)}
    ends = _spread(edges, rows)
    domain = [-0.6, len(names) - 0.4]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1.04], nice=False))
    y = alt.Y(
        "y:Q",
        title=None,
        scale=alt.Scale(domain=domain, reverse=True, nice=False),
        axis=alt.Axis(
            values=list(range(len(names))),
            labelExpr="names[datum.value]",
            grid=True,
            ticks=False,
            domain=False,
            labelOverlap=False,
        ),
    )
    colour = alt.Color(
        "proof:N",
        scale=alt.Scale(
            domain=[proof.value for proof in COLOURS],
            range=list(COLOURS.values()),
        ),
        legend=None,
    )
    tooltip = [alt.Tooltip(f"{name}:N") for name in ("from", "to")]
    tooltip += [
        alt.Tooltip("words:Q", format=","),
        alt.Tooltip("articles:Q"),
        alt.Tooltip("proof:N", title="order"),
    ]
    most = max(max(edge.words for edge in edges), 1)
    widest = BAND * ROW_HEIGHT * most / _busiest(edges)
    arcs = (
        alt.Chart(values(_arc_points(edges, ends, len(names))))
        .mark_line(opacity=0.75, strokeCap="butt", interpolate="catmull-rom")
        .encode(
            x=x,
            y=y,
            detail="edge:N",
            order="step:Q",
            color=colour,
            strokeWidth=alt.StrokeWidth(
                "words:Q",
                scale=alt.Scale(domain=[0, most], range=[THINNEST, max(widest, THINNEST)]),
                legend=None,
            ),
            tooltip=tooltip,
        )
    )
    heads = (
        alt.Chart(values(_heads(edges, ends)))
        .mark_point(shape="triangle-left", filled=True, opacity=1, xOffset=6)
        .encode(
            x=x,
            y=y,
            color=colour,
            size=alt.Size(
                "words:Q", scale=alt.Scale(domain=[0, most], range=[60, 60 + widest**2]), legend=None
            ),
            tooltip=tooltip,
        )
    )
    wanted = (
        "(outlet == '' || datum.from == outlet || datum.to == outlet) && datum.words >= least "
        f"&& (!proven || datum.proof == '{Proof.TIMES.value}')"
    )
    chart = alt.layer(arcs.transform_filter(wanted), heads.transform_filter(wanted)).add_params(
        alt.param(name="names", value=list(names)),
        alt.param(name="outlet", value=""),
        alt.param(name="least", value=0),
        alt.param(name="proven", value=False),
    )
    return finish(chart, ROW_HEIGHT * len(names))


def _spread(edges: Sequence[Edge], rows: Mapping[str, int]) -> list[Ends]:
    """Where each arc leaves and arrives: side by side at every name, the far ones outside the near ones."""
    incident: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, edge in enumerate(edges):
        incident[edge.source].append((number, edge.target))
        incident[edge.target].append((number, edge.source))
    busiest = _busiest(edges)
    places: dict[tuple[int, str], float] = {}
    for name, found in incident.items():
        above = sorted((one for one in found if rows[one[1]] < rows[name]), key=lambda one: -rows[one[1]])
        below = sorted((one for one in found if rows[one[1]] > rows[name]), key=lambda one: -rows[one[1]])
        reached = rows[name] - BAND / 2 * sum(edges[number].words for number, _ in found) / busiest
        for number, _ in [*above, *below]:
            width = BAND * edges[number].words / busiest
            places[number, name] = reached + width / 2
            reached += width
    return [
        Ends(places[number, edge.source], places[number, edge.target]) for number, edge in enumerate(edges)
    ]


def _busiest(edges: Iterable[Edge]) -> int:
    """Words on all arcs of the name that has most of them."""
    words: defaultdict[str, int] = defaultdict(int)
    for edge in edges:
        words[edge.source] += edge.words
        words[edge.target] += edge.words
    return max(max(words.values()), 1)


def _arc_points(edges: Sequence[Edge], ends: Sequence[Ends], names: int) -> list[dict[str, object]]:
    """Half ellipses: they leave and arrive level, so that every arrowhead points to the name."""
    points = []
    for number, (edge, end) in enumerate(zip(edges, ends, strict=True)):
        middle, half = (end.start + end.end) / 2, (end.end - end.start) / 2
        reach = math.sqrt(abs(end.end - end.start) / max(names - 1, 1))
        for step in range(ARC_STEPS + 1):
            angle = math.pi * step / ARC_STEPS
            points.append(
                {
                    **_label(edge),
                    "edge": number,
                    "step": step,
                    "x": round(reach * math.sin(angle), 4),
                    "y": round(middle - half * math.cos(angle), 4),
                }
            )
    return points


def _heads(edges: Sequence[Edge], ends: Sequence[Ends]) -> list[dict[str, object]]:
    return [
        {**_label(edge), "x": 0, "y": round(end.end, 4)}
        for edge, end in zip(edges, ends, strict=True)
        if edge.proof is Proof.TIMES
    ]


def _label(edge: Edge) -> dict[str, object]:
    return {
        "from": edge.source,
        "to": edge.target,
        "words": edge.words,
        "articles": edge.articles,
        "proof": edge.proof.value,
    }
