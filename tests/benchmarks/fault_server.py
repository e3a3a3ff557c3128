"""A press of many hosts where every tenth page is faulty, in twenty ways; measures how it is asked.

Ends with its standard input, and then reports, as the server saw it: requests of each URL, most requests
at once of a host, and the least pause between two requests of a host.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
from collections import Counter
from time import monotonic
from typing import Any, ClassVar

from tests.benchmarks.fast_server import make_page, serve

FAULT_EVERY = 10
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
BOMB = gzip.compress(b"\x00" * 30_000_000)
CUT_GZIP = gzip.compress(b"<p>cranes" * 500)[:-9]
CHALLENGE = b"<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'></script>"


def answer(status: str, body: bytes = b"no", headers: str = "") -> bytes:
    lines = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return lines.encode() + body


# What is sent, whether the connection ends with it, and the fate that is right. None: handled by name.
FAULTS: dict[str, tuple[bytes | None, bool, str]] = {
    "error": (answer("500 Internal Server Error"), False, "failed http_500"),
    "busy": (answer("503 Service Unavailable"), False, "failed http_503"),
    "too-many": (answer("429 Too Many", headers="Retry-After: 1\r\n"), False, "failed http_429"),
    "gone": (answer("404 Not Found"), False, "failed http_404"),
    "forbidden": (answer("403 Forbidden"), False, "failed http_403"),
    "withdrawn": (answer("410 Gone"), False, "failed http_410"),
    "pay": (answer("402 Payment Required"), False, "failed http_402"),
    "challenge": (answer("403 Forbidden", CHALLENGE), False, "failed bot_check"),
    "reset": (None, True, "failed connection"),
    "hang": (None, False, "failed timeout"),
    "drip": (None, False, "failed timeout"),
    "bomb": (answer("200 OK", BOMB, "Content-Encoding: gzip\r\n"), False, "failed body_too_large"),
    "huge": (HEAD + b"Content-Length: 99999999999\r\n\r\nx", True, "failed body_too_large"),
    "cut-length": (HEAD + b"Content-Length: 99\r\n\r\nhalf", True, "failed truncated"),
    "cut-gzip": (answer("200 OK", CUT_GZIP, "Content-Encoding: gzip\r\n"), False, "failed truncated"),
    "cut-chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n20\r\nhalf", True, "failed truncated"),
    "loop": (None, False, "failed redirect_loop"),
    "to-file": (answer("302 Found", headers="Location: file:///etc/passwd\r\n"), False, "refused bad_url"),
    "banner": (b"SSH-2.0-OpenSSH_9.2\r\n", True, "failed bad_response"),
    "closed": (None, False, "refused robots"),
}
NAMES = tuple(FAULTS)


def path_of(host: int, page: int) -> str:
    """The path of a page, which says what is wrong with it."""
    if page % FAULT_EVERY:
        return f"/ok/{page}.html"
    kind = NAMES[(host * 5 + page // FAULT_EVERY) % len(NAMES)]
    return f"/{kind}/{page}.html"


class FaultyServer(asyncio.Protocol):
    hits: ClassVar[Counter[str]] = Counter()
    active: ClassVar[Counter[str]] = Counter()
    most_active: ClassVar[Counter[str]] = Counter()
    last_start: ClassVar[dict[str, float]] = {}
    least_gap: ClassVar[dict[str, float]] = {}
    pages: ClassVar[int] = 50

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._buffer = b""
        self._host = ""

    def connection_lost(self, error: Exception | None) -> None:
        self._done()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._begin(head)

    def _begin(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        netloc = head.lower().partition(b"\nhost:")[2].split(b"\r")[0].strip().decode()
        self._host = netloc.partition(":")[0]
        now, cls = monotonic(), FaultyServer
        cls.hits[f"http://{netloc}{path}"] += 1
        cls.active[self._host] += 1
        cls.most_active[self._host] = max(cls.most_active[self._host], cls.active[self._host])
        if self._host in cls.last_start:
            gap = now - cls.last_start[self._host]
            cls.least_gap[self._host] = min(cls.least_gap.get(self._host, gap), gap)
        cls.last_start[self._host] = now
        self._send(path, netloc)

    def _done(self) -> None:
        if self._host:
            FaultyServer.active[self._host] -= 1
            self._host = ""

    def _send(self, path: str, netloc: str) -> None:
        kind = path.split("/")[1]
        if kind == "hang":
            return
        if kind == "drip":
            self._transport.write(HEAD + b"Content-Length: 1000\r\n\r\n")
            self._drip()
            return
        if kind == "reset":
            self._transport.abort()
            return
        self._done()
        data, ends, _ = FAULTS.get(kind, (None, False, ""))
        self._transport.write(data if data is not None else self._page(kind, path, netloc))
        if ends:
            self._transport.close()

    def _drip(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(b"x")
            asyncio.get_running_loop().call_later(0.3, self._drip)

    def _page(self, kind: str, path: str, netloc: str) -> bytes:
        if path == "/robots.txt":
            return answer("200 OK", b"User-agent: *\nDisallow: /closed/\n")
        if kind == "loop":
            return answer("302 Found", headers=f"Location: {path}\r\n")
        if kind == "sitemap":
            number = int(netloc.partition(":")[0].rpartition(".")[2])
            paths = [path_of(number, page) for page in range(int(path.rpartition("/")[2]))]
            locs = "".join(f"<url><loc>http://{netloc}{one}</loc></url>" for one in paths)
            return answer("200 OK", f"<urlset>{locs}</urlset>".encode())
        return answer("200 OK", make_page(netloc + path)) if kind == "ok" else answer("404 Not Found")


if __name__ == "__main__":
    asyncio.run(serve(FaultyServer))
    report = {
        "hits": FaultyServer.hits,
        "most_at_once": max(FaultyServer.most_active.values()),
        "least_gap": min(FaultyServer.least_gap.values()),
    }
    sys.stdout.write(json.dumps(report))
