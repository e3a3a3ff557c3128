"""robots.txt by RFC 9309: what its bytes and its absence mean."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from protego import Protego

from pipelines.records import Fate, Reason

PRODUCT_TOKEN = "wirecopy"  # the name that robots.txt files can address
MAX_ROBOTS_BYTES = 500 * 1024  # the RFC's floor for what a crawler must read; nobody writes more
MAX_SITEMAP_LINES = 100  # large sites list some dozens
CONTENT_SIGNAL = re.compile(r"^\s*content-signal\s*:\s*(.{1,500})$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a URL may not be asked for; no verdict means it may."""

    fate: Fate
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a host's robots.txt says to us. `refusal` set: nothing of the host may be asked for."""

    summary: str
    parser: Protego | None = None
    text: str = ""
    refusal: Verdict | None = None

    def verdict(self, url: str) -> Verdict | None:
        """Why a URL may not be asked for, or None."""
        if self.refusal is not None:
            return self.refusal
        if self.parser is None or self.parser.can_fetch(url, PRODUCT_TOKEN):
            return None
        return Verdict(Fate.REFUSED, Reason.ROBOTS, "robots.txt forbids it")

    @property
    def crawl_delay_seconds(self) -> float | None:
        delay = self.parser.crawl_delay(PRODUCT_TOKEN) if self.parser else None
        return float(delay) if delay is not None else None

    @property
    def sitemaps(self) -> tuple[str, ...]:
        return tuple(self.parser.sitemaps)[:MAX_SITEMAP_LINES] if self.parser else ()

    @property
    def content_signals(self) -> tuple[str, ...]:
        return tuple(match.strip() for match in CONTENT_SIGNAL.findall(self.text))


def read_robots(status: int, body: bytes) -> RobotsRules:
    """What an answer for /robots.txt means: 2xx is read, 4xx allows all, all else forbids all.

    429 says that we ask too much, so it forbids as well; only the first 500 KiB count.
    """
    if 200 <= status < 300:
        text = _decode(body[:MAX_ROBOTS_BYTES])
        return RobotsRules("rules", Protego.parse(text), text)
    if 400 <= status < 500 and status != 429:
        return RobotsRules(f"none (http {status}): all allowed")
    return unreachable_robots(f"http {status}")


def unreachable_robots(detail: str) -> RobotsRules:
    """The meaning of a robots.txt that can't be had: nothing may be asked for."""
    verdict = Verdict(Fate.REFUSED, Reason.ROBOTS_UNREACHABLE, f"robots.txt: {detail}")
    return RobotsRules(f"unreachable ({detail}): all refused", refusal=verdict)


def _decode(body: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    return body.decode("utf-8-sig", "replace")
