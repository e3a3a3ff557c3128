"""A web server that costs little: 20 KB pages on any loopback address, each made from its path.

Ends with its standard input, and then says how often each URL was asked for.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

PAGE_BYTES = 20_000  # what a news page has when compressed ones are counted as sent
WORDS = ("harbour", "quay", "crane", "tide", "ferry", "council", "ballast", "signal", "winter", "market")


def make_page(path: str) -> bytes:
    """A page of words that follow from its path, and are as compressible as prose."""
    digest = hashlib.sha512(path.encode()).digest()
    words = [WORDS[byte % len(WORDS)] if byte < 200 else f"w{byte:x}{digest[byte % 64]:x}" for byte in digest]
    paragraph = " ".join(words)
    paragraphs = "".join(
        f"<p>{number} {paragraph[number:]} {hashlib.md5(f'{path}{number}'.encode()).hexdigest()}</p>\n"
        for number in range(PAGE_BYTES // (len(paragraph) + 50) + 1)
    )
    return f"<html><head><title>{path}</title></head><body>{paragraphs}".encode()[:PAGE_BYTES]


class Server(asyncio.Protocol):
    """Answers GET requests on kept-alive connections; counts them."""

    hits: ClassVar[Counter[str]] = Counter()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        host = head.lower().partition(b"\nhost:")[2].split(b"\r")[0].strip().decode()
        Server.hits[f"http://{host}{path}"] += 1
        if path in ("/robots.txt", "/.well-known/tdmrep.json"):
            status, media, body = "404 Not Found", "text/plain", b"none"
        elif path.startswith("/sitemap/"):
            pages = int(path.rpartition("/")[2])
            locs = "".join(f"<url><loc>http://{host}/{number}.html</loc></url>" for number in range(pages))
            body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</urlset>'.encode()
            status, media = "200 OK", "application/xml"
        else:
            status, media, body = "200 OK", "text/html; charset=utf-8", make_page(host + path)
        head_lines = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head_lines.encode() + body)


class Running:
    """A server process: its port, and after its end what it counted."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self._process = process
        self.port = int(json.loads(process.stdout.readline())["port"])
        self.report: dict[str, Any] = {}

    def stop(self) -> None:
        """End the server and take its report."""
        out, _ = self._process.communicate()
        self.report = json.loads(out)


@contextmanager
def running(module: str) -> Iterator[Running]:
    """A server module of this folder as a process."""
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        server = Running(process)
        try:
            yield server
        finally:
            if not server.report:
                server.stop()


async def serve(protocol: type[asyncio.Protocol], address: str = "0.0.0.0") -> None:
    """Serve until standard input ends; the first line on standard output has the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, address, 0, backlog=1000)
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(Server))
    sys.stdout.write(json.dumps(Server.hits))
