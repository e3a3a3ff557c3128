"""What the readers of HTML pages and of flattened pages have in common."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.dates import read_time
from pipelines.records import Capture, Paragraph, ParagraphKind, TimeSignal, Via
from pipelines.urls import outlet_of

MIN_WORDS = 25  # of body: a news brief of two sentences has more, a teaser fewer
HINT_SIGNAL = {Via.FEED: "feed", Via.SITEMAP: "sitemap"}


def texts_of(paragraphs: Sequence[Paragraph]) -> tuple[str, ...]:
    """The texts of paragraphs, in order."""
    return tuple(paragraph.text for paragraph in paragraphs)


def running_text_of(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """The paragraphs where datelines and tail credits can stand."""
    outside = (ParagraphKind.LEAD, ParagraphKind.HEADING, ParagraphKind.CAPTION)
    return tuple(paragraph for paragraph in paragraphs if paragraph.kind not in outside)


def outlet_for(capture: Capture, url: str, canonical: str | None) -> str:
    """The outlet of an article: of its URL, or for local material of what page or source declare."""
    if not url.startswith("file:"):
        return outlet_of(url)
    return outlet_of(canonical) if canonical else capture.hints.outlet or "file"


def hint_times(capture: Capture) -> tuple[TimeSignal, ...]:
    """What the source of the URL said about its time."""
    name = HINT_SIGNAL.get(capture.via, "hint")
    published, modified = capture.hints.published_raw, capture.hints.modified_raw
    stated = ((published, name), (modified, f"{name}:modified"))
    return tuple(read_time(raw, signal) for raw, signal in stated if raw)
