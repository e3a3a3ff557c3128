"""Reading the archive back: captures, each proven by its digest, and the check of a whole archive."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from pipelines.records import Capture, Reason, Rejected
from spiders.bodies import BodyError, decode_body
from spiders.ledger import decode_line
from spiders.manifest import (
    MANIFEST_SUFFIX,
    WARC_SUFFIX,
    ManifestEntry,
    RecordSpan,
    iter_entries,
    manifest_of,
)
from spiders.warc import digest_of


@dataclass(frozen=True, slots=True)
class StoredBody:
    """A response or resource record, its body as received."""

    status: int
    content_type: str
    content_encoding: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class CorruptRecordError(Exception):
    """A record whose bytes are not those that were written, or that are not there."""


def read_capture(folder: Path, entry: ManifestEntry) -> Capture | Rejected:
    """The capture that a manifest entry stands for, its body content-decoded.

    A revisit's body is that of the record it refers to. Rejected: CORRUPT_RECORD where the
    bytes are not those once written, TOO_LARGE, TRUNCATED or BAD_ENCODING where the
    content coding can't be taken off.
    """
    try:
        stored = read_stored(folder, entry)
        body = decode_body(stored.body, stored.content_encoding)
    except CorruptRecordError as error:
        return Rejected(entry.url, Reason.CORRUPT_RECORD, str(error))
    except BodyError as error:
        return Rejected(entry.url, error.reason, error.detail)
    media_type, charset = split_content_type(stored.content_type)
    return Capture(
        url=entry.url,
        final_url=entry.final_url,
        via=entry.via,
        source_url=entry.source_url,
        fetched_at=entry.fetched_at,
        status=stored.status,
        media_type=media_type,
        charset=charset,
        body=body,
        hints=entry.hints,
        archive_file=entry.body_span.file,
        archive_offset=entry.body_span.offset,
        payload_digest=entry.payload_digest,
    )


def read_stored(folder: Path, entry: ManifestEntry) -> StoredBody:
    """The record with an entry's body, as received.

    Raises:
        CorruptRecordError: digest or length differ, or the file is gone.
    """
    member = _read_member(folder, entry.body_span)
    where = f"{entry.body_span.file}:{entry.body_span.offset}"
    try:
        record = next(iter(ArchiveIterator(BytesIO(member))))
        body = record.raw_stream.read()
    except (ArchiveLoadFailed, StopIteration) as error:
        raise CorruptRecordError(f"{where}: not a WARC record ({error})") from error
    if digest_of(body) != entry.payload_digest:
        raise CorruptRecordError(f"{where}: the body is not the one in the manifest")
    if record.http_headers is None:
        return StoredBody(200, record.content_type or "", "", (), body)
    headers = record.http_headers
    return StoredBody(
        status=int(headers.get_statuscode()),
        content_type=headers.get_header("Content-Type") or "",
        content_encoding=headers.get_header("Content-Encoding") or "",
        headers=tuple(headers.headers),
        body=body,
    )


def verify_archive(folder: Path) -> tuple[str, ...]:
    """What is wrong with an archive, a line each: torn tails, changed bytes, missing files."""
    problems = []
    for warc in sorted(folder.glob(f"*{WARC_SUFFIX}")):
        if not manifest_of(warc).exists():
            problems.append(f"{warc.name}: has no manifest, so nothing proves it whole")
    for manifest in sorted(folder.glob(f"*{MANIFEST_SUFFIX}")):
        problems += _verify_manifest(manifest)
    for entry in iter_entries(folder, role=None):
        problems += _verify_entry(folder, entry)
    return tuple(dict.fromkeys(problems))  # several visits may rest on one record


def split_content_type(header: str) -> tuple[str, str | None]:
    """Media type and charset of a Content-Type header, lower case; `("", None)` if there is none."""
    if not header.strip():
        return "", None
    message = Message()
    message["Content-Type"] = header.replace("\n", " ").replace("\r", " ")
    media_type = header.split(";")[0].strip().lower()
    charset = message.get_param("charset")
    return media_type, charset.strip().lower() or None if isinstance(charset, str) else None


def _read_member(folder: Path, span: RecordSpan) -> bytes:
    where = f"{span.file}:{span.offset}"
    try:
        with (folder / span.file).open("rb") as warc:
            warc.seek(span.offset)
            member = warc.read(span.length)
    except FileNotFoundError as error:
        raise CorruptRecordError(f"{span.file}: the file is gone") from error
    if hashlib.sha256(member).hexdigest() != span.sha256:
        raise CorruptRecordError(f"{where}: the record's bytes are not those written")
    return member


def _verify_manifest(manifest: Path) -> Iterator[str]:
    with manifest.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if decode_line(line) is None:
                yield f"{manifest.name}:{number}: torn or changed line; it and all after it don't count"
                return


def _verify_entry(folder: Path, entry: ManifestEntry) -> Iterator[str]:
    try:
        _read_member(folder, entry.span)
        read_stored(folder, entry)
    except CorruptRecordError as error:
        yield f"{error} ({entry.url})"
