"""The tools that read gold pages in our own process: wirecopy and trafilatura's modes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trafilatura

from pipelines import extraction
from pipelines.block_model import read_models
from pipelines.page import read_page
from pipelines.records import Article, Capture, Hints, ParagraphKind, Rejected, Via
from tests.benchmarks.page_scores import fold_of

# Sets whose gold text leaves standfirsts out (counted): scored without them, where a tool can tell.
WITHOUT_LEAD = frozenset({"article-extraction-benchmark", "fundus-evaluation"})
FETCHED_AT = datetime(2026, 11, 22, tzinfo=UTC)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one tool says of one page, and the CPU seconds it took."""

    text: str
    seconds: float


def capture_of(row: Row) -> Capture:
    """A gold page as if it had been fetched."""
    url = row["url"] if str(row["url"] or "").startswith("http") else f"http://pages.example/{row['id']}"
    return Capture(
        url=url,
        final_url=url,
        via=Via.FILE,
        source_url=None,
        fetched_at=FETCHED_AT,
        status=200,
        media_type="text/html",
        charset="utf-8",
        body=row["html"].encode("utf-8", "replace"),
        hints=Hints(),
        archive_file="",
        archive_offset=0,
        payload_digest="",
    )


def text_for(article: Article | Rejected, set_name: str) -> str:
    """The text to score; empty for a rejection."""
    if isinstance(article, Rejected):
        return ""
    left_out = {ParagraphKind.LEAD} if set_name in WITHOUT_LEAD else set()
    return "\n".join(paragraph.text for paragraph in article.paragraphs if paragraph.kind not in left_out)


def read_ours(row: Row) -> Reading:
    """The whole step: text, metadata, all dates, credits, language, removed blocks."""
    capture = capture_of(row)
    started = time.process_time()
    article = read_page(capture)
    seconds = time.process_time() - started
    return Reading(text_for(article, row["set"]), seconds)


class FoldReader:
    """Reads each page as `read_ours` does, with block models that never saw its site."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds what `train_blocks --folds N --fold-models FOLDER` wrote."""
        paths = sorted(folder.glob("*.json"), key=lambda path: int(path.stem))
        self._models = [read_models(path.read_text(encoding="utf-8")) for path in paths]

    def __call__(self, row: Row) -> Reading:
        models = self._models[fold_of(row, len(self._models))]
        packaged, extraction.load_models = extraction.load_models, lambda: models
        try:
            return read_ours(row)
        finally:
            extraction.load_models = packaged


def read_trafilatura(row: Row, **modes: bool) -> Reading:
    """Its text with metadata and its own date, as it comes."""
    started = time.process_time()
    found = trafilatura.bare_extraction(
        row["html"], url=row["url"] or None, include_comments=False, with_metadata=True, **modes
    )
    seconds = time.process_time() - started
    return Reading((found.text or "") if found is not None else "", seconds)


OWN_TOOLS: dict[str, Callable[[Row], Reading]] = {
    "wirecopy": read_ours,
    "trafilatura": read_trafilatura,
    "trafilatura precision": lambda row: read_trafilatura(row, favor_precision=True),
    "trafilatura fast": lambda row: read_trafilatura(row, fast=True),
}
