"""The archive: WARC 1.1 files with a manifest beside each; the only way from fetching to the rest."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from glob import escape
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

SAME_BODY, NOT_MODIFIED = "identical-payload-digest", "server-not-modified"  # the profiles of WARC 1.1
NUMBER_GLOB = "[0-9]" * 5
MAX_WARC_BYTES = 1_000_000_000  # the size that the WARC guidelines and most tools expect


class ArchiveWriter:
    """Appends to the archive of one run; what it returned is on the disk.

    With `sync_every` above 1 that holds for every so many records, and after `flush`:
    for local material, which can be read again. With None it holds when whoever writes
    has gone through `begin_commit`, `sync_records`, `vouch` and `sync_manifest`.

    A torn tail that a killed writer of the run left is cut on opening. One writer at a
    time for a run id: whoever starts runs sees to it. With `number` it writes the file of
    that number, whatever others there are: for writers side by side, in folders of their own.

    Raises:
        OSError: the disk is full or failing; what was returned before stays good.
    """

    def __init__(
        self,
        folder: Path,
        run_id: str,
        max_bytes: int = MAX_WARC_BYTES,
        sync_every: int | None = 1,
        number: int | None = None,
    ) -> None:
        self.folder = folder
        self.run_id = run_id
        self._max_bytes = max_bytes
        self._sync_every = sync_every
        self._unsynced: list[ManifestEntry] = []
        self._is_committing = False
        files = list(folder.glob(f"{escape(run_id)}-{NUMBER_GLOB}{WARC_SUFFIX}"))
        self._number = max(len(files), 1) if number is None else number
        self._open()

    def add_response(
        self, visit: Visit, response: HttpResponse, earlier: ManifestEntry | None = None
    ) -> ManifestEntry:
        """File a response; a body that equals the one of `earlier` is not stored again."""
        digest = digest_of(response.body)
        if earlier is not None and response.body and earlier.payload_digest == digest:
            return self._add_revisit(visit, response, earlier, SAME_BODY)
        span = self._append(response_members(visit, response))
        return self._file(visit, response, _Written(span, "response", digest))

    def add_not_modified(self, visit: Visit, response: HttpResponse, earlier: ManifestEntry) -> ManifestEntry:
        """File an answer 304: the page is as it was in `earlier`."""
        return self._add_revisit(visit, response, earlier, NOT_MODIFIED)

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
            entries = self.begin_commit()
            self.sync_records()
            self.vouch(entries)
            self.sync_manifest()

    def begin_commit(self) -> list[ManifestEntry]:
        """Take the entries that wait for the disk. Until `sync_manifest` no new file is begun."""
        self._is_committing = True
        entries, self._unsynced = self._unsynced, []
        return entries

    def sync_records(self) -> None:
        """Wait until every record is on the disk; may run in a thread of its own."""
        os.fdatasync(self._warc.fileno())

    def vouch(self, entries: list[ManifestEntry]) -> None:
        """Write entries whose records are on the disk into the manifest."""
        for entry in entries:
            self._manifest.append(entry.to_json())

    def sync_manifest(self) -> None:
        """Wait until the manifest is on the disk; may run in a thread of its own."""
        self._manifest.sync()
        self._is_committing = False

    def close(self) -> None:
        if not self._warc.closed and not self._manifest.is_closed:
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
        if self._end >= self._max_bytes and not self._is_committing:
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
        return self._file(
            visit, response, _Written(span, "revisit", digest, earlier, profile == NOT_MODIFIED)
        )

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
            not_modified_in_a_row=earlier.not_modified_in_a_row + 1 if earlier and written.is_unsent else 0,
        )
        self._unsynced.append(entry)
        if self._sync_every is not None and len(self._unsynced) >= self._sync_every:
            self.flush()
        return entry


@dataclass(frozen=True, slots=True)
class _Written:
    span: RecordSpan
    kind: str
    payload_digest: str
    earlier: ManifestEntry | None = None
    is_unsent: bool = False  # the server said 304 and sent no body
