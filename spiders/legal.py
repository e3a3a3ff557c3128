"""What sites say about the use of their pages, kept as it was when the page was fetched."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from html import unescape
from pathlib import Path

from pipelines.records import LegalSignal, Reason
from pipelines.tdmrep import TdmRule, tdm_rule_of
from pipelines.urls import host_of
from spiders.bodies import decoded_body
from spiders.ledger import open_for_append, write_all
from spiders.robots import PRODUCT_TOKEN, RobotsRules
from spiders.warc import HttpResponse

SIGNALS_FILE = "legal_signals.jsonl"
WITHDRAWN = "none stated"  # the value of a statement that was there before and no longer is
HEADER_SIGNALS = ("x-robots-tag", "tdm-reservation", "tdm-policy", "content-signal")
META_SIGNALS = {
    "robots": "meta robots",
    PRODUCT_TOKEN: "meta robots",
    "tdm-reservation": "tdm-reservation",
    "tdm-policy": "tdm-policy",
}
# of X-Robots-Tag; any other word before a colon is the name of the crawler that is spoken to
DIRECTIVES_WITH_VALUE = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
ADDRESSEE = re.compile(r"\s*([\w-]+)\s*:\s*(.*)", re.DOTALL)
META_TAG = re.compile(rb"<meta\b([^>]{1,1000})>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""(name|content)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
MAX_HEAD_BYTES = 100_000  # meta elements stand in the head
MAX_VALUE_CHARS = 500


class SignalLog:
    """Appends signals to the run's file, each statement once."""

    def __init__(self, path: Path) -> None:
        self._known = {_identity(signal) for signal in read_legal_signals(path)}
        self._file = open_for_append(path, _whole_lines(path))

    def add(self, signals: Iterable[LegalSignal]) -> None:
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
    if rules.content_signals:
        yield LegalSignal(host, at, "content-signal", "; ".join(rules.content_signals)[:MAX_VALUE_CHARS])


def page_signals(url: str, answer: HttpResponse, at: datetime) -> tuple[LegalSignal, ...]:
    """What a page's headers and meta elements say to us, a signal each; several values are joined."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for name, value in [*_header_values(answer), *_meta_values(answer)]:
        if value:
            found[name][value] = None
    host = host_of(url)
    return tuple(
        LegalSignal(host, at, name, "; ".join(values)[:MAX_VALUE_CHARS], url)
        for name, values in found.items()
    )


def tdmrep_signals(
    url: str, answer: HttpResponse, rules: tuple[TdmRule, ...], at: datetime
) -> Iterator[LegalSignal]:
    """What the site's tdmrep.json says of a page."""
    rule = tdm_rule_of(answer.final_url, rules)
    if rule is not None:
        policy = f" {rule.policy}" if rule.policy else ""
        yield LegalSignal(host_of(url), at, "tdmrep", f"{int(rule.is_reserved)}{policy}", url)


def withdrawn_signals(
    before: Iterable[LegalSignal], now: Iterable[LegalSignal], at: datetime
) -> Iterator[LegalSignal]:
    """A signal for each kind of statement that stood before and doesn't now."""
    kept = {(signal.host, signal.url, signal.signal) for signal in now}
    for signal in before:
        if (signal.host, signal.url, signal.signal) not in kept:
            yield LegalSignal(signal.host, at, signal.signal, WITHDRAWN, signal.url)


def _header_values(answer: HttpResponse) -> Iterator[tuple[str, str]]:
    for name, value in answer.headers:
        if name.lower() == "x-robots-tag":
            yield "x-robots-tag", _said_to_us(value)
        elif name.lower() in HEADER_SIGNALS:
            yield name.lower(), value.strip()


def _said_to_us(value: str) -> str:
    """An X-Robots-Tag without the name that it may begin with; empty if that is another crawler's."""
    addressed = ADDRESSEE.fullmatch(value)
    if addressed is None or addressed[1].lower() in DIRECTIVES_WITH_VALUE:
        return value.strip()
    return addressed[2].strip() if addressed[1].lower() == PRODUCT_TOKEN else ""


def _meta_values(answer: HttpResponse) -> Iterator[tuple[str, str]]:
    if "html" not in (answer.header("Content-Type") or "html").lower():
        return
    for tag in META_TAG.findall(decoded_body(answer)[:MAX_HEAD_BYTES]):
        found = ATTRIBUTE.findall(tag.decode("utf-8", "replace"))
        attributes = {name.lower(): unescape(value.strip("\"'")) for name, value in found}
        signal = META_SIGNALS.get(attributes.get("name", "").lower())
        if signal is not None:
            yield signal, attributes.get("content", "").strip()


def _identity(signal: LegalSignal) -> tuple[str, str, str, str]:
    return signal.host, signal.url or "", signal.signal, signal.value


def _whole_lines(path: Path) -> int:
    """Length of the file up to its last line end."""
    return path.read_bytes().rfind(b"\n") + 1 if path.exists() else 0
