"""From a run's journal to the archive: which record each fetched page is."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from pathlib import Path

from spiders.journal import FETCHED
from spiders.ledger import read_lines
from spiders.manifest import ManifestEntry, manifest_of


class MissingRecordError(LookupError):
    """A journal names records that no manifest has; the archive lost files or was tampered with."""

    def __init__(self, journal: Path, urls: tuple[str, ...], place: str) -> None:
        self.urls = urls
        super().__init__(f"{place}: no manifest has this record, but {journal} names it ({urls[0]})")


def fetched_entries(
    journal: Path, archive: Path, depth: int | None = None
) -> dict[str, tuple[ManifestEntry, ...]]:
    """The manifest entries of each page that a run fetched or took up, by URL; the oldest first.

    With `depth` only those that came in while the links of that depth were fetched; 0 are the sources' own.

    Local material may hold a page several times, and keeps the record of the run that brought it first.

    Raises:
        MissingRecordError: the journal names a record that no manifest has.
    """
    found, missing = find_entries(journal, archive, depth)
    if missing:
        file, offset = min(missing.values())
        raise MissingRecordError(journal, tuple(sorted(missing)), f"{archive / file}:{offset}")
    return found


def find_entries(
    journal: Path, archive: Path, depth: int | None = None
) -> tuple[dict[str, tuple[ManifestEntry, ...]], dict[str, tuple[str, int]]]:
    """The entries that are there, and of each URL of which one is missing the first such place."""
    places = _places(journal, depth)
    named = set().union(*places.values())
    entries = {
        (entry.span.file, entry.span.offset): entry
        for file in sorted({file for file, _ in named})
        for entry in map(ManifestEntry.from_json, read_lines(manifest_of(archive / file)))
    }
    there = {
        url: sorted((entries[place] for place in named & entries.keys()), key=_age)
        for url, named in places.items()
    }
    missing = {url: min(named - entries.keys()) for url, named in places.items() if named - entries.keys()}
    return {url: tuple(found) for url, found in there.items() if found}, missing


def _places(journal: Path, depth: int | None) -> dict[str, set[tuple[str, int]]]:
    """Where the records of each page lie, by the journal."""
    places: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
    reached = 0
    for values in read_lines(journal):
        if values["event"] == "depth":
            reached = values["depth"]
        elif values["event"] == FETCHED and depth in (None, reached):
            places[values["url"]].add((values["file"], values["offset"]))
    return places


def _age(entry: ManifestEntry) -> tuple[datetime, str, int]:
    return (entry.fetched_at, entry.span.file, entry.span.offset)
