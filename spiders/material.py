"""What the readers of local files hand to the archive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pipelines.records import Fate, Hints, Via
from spiders.warc import HttpResponse


@dataclass(frozen=True, slots=True)
class Item:
    """One page of local material; `loss` is set where a file names a URL but has no page for it."""

    url: str  # canonical, or file:NAME
    via: Via
    body: bytes = b""
    content_type: str = ""
    hints: Hints = field(default_factory=Hints)
    fetched_at: datetime | None = None
    response: HttpResponse | None = None  # of WARC material
    offset: int | None = None  # of its record in the WARC file
    loss: tuple[Fate, str, str] | None = None
