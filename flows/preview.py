"""What a run would do, found out without fetching a page: only sources and robots.txt are asked."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flows.clock import utc_now
from flows.contact import user_agent
from flows.errors import Failure
from pipelines.records import Fate, Reason, Via
from pipelines.search import Query, Search
from pipelines.searches import SEARCHES
from pipelines.story import Story
from pipelines.urls import canonicalize_url, host_of
from spiders.crawl import CrawlJob, run_crawl
from spiders.journal import Journal, UrlOutcome, url_outcomes
from spiders.legal import SIGNALS_FILE, read_legal_signals
from spiders.local_archives import find_files
from spiders.searching import MAX_REQUESTS


@dataclass(frozen=True, slots=True)
class SourcePreview:
    """One seed list, feed, sitemap or site, and what it would bring."""

    url: str
    kind: str
    state: str
    urls: int


@dataclass(frozen=True, slots=True)
class HostPreview:
    """One host, what its robots.txt says, and how long its pages would take."""

    host: str
    robots: str
    pages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SearchPreview:
    """One search, and what asking it would take; how much it finds is known after it was asked."""

    search: str
    state: str
    requests: int  # at least: full answers and found files lead to more
    seconds: float


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would do. Hosts are asked side by side, so the slowest one sets the time."""

    sources: tuple[SourcePreview, ...]
    hosts: tuple[HostPreview, ...]

    searches: tuple[SearchPreview, ...] = ()

    @property
    def requests(self) -> int:
        searched = sum(search.requests for search in self.searches)
        return sum(host.pages for host in self.hosts) + len(self.hosts) + len(self.sources) + searched

    @property
    def minutes(self) -> float:
        longest = [host.seconds for host in self.hosts] + [search.seconds for search in self.searches]
        return max(longest, default=0.0) / 60

    @property
    def has_faults(self) -> bool:
        return any(source.state.startswith(("failed", "refused")) for source in self.sources)

    def as_json(self) -> dict[str, Any]:
        return {
            "sources": [asdict(source) for source in self.sources],
            "hosts": [asdict(host) for host in self.hosts],
            "searches": [asdict(search) for search in self.searches],
            "requests": self.requests,
            "minutes": round(self.minutes, 2),
        }


def preview_story(story: Story) -> Preview:
    """Read a story's sources and the robots.txt of the hosts that they name.

    Raises:
        Failure: the crawl process could not do its work.
    """
    if not story.sources.seeds + story.sources.feeds + story.sources.sitemaps + story.sources.sites:
        archives = tuple(_archive(pattern) for pattern in story.sources.archives)
        return Preview(archives, (), _searches(story))
    with tempfile.TemporaryDirectory(prefix="wirecopy-check-") as folder:
        journal = Path(folder) / "run" / "frontier.jsonl"
        journal.parent.mkdir()
        job = CrawlJob(
            "check", story, Path(folder) / "archive", journal, utc_now(), user_agent(story), is_preview=True
        )
        job.write(journal.with_name("job.json"))
        result = run_crawl(journal.with_name("job.json"))
        if result.exit_code != 0:
            raise Failure(result.error or f"the dry discovery ended with code {result.exit_code}")
        return _summarize(story, journal)


def _summarize(story: Story, journal: Path) -> Preview:
    outcomes = url_outcomes(journal)
    with closing(Journal(journal)) as entries:
        pending = entries.pending
    named = Counter(page.candidate.source_url for page in pending)
    refused = [one for one in outcomes if one.fate is Fate.REFUSED and one.source_url is not None]
    named.update(one.source_url for one in refused)
    sources = [_source(one, named[one.url]) for one in outcomes if _is_source(one, story)]
    seeds = sum(page.candidate.via is Via.SEED for page in pending)
    if story.sources.seeds:
        sources.insert(0, SourcePreview("seeds of the story file", "seed", "ok", seeds))
    sources += [_archive(pattern) for pattern in story.sources.archives]
    pages = Counter(host_of(page.url) for page in pending)
    return Preview(tuple(sources), _hosts(story, journal, pages, refused), _searches(story))


def _is_source(outcome: UrlOutcome, story: Story) -> bool:
    lists = (story.sources.feeds, story.sources.sitemaps, story.sources.sites)
    named = {canonicalize_url(url) for urls in lists for url in urls}
    return outcome.fate is Fate.READ or outcome.url in named


def _source(outcome: UrlOutcome, urls: int) -> SourcePreview:
    state = (
        outcome.detail if outcome.fate is Fate.READ else f"{outcome.fate}: {outcome.reason} {outcome.detail}"
    )
    return SourcePreview(outcome.url, outcome.via, state.strip(), urls)


def _hosts(
    story: Story, journal: Path, pages: Counter[str], refused: list[UrlOutcome]
) -> tuple[HostPreview, ...]:
    forbidden: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in refused:
        if outcome.reason in (Reason.ROBOTS, Reason.ROBOTS_UNREACHABLE):
            forbidden[host_of(outcome.url)][outcome.reason] += 1
    delays = {
        signal.host: float(signal.value)
        for signal in read_legal_signals(journal.with_name(SIGNALS_FILE))
        if signal.signal == "crawl-delay"
    }
    return tuple(
        HostPreview(
            host,
            _robots_in_words(forbidden[host]),
            pages[host],
            round(pages[host] * max(story.fetch.delay_seconds, delays.get(host, 0.0)), 1),
        )
        for host in sorted(pages.keys() | forbidden.keys())
    )


def _archive(pattern: str) -> SourcePreview:
    files = find_files(pattern)
    if not files:
        return SourcePreview(pattern, "archive", "failed: no such file", 0)
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    return SourcePreview(pattern, "archive", f"{len(files)} WARC files, {megabytes:.1f} MB, read by a run", 0)


def _searches(story: Story) -> tuple[SearchPreview, ...]:
    """What the searches would be asked for: a dry run doesn't ask, since they bound the rate."""
    query = Query.of(story, utc_now())
    return tuple(_search(SEARCHES[name], query, story) for name in dict.fromkeys(story.sources.searches))


def _search(search: Search, query: Query, story: Story) -> SearchPreview:
    endpoint = story.sources.endpoint_of(search.name, search.endpoint)
    pause = search.pause_seconds if endpoint == search.endpoint else 0.0
    pause = max(pause, story.fetch.delay_seconds)
    step = search.start(query, endpoint)
    requests = min(len(step.more), MAX_REQUESTS)
    state = f"not asked: {step.fault}" if step.fault else f"would be asked, a request every {pause:g} s"
    return SearchPreview(search.name, state, requests, round(requests * pause, 1))


def _robots_in_words(forbidden: Counter[str]) -> str:
    if forbidden[Reason.ROBOTS_UNREACHABLE]:
        return "robots.txt can't be read"
    return f"forbids {forbidden[Reason.ROBOTS]} pages" if forbidden[Reason.ROBOTS] else "allows"
