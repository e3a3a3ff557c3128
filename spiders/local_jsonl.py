"""JSONL, one page a line, read strictly: a line is good or it is rejected with its reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.records import Hints, Reason, Rejected, Via
from pipelines.urls import canonicalize_url
from spiders.bodies import MAX_BODY_BYTES
from spiders.material import Item

MAX_LINE_BYTES = 4 * MAX_BODY_BYTES  # JSON escapes can make a page some times longer
STRING_FIELDS = ("url", "html", "text", "title", "published_at", "fetched_at", "outlet")


class LineError(ValueError):
    """What is wrong with a line; `url` is the line's own, where it has a usable one."""

    def __init__(self, message: str, url: str | None = None) -> None:
        self.url = url
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class _BadLine:
    number: int
    error: LineError


def read_jsonl(path: Path, name_url: str) -> Iterator[Item | Rejected]:
    """Every line of a file, as an item or a rejection; bad lines come last.

    A rejection is filed under the line's own URL, or under `NAME#line=N` where that URL
    is not usable or belongs to a good line. Several lines of one URL are captures of one page.
    """
    seen: set[str] = set()
    bad_lines: list[_BadLine] = []
    with path.open("rb") as lines:
        for number, line in enumerate(_bounded_lines(lines), 1):
            if line is not None and not line.strip():
                continue
            try:
                item = _read_line(line)
            except LineError as error:
                bad_lines.append(_BadLine(number, error))
            else:
                seen.add(item.url)
                yield item
    for bad in bad_lines:
        url = bad.error.url
        if url is None or url in seen:
            url = f"{name_url}#line={bad.number}"
        seen.add(url)
        yield Rejected(url, Reason.BAD_LINE, f"{name_url.removeprefix('file:')}:{bad.number}: {bad.error}")


def _bounded_lines(file: Any) -> Iterator[bytes | None]:
    """The lines of a file; None for one that is too long to be held."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES)
        yield None


def _read_line(line: bytes | None) -> Item:
    if line is None:
        raise LineError(f"longer than {MAX_LINE_BYTES} bytes")
    values = _parse(line)
    url = _url_of(values)
    try:
        return _item_of(url, values)
    except LineError as error:
        raise LineError(str(error), url) from error


def _parse(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LineError(f"not UTF-8 (byte {error.start} of the line)") from error
    except json.JSONDecodeError as error:
        raise LineError(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    except ValueError as error:  # JSON, but of a number with thousands of digits
        raise LineError(f"not JSON that can be read: {error}"[:200]) from error
    except RecursionError as error:
        raise LineError("not JSON that can be read: nested too deeply") from error
    if not isinstance(values, dict):
        raise LineError(f"must be a JSON object, not {type(values).__name__}")
    return values


def _url_of(values: dict[str, Any]) -> str:
    url = values.get("url")
    if not isinstance(url, str) or not url.strip():
        raise LineError(
            "url is missing" if url is None else f"url must be a non-empty string, not {url!r}"[:200]
        )
    try:
        canonical = canonicalize_url(url)
        canonical.encode("utf-8")
    except ValueError as error:
        raise LineError(f"url: {error}") from error
    return canonical


def _item_of(url: str, values: dict[str, Any]) -> Item:
    for name in STRING_FIELDS:
        _check_string(name, values.get(name))
    kinds = [name for name in ("html", "text") if values.get(name) is not None]
    if len(kinds) != 1:
        raise LineError("has both html and text; give one" if kinds else "has neither html nor text")
    body = values[kinds[0]].encode("utf-8")
    if len(body) > MAX_BODY_BYTES:
        raise LineError(f"{kinds[0]} has {len(body)} bytes; the limit is {MAX_BODY_BYTES}")
    _read_date("published_at", values.get("published_at"))
    return Item(
        url=url,
        via=Via.FILE,
        body=body,
        content_type="text/html; charset=utf-8" if kinds[0] == "html" else "text/plain; charset=utf-8",
        hints=Hints(
            title=values.get("title"), published_raw=values.get("published_at"), outlet=values.get("outlet")
        ),
        fetched_at=_read_date("fetched_at", values.get("fetched_at")),
    )


def _check_string(name: str, value: object) -> None:
    if value is None:
        return
    if not isinstance(value, str):
        raise LineError(f"{name} must be a string, not {type(value).__name__}")
    if "\x00" in value:
        raise LineError(f"{name} has a NUL character")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise LineError(f"{name} has half a surrogate pair at character {error.start + 1}") from error


def _read_date(name: str, raw: str | None) -> datetime | None:
    if raw is None:
        return None
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError as error:
        raise LineError(f"{name}: {raw[:60]!r} is no ISO 8601 date") from error
    if moment.tzinfo is None:
        raise LineError(f"{name}: {raw[:60]!r} has no zone; write 2024-01-28T12:00:00+01:00")
    return moment
