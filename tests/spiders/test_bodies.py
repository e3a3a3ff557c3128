import gzip
import os
import zlib

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from pipelines.records import Reason
from spiders.bodies import BodyError, decode_body

TEXT = b"The cranes of Harbourtown stand still. " * 50


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


ENCODERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}


@given(st.binary(max_size=2000), st.sampled_from(sorted(ENCODERS)))
def test_what_was_encoded_comes_back(data: bytes, coding: str) -> None:
    assert decode_body(ENCODERS[coding](data), coding) == data


def test_deflate_without_wrapper_is_read() -> None:
    assert decode_body(raw_deflate(TEXT), "deflate") == TEXT


def test_two_codings_come_off_in_reverse_order() -> None:
    assert decode_body(gzip.compress(zlib.compress(TEXT)), "deflate, gzip") == TEXT


def test_a_body_that_is_not_compressed_after_all_is_taken_as_it_is() -> None:
    assert decode_body(TEXT, "gzip") == TEXT


def test_members_end_to_end_are_one_body() -> None:
    assert decode_body(gzip.compress(TEXT) + gzip.compress(b"end"), "gzip") == TEXT + b"end"


def test_rubbish_after_the_end_is_ignored() -> None:
    assert decode_body(gzip.compress(TEXT) + b"\x00\x00", "gzip") == TEXT


def test_no_coding_is_no_change() -> None:
    assert decode_body(TEXT, "") == TEXT
    assert decode_body(TEXT, "identity") == TEXT
    assert decode_body(b"", "gzip") == b""


@pytest.mark.parametrize("coding", sorted(ENCODERS))
def test_a_stream_that_ends_early_is_truncated(coding: str) -> None:
    with pytest.raises(BodyError) as caught:
        decode_body(ENCODERS[coding](os.urandom(5000))[:-9], coding)

    assert caught.value.reason is Reason.TRUNCATED


@pytest.mark.parametrize("coding", sorted(ENCODERS))
def test_a_bomb_stops_at_the_limit(coding: str) -> None:
    with pytest.raises(BodyError) as caught:
        decode_body(ENCODERS[coding](b"\x00" * 5_000_000), coding, limit=100_000)

    assert caught.value.reason is Reason.TOO_LARGE


def test_a_large_plain_body_is_refused() -> None:
    with pytest.raises(BodyError) as caught:
        decode_body(TEXT, "", limit=100)

    assert caught.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("body", "coding"),
    [(b"\x1f\x8bbroken", "gzip"), (TEXT, "br"), (TEXT, "zstd"), (TEXT, "x"), (TEXT, "gzip," * 3)],
)
def test_what_cannot_be_decoded_says_so(body: bytes, coding: str) -> None:
    with pytest.raises(BodyError) as caught:
        decode_body(body, coding)

    assert caught.value.reason is Reason.BAD_ENCODING


def test_frames_of_zstd_end_to_end_are_one_body() -> None:
    assert decode_body(zstd.compress(TEXT) + zstd.compress(b"end"), "zstd") == TEXT + b"end"


def test_a_frame_that_asks_for_gigabytes_of_memory_is_refused() -> None:
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0}
    packer = zstd.ZstdCompressor(options=options)
    frame = packer.compress(b"x" * 1000) + packer.flush()

    with pytest.raises(BodyError) as caught:
        decode_body(frame, "zstd")

    assert caught.value.reason is Reason.BAD_ENCODING
