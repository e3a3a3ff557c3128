"""WARC 1.1 records as bytes: one gzip member each."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http.client import responses as phrases
from io import BytesIO
from urllib.parse import quote, urlsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.records import Hints, Via
from spiders.manifest import Role

SOFTWARE = "wirecopy"
CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
REVISIT_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
# Spoken for by the framing that was taken off: a reader of the record must not look for it again.
FRAMING_HEADERS = ("transfer-encoding", "content-length", "connection", "keep-alive")
# warcio's check breaks off at a body in brotli; a coding named together with "identity" it leaves alone.
SAME_CODING = {"br": "br, identity"}

CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")
HEADER_SAFE = " \t!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"  # all of ASCII that can be seen

HttpHeaders = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """Which URL came in, when, and why."""

    url: str  # what it is filed under: canonical, or file:NAME
    via: Via
    fetched_at: datetime
    source_url: str | None = None
    hints: Hints = field(default_factory=Hints)
    role: Role = Role.PAGE
    story: str | None = None


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response as it came: de-chunked, its content coding untouched."""

    final_url: str
    status: int
    headers: HttpHeaders
    body: bytes
    request_headers: HttpHeaders = ()
    hops: tuple[HttpResponse, ...] = ()  # the redirects that led here
    elapsed_ms: int | None = None
    ip_address: str | None = None  # of the server, as connected to
    is_rendered: bool = False  # the body is what a browser made of it

    @property
    def redirects(self) -> tuple[str, ...]:
        """The URLs asked before the final one."""
        return tuple(hop.final_url for hop in self.hops)

    def header(self, name: str) -> str | None:
        """The first value of a header, in any case."""
        for key, value in self.headers:
            if key.lower() == name.lower():
                return value
        return None


@dataclass(frozen=True, slots=True)
class Reference:
    """The earlier record that a revisit stands for."""

    final_url: str
    fetched_at: datetime
    payload_digest: str
    profile: str  # identical-payload-digest or server-not-modified


def digest_of(body: bytes) -> str:
    """`sha256:HEX` of a body as received."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def clean_headers(headers: HttpHeaders) -> HttpHeaders:
    """Headers that can be written: no line breaks; what isn't ASCII is percent-encoded."""
    return tuple(
        (quote(name, safe=HEADER_SAFE), quote(CONTROLS.sub(" ", value), safe=HEADER_SAFE))
        for name, value in headers
    )


def response_members(visit: Visit, response: HttpResponse) -> tuple[bytes, ...]:
    """Each redirect with its request, the request, the metadata and, last, the response."""
    record_id = _new_id()
    headers = {"WARC-Record-ID": record_id, "WARC-Payload-Digest": _base32(digest_of(response.body))}
    record = _http_record("response", visit, response, headers)
    return *_hops(visit, response), *_companions(visit, response, record_id), _member(record)


def revisit_members(visit: Visit, response: HttpResponse, reference: Reference) -> tuple[bytes, ...]:
    """Each redirect with its request, the request, the metadata and, last, the revisit."""
    record_id = _new_id()
    headers = {
        "WARC-Record-ID": record_id,
        "WARC-Profile": REVISIT_PROFILE + reference.profile,
        "WARC-Refers-To-Target-URI": reference.final_url,
        "WARC-Refers-To-Date": _iso(reference.fetched_at),
        "WARC-Payload-Digest": _base32(reference.payload_digest),
    }
    record = _http_record("revisit", visit, response, headers)
    return *_hops(visit, response), *_companions(visit, response, record_id), _member(record)


def resource_members(visit: Visit, content_type: str, body: bytes) -> tuple[bytes, ...]:
    """The metadata and, last, the resource."""
    record_id = _new_id()
    headers = {
        "WARC-Date": _iso(visit.fetched_at),
        "WARC-Record-ID": record_id,
        "WARC-Payload-Digest": _base32(digest_of(body)),
    }
    response = HttpResponse(visit.url, 200, (), b"")
    return _metadata(visit, response, record_id), _member(
        _record("resource", visit.url, headers, _Block(body, content_type))
    )


def warcinfo_member(file_name: str) -> bytes:
    """The record that opens a file."""
    lines = f"software: {SOFTWARE}\r\nformat: WARC File Format 1.1\r\nconformsTo: {CONFORMS_TO}\r\n"
    headers = {"WARC-Filename": file_name, "WARC-Date": _iso(datetime.now(UTC))}
    return _member(_record("warcinfo", "", headers, _Block(lines.encode(), "application/warc-fields")))


def _hops(visit: Visit, response: HttpResponse) -> Iterator[bytes]:
    for hop in response.hops:
        record_id = _new_id()
        headers = {"WARC-Record-ID": record_id, "WARC-Payload-Digest": _base32(digest_of(hop.body))}
        yield _request(visit, hop, record_id)
        yield _member(_http_record("response", visit, hop, headers))


def _companions(visit: Visit, response: HttpResponse, record_id: str) -> tuple[bytes, bytes]:
    return _request(visit, response, record_id), _metadata(visit, response, record_id)


def _request(visit: Visit, response: HttpResponse, record_id: str) -> bytes:
    parts = urlsplit(response.final_url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    request = StatusAndHeaders(
        f"GET {target} HTTP/1.1",
        [("Host", parts.netloc), *clean_headers(response.request_headers)],
        is_http_request=True,
    )
    headers = {"WARC-Date": _iso(visit.fetched_at), "WARC-Concurrent-To": record_id}
    record = _record("request", response.final_url, headers, _Block(b"", http_headers=request))
    return _member(record)


def _metadata(visit: Visit, response: HttpResponse, record_id: str) -> bytes:
    """Why the URL was asked for and how that went, as JSON."""
    facts = {
        "url": visit.url,
        "via": visit.via,
        "role": visit.role,
        "source_url": visit.source_url,
        "hints": asdict(visit.hints),
        "story": visit.story,
        "redirects": response.redirects,
        "fetch_time_ms": response.elapsed_ms,
        "rendered": response.is_rendered,
    }
    body = json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")
    headers = {"WARC-Date": _iso(visit.fetched_at), "WARC-Refers-To": record_id}
    return _member(_record("metadata", response.final_url, headers, _Block(body, "application/json")))


def _http_record(
    kind: str, visit: Visit, response: HttpResponse, warc_headers: dict[str, str]
) -> ArcWarcRecord:
    kept = [
        (name, SAME_CODING.get(value.lower(), value) if name.lower() == "content-encoding" else value)
        for name, value in clean_headers(response.headers)
        if name.lower() not in FRAMING_HEADERS
    ]
    if kind == "response":
        kept.append(("Content-Length", str(len(response.body))))
    status_line = f"{response.status} {phrases.get(response.status, 'Unknown')}"
    http_headers = StatusAndHeaders(status_line, kept, protocol="HTTP/1.1")
    body = response.body if kind == "response" else b""
    headers = {"WARC-Date": _iso(visit.fetched_at), **warc_headers}
    if response.ip_address:
        headers["WARC-IP-Address"] = response.ip_address
    return _record(kind, response.final_url, headers, _Block(body, http_headers=http_headers))


@dataclass(frozen=True, slots=True)
class _Block:
    """What a record holds: a body, under HTTP headers or a content type."""

    body: bytes
    content_type: str = ""
    http_headers: StatusAndHeaders | None = None


def _record(kind: str, uri: str, headers: dict[str, str], block: _Block) -> ArcWarcRecord:
    builder = WARCWriter(BytesIO(), gzip=True, warc_version="WARC/1.1")
    return builder.create_warc_record(
        uri,
        kind,
        payload=BytesIO(block.body),
        length=len(block.body),
        warc_content_type=block.content_type,
        warc_headers_dict={"WARC-Record-ID": _new_id(), **headers},
        http_headers=block.http_headers,
    )


def _member(record: ArcWarcRecord) -> bytes:
    out = BytesIO()
    WARCWriter(out, gzip=True, warc_version="WARC/1.1").write_record(record)
    return out.getvalue()


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _base32(digest: str) -> str:
    """WARC tools write digests in base 32."""
    return "sha256:" + base64.b32encode(bytes.fromhex(digest.removeprefix("sha256:"))).decode("ascii")
