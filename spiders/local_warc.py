"""WARC files of others: their HTML pages, and what is damaged in them."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from pipelines.archive_filter import Sieve
from pipelines.records import Fate, Reason, Rejected, Via, http_reason
from pipelines.urls import canonicalize_url
from spiders.bodies import MAX_BODY_BYTES
from spiders.captures import split_content_type
from spiders.material import Item
from spiders.warc import HttpResponse

MAX_RECORD_BYTES = MAX_BODY_BYTES + 1024 * 1024  # a body with its headers
HTML_TYPES = ("text/html", "application/xhtml+xml", "")  # servers leave the type out
TEXT_TYPES = (*HTML_TYPES, "text/plain")


@dataclass(slots=True)
class Sifting:
    """A filter on captures that counts what it let through and what it held back."""

    sift: Callable[[str, datetime], Sieve]
    counts: Counter[Sieve] = field(default_factory=Counter)

    def __call__(self, url: str, taken_at: datetime) -> Sieve:
        sifted = self.sift(url, taken_at)
        self.counts[sifted] += 1
        return sifted


def take_all(url: str, taken_at: datetime) -> Sieve:
    """The filter that holds nothing back."""
    return Sieve.TAKEN


def read_warc(
    path: Path, name_url: str, sift: Callable[[str, datetime], Sieve] = take_all
) -> Iterator[Item | Rejected]:
    """Every response and resource of a file under its own URL and date, as far as the filter takes it.

    Damage ends the reading: what came before it loads, and the rest is one rejection,
    CORRUPT_RECORD, under `NAME#offset=N`.
    """
    progress = _Progress()
    damage = None
    with path.open("rb") as file:
        try:
            for record in _records(file, progress):
                item = _read_record(record, sift)
                if item is not None:
                    yield replace(item, offset=record.offset) if isinstance(item, Item) else item
        except (ArchiveLoadFailed, zlib.error, EOFError, _ShortRecordError) as error:
            damage = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    size = path.stat().st_size
    if damage is None and progress.end < size:
        damage = f"{size - progress.end} bytes that are no whole record"
    if damage is not None:
        detail = f"damaged from byte {progress.end} on, the records before it are loaded: {damage}"
        yield Rejected(f"{name_url}#offset={progress.end}", Reason.CORRUPT_RECORD, detail)


class _ShortRecordError(Exception):
    pass


@dataclass(slots=True)
class _Progress:
    """How far a file has been read without damage."""

    end: int = 0


@dataclass(frozen=True, slots=True)
class _Record:
    record: ArcWarcRecord
    block: bytes
    offset: int

    def header(self, name: str) -> str:
        return self.record.rec_headers.get_header(name) or ""


def _records(file: object, progress: _Progress) -> Iterator[_Record]:
    """The records with their whole blocks; warcio alone takes a torn one for a short one."""
    iterator = ArchiveIterator(file, no_record_parse=True)
    for record in iterator:
        expected = int(record.rec_headers.get_header("Content-Length") or -1)
        block = record.raw_stream.read(MAX_RECORD_BYTES)
        rest = len(block)
        while piece := record.raw_stream.read(65536):
            rest += len(piece)
        if rest != expected:
            raise _ShortRecordError(f"a record of {expected} bytes ends after {rest}")
        progress.end = iterator.get_record_offset() + iterator.get_record_length()
        yield _Record(record, block if rest == len(block) else b"", iterator.get_record_offset())


def _read_record(found: _Record, sift: Callable[[str, datetime], Sieve]) -> Item | Rejected | None:
    """A page, a loss, or None for records of other hosts and those that stand for no URL of their own."""
    kind = found.record.rec_type
    if kind not in ("response", "resource", "revisit"):
        return None
    target = found.header("WARC-Target-URI").strip("<>")
    try:
        url = canonicalize_url(target)
        fetched_at = datetime.fromisoformat(found.header("WARC-Date")).astimezone(UTC)
    except ValueError as error:
        if target.lower().startswith(("dns:", "whois:", "metadata:")):
            return None
        return Rejected(target[:500] or "(no URL)", Reason.CORRUPT_RECORD, str(error)[:500])
    sifted = sift(url, fetched_at)
    if sifted is Sieve.OTHER_HOST:
        return None
    if sifted is Sieve.OUT_OF_WINDOW:
        return _loss(url, Fate.SKIPPED, Reason.OUT_OF_WINDOW, f"captured {fetched_at:%Y-%m-%d %H:%M}")
    if kind == "revisit":
        return _loss(url, Fate.REJECTED, Reason.CORRUPT_RECORD, "a revisit: its page lies in another file")
    if not found.block and int(found.header("Content-Length") or 0) > 0:
        return _loss(url, Fate.REJECTED, Reason.TOO_LARGE, f"more than {MAX_RECORD_BYTES} bytes")
    if kind == "resource":
        content_type = found.header("Content-Type")
        if split_content_type(content_type)[0] not in TEXT_TYPES:
            return _loss(url, Fate.REJECTED, Reason.NOT_TEXT, content_type[:100])
        return Item(url, Via.ARCHIVE, found.block, content_type, fetched_at=fetched_at)
    return _read_response(url, target, found.block, fetched_at)


def _read_response(url: str, target: str, block: bytes, fetched_at: datetime) -> Item:
    stream = BytesIO(block)
    try:
        headers = StatusAndHeadersParser(["HTTP/"], verify=False).parse(stream)
        status = int(headers.get_statuscode())
    except (StatusAndHeadersParserException, ValueError, EOFError) as error:
        return _loss(url, Fate.REJECTED, Reason.CORRUPT_RECORD, f"no HTTP response: {str(error)[:200]}")
    if not 200 <= status < 300:
        return _loss(url, Fate.FAILED, http_reason(status), "as archived")
    content_type = headers.get_header("Content-Type") or ""
    if split_content_type(content_type)[0] not in HTML_TYPES:
        return _loss(url, Fate.REJECTED, Reason.NOT_TEXT, content_type[:100])
    is_chunked = "chunked" in (headers.get_header("Transfer-Encoding") or "").lower()
    body = b"".join(iter(ChunkedDataReader(stream).read, b"")) if is_chunked else stream.read()
    response = HttpResponse(target, status, tuple(headers.headers), body)
    return Item(url, Via.ARCHIVE, body, content_type, fetched_at=fetched_at, response=response)


def _loss(url: str, fate: Fate, reason: str, detail: str) -> Item:
    return Item(url, Via.ARCHIVE, loss=(fate, reason, detail))
