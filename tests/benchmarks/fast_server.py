"""A web server that costs little: 20 KB pages on any loopback address, each made from its path."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from typing import Any

PAGE_BYTES = 20_000  # what a news page has when compressed ones are counted as sent
WORDS = ("harbour", "quay", "crane", "tide", "ferry", "council", "ballast", "signal", "winter", "market")


def make_page(path: str) -> bytes:
    """A page of words that follow from its path, and are as compressible as prose."""
    digest = hashlib.sha512(path.encode()).digest()
    words = [
        WORDS[byte % len(WORDS)] + ("" if byte < 200 else f"{byte:x}{digest[byte % 64]:x}") for byte in digest
    ]
    paragraph = " ".join(words)
    paragraphs = "".join(
        f"<p>{number} {paragraph[number:]} {hashlib.md5(f'{path}{number}'.encode()).hexdigest()}</p>\n"
        for number in range(PAGE_BYTES // (len(paragraph) + 50) + 1)
    )
    return f"<html><head><title>{path}</title></head><body>{paragraphs}".encode()[:PAGE_BYTES]


class Server(asyncio.Protocol):
    """Answers GET requests on kept-alive connections; counts them."""

    hits = 0

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
        if path == "/robots.txt":
            status, media, body = "404 Not Found", "text/plain", b"none"
        elif path.startswith("/sitemap/"):
            pages = int(path.rpartition("/")[2])
            locs = "".join(f"<url><loc>http://{host}/{number}.html</loc></url>" for number in range(pages))
            body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</urlset>'.encode()
            status, media = "200 OK", "application/xml"
        else:
            Server.hits += 1
            status, media, body = "200 OK", "text/html; charset=utf-8", make_page(host + path)
        self._transport.write(
            f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "0.0.0.0", 0)
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
