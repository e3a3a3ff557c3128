"""The ladder: each outlet's first article with its interval of uncertainty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

import altair as alt

from flows.report.answer import first_seen, rivals
from flows.report.charts import LINE, MAX_ROWS, ROW_HEIGHT, Figure, Spec, finish, in_order, utc_axis, values
from flows.report.ownership import name_of
from flows.report.sheets import Cell, Link, Moment, Sheet, counted, minute, moment
from flows.report.story import Story, is_exact
from warehouse.story_report import ReportArticle, ReportSignal

TO_THE_HOUR, WIDE, NO_DATE = "known to the hour", "no time or no time zone stated", "no date"
EXACTNESS = (TO_THE_HOUR, WIDE, NO_DATE)


def draw_ladder(story: Story) -> Figure | None:
    """Each outlet's first article with its interval of uncertainty; None without any article."""
    firsts = _first_of_each(story.articles)
    if not firsts:
        return None
    signals: defaultdict[str, list[ReportSignal]] = defaultdict(list)
    for signal in story.rows.signals:
        signals[signal.article_id].append(signal)
    sheet = Sheet(
        "first-articles",
        "First article of each outlet",
        (
            "outlet",
            "states",
            "exact to",
            "rests on",
            "not before",
            "not after",
            "other statements",
            "article",
        ),
        tuple(_ladder_row(article, signals[article.article_id]) for article in firsts),
    )
    note = f"{len(firsts) - MAX_ROWS} later outlets are in the table only." if len(firsts) > MAX_ROWS else ""
    return Figure("ladder", _ladder_spec(firsts[:MAX_ROWS]), _ladder_words(story), sheet, note)


def _first_of_each(articles: Sequence[ReportArticle]) -> list[ReportArticle]:
    """The outlets' first articles, the earliest first; undated ones last."""
    by_outlet: defaultdict[str, list[ReportArticle]] = defaultdict(list)
    for article in articles:
        by_outlet[article.outlet].append(article)
    firsts = [first_seen(found) or found[0] for found in by_outlet.values()]
    latest = datetime.max.replace(tzinfo=UTC)
    return sorted(
        firsts,
        key=lambda one: (
            one.published_at is None,
            one.published_latest or latest,
            one.published_at or latest,
            one.outlet,
        ),
    )


def _ladder_row(article: ReportArticle, signals: Sequence[ReportSignal]) -> tuple[Cell, ...]:
    stated = article.published_at
    others = [f"{one.signal}: {one.value_raw}" for one in signals if one.signal != article.published_source]
    return (
        article.outlet,
        Moment(stated, article.published_precision) if stated else NO_DATE,
        article.published_precision,
        article.published_source,
        article.published_earliest,
        article.published_latest,
        "; ".join(others),
        Link(article.title or article.url, article.url),
    )


def _ladder_words(story: Story) -> str:
    first = first_seen(story.articles)
    if first is None:
        return "No article states a date."
    assert first.published_at is not None
    others = len({one.outlet for one in rivals(first, story.articles)} - {first.outlet})
    doubt = (
        f"the intervals of {counted(others, 'other outlet')} reach back that far"
        if others
        else "no other outlet's interval reaches back that far"
    )
    return (
        f"A row for each outlet, with the interval in which its first article appeared. {name_of(first)} has "
        f"the earliest time, {moment(first.published_at, first.published_precision)}; {doubt}."
    )


def _ladder_spec(firsts: Sequence[ReportArticle]) -> Spec:
    bounds = [
        bound
        for one in firsts
        if one.published_at is not None
        for bound in (one.published_earliest, one.published_at, one.published_latest)
        if bound is not None
    ] or [one.fetched_at for one in firsts]
    low, high = min(bounds), max(bounds)
    rows = [{**_ladder_mark(one, low, high), "place": place} for place, one in enumerate(firsts)]
    tooltip = [alt.Tooltip(f"{name}:N") for name in ("outlet", "states", "rests on", "between")]
    base = alt.Chart(values(rows)).encode(
        y=alt.Y(
            "outlet:N",
            sort=in_order("place"),
            title=None,
            axis=alt.Axis(grid=True, gridColor=LINE, ticks=False),
        ),
        color=alt.Color(
            "how:N",
            scale=alt.Scale(
                domain=list(EXACTNESS),
                range=["var(--own)", "var(--wire)", "var(--undecided)"],
            ),
            legend=None,
        ),
        tooltip=tooltip,
    )
    scale = alt.Scale(type="utc", nice=False, padding=14)
    x = alt.X("from:T", title="UTC", scale=scale, axis=utc_axis(low, high))
    # a round cap makes the shortest interval a dot
    bars = base.mark_rule(strokeWidth=9, strokeCap="round", clip=True).encode(
        x=x,
        x2="to:T",
        opacity=alt.condition(f"datum.how == '{TO_THE_HOUR}'", alt.value(1), alt.value(0.5)),
    )
    return finish(bars, ROW_HEIGHT * len(firsts) + 10)


def _ladder_mark(article: ReportArticle, low: datetime, high: datetime) -> dict[str, object]:
    stated = article.published_at
    how = NO_DATE if stated is None else TO_THE_HOUR if is_exact(article) else WIDE
    start, end = article.published_earliest, article.published_latest
    return {
        "outlet": article.outlet,
        "from": max(start or low, low),
        "to": min(end or high, high),
        "stated": stated or low,
        "how": how,
        "states": moment(stated, article.published_precision) if stated else NO_DATE,
        "rests on": article.published_source or "nothing",
        "between": f"{minute(start) if start else 'unknown'} and {minute(end) if end else 'unknown'}",
    }
