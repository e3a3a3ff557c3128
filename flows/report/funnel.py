"""The funnel: every URL's fate with its reasons; and what the numbers miss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import altair as alt

from flows.report.charts import Figure, Spec, finish, values
from flows.report.sheets import Sheet, counted, thousands
from flows.report.story import Story
from warehouse.story_report import ReportFate

# as a page goes through a run, with what each fate means
FATES = {
    "kept": "articles of the story",
    "duplicate": "other addresses of these articles",
    "rejected": "fetched, and no article of the story",
    "failed": "asked for, no answer to read",
    "refused": "not asked for: forbidden or out of bounds",
    "skipped": "not asked for: outside the window, not due, over budget",
    "read": "feeds, sitemaps and files that name pages",
}
REASONS = {
    "robots": "the site's robots.txt forbids it",
    "paywall": "only for subscribers",
    "login_wall": "only after a login",
    "consent_wall": "only after consent to tracking",
    "bot_check": "the site asks for a browser",
    "off_topic": "about something else",
    "too_short": "too short to be an article",
    "not_article": "no article: a list, a form, a video",
    "out_of_window": "outside the story's time",
    "same_article": "the same article at another address",
    "script_only": "written by scripts in the browser",
}
# fetched, but what came is no article that we could read
WALLS = frozenset(
    {"paywall", "login_wall", "consent_wall", "bot_check", "script_only", "parse_timeout", "parse_crash"}
    | {"bad_encoding", "too_large", "soft_404", "unreadable_file", "corrupt_record", "bad_line"}
)
COLOURS = {
    "kept": "var(--own)",
    "duplicate": "var(--own-soft)",
    "rejected": "var(--undecided)",
    "failed": "var(--uncredited)",
    "refused": "var(--uncredited)",
    "skipped": "var(--undecided)",
    "read": "var(--line-strong)",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """URLs of one fate for one reason; not all of them are listed."""

    name: str
    urls: int
    listed: tuple[ReportFate, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    name: str
    meaning: str
    urls: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """URLs that the numbers miss, and why."""

    reason: str
    urls: int
    outlets: tuple[str, ...]


def group_fates(story: Story) -> tuple[Fate, ...]:
    """The fates in the order in which a page goes through a run."""
    found = []
    for name, lines in groupby(sorted(story.rows.fates, key=lambda one: one.fate), key=lambda one: one.fate):
        reasons = _reasons(tuple(lines))
        found.append(Fate(name, FATES[name], sum(one.urls for one in reasons), reasons))
    order = list(FATES)
    return tuple(sorted(found, key=lambda fate: order.index(fate.name)))


def _reasons(lines: Sequence[ReportFate]) -> tuple[Reason, ...]:
    by_reason = groupby(sorted(lines, key=_reason), key=_reason)
    found = [(name, tuple(listed)) for name, listed in by_reason]
    reasons = [Reason(name, listed[0].urls, listed) for name, listed in found]
    return tuple(sorted(reasons, key=lambda one: (-one.urls, one.name)))


def _reason(line: ReportFate) -> str:
    return line.reason or ""


def say_reason(name: str) -> str:
    """A reason in words; one that says itself is only spaced."""
    return REASONS.get(name, name.replace("_", " "))


def draw_funnel(fates: Sequence[Fate]) -> Figure | None:
    """A bar for each fate; None where nothing was ever heard of."""
    if not fates:
        return None
    sheet = Sheet(
        "fates",
        "URLs by fate and reason",
        ("fate", "reason", "URLs"),
        tuple((fate.name, say_reason(one.name), one.urls) for fate in fates for one in fate.reasons),
    )
    total = sum(fate.urls for fate in fates)
    counts = ", ".join(f"{thousands(fate.urls)} {fate.name}" for fate in fates)
    return Figure("funnel", _spec(fates), f"Of {counted(total, 'URL')} heard of: {counts}.", sheet)


def _spec(fates: Sequence[Fate]) -> Spec:
    rows = [{"fate": fate.name, "URLs": fate.urls, "meaning": fate.meaning} for fate in fates]
    base = alt.Chart(values(rows)).encode(
        y=alt.Y(
            "fate:N", sort=[fate.name for fate in fates], title=None, axis=alt.Axis(ticks=False, domain=False)
        ),
        x=alt.X("URLs:Q", title=None, axis=None, scale=alt.Scale(domainMin=0, padding=28)),
        tooltip=[alt.Tooltip("fate:N"), alt.Tooltip("meaning:N"), alt.Tooltip("URLs:Q", format=",")],
    )
    bars = base.mark_bar(height=16, cornerRadiusEnd=2).encode(
        color=alt.Color(
            "fate:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None
        )
    )
    numbers = base.mark_text(align="left", dx=6, color="currentColor", fontSize=12).encode(
        text=alt.Text("URLs:Q", format=",")
    )
    return finish(alt.layer(bars, numbers), 26 * len(fates))


def find_losses(fates: Sequence[Fate]) -> tuple[Loss, ...]:
    """What can't be read, by reason: URLs rejected for a wall, failed, or refused."""
    losses = [
        Loss(say_reason(reason.name), reason.urls, _outlets(reason.listed))
        for fate in fates
        for reason in fate.reasons
        if fate.name in ("failed", "refused") or (fate.name == "rejected" and reason.name in WALLS)
    ]
    return tuple(sorted(losses, key=lambda loss: (-loss.urls, loss.reason)))


def _outlets(lines: Sequence[ReportFate]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.outlet for line in lines if line.outlet))
