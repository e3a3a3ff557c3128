"""The file of site rules: TOML in, checked rules out, or every fault in it with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytz
from cssselect import HTMLTranslator, SelectorError

from pipelines.story import SiteRule
from pipelines.story_toml import StoryError, StoryFault, read_toml
from pipelines.toml_lines import line_of

KEYS = ("name", "zone", "body", "prune")
HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


def parse_site_rules(source: bytes, name: str) -> tuple[SiteRule, ...]:
    """Read a file of site rules; `name` is what error messages call it.

    Raises:
        StoryError: not TOML, an unknown key, selector or zone, a value of the wrong kind; all faults at once.
    """
    text, tables = read_toml(source, name)
    faults = [
        StoryFault(line_of(text, table, key), f"{host}.{key}" if table else host, message)
        for host, content in tables.items()
        for table, key, message in _faults_of(host, content)
    ]
    if faults:
        raise StoryError(name, tuple(sorted(faults, key=lambda fault: (fault.line or 0, fault.key))))
    return tuple(_rule(host, tables[host]) for host in sorted(tables))


def _rule(host: str, values: dict[str, Any]) -> SiteRule:
    body, prune = (tuple(values.get(key, ())) for key in ("body", "prune"))
    return SiteRule(host, values.get("name"), values.get("zone"), body, prune)


def _faults_of(host: str, content: object) -> Iterator[tuple[str | None, str, str]]:
    """Table (None: the fault is the table itself), key and what is wrong."""
    if not isinstance(content, dict):
        yield None, host, 'must be a table named after a host: ["harbour-post.example"]'
        return
    if not HOST.fullmatch(host):
        yield (
            None,
            host,
            "is no host name: write it in lower case, in quotation marks, without http:// and path",
        )
    if not content:
        yield None, host, f"says nothing; give at least one of {', '.join(KEYS)}"
    for key, value in content.items():
        message = _fault_of(key, value)
        if message is not None:
            yield host, key, message


def _fault_of(key: str, value: object) -> str | None:
    if key not in KEYS:
        return f"unknown key; known are {', '.join(KEYS)}"
    if key in ("body", "prune"):
        return _fault_of_selectors(key, value)
    if not isinstance(value, str) or not value.strip():
        return f"{value!r} must be a non-empty string"
    if key == "zone" and value not in pytz.all_timezones_set:
        return f"{value!r} is no time zone; write one like Europe/Athens"
    return None


def _fault_of_selectors(key: str, value: object) -> str | None:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return f'must be a list of CSS selectors, e.g. {key} = ["div.story-text"]'
    for selector in value:
        try:
            HTMLTranslator().css_to_xpath(selector)
        except SelectorError as error:
            return f"{selector!r} is no CSS selector that can be used: {error}"
    return None
