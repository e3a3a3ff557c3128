"""A story: the question a user configures, as typed records; `pipelines.story_toml` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from pipelines.agencies import Agency
from pipelines.match import Match
from pipelines.polling import PollRules


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to look for coverage; URLs, except `archives`: paths or globs of WARC files.

    `archive_hosts` narrows those files to some hosts and their subdomains; empty means all.
    """

    seeds: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    archive_hosts: tuple[str, ...] = ()
    search_endpoints: tuple[tuple[str, str], ...] = ()  # (search, URL): another server than the usual

    def endpoint_of(self, search: str, usual: str) -> str:
        """Where a search lies for this story."""
        return dict(self.search_endpoints).get(search, usual)


@dataclass(frozen=True, slots=True)
class FetchRules:
    """How to fetch; the defaults are polite."""

    delay_seconds: float = 1.0
    max_pages_per_host: int = 500
    follow_links: int = 0
    allow_private_hosts: bool = False
    timeout_seconds: float = 30.0
    contact: str | None = None  # goes into the User-Agent, so that a site owner can reach the user
    private_hosts: tuple[str, ...] = ()  # names that may lead to private addresses where others may not
    render: tuple[str, ...] = ()  # beginnings of URLs whose pages a browser renders
    resolve: tuple[tuple[str, str], ...] = ()  # (host name, address): fixed addresses, as in /etc/hosts


@dataclass(frozen=True, slots=True)
class SiteRule:
    """What a user knows about a site; `host` is a host name, or a domain with all its hosts."""

    host: str
    name: str | None = None  # of the outlet
    zone: str | None = None  # of times that the site writes without one, e.g. Europe/Athens
    body: tuple[str, ...] = ()  # CSS selectors: these elements are the article, nothing else is
    prune: tuple[str, ...] = ()  # CSS selectors: these elements are no part of it


@dataclass(frozen=True, slots=True)
class CleanRules:
    """What cleaning is told beyond its own rules."""

    site_rules_file: str | None = None  # as written in the story file
    site_rules: tuple[SiteRule, ...] = ()  # what it holds
    agencies_file: str | None = None  # as written in the story file
    agencies: tuple[Agency, ...] = ()  # the user's, beside those of the package

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> CleanRules:
        rules = (
            SiteRule(**{**rule, "body": tuple(rule["body"]), "prune": tuple(rule["prune"])})
            for rule in values["site_rules"]
        )
        agencies = (
            Agency(row["name"], *(tuple(row[key]) for key in ("aliases", "domains", "languages")))
            for row in values.get("agencies", ())
        )
        return cls(values["site_rules_file"], tuple(rules), values.get("agencies_file"), tuple(agencies))


@dataclass(frozen=True, slots=True)
class CopyRules:
    """How far the search for sources goes; None: over everything that is stored."""

    look_back_days: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """The question a user configures."""

    name: str
    title: str
    since: datetime | None
    until: datetime | None  # exclusive; a bare date is read as the end of that day
    match: Match
    sources: Sources = field(default_factory=Sources)
    fetch: FetchRules = field(default_factory=FetchRules)
    clean: CleanRules = field(default_factory=CleanRules)
    polling: PollRules = field(default_factory=PollRules)
    copies: CopyRules = field(default_factory=CopyRules)

    def definition(self) -> dict[str, Any]:
        """The story as plain JSON values, for the `stories` table and for other processes."""
        values = asdict(self)
        values["since"] = self.since.isoformat() if self.since else None
        values["until"] = self.until.isoformat() if self.until else None
        return values

    @classmethod
    def from_definition(cls, values: Mapping[str, Any]) -> Story:
        """The story that `definition` was taken of."""
        return cls(
            name=values["name"],
            title=values["title"],
            since=datetime.fromisoformat(values["since"]) if values["since"] else None,
            until=datetime.fromisoformat(values["until"]) if values["until"] else None,
            match=Match(**{key: tuple(entries) for key, entries in values["match"].items()}),
            sources=Sources(
                **{
                    **{key: tuple(entries) for key, entries in values["sources"].items()},
                    "search_endpoints": tuple(
                        (name, url) for name, url in values["sources"].get("search_endpoints", ())
                    ),
                }
            ),
            fetch=FetchRules(
                **{
                    **values["fetch"],
                    "private_hosts": tuple(values["fetch"].get("private_hosts", ())),
                    "render": tuple(values["fetch"].get("render", ())),
                    "resolve": tuple((host, to) for host, to in values["fetch"]["resolve"]),
                }
            ),
            # runs of earlier releases have none
            clean=CleanRules.from_values(values["clean"]) if "clean" in values else CleanRules(),
            polling=PollRules(**values.get("polling", {})),
            copies=CopyRules(**values.get("copies", {})),
        )
