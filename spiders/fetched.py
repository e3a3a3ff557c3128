"""From a run's journal to the archive: which record each fetched page is."""

from __future__ import annotations

from pathlib import Path

from spiders.journal import FETCHED
from spiders.ledger import read_lines
from spiders.manifest import ManifestEntry, manifest_of


def fetched_entries(journal: Path, archive: Path) -> dict[str, ManifestEntry]:
    """The manifest entry of each page that a run fetched or took up, by URL.

    Local material that is in the archive already keeps the record of the run that brought it.

    Raises:
        LookupError: the journal names a record that no manifest has; the archive was tampered with.
    """
    places = {
        values["url"]: (values["file"], values["offset"])
        for values in read_lines(journal)
        if values["event"] == FETCHED
    }
    entries = {
        (entry.span.file, entry.span.offset): entry
        for file in sorted({file for file, _ in places.values()})
        for entry in map(ManifestEntry.from_json, read_lines(manifest_of(archive / file)))
    }
    missing = sorted(set(places.values()) - entries.keys())
    if missing:
        file, offset = missing[0]
        raise LookupError(f"{archive / file}: the manifest has no record at {offset}, but {journal} names it")
    return {url: entries[place] for url, place in places.items()}
