"""What sites say about the use of their pages, kept as it was when the page was fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from html import unescape
from pathlib import Path

from pipelines.records import LegalSignal, Reason
from pipelines.urls import host_of
from spiders.answers import decoded_body
from spiders.ledger import open_for_append, write_all
from spiders.robots import RobotsRules
from spiders.warc import HttpResponse

SIGNALS_FILE = "legal_signals.jsonl"
HEADER_SIGNALS = ("x-robots-tag", "tdm-reservation", "tdm-policy", "content-signal")
META_SIGNALS = {"robots": "meta robots", "tdm-reservation": "tdm-reservation", "tdm-policy": "tdm-policy"}
META_TAG = re.compile(rb"<meta\b([^>]{1,1000})>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""(name|content)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
MAX_HEAD_BYTES = 100_000  # meta elements stand in the head
MAX_VALUE_CHARS = 500


class SignalLog:
    """Appends signals to the run's file, each statement once."""

    def __init__(self, path: Path) -> None:
        self._known = {_identity(signal) for signal in read_legal_signals(path)}
        self._file = open_for_append(path, _whole_lines(path))

    def add(self, signals: Iterator[LegalSignal]) -> None:
        for signal in signals:
            if _identity(signal) not in self._known:
                self._known.add(_identity(signal))
                values = {**asdict(signal), "at": signal.at.isoformat()}
                write_all(self._file, json.dumps(values).encode("ascii") + b"\n")

    def close(self) -> None:
        self._file.close()


def read_legal_signals(path: Path) -> tuple[LegalSignal, ...]:
    """The signals of a run, in a fixed order; a torn last line doesn't count."""
    if not path.exists():
        return ()
    lines = path.read_bytes()[: _whole_lines(path)].splitlines()
    rows = [json.loads(line) for line in lines]
    signals = [LegalSignal(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows]
    return tuple(sorted(signals, key=_identity))


def robots_signals(url: str, rules: RobotsRules, at: datetime) -> Iterator[LegalSignal]:
    """What a host's robots.txt says to us as a whole; nothing if the host wasn't reached."""
    if rules.refusal is not None and rules.refusal.reason is not Reason.ROBOTS_UNREACHABLE:
        return
    host = host_of(url)
    yield LegalSignal(host, at, "robots", rules.summary)
    if rules.crawl_delay_seconds is not None:
        yield LegalSignal(host, at, "crawl-delay", f"{rules.crawl_delay_seconds:g}")
    for value in rules.content_signals:
        yield LegalSignal(host, at, "content-signal", value)


def page_signals(url: str, answer: HttpResponse, at: datetime) -> Iterator[LegalSignal]:
    """What a page's headers and meta elements say."""
    host = host_of(url)
    for name, value in answer.headers:
        if name.lower() in HEADER_SIGNALS:
            yield LegalSignal(host, at, name.lower(), value[:MAX_VALUE_CHARS], url)
    if "html" not in (answer.header("Content-Type") or "html").lower():
        return
    for tag in META_TAG.findall(decoded_body(answer)[:MAX_HEAD_BYTES]):
        found = ATTRIBUTE.findall(tag.decode("utf-8", "replace"))
        attributes = {name.lower(): unescape(value.strip("\"'")) for name, value in found}
        signal = META_SIGNALS.get(attributes.get("name", "").lower())
        if signal is not None and attributes.get("content"):
            yield LegalSignal(host, at, signal, attributes["content"][:MAX_VALUE_CHARS], url)


def _identity(signal: LegalSignal) -> tuple[str, str, str, str]:
    return signal.host, signal.url or "", signal.signal, signal.value


def _whole_lines(path: Path) -> int:
    """Length of the file up to its last line end."""
    return path.read_bytes().rfind(b"\n") + 1 if path.exists() else 0
