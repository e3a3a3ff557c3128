"""Pages that scripts write, rendered by a browser: the extra `wirecopy[browser]`, for sources named for it.

The guard holds for the browser too: it resolves the names of those sources only, each to the address
that was checked here, and no other name or address at all. So no redirect, frame or script leads elsewhere.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pipelines.story import FetchRules
from spiders.guard import is_public_address

BROWSER_VARIABLE = "WIRECOPY_BROWSER"  # the path of a Chromium; else Playwright's own, else the system's
MISSING = "needs a browser: pip install 'wirecopy[browser]' and have Chromium installed, or take the key out"
SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NEEDED_TYPES = ("document", "script", "xhr", "fetch")  # what writes text; pictures and styles are spared
RENDER_SLACK = 2.0  # times the story's time-out: a browser also starts, and runs what it fetched
FLAGS = (
    "--no-proxy-server",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # else scripts reach any address by UDP
    "--disable-quic",
    "--disable-background-networking",
)


@dataclass(frozen=True, slots=True)
class AbortRule:
    """Which requests of a page the browser is not let make."""

    hosts: frozenset[str]

    def __call__(self, request: Any) -> bool:
        parts = urlsplit(request.url)
        is_ours = parts.scheme in ("http", "https") and parts.hostname in self.hosts
        return not is_ours or request.resource_type not in NEEDED_TYPES


def is_browser_installed() -> bool:
    """Whether the extra is there."""
    return importlib.util.find_spec("scrapy_playwright") is not None


def browser_settings(rules: FetchRules) -> dict[str, Any]:
    """Scrapy's settings for a story that has pages rendered; looks its hosts up.

    Raises:
        ModuleNotFoundError: the extra isn't installed.
    """
    if not is_browser_installed():
        raise ModuleNotFoundError(f"fetch.render {MISSING}")
    hosts = frozenset(urlsplit(url).hostname or "" for url in rules.render)
    options: dict[str, Any] = {"headless": True, "args": [*FLAGS, _resolver_rules(hosts, rules)]}
    browser = _find_browser()
    if browser is not None:
        options["executable_path"] = browser
    return {
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": options,
        "PLAYWRIGHT_CONTEXTS": {"default": {"service_workers": "block", "accept_downloads": False}},
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 2,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": rules.timeout_seconds * 1000,
        "PLAYWRIGHT_ABORT_REQUEST": AbortRule(hosts),
    }


def browser_fault(message: str) -> str | None:
    """What a browser's error is about: dns, connection, tls or timeout; None if it is something else."""
    for mark, kind in FAULTS:
        if mark in message:
            return kind
    return None


FAULTS = (
    ("ERR_NAME_NOT_RESOLVED", "dns"),
    ("ERR_CERT", "tls"),
    ("ERR_SSL", "tls"),
    ("Timeout", "timeout"),
    ("ERR_TIMED_OUT", "timeout"),
    ("ERR_CONNECTION", "connection"),
    ("ERR_EMPTY_RESPONSE", "connection"),
)


def _resolver_rules(hosts: Iterable[str], rules: FetchRules) -> str:
    """Chromium's flag that pins each host to its checked address and lets nothing else through."""
    pinned = []
    for host in sorted(hosts):
        address = _checked_address(host, rules)
        if address is not None:
            pinned.append(f"MAP {host} {f'[{address}]' if ':' in address else address}")
    return f"--host-resolver-rules={', '.join([*pinned, 'MAP * ~NOTFOUND'])}"


def _checked_address(host: str, rules: FetchRules) -> str | None:
    """An address of a host that may be asked; None if it has none."""
    target = dict(rules.resolve).get(host, host)
    may_be_private = rules.allow_private_hosts or host in rules.private_hosts
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(target, None, type=socket.SOCK_STREAM)]
    except OSError:
        return None
    return next((address for address in found if may_be_private or is_public_address(address)), None)


def _find_browser() -> str | None:
    named = os.environ.get(BROWSER_VARIABLE)
    return named or next(filter(None, map(shutil.which, SYSTEM_BROWSERS)), None)
