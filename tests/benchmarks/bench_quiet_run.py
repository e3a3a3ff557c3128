"""What a scheduled run costs that finds nothing new, by the number of articles in the warehouse.

Run as `python -m tests.benchmarks.bench_quiet_run [--sizes 1000 100000] [--folder DIR]`. The story is the
demo's, its press served on loopback; the other articles are invented, about 300 words long. Each run is
whole: the crawl's own process, cleaning, comparison, load, publish. The warehouses take turns; medians.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.demo.server import RunningPress, serve_press
from flows.demo.story import demo_story
from flows.run import Request, execute_with
from pipelines.story import Story
from pipelines.story_toml import parse_story
from tests.benchmarks.bench_increment import fill
from tests.benchmarks.copy_warehouse import warehouse_at
from warehouse.lock import lock_warehouse
from warehouse.paths import WarehousePaths
from warehouse.publish import publish

ROUNDS = 5
SETTLING = 2  # runs until every known page was seen again and isn't due


@dataclass
class Costs:
    """Of one warehouse's quiet runs: seconds by the clock and of processor time, of all and of each step."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=options.folder) as folder,
        serve_press(port=0) as press,
    ):
        costs = measure(Path(folder), press, options.sizes, options.rounds)
    show(costs)


def measure(folder: Path, press: RunningPress, sizes: list[int], rounds: int) -> dict[int, Costs]:
    """The costs of quiet runs in warehouses of these sizes."""
    story = parse_story(demo_story(press.port).encode(), "demo.toml")
    warehouses = {}
    for size in sizes:
        (folder / str(size)).mkdir()
        warehouses[size] = prepare(folder / str(size), story, size)
    costs = {size: Costs() for size in sizes}
    for _ in range(rounds):
        for size, paths in warehouses.items():
            run_quietly(paths, story, costs[size])
    return costs


def prepare(folder: Path, story: Story, size: int) -> WarehousePaths:
    """A warehouse with so many articles, in which the story's own pages are known and not due."""
    paths = warehouse_at(folder)
    fill(paths, 0, size)
    with lock_warehouse(paths):
        publish(paths)
    for _ in range(SETTLING):
        run_quietly(paths, story, Costs())
    return paths


def run_quietly(paths: WarehousePaths, story: Story, costs: Costs) -> None:
    def timed(step: str, function: Callable[..., Any], *arguments: object) -> Any:
        before = cpu_seconds()
        result = function(*arguments)
        costs.steps[step].append(cpu_seconds() - before)
        return result

    started, before = time.monotonic(), cpu_seconds()
    request = Request(paths.published, "run", story, with_prefect=False, asks_all_sources=False)
    execute_with(request, lambda _: None, timed)
    costs.wall.append(time.monotonic() - started)
    costs.cpu.append(cpu_seconds() - before)


def cpu_seconds() -> float:
    """Processor time of this process and of the children that ended, in and out of the kernel."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in times)


def show(costs: dict[int, Costs]) -> None:
    smallest = min(costs)
    print("| articles | seconds | CPU s | fetch | clean | compare | publish | rest | times the smallest |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for size, cost in costs.items():
        wall, cpu = statistics.median(cost.wall), statistics.median(cost.cpu)
        steps = [statistics.median(cost.steps[step]) for step in ("fetch", "clean", "compare", "publish")]
        ratios = f"{wall / statistics.median(costs[smallest].wall):.2f} by the clock"
        ratios += f", {cpu / statistics.median(costs[smallest].cpu):.2f} CPU"
        parts = " | ".join(f"{seconds:.2f}" for seconds in [*steps, cpu - sum(steps)])
        print(f"| {size:,} | {wall:.2f} | {cpu:.2f} | {parts} | {ratios} |")


if __name__ == "__main__":
    main()
