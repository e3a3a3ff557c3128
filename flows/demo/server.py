"""The demo press on a loopback port: one server that tells its outlets apart by the Host header.

`python -m flows.demo.server --port 8080` serves it for people; http://localhost:8080/ lists the outlets.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from flows.demo.content import EDITIONS
from flows.demo.press import Response, answer

ADDRESS = "127.0.0.1"
IDLE_SECONDS = 10  # a kept-alive connection that says nothing this long is closed
POLL_SECONDS = 0.02  # how soon the server notices that it shall stop


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in."""

    host: str
    path: str
    at: datetime
    status: int


@dataclass(slots=True)
class RunningPress:
    """A press that is being served. Setting `edition` changes what is printed from then on."""

    port: int
    edition: int
    requests: list[Request] = field(default_factory=list)


class _PressServer(ThreadingHTTPServer):
    daemon_threads = True
    # a second press on a taken port must fail, not share it
    allow_reuse_port = False

    def __init__(self, edition: int, port: int) -> None:
        super().__init__((ADDRESS, port), _Handler)
        self.press = RunningPress(self.server_address[1], edition)

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that goes in the middle of an answer is no error of the press."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "DemoPress"
    sys_version = ""
    timeout = IDLE_SECONDS
    server: _PressServer

    def do_GET(self) -> None:
        response = self._answer()
        self._send_head(response)
        self.wfile.write(response.body)

    def do_HEAD(self) -> None:
        self._send_head(self._answer())

    def _answer(self) -> Response:
        press = self.server.press
        host = self.headers.get("Host", "")
        request = {name.lower(): value for name, value in self.headers.items()}
        response = answer(host, self.path, press.edition, request)
        press.requests.append(Request(host, self.path, datetime.now(UTC), response.status))
        return response

    def _send_head(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.status != 304:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: `RunningPress.requests` is the log."""


@contextmanager
def serve_press(edition: int = 1, port: int = 0) -> Iterator[RunningPress]:
    """Serve the press on 127.0.0.1 while the block runs; port 0 takes any free one.

    Raises:
        OSError: the port is taken or may not be used.
    """
    with _PressServer(edition, port) as server:
        thread = Thread(target=server.serve_forever, args=(POLL_SECONDS,), name="demo-press", daemon=True)
        thread.start()
        try:
            yield server.press
        finally:
            server.shutdown()
            thread.join()


def main(arguments: list[str] | None = None) -> int:
    """Serve the press until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m flows.demo.server", description=__doc__)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--edition", type=int, choices=EDITIONS, default=1)
    options = parser.parse_args(arguments)
    try:
        with serve_press(options.edition, options.port) as press:
            sys.stdout.write(f"The demo press is at http://localhost:{press.port}/ (Ctrl-C stops it)\n")
            sys.stdout.flush()
            _wait_for_interrupt()
    except OSError as error:
        sys.stderr.write(f"port {options.port} can't be used ({error.strerror}); try another with --port\n")
        return 1
    return 0


def _wait_for_interrupt() -> None:
    with suppress(KeyboardInterrupt):
        Event().wait()


if __name__ == "__main__":
    sys.exit(main())
