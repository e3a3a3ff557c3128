"""What a search is: a query and a window in, requests to make out; bytes in, candidates out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import quote, urlencode

from pipelines.match import Match
from pipelines.records import Candidate
from pipelines.story import Story
from pipelines.urls import canonicalize_url, host_of

MAX_FAULT_CHARS = 200  # of what a search says when it has no answer


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: the story's terms, its window, and the hosts that it names as sources."""

    match: Match
    since: datetime | None
    until: datetime | None  # exclusive
    hosts: tuple[str, ...]
    now: datetime  # of the run's start, so that a resumed run asks the same

    @classmethod
    def of(cls, story: Story, now: datetime) -> Query:
        return cls(story.match, story.since, story.until, named_hosts(story), now)

    @property
    def end(self) -> datetime:
        """The end of the window, but not in the future, where nothing is found."""
        return min(self.until, self.now) if self.until else self.now

    @property
    def conditions(self) -> tuple[tuple[str, ...], ...]:
        """What an article must mention: of each group one term. Folded into one group: all of `any`."""
        groups = [_alternatives(entry) for entry in self.match.all]
        either = [term for entry in self.match.any for term in _alternatives(entry)]
        return tuple(tuple(group) for group in [*groups, either] if group)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A URL to ask for; `since` and `until` are the slice of time that it covers."""

    url: str
    endpoint: str
    since: datetime | None = None
    until: datetime | None = None
    is_optional: bool = False  # 404 says that there is nothing, not that the search is down
    is_lasting: bool = False  # its answer never changes, so one from an earlier run will do


@dataclass(frozen=True, slots=True)
class SearchStep:
    """What an answer gives: URLs found, requests to make next; `fault` says why it gives none."""

    candidates: tuple[Candidate, ...] = ()
    more: tuple[SearchRequest, ...] = ()
    fault: str | None = None
    is_throttled: bool = False  # the same request may be answered later


class Search(Protocol):
    """One more way to find URLs. Both functions are pure, and never raise for what a server sends."""

    @property
    def name(self) -> str: ...

    @property
    def endpoint(self) -> str:
        """Where it lies, unless the story says otherwise."""
        ...

    @property
    def pause_seconds(self) -> float:
        """What its operator asks for between two requests."""
        ...

    def start(self, query: Query, endpoint: str) -> SearchStep:
        """The first requests; a fault where the search can't be asked for this story."""
        ...

    def read(self, query: Query, request: SearchRequest, body: bytes) -> SearchStep:
        """What came of a request: the body of an answer 200."""
        ...


def build_url(endpoint: str, *parameters: tuple[str, str]) -> str:
    """An endpoint with its parameters; a name may occur more than once."""
    separator = "&" if "?" in endpoint else "?"
    return endpoint + separator + urlencode(parameters, quote_via=quote)


def compact_time(moment: datetime) -> str:
    """A moment as GDELT and web archives write it: `20240129081500`, in UTC."""
    return moment.strftime("%Y%m%d%H%M%S")


def named_hosts(story: Story) -> tuple[str, ...]:
    """The hosts of the story's own sources, without a leading `www.`."""
    sources = story.sources
    hosts = dict.fromkeys(
        host_of(canonicalize_url(url)).removeprefix("www.")
        for urls in (sources.sites, sources.feeds, sources.sitemaps, sources.seeds)
        for url in urls
        if _is_usable(url)
    )
    return tuple(hosts)


def say_fault(body: bytes) -> str:
    """What a server said in place of an answer, as one line."""
    text = body[:4096].decode("utf-8", "replace")
    words = "".join(letter if letter.isprintable() else " " for letter in text).split()
    return " ".join(words)[:MAX_FAULT_CHARS] or "an empty answer"


def _alternatives(entry: str) -> list[str]:
    return [term.strip() for term in entry.split("|") if term.strip()]


def _is_usable(url: str) -> bool:
    try:
        canonicalize_url(url)
    except ValueError:
        return False
    return True
