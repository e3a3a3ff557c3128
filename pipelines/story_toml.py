"""The story file: TOML in, a checked `Story` out, or every fault in it with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pipelines.match import Match
from pipelines.polling import PollRules
from pipelines.searches import ENDPOINT_NAMES, SEARCHES
from pipelines.story import CleanRules, CopyRules, FetchRules, Sources, Story
from pipelines.toml_lines import line_of

WEB_URL = re.compile(r"https?://[^/\s]+", re.IGNORECASE)
NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
MAX_LOOK_BACK_DAYS = 36_525  # a century: who wants more leaves it out
MAX_POLL_HOURS = 8784  # a year: a source that is asked less often than that had better be left out
KNOWN_KEYS: Mapping[str, tuple[str, ...]] = {
    "story": ("name", "title", "since", "until"),
    "clean": ("site_rules", "agencies"),
    "match": ("all", "any", "none", "like"),
    "sources": (
        "seeds",
        "feeds",
        "sitemaps",
        "sites",
        "searches",
        "archives",
        "archive_hosts",
        "search_endpoints",
    ),
    "fetch": (
        "delay_seconds",
        "max_pages_per_host",
        "follow_links",
        "allow_private_hosts",
        "timeout_seconds",
        "contact",
        "private_hosts",
        "render",
        "resolve",
    ),
    "polling": ("min_hours", "max_hours"),
    "copies": ("look_back_days",),
}


@dataclass(frozen=True, slots=True)
class StoryFault:
    """One thing wrong with a story file: where, what, and what to do."""

    line: int | None
    key: str
    message: str


class StoryError(Exception):
    """A story file that can't be used; `faults` has all that is wrong with it."""

    def __init__(self, name: str, faults: tuple[StoryFault, ...]) -> None:
        self.name = name
        self.faults = faults
        super().__init__("\n".join(self._lines()))

    def _lines(self) -> list[str]:
        return [
            f"{self.name}{f':{fault.line}' if fault.line else ''}: {fault.key}: {fault.message}"
            for fault in self.faults
        ]


def parse_story(source: bytes, name: str) -> Story:
    """Read a story file; `name` is what error messages call it.

    `match.like` holds the paths as written: whoever reads files replaces them by texts.

    Raises:
        StoryError: not TOML, an unknown or missing key, a value of the wrong kind; all faults at once.
    """
    text, values = read_toml(source, name)
    reader = _Reader(text, values)
    story = reader.read()
    if reader.faults:
        raise StoryError(name, tuple(sorted(reader.faults, key=lambda fault: (fault.line or 0, fault.key))))
    return story


def read_toml(source: bytes, name: str) -> tuple[str, dict[str, Any]]:
    """The text of a TOML file and its values.

    Raises:
        StoryError: it isn't UTF-8 or isn't TOML.
    """
    try:
        text = source.decode("utf-8-sig")
        values = tomllib.loads(text)
    except UnicodeDecodeError as error:
        fault = StoryFault(None, "file", f"is not UTF-8 text (byte {error.start}); save it as UTF-8")
        raise StoryError(name, (fault,)) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        fault = StoryFault(int(line[1]) if line else None, "file", f"is not valid TOML: {error}")
        raise StoryError(name, (fault,)) from error
    return text, values


class _Reader:
    """Walks the TOML once and collects faults instead of stopping at the first."""

    def __init__(self, text: str, values: dict[str, Any]) -> None:
        self.text = text
        self.values = values
        self.faults: list[StoryFault] = []

    def read(self) -> Story:
        self._refuse_unknown_keys()
        since = self._moment("story", "since", end_of_day=False)
        until = self._moment("story", "until", end_of_day=True)
        if since and until and until <= since:
            self._fault("story", "until", "lies before since; swap the two")
        name = self._name()
        return Story(
            name=name,
            title=self._string("story", "title") or name,
            since=since,
            until=until,
            match=self._match(),
            sources=self._sources(),
            fetch=self._fetch(),
            polling=self._polling(),
            copies=self._copies(),
            clean=CleanRules(
                self._string("clean", "site_rules"), agencies_file=self._string("clean", "agencies")
            ),
        )

    def _refuse_unknown_keys(self) -> None:
        for table, content in self.values.items():
            if table not in KNOWN_KEYS:
                self._fault(None, table, f"unknown table; known are {', '.join(KNOWN_KEYS)}")
            elif not isinstance(content, dict):
                self._fault(None, table, f"must be a table: write [{table}]")
            else:
                for key in content:
                    if key not in KNOWN_KEYS[table]:
                        self._fault(table, key, f"unknown key; known are {', '.join(KNOWN_KEYS[table])}")
        if "story" not in self.values:
            self._fault(None, "story", 'missing table: a story file starts with [story] and name = "…"')

    def _get(self, table: str, key: str) -> Any:
        content = self.values.get(table)
        return content.get(key) if isinstance(content, dict) else None

    def _name(self) -> str:
        name = self._string("story", "name")
        if name is None:
            if "story" in self.values:
                self._fault(
                    "story", "name", 'missing: give the story a short name, e.g. name = "harbour-strike"'
                )
            return "unnamed"
        if not NAME.fullmatch(name):
            self._fault(
                "story", "name", f"{name!r}: use lower-case letters, digits, dots and hyphens, 64 at most"
            )
        return name

    def _string(self, table: str, key: str) -> str | None:
        value = self._get(table, key)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        self._fault(table, key, f"{value!r} must be a non-empty string")
        return None

    def _moment(self, table: str, key: str, *, end_of_day: bool) -> datetime | None:
        value = self._get(table, key)
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
            except ValueError:
                self._fault(table, key, f"{value!r} is no date; write 2024-01-28 or 2024-01-28T12:00:00Z")
                return None
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            start = datetime.combine(value, time(), UTC)
            return start + timedelta(days=1) if end_of_day else start
        if value is not None:
            self._fault(table, key, f"{value!r} is no date; write 2024-01-28 or 2024-01-28T12:00:00Z")
        return None

    def _strings(self, table: str, key: str) -> tuple[str, ...]:
        value = self._get(table, key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(
            isinstance(entry, str) and entry.strip() for entry in value
        ):
            self._fault(table, key, f'must be a list of non-empty strings, e.g. {key} = ["…"]')
            return ()
        return tuple(value)

    def _match(self) -> Match:
        entries = {key: self._strings("match", key) for key in KNOWN_KEYS["match"]}
        for key in ("all", "any", "none"):
            for entry in entries[key]:
                if not all(alternative.strip() for alternative in entry.split("|")):
                    self._fault("match", key, f"{entry!r} has an empty alternative; remove the stray |")
        if "match" in self.values and not (entries["all"] or entries["any"] or entries["like"]):
            self._fault("match", "all", "nothing to look for: give all, any or like")
        return Match(**entries)

    def _sources(self) -> Sources:
        lists = [key for key in KNOWN_KEYS["sources"] if key != "search_endpoints"]
        entries = {key: self._strings("sources", key) for key in lists}
        for key in ("seeds", "feeds", "sitemaps", "sites"):
            for url in entries[key]:
                if not WEB_URL.match(url):
                    self._fault("sources", key, f"{url!r} is no http(s) URL")
        for search in entries["searches"]:
            if search not in SEARCHES:
                self._fault("sources", "searches", f"{search!r} is unknown; known are {', '.join(SEARCHES)}")
        endpoints = self._mapping("sources", "search_endpoints", '{ gdelt = "http://…" }')
        for search, url in endpoints:
            if search not in ENDPOINT_NAMES:
                known = ", ".join(ENDPOINT_NAMES)
                self._fault("sources", "search_endpoints", f"{search!r} is unknown; known are {known}")
            if not WEB_URL.match(url):
                self._fault("sources", "search_endpoints", f"{url!r} is no http(s) URL")
        return Sources(**entries, search_endpoints=endpoints)

    def _fetch(self) -> FetchRules:
        defaults = FetchRules()
        return FetchRules(
            delay_seconds=self._number("delay_seconds", defaults.delay_seconds, 0.0, 3600.0),
            max_pages_per_host=int(
                self._number("max_pages_per_host", defaults.max_pages_per_host, 1, 10_000_000)
            ),
            follow_links=int(self._number("follow_links", defaults.follow_links, 0, 5)),
            allow_private_hosts=self._flag("allow_private_hosts"),
            timeout_seconds=self._number("timeout_seconds", defaults.timeout_seconds, 0.1, 600.0),
            contact=self._string("fetch", "contact"),
            private_hosts=tuple(host.lower() for host in self._strings("fetch", "private_hosts")),
            render=self._rendered(),
            resolve=self._resolve(),
        )

    def _polling(self) -> PollRules:
        usual = PollRules()
        longest = self._hours("max_hours", usual.max_hours)
        shortest = self._hours("min_hours", usual.min_hours)
        if shortest > longest:
            self._fault("polling", "min_hours", f"{shortest:g} is more than max_hours, {longest:g}")
        return PollRules(shortest, longest)

    def _hours(self, key: str, default: float) -> float:
        value = self._get("polling", key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_POLL_HOURS:
            self._fault("polling", key, f"{value!r} must be a number of hours from 0 to {MAX_POLL_HOURS}")
            return default
        return float(value)

    def _copies(self) -> CopyRules:
        value = self._get("copies", "look_back_days")
        if value is None:
            return CopyRules()
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_LOOK_BACK_DAYS:
            what = f"{value!r} must be a whole number of days from 1 to {MAX_LOOK_BACK_DAYS}"
            self._fault("copies", "look_back_days", f"{what}; left out, everything is searched")
            return CopyRules()
        return CopyRules(value)

    def _number(self, key: str, default: float, low: float, high: float) -> float:
        value = self._get("fetch", key)
        if value is None:
            return default
        whole = isinstance(default, int)
        if (
            isinstance(value, bool)
            or not isinstance(value, int if whole else int | float)
            or not low <= value <= high
        ):
            kind = "whole number" if whole else "number"
            self._fault("fetch", key, f"{value!r} must be a {kind} from {low:g} to {high:g}")
            return default
        return float(value)

    def _rendered(self) -> tuple[str, ...]:
        urls = self._strings("fetch", "render")
        for url in urls:
            if not WEB_URL.match(url):
                self._fault("fetch", "render", f"{url!r} is no http(s) URL")
        return urls

    def _flag(self, key: str) -> bool:
        value = self._get("fetch", key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self._fault("fetch", key, f"{value!r} must be true or false")
        return False

    def _resolve(self) -> tuple[tuple[str, str], ...]:
        pairs = self._mapping("fetch", "resolve", '{ "a.example" = "127.0.0.2" }')
        return tuple(sorted((host.lower(), to) for host, to in pairs))

    def _mapping(self, table: str, key: str, example: str) -> tuple[tuple[str, str], ...]:
        value = self._get(table, key)
        if value is None:
            return ()
        if not isinstance(value, dict) or not all(isinstance(to, str) for to in value.values()):
            self._fault(table, key, f"must map names to strings: {key} = {example}")
            return ()
        return tuple(sorted(value.items()))

    def _fault(self, table: str | None, key: str, message: str) -> None:
        name = f"{table}.{key}" if table else key
        self.faults.append(StoryFault(line_of(self.text, table, key), name, message))
