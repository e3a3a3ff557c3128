"""The archive: WARC 1.1 files with a manifest beside each; the only way from fetching to the rest."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from spiders.ledger import Ledger, open_for_append, write_all
from spiders.manifest import WARC_SUFFIX, ManifestEntry, RecordSpan, manifest_of
from spiders.warc import (
    HttpResponse,
    Reference,
    Visit,
    digest_of,
    resource_members,
    response_members,
    revisit_members,
    warcinfo_member,
)

MAX_WARC_BYTES = 1_000_000_000  # the size that the WARC guidelines and most tools expect


class ArchiveWriter:
    """Appends to the archive of one run; what it returned is on the disk.

    With `sync_every` above 1 that holds for every so many records, and after `flush`:
    for local material, which can be read again.

    A torn tail that a killed writer of the run left is cut on opening. One writer at a
    time for a run id: whoever starts runs sees to it.

    Raises:
        OSError: the disk is full or failing; what was returned before stays good.
    """

    def __init__(
        self, folder: Path, run_id: str, max_bytes: int = MAX_WARC_BYTES, sync_every: int = 1
    ) -> None:
        self.folder = folder
        self.run_id = run_id
        self._max_bytes = max_bytes
        self._sync_every = sync_every
        self._unsynced: list[ManifestEntry] = []
        self._number = max(len(list(folder.glob(f"{run_id}-[0-9]*{WARC_SUFFIX}"))), 1)
        self._open()

    def add_response(
        self, visit: Visit, response: HttpResponse, earlier: ManifestEntry | None = None
    ) -> ManifestEntry:
        """File a response; a body that equals the one of `earlier` is not stored again."""
        digest = digest_of(response.body)
        if earlier is not None and response.body and earlier.payload_digest == digest:
            return self._add_revisit(visit, response, earlier, "identical-payload-digest")
        span = self._append(response_members(visit, response))
        return self._file(visit, response, _Written(span, "response", digest))

    def add_not_modified(self, visit: Visit, response: HttpResponse, earlier: ManifestEntry) -> ManifestEntry:
        """File an answer 304: the page is as it was in `earlier`."""
        return self._add_revisit(visit, response, earlier, "server-not-modified")

    def add_resource(
        self, visit: Visit, content_type: str, body: bytes, earlier: ManifestEntry | None = None
    ) -> ManifestEntry:
        """File local material; if it equals `earlier`, nothing is written and `earlier` returned."""
        digest = digest_of(body)
        if earlier is not None and earlier.payload_digest == digest:
            return earlier
        span = self._append(resource_members(visit, content_type, body))
        response = HttpResponse(visit.url, 200, (), b"")
        return self._file(visit, response, _Written(span, "resource", digest))

    def flush(self) -> None:
        """Wait until every record is on the disk, then until the manifest that vouches for it is."""
        if self._unsynced:
            os.fdatasync(self._warc.fileno())
            for entry in self._unsynced:
                self._manifest.append(entry.to_json())
            self._manifest.sync()
            self._unsynced.clear()

    def close(self) -> None:
        if not self._warc.closed:
            self.flush()
        self._warc.close()
        self._manifest.close()

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> None:
        self.path = self.folder / f"{self.run_id}-{self._number:05d}{WARC_SUFFIX}"
        self._manifest = Ledger(manifest_of(self.path))
        size = self.path.stat().st_size if self.path.exists() else 0
        ends = [values["span"]["offset"] + values["span"]["length"] for values in self._manifest.lines]
        whole = sum(end <= size for end in ends)
        if whole < len(ends):
            self._manifest.cut(whole)  # someone cut the WARC: the records it lost no longer count
        self._end = max(ends[:whole], default=0)
        self._warc = open_for_append(self.path, self._end)
        if self._end == 0:
            self._write(warcinfo_member(self.path.name))

    def _append(self, members: tuple[bytes, ...]) -> RecordSpan:
        """Write records that belong together, the one that counts last."""
        if self._end >= self._max_bytes:
            self.close()
            self._number += 1
            self._open()
        self._write(b"".join(members))
        last = members[-1]
        return RecordSpan(self.path.name, self._end - len(last), len(last), hashlib.sha256(last).hexdigest())

    def _write(self, members: bytes) -> None:
        try:
            write_all(self._warc, members)
        except OSError:
            self._warc.close()  # nothing may follow a torn record; it is cut on the next opening
            raise
        self._end += len(members)

    def _add_revisit(
        self, visit: Visit, response: HttpResponse, earlier: ManifestEntry, profile: str
    ) -> ManifestEntry:
        digest = earlier.payload_digest
        reference = Reference(earlier.final_url, earlier.fetched_at, digest, profile)
        span = self._append(revisit_members(visit, response, reference))
        return self._file(visit, response, _Written(span, "revisit", digest, earlier))

    def _file(self, visit: Visit, response: HttpResponse, written: _Written) -> ManifestEntry:
        earlier = written.earlier
        entry = ManifestEntry(
            span=written.span,
            kind=written.kind,
            role=visit.role,
            url=visit.url,
            final_url=response.final_url,
            status=response.status,
            fetched_at=visit.fetched_at,
            payload_digest=written.payload_digest,
            via=visit.via,
            source_url=visit.source_url,
            hints=visit.hints,
            story=visit.story,
            run_id=self.run_id,
            etag=response.header("ETag") or (earlier.etag if earlier else None),
            last_modified=response.header("Last-Modified") or (earlier.last_modified if earlier else None),
            refers_to=earlier.body_span if earlier else None,
        )
        self._unsynced.append(entry)
        if len(self._unsynced) >= self._sync_every:
            self.flush()
        return entry


@dataclass(frozen=True, slots=True)
class _Written:
    span: RecordSpan
    kind: str
    payload_digest: str
    earlier: ManifestEntry | None = None
