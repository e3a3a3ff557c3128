"""Coverage over time, with and without copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import altair as alt

from flows.report.charts import Figure, Spec, finish, utc_axis, values
from flows.report.sheets import Moment, Sheet, counted, moment
from flows.report.story import KINDS, WHOLE, Story, is_exact
from warehouse.story_report import ReportArticle

COLOURS = ("var(--own)", "var(--taken)", "var(--undecided)", "var(--wire)")  # as KINDS
HOURLY_DAYS = 3  # a shorter story is drawn by the hour
WEEKLY_DAYS = 200  # a longer one by the week
MIN_SPAN = 9  # units of time: a single bar would fill the chart
MAX_TICKS = 6
MONTHLY_DAYS = 800  # a still longer one by the month


def draw_coverage(story: Story) -> Figure | None:
    """Articles over time by how much of them is their own; None without any date."""
    dated = [article for article in story.articles if article.published_at is not None]
    if not dated:
        return None
    unit = _unit(dated)
    counts: Counter[tuple[datetime, str]] = Counter(
        (_start(article, unit), story.kinds[article.article_id]) for article in dated
    )
    starts = sorted({start for start, _ in counts})
    sheet = Sheet(
        "coverage",
        f"Articles per {unit} (UTC)",
        (unit, *KINDS, "all", "without copies"),
        tuple(_coverage_row(start, unit, counts) for start in starts),
    )
    undated = len(story.articles) - len(dated)
    peak = max(starts, key=lambda start: sum(counts[start, kind] for kind in KINDS))
    exact = "minute" if unit == "hour" else "day"
    words = (
        f"Stacked bars of {counted(len(dated), 'dated article')} per {unit} from "
        f"{moment(starts[0], exact)} to {moment(starts[-1], exact)} UTC; most of them, "
        f"{sum(counts[peak, kind] for kind in KINDS)}, from {moment(peak, exact)}."
    )
    note = f"{counted(undated, 'article')} without a date can't be shown here." if undated else ""
    return Figure("coverage", _coverage_spec(counts, unit), words, sheet, note)


def _unit(dated: Sequence[ReportArticle]) -> str:
    times = [article.published_at for article in dated if article.published_at is not None]
    span = max(times) - min(times)
    if span <= timedelta(days=HOURLY_DAYS) and all(is_exact(one) for one in dated):
        return "hour"
    if span > timedelta(days=MONTHLY_DAYS):
        return "month"
    return "week" if span > timedelta(days=WEEKLY_DAYS) else "day"


def _start(article: ReportArticle, unit: str) -> datetime:
    assert article.published_at is not None, article.article_id
    at = article.published_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if unit == "hour":
        return at
    day = at.replace(hour=0)
    if unit == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def _end(start: datetime, unit: str) -> datetime:
    if unit == "month":
        return (start + timedelta(days=31)).replace(day=1)
    return start + {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[unit]


def _totals(counts: Counter[tuple[datetime, str]]) -> Counter[datetime]:
    totals: Counter[datetime] = Counter()
    for (start, _), number in counts.items():
        totals[start] += number
    return totals


def _coverage_row(
    start: datetime, unit: str, counts: Counter[tuple[datetime, str]]
) -> tuple[Moment | int, ...]:
    found = [counts[start, kind] for kind in KINDS]
    total = sum(found)
    return (Moment(start, "minute" if unit == "hour" else "day"), *found, total, total - counts[start, WHOLE])


def _coverage_spec(counts: Counter[tuple[datetime, str]], unit: str) -> Spec:
    bars = [_bar(start, unit, kind, number) for (start, kind), number in counts.items()]
    first, last = min(counts)[0], max(counts)[0]
    length = _end(first, unit) - first
    room = max(length, (MIN_SPAN * length - (last - first)) / 2)
    # an empty bar on either side keeps a short story from filling the chart
    edges = [_bar(edge, unit, KINDS[0], 0) for edge in (first - room, last + room)]
    peak = max(_totals(counts).values())
    chart = (
        alt.Chart(values([*edges, *bars]))
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("start:T", title=None, scale=alt.Scale(type="utc"), axis=utc_axis(first, last)),
            x2="end:T",
            y=alt.Y(
                "sum(articles):Q",
                title="articles",
                stack="zero",
                axis=alt.Axis(format="d", tickCount=min(peak, MAX_TICKS)),
            ),
            color=alt.Color("kind:N", scale=alt.Scale(domain=list(KINDS), range=list(COLOURS)), legend=None),
            order="order:Q",
            tooltip=[
                alt.Tooltip(
                    "start:T", title=unit, format="%-d %b %Y %H:%M", timeUnit="utcyearmonthdatehours"
                ),
                alt.Tooltip("kind:N", title="text"),
                alt.Tooltip("sum(articles):Q", title="articles"),
            ],
        )
        .add_params(alt.param(name="copies", value=True))
        .transform_filter(f"copies || datum.kind != '{WHOLE}'")
    )
    return finish(chart, 260)


def _bar(start: datetime, unit: str, kind: str, articles: int) -> dict[str, object]:
    return {
        "start": start,
        "end": _end(start, unit),
        "kind": kind,
        "order": KINDS.index(kind),
        "articles": articles,
    }
