"""The manifest beside each WARC file: what it holds, with the digests that prove it whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipelines.records import Hints, Via
from pipelines.revisit import Visits
from spiders.ledger import read_lines

WARC_SUFFIX = ".warc.gz"
MANIFEST_SUFFIX = ".manifest"


class Role(StrEnum):
    """What a record is in the archive for."""

    PAGE = "page"  # goes on to extraction
    SOURCE = "source"  # a feed, sitemap or home page that was read for its links
    ROBOTS = "robots"  # a robots.txt


@dataclass(frozen=True, slots=True)
class RecordSpan:
    """Where a WARC record lies: `offset` and `length` of its gzip member, SHA-256 of these bytes."""

    file: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One visit: the record written for it, and the record that holds the body if that is another one."""

    span: RecordSpan
    kind: str  # response, revisit, resource
    role: Role
    url: str  # canonical, or file:NAME
    final_url: str
    status: int
    fetched_at: datetime
    payload_digest: str  # sha256:HEX of the body as received
    via: Via
    source_url: str | None
    hints: Hints
    story: str | None
    run_id: str
    etag: str | None = None
    last_modified: str | None = None
    refers_to: RecordSpan | None = None  # of a revisit: the record with the body

    @property
    def body_span(self) -> RecordSpan:
        return self.refers_to or self.span

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "fetched_at": self.fetched_at.isoformat()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ManifestEntry:
        refers_to = values["refers_to"]
        typed = {
            "span": RecordSpan(**values["span"]),
            "refers_to": RecordSpan(**refers_to) if refers_to else None,
            "role": Role(values["role"]),
            "via": Via(values["via"]),
            "hints": Hints(**values["hints"]),
            "fetched_at": datetime.fromisoformat(values["fetched_at"]),
        }
        return cls(**{**values, **typed})


def manifest_of(warc: Path) -> Path:
    """The manifest's path beside a WARC file."""
    return warc.with_name(warc.name.removesuffix(WARC_SUFFIX) + MANIFEST_SUFFIX)


def iter_entries(
    folder: Path, run_id: str | None = None, role: Role | None = Role.PAGE
) -> Iterator[ManifestEntry]:
    """The entries of an archive in the order they were written; of one run and role, or None for all."""
    for manifest in sorted(folder.glob(f"*{MANIFEST_SUFFIX}")):
        if run_id is not None and _run_of(manifest) != run_id:
            continue
        for values in read_lines(manifest):
            entry = ManifestEntry.from_json(values)
            if role is None or entry.role is role:
                yield entry


def find_visits(folder: Path, story: str, before_run: str) -> dict[str, Visits]:
    """When each page of a story was fetched from the web, by canonical URL; `before_run` doesn't count."""
    visits: dict[str, Visits] = {}
    for entry in iter_entries(folder):
        if entry.story != story or entry.run_id == before_run or not _is_from_web(entry):
            continue
        seen = visits.get(entry.url)
        if seen is None:
            visits[entry.url] = Visits(entry.fetched_at, entry.fetched_at)
        else:
            first = min(seen.first_seen, entry.fetched_at)
            last = max(seen.last_visit, entry.fetched_at)
            visits[entry.url] = replace(seen, first_seen=first, last_visit=last)
    return visits


def find_newest(folder: Path, *, from_web: bool) -> dict[tuple[Role, str], ManifestEntry]:
    """The newest entry for each role and URL, of the web or of local material."""
    newest: dict[tuple[Role, str], ManifestEntry] = {}
    for entry in iter_entries(folder, role=None):
        if _is_from_web(entry) is not from_web or entry.via is Via.RESCUE:
            continue  # a web archive's headers say nothing about the site's own page
        key = (entry.role, entry.url)
        if key not in newest or newest[key].fetched_at <= entry.fetched_at:
            newest[key] = entry
    return newest


def _is_from_web(entry: ManifestEntry) -> bool:
    return entry.via not in (Via.FILE, Via.ARCHIVE)


def _run_of(manifest: Path) -> str:
    return manifest.name.removesuffix(MANIFEST_SUFFIX).rpartition("-")[0]
