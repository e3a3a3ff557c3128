"""From a run's journal to the archive: which record each fetched page is."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from pathlib import Path

from spiders.journal import FETCHED
from spiders.ledger import read_lines
from spiders.manifest import ManifestEntry, manifest_of


def fetched_entries(
    journal: Path, archive: Path, depth: int | None = None
) -> dict[str, tuple[ManifestEntry, ...]]:
    """The manifest entries of each page that a run fetched or took up, by URL; the oldest first.

    With `depth` only those that came in while the links of that depth were fetched; 0 are the sources' own.

    Local material may hold a page several times, and keeps the record of the run that brought it first.

    Raises:
        LookupError: the journal names a record that no manifest has; the archive was tampered with.
    """
    places: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
    reached = 0
    for values in read_lines(journal):
        if values["event"] == "depth":
            reached = values["depth"]
        elif values["event"] == FETCHED and depth in (None, reached):
            places[values["url"]].add((values["file"], values["offset"]))
    named = set().union(*places.values())
    entries = {
        (entry.span.file, entry.span.offset): entry
        for file in sorted({file for file, _ in named})
        for entry in map(ManifestEntry.from_json, read_lines(manifest_of(archive / file)))
    }
    missing = sorted(named - entries.keys())
    if missing:
        file, offset = missing[0]
        raise LookupError(f"{archive / file}: the manifest has no record at {offset}, but {journal} names it")
    return {
        url: tuple(sorted((entries[place] for place in found), key=_age)) for url, found in places.items()
    }


def _age(entry: ManifestEntry) -> tuple[datetime, str, int]:
    return (entry.fetched_at, entry.span.file, entry.span.offset)
