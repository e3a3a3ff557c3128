"""Outlets that broke or recovered since it was last announced; each change is announced once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from warehouse.files import sync_file
from warehouse.paths import WarehousePaths
from warehouse.read import OutletHealth

ANNOUNCED_FOLDER = "announced"
BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class HealthChange:
    """An outlet that turned broken, or works again."""

    health: OutletHealth
    is_broken: bool

    def __str__(self) -> str:
        health = self.health
        if self.is_broken:
            return f"{health.outlet} is broken: {health.reason}"
        return f"{health.outlet} works again ({health.status}{f': {health.reason}' if health.reason else ''})"


def find_changes(announced: Mapping[str, str], health: Iterable[OutletHealth]) -> tuple[HealthChange, ...]:
    """What is to be announced; `announced` is each outlet's status as it was last announced."""
    changes = []
    for line in health:
        was_broken = announced.get(line.outlet) == BROKEN
        if was_broken != (line.status == BROKEN):
            changes.append(HealthChange(line, not was_broken))
    return tuple(changes)


def read_announced(paths: WarehousePaths, story: str) -> dict[str, str]:
    """Each outlet's status as of the last announcement; empty before the first."""
    try:
        values = json.loads(_file_of(paths, story).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # a torn file costs an announcement that is made twice
        return {}
    return dict(values)


def write_announced(paths: WarehousePaths, story: str, health: Iterable[OutletHealth]) -> None:
    """Note what was announced, beside what was said of outlets that the latest crawl doesn't list."""
    announced = read_announced(paths, story) | {line.outlet: line.status for line in health}
    file = _file_of(paths, story)
    file.parent.mkdir(exist_ok=True)
    unfinished = file.with_name(file.name + ".tmp")
    unfinished.write_text(json.dumps(announced, indent=1, sort_keys=True), encoding="utf-8")
    sync_file(unfinished)
    unfinished.replace(file)


def _file_of(paths: WarehousePaths, story: str) -> Path:
    return paths.folder / ANNOUNCED_FOLDER / f"{story}.json"
