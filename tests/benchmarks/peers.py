"""Asks the tools that live in an environment of their own, over a pipe, one question at a time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any

WORKER = Path(__file__).with_name("peers_worker.py")
TEXT_PEERS = ("newspaper4k", "news-please", "readability-lxml", "resiliparse")
LANGUAGE_PEERS = ("py3langid", "lingua")
MISSING = (
    "The other open tools are left out: no --peers-python. "
    "tests/benchmarks/peers-requirements.txt says how to make their environment."
)


class Peers:
    """A worker process under the peers' Python; use it as a context manager."""

    def __init__(self, python: Path) -> None:
        self._python = python

    def __enter__(self) -> Peers:
        self._complaints = TemporaryFile()
        self._process = subprocess.Popen(
            [str(self._python), "-W", "ignore", str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._complaints.close()

    def read_page(self, tool: str, html: str, url: str) -> tuple[str, float]:
        """A tool's text of a page, and its CPU seconds."""
        found = self._ask({"tool": tool, "html": html, "url": url})
        return found["text"], found["seconds"]

    def detect_languages(self, tool: str, texts: Sequence[str]) -> tuple[list[str], float]:
        """A tool's language of each text, and its CPU seconds for all."""
        found = self._ask({"tool": tool, "texts": list(texts)})
        return found["languages"], found["seconds"]

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        to_worker, from_worker = self._process.stdin, self._process.stdout
        if to_worker is None or from_worker is None:
            raise RuntimeError("the peers' worker has no pipes")
        try:
            print(json.dumps(question), file=to_worker, flush=True)
            line = from_worker.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            sys.exit(f"{self._python} ended at {question['tool']}: {self._last_complaint()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            sys.exit(f"{self._python} lacks something of peers-requirements.txt: {answer['error']}")
        return answer

    def _last_complaint(self) -> str:
        self._process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").split("\n")
        said = next((line for line in reversed(lines) if line.strip()), "it said nothing")
        return f"{said} (exit {self._process.returncode})"
