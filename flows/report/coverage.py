"""Coverage over time, with and without copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import altair as alt

from flows.report.answer import EXACT
from flows.report.charts import Figure, Spec, finish, utc_axis, values
from flows.report.sheets import Moment, Sheet, counted, minute, moment
from flows.report.story import KINDS, WHOLE, Story
from warehouse.story_report import ReportArticle

COLOURS = ("var(--own)", "var(--taken)", "var(--undecided)", "var(--wire)")  # as KINDS
HOURLY_DAYS = 3  # a shorter story is drawn by the hour
WEEKLY_DAYS = 200  # a longer one by the week


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
    words = (
        f"Stacked bars of {counted(len(dated), 'dated article')} per {unit} from {minute(starts[0])} to "
        f"{minute(starts[-1])} UTC; most of them, {sum(counts[peak, kind] for kind in KINDS)}, "
        f"on {moment(peak, 'day')}."
    )
    note = f"{counted(undated, 'article')} without a date can't be shown here." if undated else ""
    return Figure("coverage", _coverage_spec(counts, unit), words, sheet, note)


def _unit(dated: Sequence[ReportArticle]) -> str:
    times = [article.published_at for article in dated if article.published_at is not None]
    span = max(times) - min(times)
    if span <= timedelta(days=HOURLY_DAYS) and all(one.published_precision in EXACT for one in dated):
        return "hour"
    return "week" if span > timedelta(days=WEEKLY_DAYS) else "day"


def _start(article: ReportArticle, unit: str) -> datetime:
    assert article.published_at is not None, article.article_id
    at = article.published_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if unit == "hour":
        return at
    day = at.replace(hour=0)
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def _coverage_row(
    start: datetime, unit: str, counts: Counter[tuple[datetime, str]]
) -> tuple[Moment | int, ...]:
    found = [counts[start, kind] for kind in KINDS]
    total = sum(found)
    return (Moment(start, "minute" if unit == "hour" else "day"), *found, total, total - counts[start, WHOLE])


def _coverage_spec(counts: Counter[tuple[datetime, str]], unit: str) -> Spec:
    length = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[unit]
    rows = [
        {"start": start, "end": start + length, "kind": kind, "order": KINDS.index(kind), "articles": number}
        for (start, kind), number in counts.items()
    ]
    first, last = min(start for start, _ in counts), max(start for start, _ in counts) + length
    chart = (
        alt.Chart(values(rows))
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("start:T", title=None, scale=alt.Scale(type="utc"), axis=utc_axis(first, last)),
            x2="end:T",
            y=alt.Y("sum(articles):Q", title="articles", stack="zero", axis=alt.Axis(tickMinStep=1)),
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
