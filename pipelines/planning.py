"""From what sources list to the pages a run asks for: merging, order, budget."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from pipelines.discovery import Window, read_source_date
from pipelines.match import Match, count_conditions
from pipelines.records import Candidate, Fate, Hints, Reason, Via
from pipelines.revisit import Visits, is_due
from pipelines.story import Story
from pipelines.urls import canonicalize_url, host_of, requestable_url

VIA_RANK = {via: rank for rank, via in enumerate(Via)}  # of several finders the first listed names the URL


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """A page of a run: `url` is what it is filed under; `candidate.url` is what is asked for."""

    url: str
    candidate: Candidate
    fate: Fate | None = None  # SKIPPED or REFUSED: settled without a request
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What decides which pages a run asks for."""

    window: Window
    max_pages_per_host: int
    now: datetime  # of the run's start, so that a resumed run decides alike
    visits: Mapping[str, Visits]  # by canonical URL: the pages that are in the archive
    match: Match = field(default_factory=Match)
    asked: Mapping[str, int] = field(default_factory=dict)  # by host: pages that the run asked for before

    @classmethod
    def of(cls, story: Story, now: datetime, visits: Mapping[str, Visits]) -> PlanRules:
        window = Window(story.since, story.until)
        return cls(window, story.fetch.max_pages_per_host, now, visits, story.match)


def plan_pages(candidates: Iterable[Candidate], rules: PlanRules) -> tuple[PlannedPage, ...]:
    """One entry for each page, in the order to ask for them, those not to be asked for included.

    The result doesn't depend on the order of the candidates. A page that several sources
    list is filed under the first by kind of source, then by name; what that one leaves
    unsaid is taken from the others.
    """
    merged, refused = _merge(candidates)
    pages = sorted(merged, key=lambda page: _urgency(page, rules.match))
    asked = dict(rules.asked)
    planned = []
    for page in pages:
        judged = _judge(page, rules)
        if judged.fate is None:
            host = host_of(page.url)
            asked[host] = asked.get(host, 0) + 1
            if asked[host] > rules.max_pages_per_host:
                detail = f"the story allows {rules.max_pages_per_host} pages of {host}"
                judged = replace(page, fate=Fate.SKIPPED, reason=Reason.OVER_BUDGET, detail=detail)
        planned.append(judged)
    return (*planned, *refused)


def _merge(candidates: Iterable[Candidate]) -> tuple[list[PlannedPage], list[PlannedPage]]:
    merged: dict[str, Candidate] = {}
    refused: dict[str, PlannedPage] = {}
    for candidate in sorted(candidates, key=_precedence):
        try:
            url = canonicalize_url(candidate.url)
            asked = replace(candidate, url=requestable_url(candidate.url))
        except ValueError as error:
            shown = candidate.url[:500]
            refused.setdefault(
                shown, PlannedPage(shown, candidate, Fate.REFUSED, Reason.BAD_URL, str(error)[:500])
            )
            continue
        first = merged.get(url)
        merged[url] = replace(first, hints=_fill(first.hints, candidate.hints)) if first else asked
    return [PlannedPage(url, candidate) for url, candidate in merged.items()], list(refused.values())


def _precedence(candidate: Candidate) -> tuple[int, str, str, str]:
    return VIA_RANK[candidate.via], candidate.source_url or "", candidate.url, repr(candidate.hints)


def _fill(hints: Hints, others: Hints) -> Hints:
    return Hints(
        title=hints.title or others.title,
        published_raw=hints.published_raw or others.published_raw,
        modified_raw=hints.modified_raw or others.modified_raw,
        outlet=hints.outlet or others.outlet,
        seen_raw=hints.seen_raw or others.seen_raw,
    )


def _urgency(page: PlannedPage, match: Match) -> tuple[bool, int, float, str]:
    """Seeds first, then those whose title or address meets more of the story's conditions, then the newest.

    It matters where a host has more pages than the budget.
    """
    hints = page.candidate.hints
    stated = (hints.published_raw, hints.modified_raw, hints.seen_raw)
    moment = next((moment for moment in map(read_source_date, stated) if moment), None)
    is_listed = page.candidate.via is not Via.SEED
    met = count_conditions(match, mentionable(page.candidate))
    return is_listed, -met, -moment.timestamp() if moment else 0.0, page.url


def _judge(page: PlannedPage, rules: PlanRules) -> PlannedPage:
    hints = page.candidate.hints
    if page.candidate.via is not Via.SEED and rules.window.excludes(hints):
        dated = hints.published_raw or hints.modified_raw or hints.seen_raw
        return replace(page, fate=Fate.SKIPPED, reason=Reason.OUT_OF_WINDOW, detail=f"dated {dated}")
    visits = rules.visits.get(page.url)
    if visits is not None and not is_due(visits, rules.now):
        detail = f"last fetched {visits.last_visit.isoformat(timespec='seconds')}"
        return replace(page, fate=Fate.SKIPPED, reason=Reason.NOT_DUE, detail=detail)
    return page


def mentionable(candidate: Candidate) -> str:
    """What is known of a page before it is asked for, as text: its title, and its address as words."""
    slug = re.sub(r"[-_/+.]", " ", unquote(urlsplit(candidate.url).path))
    return f"{candidate.hints.title or ''}\n{slug}"
