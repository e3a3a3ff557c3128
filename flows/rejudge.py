"""A story whose question has changed: pages that aren't due for a fetch are judged again from the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from flows.runs import Run, newest_definition
from pipelines.records import Reason
from spiders.journal import Journal, UrlOutcome, url_outcomes
from spiders.ledger import read_lines
from spiders.manifest import ManifestEntry, manifest_of
from warehouse.history import StoredPage, pages_of_story
from warehouse.master import read_master
from warehouse.paths import WarehousePaths


def take_up_again(paths: WarehousePaths, run: Run, journal: Path) -> int:
    """Put a story's archived pages into the journal of a crawl that has ended, to be judged anew.

    That is where words, window or seeds differ from those of the story's newest finished run. Returns
    how many pages there are; what the crawl fetched, or settled otherwise, is left to it. Bears repeating.
    """
    before = newest_definition(paths.runs, run.story, "finished") if run.story else None
    if before is None or run.definition is None or _question(before) == _question(run.definition):
        return 0
    with read_master(paths) as connection:
        stored = pages_of_story(connection, str(run.story))
    known = {outcome.url: outcome for outcome in url_outcomes(journal)}
    wanted = [page for page in stored if page.url not in known or known[page.url].reason == Reason.NOT_DUE]
    with closing(Journal(journal)) as events:
        count = 0
        for entry in _entries(paths.archive, wanted):
            events.record_capture(_as_met(entry, known.get(entry.url)))
            count += 1
        events.sync()
    return count


def _question(definition: str) -> tuple[Any, ...]:
    """What decides whether a page is about the story."""
    values: Mapping[str, Any] = json.loads(definition)
    return values["match"], values["since"], values["until"], values["sources"]["seeds"]


def _entries(archive: Path, pages: Sequence[StoredPage]) -> Iterator[ManifestEntry]:
    """The manifest entries of pages, as far as they are there: what is lost is the doctor's to say."""
    wanted = {(page.archive_file, page.archive_offset): page.url for page in pages}
    for file in sorted({page.archive_file for page in pages}):
        for entry in map(ManifestEntry.from_json, read_lines(manifest_of(archive / file))):
            if wanted.get((entry.span.file, entry.span.offset)) == entry.url:
                yield entry


def _as_met(entry: ManifestEntry, outcome: UrlOutcome | None) -> ManifestEntry:
    """The entry as this run met its URL, if it did: it may be a seed now."""
    return replace(entry, via=outcome.via, source_url=outcome.source_url) if outcome else entry
