"""Content codings off a body, bounded in size."""

from __future__ import annotations

import zlib

import brotli  # type: ignore[import-untyped]
from backports import zstd

from pipelines.records import Reason
from spiders.warc import HttpResponse

MAX_BODY_BYTES = 10 * 1024 * 1024  # inflated; the longest articles are under 5 MB with all their markup
MAX_CODINGS = 2  # gzip in gzip occurs by misconfiguration; more is a bomb
GZIP_WBITS = zlib.MAX_WBITS | 16
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZSTD_WINDOW_LOG = 23  # 8 MiB, what RFC 8878 asks of every reader; a frame may demand gigabytes of memory


class BodyError(Exception):
    """A body that can't be decoded; `reason` is TOO_LARGE, TRUNCATED or BAD_ENCODING."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


def decode_body(body: bytes, content_encoding: str, limit: int = MAX_BODY_BYTES) -> bytes:
    """The body without its content codings.

    A gzip, brotli or zstd stream that ends early is an error, not a short body; trailing rubbish
    after a whole stream is ignored, as browsers do.

    Raises:
        BodyError: larger than `limit`, cut short, damaged, or of an unknown coding.
    """
    codings = [name.strip().lower() for name in content_encoding.split(",") if name.strip()]
    codings = [name for name in codings if name != "identity"]
    if len(codings) > MAX_CODINGS:
        raise BodyError(Reason.BAD_ENCODING, f"{len(codings)} content codings")
    for coding in reversed(codings):
        body = _decode_one(body, coding, limit)
    if len(body) > limit:
        raise BodyError(Reason.TOO_LARGE, f"{len(body)} bytes; the limit is {limit}")
    return body


def decoded_body(answer: HttpResponse, limit: int = MAX_BODY_BYTES) -> bytes:
    """The body without content coding; empty where it can't be taken off."""
    try:
        return decode_body(answer.body, answer.header("Content-Encoding") or "", limit)
    except BodyError:
        return b""


def _decode_one(body: bytes, coding: str, limit: int) -> bytes:
    if not body:
        return body  # an empty answer marked as compressed is common, and harmless
    if coding in ("gzip", "x-gzip"):
        # some servers name a coding that they didn't apply
        return _inflate_members(body, limit) if body.startswith(GZIP_MAGIC) else body
    if coding == "deflate":
        is_wrapped = body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        wbits = zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS
        return _inflate(body, wbits, limit)[0]
    if coding == "br":
        return _inflate_brotli(body, limit)
    if coding == "zstd":
        return _inflate_zstd(body, limit)
    raise BodyError(Reason.BAD_ENCODING, f"unknown content coding {coding[:40]!r}")


def _inflate_members(body: bytes, limit: int) -> bytes:
    """A gzip body: one member, or several end to end."""
    inflated, rest = _inflate(body, GZIP_WBITS, limit)
    while rest.startswith(GZIP_MAGIC):
        more, rest = _inflate(rest, GZIP_WBITS, limit - len(inflated))
        inflated += more
    return inflated


def _inflate(body: bytes, wbits: int, limit: int) -> tuple[bytes, bytes]:
    """One compressed stream, and what follows it."""
    inflater = zlib.decompressobj(wbits)
    try:
        inflated = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise BodyError(Reason.BAD_ENCODING, f"damaged compression: {error}") from error
    _check_whole(inflated, limit, is_ended=inflater.eof)
    return inflated, inflater.unused_data


def _inflate_brotli(body: bytes, limit: int) -> bytes:
    inflater = brotli.Decompressor()
    try:
        inflated: bytes = inflater.process(body, output_buffer_limit=limit + 1)
        while not inflater.is_finished() and not inflater.can_accept_more_data() and len(inflated) <= limit:
            inflated += inflater.process(b"", output_buffer_limit=limit + 1)
    except brotli.error as error:
        raise BodyError(Reason.BAD_ENCODING, f"damaged compression: {error}") from error
    _check_whole(inflated, limit, is_ended=inflater.is_finished())
    return inflated


def _inflate_zstd(body: bytes, limit: int) -> bytes:
    """A zstd body: one frame, or several end to end."""
    inflated, rest = _inflate_frame(body, limit)
    while rest.startswith(ZSTD_MAGIC):
        more, rest = _inflate_frame(rest, limit - len(inflated))
        inflated += more
    return inflated


def _inflate_frame(body: bytes, limit: int) -> tuple[bytes, bytes]:
    """One zstd frame, and what follows it."""
    inflater = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG})
    try:
        inflated = inflater.decompress(body, limit + 1)
        while not inflater.eof and not inflater.needs_input and len(inflated) <= limit:
            inflated += inflater.decompress(b"", limit + 1 - len(inflated))
    except zstd.ZstdError as error:
        raise BodyError(Reason.BAD_ENCODING, f"damaged compression: {error}") from error
    _check_whole(inflated, limit, is_ended=inflater.eof)
    return inflated, inflater.unused_data


def _check_whole(inflated: bytes, limit: int, *, is_ended: bool) -> None:
    """Raise where a stream inflates to too much, or stops before its end."""
    if len(inflated) > limit:
        raise BodyError(Reason.TOO_LARGE, f"inflates to more than {limit} bytes")
    if not is_ended:
        raise BodyError(Reason.TRUNCATED, f"compression ends early, after {len(inflated)} bytes")
