"""A Prefect server of our own: on loopback, with a password, for as long as one command runs.

Prefect's own embedded server outlives a parent that is killed; this one watches the pipe to its
parent and goes when the parent goes. A server named by PREFECT_API_URL is used instead, untouched.
"""

from __future__ import annotations

import base64
import importlib
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 180  # a fresh install compiles and migrates first: 11 to 33 s were seen
STOP_SECONDS = 5
WATCH_SECONDS = 1.0
MAX_SAID_CHARS = 200
ERROR_LINE = re.compile(r"[\w.]+(?:Error|Exception)\b")
OWN_SERVER = "WIRECOPY_OWN_PREFECT"  # set where the books are ours: nobody else's runs are in them
BOOKS_ONLY = {"PREFECT__SERVER_EPHEMERAL": "1"}  # no scheduler and no other service: starts sooner
DAY_SECONDS = 86_400
# The books of a server that runs for months stay small: what the runs did is in the warehouse.
FORGETFUL = {
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(14 * DAY_SECONDS),
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P2D",
}
# Only data comes out of the books, never code; and no web page of another origin is let in.
CLOSED = {
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
}
# A server that is gone doesn't come back, and one whose database is locked answers nothing for minutes:
# a run waits some seconds for it, twice, then does without.
IMPATIENT = {"PREFECT_CLIENT_MAX_RETRIES": "1", "PREFECT_API_REQUEST_TIMEOUT": "15"}
NO_WAY_OUT = {"HTTPS_PROXY": "http://127.0.0.1:9"}  # nobody listens there: the server can't look up anything
# A command tells its errors itself, in one line; Prefect would add a traceback for each step they pass,
# and lines about its threads, connections and libraries where the server is slow or gone.
QUIET = {
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_ROOT_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}
TALKATIVE = {"PREFECT_LOGGING_LEVEL": "INFO"}


class PrefectUnavailable(Exception):
    """The embedded server didn't start; the message says what to do."""


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """Yield the URL of a Prefect API, with the environment set so that `import prefect` uses it.

    Must be entered before prefect is imported: its settings are read once.

    Raises:
        PrefectUnavailable: the server ended, or gave no answer within three minutes.
    """
    with _server(home, BOOKS_ONLY, QUIET) as url:
        yield url


@contextmanager
def scheduling_server(home: Path) -> Iterator[str]:
    """The same with Prefect's background services, without which no deployment ever starts.

    Raises:
        PrefectUnavailable: as `prefect_server`.
    """
    with _server(home, {}, TALKATIVE) as url:
        yield url


class _Watch:
    """Ends this process's work, as SIGTERM does, when its server is gone: without it nothing is scheduled."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.is_gone = False
        self._is_over = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def stop(self) -> None:
        self._is_over.set()

    def _look(self) -> None:
        while not self._is_over.wait(WATCH_SECONDS):
            if self._process.poll() is not None:
                self.is_gone = True
                os.kill(os.getpid(), signal.SIGTERM)
                return


@contextmanager
def _server(home: Path, mode: Mapping[str, str], logging: Mapping[str, str]) -> Iterator[str]:
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    if url := os.environ.get("PREFECT_API_URL"):
        yield url
        return
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)  # Prefect writes its files for everybody to read
    password = f"wirecopy:{secrets.token_urlsafe(24)}"
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/api"
    settings = {
        "PREFECT_HOME": str(home.resolve()),
        "PREFECT_API_URL": url,
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": url.removesuffix("/api"),
        OWN_SERVER: "1",
        **CLOSED,
        **FORGETFUL,
        **{name: os.environ.get(name, value) for name, value in {**IMPATIENT, **logging}.items()},
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    process = _start(listener, home / "server.log", mode)
    watch = None if mode is BOOKS_ONLY else _Watch(process)
    try:
        importlib.import_module("prefect.main")  # takes seconds, which the server needs as well
        _await_health(process, url, password, home / "server.log")
        yield url
    finally:
        if watch is not None:
            watch.stop()
        _stop(process)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
    if watch is not None and watch.is_gone:
        raise PrefectUnavailable(
            f"Prefect's server ended ({_last_error(home / 'server.log')}); what was done is kept, "
            "the same command goes on from there"
        )


def _start(listener: socket.socket, log: Path, mode: Mapping[str, str]) -> subprocess.Popen[bytes]:
    with log.open("wb") as output, listener:
        return subprocess.Popen(
            [sys.executable, "-m", "flows.prefect_server", str(listener.fileno())],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(listener.fileno(),),
            start_new_session=True,  # Ctrl-C belongs to the command, which then closes the server
            env={**os.environ, "PREFECT_UI_ENABLED": "0", **NO_WAY_OUT, **mode},
        )


def _await_health(process: subprocess.Popen[bytes], url: str, password: str, log: Path) -> None:
    token = base64.b64encode(password.encode()).decode()
    request = urllib.request.Request(f"{url}/health", headers={"Authorization": f"Basic {token}"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with opener.open(request, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    _stop(process)
    raise PrefectUnavailable(
        f"Prefect's embedded server didn't start ({_last_error(log)}); its log is {log}. Its books in "
        f"{log.parent} hold nothing that a run needs: where they are damaged, move that folder away"
    )


def _last_error(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.exists() else []
    said = [line.strip() for line in lines if ERROR_LINE.match(line)]
    return said[-1][:MAX_SAID_CHARS] if said else "it said nothing of why"


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin and not process.stdin.closed:
        process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _serve(listener: int) -> None:
    """The child: serve until the pipe on stdin closes."""
    server: Any = None  # uvicorn's, which is imported below

    def leave_with_parent() -> None:
        sys.stdin.buffer.read()
        if server is not None:
            server.should_exit = True
            time.sleep(STOP_SECONDS - 1)
        os._exit(0)

    threading.Thread(target=leave_with_parent, daemon=True).start()
    # importing them takes seconds, during which the parent may go
    import uvicorn
    from prefect.server.api.server import create_app

    server = uvicorn.Server(
        uvicorn.Config(create_app, factory=True, fd=listener, log_level="warning", lifespan="on")
    )
    server.run()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
