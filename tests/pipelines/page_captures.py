"""Captures for tests of page reading, and the golden pages with the fields expected of them.

`python -m tests.pipelines.page_captures` writes the expected fields anew; review the diff.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from pipelines.page import read_page
from pipelines.records import Article, Capture, Hints, Rejected, Via

GOLDEN = Path(__file__).parent / "golden_html"
FETCHED_AT = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)


def capture_page(
    body: bytes | str,
    url: str = "http://harbour-post.example/news/strike",
    media_type: str = "text/html",
    charset: str | None = None,
    via: Via = Via.SEED,
    hints: Hints | None = None,
) -> Capture:
    """A capture of `body` as it would come back from the archive."""
    return Capture(
        url=url,
        final_url=url,
        via=via,
        source_url=None,
        fetched_at=FETCHED_AT,
        status=200,
        media_type=media_type,
        charset=charset,
        body=body.encode() if isinstance(body, str) else body,
        hints=hints or Hints(),
        archive_file="test.warc.gz",
        archive_offset=0,
        payload_digest="sha256:00",
    )


def read_article(body: bytes | str, **capture: object) -> Article:
    """The article in a page that must be one."""
    article = read_page(capture_page(body, **capture))  # type: ignore[arg-type]
    assert isinstance(article, Article), article
    return article


def golden_cases() -> list[str]:
    return sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())


def read_golden(case: str) -> Article | Rejected:
    expected = json.loads((GOLDEN / case / "article.json").read_text(encoding="utf-8"))
    return read_page(capture_page((GOLDEN / case / "page.html").read_bytes(), url=expected["captured_url"]))


def fields_of(result: Article | Rejected) -> dict[str, object]:
    """What a golden file states of a result, in JSON's types."""
    if isinstance(result, Rejected):
        return {"rejected": result.reason}
    times = {
        name: {"signal": time.signal, "value": time.value.isoformat() if time.value else None}
        | {"precision": time.precision, "zone": time.zone}
        for name, time in (("published", result.published), ("modified", result.modified))
        if time is not None
    }
    names = ("url", "canonical_url", "outlet", "outlet_name", "title", "subtitle", "byline_raw", "language")
    plain = {name: getattr(result, name) for name in (*names, "section", "image_url", "is_paywalled")}
    lists = {name: list(getattr(result, name)) for name in ("authors", "agencies", "tags")}
    paragraphs = [[paragraph.kind, paragraph.text] for paragraph in result.paragraphs]
    removed = [[block.position, block.rule, block.text] for block in result.removed]
    return (
        plain
        | lists
        | {"published": None, "modified": None}
        | times
        | {"paragraphs": paragraphs, "removed": removed}
    )


def main() -> None:
    for case in golden_cases():
        path = GOLDEN / case / "article.json"
        captured_url = json.loads(path.read_text(encoding="utf-8"))["captured_url"]
        fields = {"captured_url": captured_url} | fields_of(read_golden(case))
        path.write_text(json.dumps(fields, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
