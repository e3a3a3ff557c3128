"""A small web on loopback: any number of invented hosts on one port, each answer programmable."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST_FILES = ("/robots.txt", "/.well-known/tdmrep.json")

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Hit:
    """A request as the server saw it."""

    host: str
    path: str
    at: float
    headers: dict[str, str]


@dataclass
class Press:
    """The server: `answers` maps (host, path) to what is sent; what is not there is 404."""

    address: str = "127.0.0.1"
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    certificate: Path | None = None  # key and certificate in one file: then it speaks https

    def __enter__(self) -> Press:
        press = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = (self.headers.get("Host") or "").rpartition(":")[0]
                press.hits.append(Hit(host, self.path, time.monotonic(), dict(self.headers.items())))
                press.answers.get((host, self.path), page("not here", status=404))(self)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                pass  # clients that are killed are part of these tests

        self._server = Server((self.address, 0), Handler)
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, host: str, path: str = "/") -> str:
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{host}:{self.port}{path}"

    def add(self, host: str, path: str, answer: Answer) -> str:
        self.answers[host, path] = answer
        return self.url(host, path)

    def paths(self, host: str | None = None, *, robots: bool = False) -> list[str]:
        """The paths asked for, in order."""
        return [
            hit.path
            for hit in list(self.hits)
            if host in (None, hit.host) and (robots or hit.path not in HOST_FILES)
        ]


def write_certificate(path: Path, host: str) -> Path:
    """A self-signed certificate for a host, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(pem, *plain) + certificate.public_bytes(pem))
    return path


def send(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value.encode().decode("latin-1"))
    if "Content-Length" not in headers and "Transfer-Encoding" not in headers:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def page(
    text: str, status: int = 200, media_type: str = "text/html; charset=utf-8", **headers: str
) -> Answer:
    """An answer of text; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: send(handler, status, {"Content-Type": media_type, **named}, text.encode())


def zipped(text: str) -> Answer:
    return lambda handler: send(
        handler,
        200,
        {"Content-Type": "text/html", "Content-Encoding": "gzip"},
        gzip.compress(text.encode(), mtime=0),
    )


def cut_gzip(text: str) -> Answer:
    """A gzip body that ends early, with a Content-Length that fits it."""
    body = gzip.compress(text.encode())[:-12]
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    return lambda handler: send(handler, 200, headers, body)


def chunked(*parts: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        send(handler, 200, {"Content-Type": "text/html", "Transfer-Encoding": "chunked"}, b"")
        for part in (*parts, ""):
            data = part.encode()
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    return answer


def short(text: str) -> Answer:
    """A body shorter than its Content-Length."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        headers = {"Content-Type": "text/html", "Content-Length": str(len(text) + 100), "Connection": "close"}
        send(handler, 200, headers, text.encode())
        handler.close_connection = True

    return answer


def hang(seconds: float = 3.0) -> Answer:
    return lambda handler: time.sleep(seconds)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection with RST, before any answer."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.close_connection = True
    handler.connection.close()


def endless_headers(handler: BaseHTTPRequestHandler) -> None:
    """Headers until the client hangs up; 20 MB if it doesn't."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    handler.close_connection = True
    with suppress(OSError):
        for number in range(20_000):
            handler.wfile.write(b"X-Header-%d: %s\r\n" % (number, b"x" * 1000))


def raw(data: bytes) -> Answer:
    """These bytes as the whole answer, head included; then the connection ends."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        with suppress(OSError):
            handler.wfile.write(data)

    return answer


def drip(data: bytes, pause_seconds: float = 0.2) -> Answer:
    """The answer byte by byte, for as long as the client bears it."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        with suppress(OSError):
            for byte in data:
                handler.wfile.write(bytes([byte]))
                time.sleep(pause_seconds)

    return answer


def coded(coding: str, body: bytes, media_type: str = "text/html") -> Answer:
    """A body under a content coding that was applied before."""
    headers = {"Content-Type": media_type, "Content-Encoding": coding}
    return lambda handler: send(handler, 200, headers, body)


def endless_body(handler: BaseHTTPRequestHandler) -> None:
    """A body until the client hangs up; 40 MB if it doesn't."""
    handler.close_connection = True
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(400):
            handler.wfile.write(b"<p>more" * 15_000)


def redirect(target: str, status: int = 302) -> Answer:
    return page("", status=status, Location=target)


def in_turn(*answers: Answer) -> Answer:
    """One answer after the other, the last one for ever."""
    rest = list(answers)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (rest.pop(0) if len(rest) > 1 else rest[0])(handler)

    return answer


def unless_modified(text: str, etag: str) -> Answer:
    """An answer that knows its ETag and says 304 to whoever has it."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("If-None-Match") == etag:
            send(handler, 304, {"ETag": etag}, b"")
        else:
            page(text, ETag=etag)(handler)

    return answer


def sitemap(*entries: str) -> Answer:
    """A urlset; an entry is a URL, or `<url>` markup of its own."""
    urls = "".join(
        entry if entry.startswith("<url>") else f"<url><loc>{entry}</loc></url>" for entry in entries
    )
    return page(
        f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>',
        media_type="application/xml",
    )


def feed(*items: tuple[str, str]) -> Answer:
    """An RSS feed of (URL, date) pairs."""
    entries = "".join(
        f"<item><title>On {url[-12:]}</title><link>{url}</link><pubDate>{date}</pubDate></item>"
        for url, date in items
    )
    return page(
        f'<rss version="2.0"><channel><title>All</title>{entries}</channel></rss>',
        media_type="application/rss+xml",
    )
