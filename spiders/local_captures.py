"""Pages of local material as captures, before they are in any archive: to judge what is worth keeping."""

from __future__ import annotations

from datetime import datetime

from pipelines.records import Capture, Rejected
from spiders.bodies import BodyError, decode_body
from spiders.captures import split_content_type
from spiders.material import Item
from spiders.warc import HttpResponse, clean_headers, digest_of


def capture_item(item: Item, source_url: str, now: datetime) -> Capture | Rejected:
    """The capture that the archive would give back, had the item been stored; its place there is empty.

    `now` stands for `fetched_at` where the material has none. Rejected: TOO_LARGE, TRUNCATED or BAD_ENCODING.
    """
    answer = item.response
    content_type, coding = item.content_type, ""
    if answer is not None:
        written = HttpResponse(answer.final_url, answer.status, clean_headers(answer.headers), b"")
        content_type = written.header("Content-Type") or ""
        coding = written.header("Content-Encoding") or ""
    try:
        body = decode_body(item.body, coding)
    except BodyError as error:
        return Rejected(item.url, error.reason, error.detail)
    media_type, charset = split_content_type(content_type)
    return Capture(
        url=item.url,
        final_url=answer.final_url if answer is not None else item.url,
        via=item.via,
        source_url=source_url,
        fetched_at=item.fetched_at or now,
        status=answer.status if answer is not None else 200,
        media_type=media_type,
        charset=charset,
        body=body,
        hints=item.hints,
        archive_file="",
        archive_offset=0,
        payload_digest=digest_of(item.body),
    )
