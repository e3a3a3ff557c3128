"""A Prefect server and a worker as docs/operating.md sets them up: its commands, on other ports."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
GUARD = Path(__file__).parent / "no_outside"
DOCS_PORT = "4200"
PATIENCE_SECONDS = 240.0  # a busy machine; an idle one takes seconds
STOP_SECONDS = 30.0

Reply = Any  # JSON of Prefect's API


def documented(name: str) -> str:
    """The commands of the block that begins with this comment."""
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    found = re.search(rf"```sh\n# {re.escape(name)}[^\n]*\n(.*?)```", text, re.DOTALL)
    assert found, f"docs/operating.md shows no commands for {name!r}"
    return found[1]


def wait_until(holds: Callable[[], Any], what: str) -> Any:
    """What `holds` gives as soon as it gives something true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := holds():
            return found
        time.sleep(0.3)
    raise AssertionError(f"waited {PATIENCE_SECONDS:.0f} s in vain for {what}")


@dataclass
class Office:
    """A folder with the project's prefect.yaml, and what runs from there."""

    folder: Path
    port: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.calls = self.folder / "calls-to-the-outside.txt"
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("PREFECT", "WIRECOPY"))
            },
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([str(GUARD), str(ROOT)]),
            "PREFECT_HOME": str(self.folder / "prefect home"),
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "WIRECOPY_TEST_CALLS": str(self.calls),
        }
        shutil.copy(ROOT / "prefect.yaml", self.folder)

    def run(self, name: str, **variables: str) -> str:
        """Give the documented commands of this name; returns what they print."""
        done = subprocess.run(
            ["/bin/sh", "-ec", self._script(name)],
            cwd=self.folder,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{name}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, name: str) -> None:
        """Give a documented command that stays in the foreground."""
        with (self.folder / f"{name}.log").open("wb") as log:
            command = ["/bin/sh", "-ec", self._script(name).rstrip().replace("\nprefect", "\nexec prefect")]
            self.running.append(
                subprocess.Popen(
                    command,
                    cwd=self.folder,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    def close(self) -> None:
        """End what was started, the last first."""
        for process in reversed(self.running):
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def ask(self, path: str, question: object = None) -> Reply:
        """Prefect's API, as the documented user."""
        password = re.search(r'SERVER_API_AUTH_STRING="([^"]+)"', documented("environment"))
        assert password
        token = base64.b64encode(password[1].encode()).decode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            data=None if question is None else json.dumps(question).encode(),
            headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
        )
        return wait_until(lambda: self._answer(request), f"an answer about {path}")[0]

    def _answer(self, request: urllib.request.Request) -> list[Reply]:
        """Nothing where the server's database is just busy."""
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(request, timeout=30) as answer:
                return [json.loads(answer.read())]
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            return []

    def is_healthy(self) -> bool:
        try:
            return bool(self.ask("health"))
        except OSError:
            return False

    def flow_run(self, flow_run_id: str) -> Reply:
        return self.ask(f"flow_runs/{flow_run_id}")

    def await_state(self, flow_run_id: str, *names: str) -> Reply:
        """The flow run, once its state has one of these names."""

        def reached() -> Reply:
            run = self.flow_run(flow_run_id)
            return run if run["state_name"] in names else None

        return wait_until(reached, f"{names} of {flow_run_id}: it is {self.flow_run(flow_run_id)['state']}")

    def _script(self, name: str) -> str:
        both = documented("environment") + "\n" + documented(name)
        return both.replace(DOCS_PORT, str(self.port))
