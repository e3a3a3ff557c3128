"""A backfill of generated WARC files by number of workers and of files, on each engine; equal tables checked.

Run as `python -m tests.benchmarks.bench_backfill [--files 20] [--pages 200] [--articles 10000] [--gold 400]
[--engines local dask]`. Spark is measured where pyspark is installed beside us, though `--engine` doesn't
take it: it is what the choice was between. All pages are invented. What counts is processor time, which
other work disturbs less than the clock: on idle cores a step takes as long as its busiest worker computes.
Starting an engine isn't in it.
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.backfill.drive import ASKED, execute_backfill
from flows.backfill.engines import open_engine
from flows.backfill.jobs import Outcome
from flows.run import Request
from flows.story_file import read_story
from tests.benchmarks.backfill_engines import Cost, MeteredEngine, engine_of, installed_engines, metered
from tests.benchmarks.backfill_join import measure_join
from tests.benchmarks.backfill_pages import measure_pages
from tests.flows.dask_cluster import running_cluster
from tests.flows.same_tables import Rows, read_tables
from tests.flows.warc_press import STORY, write_files

WORKERS = (1, 2)
ABOUT = 10  # pages in a hundred
WARM_UP = "warm-up"


@dataclass(frozen=True)
class Trial:
    """One backfill and its cost by step."""

    engine: str
    workers: int
    files: int
    whole: Cost
    steps: dict[str, Cost]
    tables: dict[str, Rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--gold", type=int, default=400)
    parser.add_argument("--engines", nargs="+", default=installed_engines())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_files(folder / "warcs", options.files, options.pages, ABOUT)
        weight = sum(file.stat().st_size for file in files) / 1e6
        print(f"{options.files} WARC files, {options.pages} pages each, {weight:.1f} MB\n")
        trials = list(run_trials(folder, files, options.engines))
        print_trials(trials, options.pages)
        if "dask" in options.engines:
            print_killed(folder, files, trials)
        if options.gold:
            measure_pages(folder, options.gold)
    if options.articles:
        measure_join(options.articles, options.engines)


def run_trials(folder: Path, files: Sequence[Path], engines: Sequence[str]) -> Iterator[Trial]:
    for name in engines:
        for workers in WORKERS:
            with engine_of(name, workers) as engine:
                run_trial(folder / f"{name}-{workers}-warm", files[:workers], MeteredEngine(engine), name)
                for count in sorted({max(1, len(files) // 4), len(files)}):
                    target = folder / f"{name}-{workers}-{count}"
                    yield run_trial(target, files[:count], MeteredEngine(engine), name)


def run_trial(folder: Path, files: Sequence[Path], engine: MeteredEngine, name: str) -> Trial:
    request = request_of(folder, files)
    with metered() as cost:
        execute_backfill(request, engine, lambda line: None)
    return Trial(name, engine.workers, len(files), cost[0], engine.costs, read_tables(request.warehouse))


def request_of(folder: Path, files: Sequence[Path]) -> Request:
    folder.mkdir()
    (folder / "story.toml").write_text(STORY, encoding="utf-8")
    story = read_story(folder / "story.toml")
    return Request(folder / "c.duckdb", "ingest", story, tuple(files), with_prefect=False, asked=(ASKED,))


def print_trials(trials: Sequence[Trial], pages: int) -> None:
    reference = {trial.files: trial.tables for trial in trials if trial.engine == trials[0].engine}
    alone = {(one.engine, one.files): one.steps["extract"].busiest for one in trials if one.workers == 1}
    columns = (
        *("engine", "workers", "files", "extract: busiest worker, s", "pages a second", "as fast as one"),
        *("in all, s", "by the clock, s", "share and link: busiest worker, s", "whole, by the clock, s"),
        "tables as local's",
    )
    print("| " + " | ".join(columns) + " |")
    print("| --- " * 11 + "|")
    for trial in trials:
        extract = trial.steps["extract"]
        join = trial.steps["share"].busiest + trial.steps["link"].busiest
        print(
            f"| {trial.engine} | {trial.workers} | {trial.files} | {extract.busiest:.1f} "
            f"| {trial.files * pages / extract.busiest:.0f} "
            f"| {alone[trial.engine, trial.files] / extract.busiest:.2f} | {extract.processor:.1f} "
            f"| {extract.clock:.1f} | {join:.1f} | {trial.whole.clock:.1f} "
            f"| {trial.tables == reference[trial.files]} |"
        )


@dataclass
class KillingEngine:
    """Kills a worker when a third of the files are done."""

    engine: MeteredEngine
    victim: int
    files: int
    done: int = 0

    @property
    def workers(self) -> int:
        return self.engine.workers

    def run(self, task: str, jobs: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        for outcome in self.engine.engine.run(task, jobs):
            self.done += 1
            if self.done == max(1, self.files // 3):
                os.kill(self.victim, signal.SIGKILL)
            yield outcome


def print_killed(folder: Path, files: Sequence[Path], trials: Sequence[Trial]) -> None:
    reference = next(trial for trial in trials if trial.files == len(files))
    with (
        running_cluster(folder / "killed-cluster", 2) as cluster,
        open_engine("dask", cluster.address) as dask,
    ):
        engine = KillingEngine(MeteredEngine(dask), cluster.workers[0], len(files))
        request = request_of(folder / "killed", files)
        with metered() as cost:
            execute_backfill(request, engine, lambda line: None)
        left = engine.workers
    same = read_tables(request.warehouse) == reference.tables
    when = f"after {max(1, len(files) // 3)} of {len(files)} files"
    print(
        f"\nOf two Dask workers one was killed {when}, {left} was left: {cost[0].clock:.1f} s, "
        f"tables as local's: {same}"
    )


if __name__ == "__main__":
    main()
