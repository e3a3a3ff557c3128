"""Sources that hang, kill their reader or eat memory: a fault each, and the next one is read."""

from __future__ import annotations

import asyncio
import os
import time

from pipelines.discovery import SourceReading, read_source
from pipelines.records import Via
from spiders.parsing import SourceReader

URL = "http://harbour-post.example/sitemap.xml"
SITEMAP = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://a.example/1</loc></url></urlset>'


def misbehave(body: bytes, base_url: str, kind: Via) -> SourceReading:
    """A reader that does what the body says; runs in the child."""
    if body == b"hang":
        time.sleep(60)
    if body == b"die":
        os._exit(7)
    if body == b"eat":
        return SourceReading(str(len(b"x" * (2 << 30))), (), (), (), None)
    return read_source(body, base_url, kind)


def test_a_source_that_cannot_be_read_costs_itself_only() -> None:
    async def read_all() -> list[SourceReading]:
        with SourceReader(misbehave, seconds=2.0) as reader:
            bodies = (SITEMAP, b"hang", b"die", b"eat", SITEMAP)
            return [await reader.read(body, URL, Via.SITEMAP) for body in bodies]

    first, hung, died, ate, last = asyncio.run(read_all())

    assert hung.fault == "takes more than 2 s to read"
    assert died.fault == "its reader died with code 7"
    assert ate.fault == "takes more than 1024 MiB to read"
    assert first == last
    assert [entry.url for entry in last.entries] == ["http://a.example/1"]
