"""The grid of the paragraph strip: a row for each article, a column for each paragraph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import altair as alt

from flows.report.charts import ROW_HEIGHT, Spec, finish, in_order, values
from flows.report.sheets import thousands
from warehouse.story_report import ReportArticle


class State(StrEnum):
    KEPT = "kept"
    EDITED = "edited"
    DROPPED = "dropped"


COLOURS = {State.KEPT: "var(--own)", State.EDITED: "var(--wire)", State.DROPPED: "var(--gap)"}


@dataclass(frozen=True, slots=True)
class Row:
    """One article that shares the text: what it kept of each paragraph, and how many words it added."""

    article: ReportArticle
    states: tuple[State, ...]
    added_words: int


def draw_grid(rows: Sequence[Row]) -> Spec:
    """The chart, with the words that each article added at the end of its row."""
    labels = _labels(rows)
    cells = [
        {"outlet": label, "row": number, "paragraph": place + 1, "state": state.value}
        for number, (label, row) in enumerate(zip(labels, rows, strict=True))
        for place, state in enumerate(row.states)
    ]
    added = [
        {"outlet": label, "row": number, "added": row.added_words, "text": f"+{thousands(row.added_words)}"}
        for number, (label, row) in enumerate(zip(labels, rows, strict=True))
    ]
    x = alt.X(
        "paragraph:O",
        title="paragraph",
        axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False, labelOverlap="greedy"),
    )
    y = alt.Y("outlet:N", sort=in_order("row"), title=None, axis=alt.Axis(ticks=False, domain=False))
    grid = (
        alt.Chart(values(cells))
        .mark_rect(stroke="var(--paper)", strokeWidth=2, cornerRadius=3)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "state:N",
                scale=alt.Scale(domain=[state.value for state in State], range=list(COLOURS.values())),
                legend=None,
            ),
            tooltip=[alt.Tooltip(f"{name}:N") for name in ("outlet", "paragraph", "state")],
        )
    )
    numbers = (
        alt.Chart(values(added))
        .mark_text(fontSize=11, color="currentColor", align="left", dx=6)
        .encode(
            x=alt.value("width"),
            y=y,
            text="text:N",
            tooltip=[alt.Tooltip("outlet:N"), alt.Tooltip("added:Q")],
        )
    )
    return finish(alt.layer(grid, numbers), ROW_HEIGHT * len(rows) + 40)


def _labels(rows: Sequence[Row]) -> list[str]:
    """The outlets, numbered where one has several articles."""
    seen: defaultdict[str, int] = defaultdict(int)
    labels = []
    for row in rows:
        seen[row.article.outlet] += 1
        count = seen[row.article.outlet]
        labels.append(row.article.outlet if count == 1 else f"{row.article.outlet} ({count})")
    return labels
