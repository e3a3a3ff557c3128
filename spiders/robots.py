"""robots.txt by RFC 9309: what its bytes and its absence mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.records import Fate, Reason
from pipelines.robots_txt import RobotsTxt, read_robots_txt

PRODUCT_TOKEN = "wirecopy"  # the name that robots.txt files can address
MAX_ROBOTS_BYTES = 500 * 1024  # the RFC's floor for what a crawler must read; nobody writes more


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
    file: RobotsTxt = field(default_factory=RobotsTxt)
    refusal: Verdict | None = None

    def verdict(self, url: str) -> Verdict | None:
        """Why a URL may not be asked for, or None."""
        if self.refusal is not None:
            return self.refusal
        if self.file.allows(url):
            return None
        return Verdict(Fate.REFUSED, Reason.ROBOTS, "robots.txt forbids it")

    @property
    def crawl_delay_seconds(self) -> float | None:
        return self.file.crawl_delay_seconds

    @property
    def sitemaps(self) -> tuple[str, ...]:
        return self.file.sitemaps

    @property
    def content_signals(self) -> tuple[str, ...]:
        return self.file.content_signals


def read_robots(status: int, body: bytes) -> RobotsRules:
    """What an answer for /robots.txt means: 2xx is read, 4xx allows all, all else forbids all.

    429 says that we ask too much, so it forbids as well; only the first 500 KiB count.
    """
    if 200 <= status < 300:
        return RobotsRules("rules", read_robots_txt(body[:MAX_ROBOTS_BYTES], PRODUCT_TOKEN))
    if 400 <= status < 500 and status != 429:
        return RobotsRules(f"none (http {status}): all allowed")
    return unreachable_robots(f"http {status}")


def unreachable_robots(detail: str) -> RobotsRules:
    """The meaning of a robots.txt that can't be had: nothing may be asked for."""
    verdict = Verdict(Fate.REFUSED, Reason.ROBOTS_UNREACHABLE, f"robots.txt: {detail}")
    return RobotsRules(f"unreachable ({detail}): all refused", refusal=verdict)
