"""The manifest beside each WARC file: what it holds, with the digests that prove it whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipelines.records import Hints, Via
from spiders.ledger import decode_line, encode_line, open_for_append, read_lines

WARC_SUFFIX = ".warc.gz"
MANIFEST_SUFFIX = ".manifest"


class Role(StrEnum):
    """What a record is in the archive for."""

    PAGE = "page"  # goes on to extraction
    SOURCE = "source"  # a feed, sitemap or home page that was read for its links
    ROBOTS = "robots"  # a robots.txt, or the answer that there is none
    RIGHTS = "rights"  # a tdmrep.json, or the answer that there is none
    EVIDENCE = "evidence"  # an answer that gave no page: an error status, a body cut short


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
    not_modified_in_a_row: int = 0  # answers 304 since the last body that was sent, this one included

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
        if run_id is not None and run_of(manifest) != run_id:
            continue
        for values in read_lines(manifest):
            entry = ManifestEntry.from_json(values)
            if role is None or entry.role is role:
                yield entry


def cut_torn_tails(folder: Path) -> tuple[str, ...]:
    """Cut what a killed writer left behind the last whole line of a manifest; nobody may be writing.

    Where whole lines follow the torn one something else happened, and it is left as it is. Returns the
    names of the manifests that were cut.
    """
    cut = []
    for manifest in sorted(folder.glob(f"*{MANIFEST_SUFFIX}")):
        whole = sum(len(encode_line(values)) for values in read_lines(manifest))
        with manifest.open("rb") as lines:
            lines.seek(whole)
            torn = lines.readlines()
        if torn and not any(decode_line(line) for line in torn):
            open_for_append(manifest, whole).close()
            cut.append(manifest.name)
    return tuple(cut)


def is_from_web(entry: ManifestEntry) -> bool:
    """Whether a visit asked the web, not a file."""
    return entry.via not in (Via.FILE, Via.ARCHIVE)


def run_of(manifest: Path) -> str:
    """The run that wrote a manifest."""
    return manifest.name.removesuffix(MANIFEST_SUFFIX).rpartition("-")[0]
