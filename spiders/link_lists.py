"""The links to follow in a later round of a run, as a file: written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from pipelines.records import Candidate, Hints, Via


def write_links(path: Path, links: Iterable[Candidate]) -> int:
    """Write candidates, one a line. Returns their number."""
    draft = path.with_name(path.name + ".tmp")
    count = 0
    with draft.open("w", encoding="utf-8") as file:
        for link in links:
            json.dump(asdict(link), file)
            file.write("\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return count


def read_links(path: Path) -> tuple[Candidate, ...]:
    """The candidates that `write_links` wrote."""
    with path.open(encoding="utf-8") as file:
        return tuple(_candidate(line) for line in file)


def _candidate(line: str) -> Candidate:
    values = json.loads(line)
    return Candidate(values["url"], Via(values["via"]), values["source_url"], Hints(**values["hints"]))
