"""Kills, failing disks and torn tails against a small newsroom: its tables equal the undisturbed ones.

python -m tests.benchmarks.crash --kills 100     random kills over ingest, load, publish and reprocess
python -m tests.benchmarks.crash --calls 5       a kill, EIO and ENOSPC at the 1st … 5th call of each kind,
                                                and at ever fewer after them, to the command's end
python -m tests.benchmarks.crash --crawl 3       the same in the process that crawls, for each file it writes
python -m tests.benchmarks.crash --torn 20       kills, then garbage at the tails of what the run appends to
python -m tests.benchmarks.crash --mutants 10    four planted bugs, ten trials of each injector
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count, takewhile
from pathlib import Path

from tests.benchmarks.crash_crawl import crawl_trials, prepare_crawl, small_press
from tests.benchmarks.crash_mutants import Mutant, mutants
from tests.benchmarks.crash_trials import (
    COMMANDS,
    WRITING_CALLS,
    Disturbance,
    Patch,
    Stage,
    Trial,
    can_trace,
    nothing,
    prepare_stages,
    run_trial,
    warm_up,
)

SEED = 20240305
KILLS_PER_TRIAL = 3  # at most; each hits the run that goes on from the one before
FAULTS = ("kill", "EIO", "ENOSPC")  # what befalls a system call
STRIDE = 1.5  # beyond the first calls, each that is hit is so many times as late as the one before
LAST_CALL = 100_000  # no command makes as many of one kind
INJECTORS = ("random kill", "kill at a system call", "the same, tails torn")

Outcome = tuple[str, str, Trial]  # injector, command, how it went


class Ward:
    """Where trials take place."""

    def __init__(self, folder: Path, seed: int, commands: int = len(COMMANDS)) -> None:
        self.folder = folder
        self._numbers = count(1)
        self.chance = random.Random(seed)
        self.stages = prepare_stages(folder / "stages", commands)

    def trial(self, stage: Stage, plan: Iterator[Disturbance], patch: Patch = nothing) -> Trial:
        return run_trial(stage, self.folder / f"trial-{next(self._numbers)}", plan, patch)

    def kill(self, stage: Stage) -> Disturbance:
        return Disturbance(after_seconds=self.chance.uniform(0.0, 1.05 * stage.seconds))

    def torn_kill(self, stage: Stage) -> Disturbance:
        after = self.chance.uniform(0.0, stage.seconds)
        return Disturbance(after_seconds=after, tears=random.Random(self.chance.random()))


def random_kills(ward: Ward, kills: int) -> Iterator[Outcome]:
    """So many kills, in trials of one to three."""
    done = 0
    while done < kills:
        stage = ward.chance.choice(ward.stages)
        wanted = min(ward.chance.randint(1, KILLS_PER_TRIAL), kills - done)
        trial = ward.trial(stage, (ward.kill(stage) for _ in range(wanted)))
        done += trial.disturbed
        yield "random kill", stage.command[0], trial


def calls_to_hit(first: int) -> Iterator[int]:
    """Every one of the first calls, then ever fewer."""
    yield from range(1, first + 1)
    yield from takewhile(lambda when: when < LAST_CALL, (round(first * STRIDE**step) for step in count(1)))


def failing_calls(ward: Ward, stage: Stage, first: int, faults: Sequence[str]) -> Iterator[Outcome]:
    """A kill or an error at the n-th call of each kind, as far as the command makes so many."""
    for call in WRITING_CALLS:
        for fault in faults:
            for when in calls_to_hit(first):
                trial = ward.trial(stage, iter([Disturbance(call=call, when=when, error=error_of(fault))]))
                if not trial.disturbed and not trial.complaint:
                    break  # it makes fewer
                yield f"{fault} at a system call", stage.command[0], trial


def error_of(fault: str) -> str:
    return "" if fault == "kill" else fault


def failing_crawls(folder: Path, first: int, faults: Sequence[str]) -> Iterator[Outcome]:
    """The same for a run that fetches, in its crawl's own process."""
    with small_press(folder) as port:
        stage = prepare_crawl(folder, port)
        for fault in faults:
            for trial in crawl_trials(stage, folder, error_of(fault), list(calls_to_hit(first))):
                yield f"{fault} where the crawl writes", stage.command[0], trial


def torn_tails(ward: Ward, trials: int) -> Iterator[Outcome]:
    """Kills while the archive and the journal grow, each with torn tails."""
    for number in range(trials):
        stage = ward.stages[number % 2]
        yield "torn tails", stage.command[0], ward.trial(stage, iter([ward.torn_kill(stage)]))


def hunt(ward: Ward, mutant: Mutant, injector: str, trials: int) -> tuple[int, int]:
    """How many of so many trials catch a planted bug; trials in which nothing was hit don't count."""
    caught = hit = 0
    for number in range(trials):
        plan = iter([_of_injector(ward, injector, mutant, number)])
        trial = ward.trial(ward.stages[0], plan, mutant.plant)
        hit += bool(trial.disturbed or trial.complaint)
        caught += bool(trial.complaint)
    return caught, hit


def at_weak_spot(mutant: Mutant, number: int = 0, tears: random.Random | None = None) -> Disturbance:
    """A kill where the bug shows, or a little later; what it leaves may be torn."""
    return Disturbance(call=mutant.call, path=mutant.path, when=mutant.first + number, tears=tears)


def _of_injector(ward: Ward, injector: str, mutant: Mutant, number: int) -> Disturbance:
    makers: dict[str, Callable[[], Disturbance]] = {
        "random kill": lambda: ward.kill(ward.stages[0]),
        "kill at a system call": lambda: at_weak_spot(mutant, number % 3),
        "the same, tails torn": lambda: at_weak_spot(mutant, number % 3, random.Random(number)),
    }
    return makers[injector]()


def print_outcomes(outcomes: Iterator[Outcome]) -> int:
    """A line for each injector and command; returns the trials that went wrong."""
    trials: Counter[tuple[str, str]] = Counter()
    hits: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    for injector, command, trial in outcomes:
        trials[injector, command] += 1
        hits[injector, command] += trial.disturbed
        wrong[injector, command] += bool(trial.complaint)
        if trial.complaint:
            print(f"{injector}, {command}: {trial.complaint}", file=sys.stderr, flush=True)
    print("| injector | command | trials | disturbances | tables that differ |")
    print("| --- | --- | --- | --- | --- |")
    for key in trials:
        print(f"| {key[0]} | {key[1]} | {trials[key]} | {hits[key]} | {wrong[key]} |")
    return sum(wrong.values())


def print_hunts(ward: Ward, trials: int, injectors: Sequence[str]) -> int:
    """Caught and hit by injector for each planted bug; returns the bugs that got away."""
    got_away = 0
    print(f"| planted bug | {' | '.join(injectors)} |")
    print(f"| --- |{' --- |' * len(injectors)}")
    for mutant in mutants():
        found = [hunt(ward, mutant, injector, trials) for injector in injectors]
        got_away += not any(caught for caught, _ in found)
        print(f"| {mutant.name} | {' | '.join(f'{caught} of {hit}' for caught, hit in found)} |", flush=True)
    return got_away


def weak_spots(ward: Ward) -> Iterator[Outcome]:
    """The kills that show the planted bugs, one after the other, where nothing is planted."""
    half_file, journal, load, tail = (at_weak_spot(mutant, tears=random.Random(1)) for mutant in mutants())
    kills = (
        tail,
        journal,
        replace(half_file, path=half_file.path.replace(".jsonl", ".tmp"), when=1),
        replace(load, when=1),
    )
    yield "weak spots", ward.stages[0].command[0], ward.trial(ward.stages[0], iter(kills))


def all_outcomes(ward: Ward, given: argparse.Namespace) -> Iterator[Outcome]:
    """What the command line asks for."""
    yield from random_kills(ward, given.kills)
    if given.calls:
        for stage in ward.stages[given.command - 1 : given.command] if given.command else ward.stages:
            yield from failing_calls(ward, stage, given.calls, given.faults)
    if given.crawl:
        yield from failing_crawls(ward.folder, given.crawl, given.faults)
    yield from torn_tails(ward, given.torn)
    if given.small:
        yield from weak_spots(ward)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--calls", type=int, default=0)
    parser.add_argument("--command", type=int, default=0, help="only its first, second or third, for --calls")
    parser.add_argument("--crawl", type=int, default=0)
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=FAULTS, help="for --calls and --crawl")
    parser.add_argument("--torn", type=int, default=0)
    parser.add_argument("--mutants", type=int, default=0, metavar="TRIALS")
    parser.add_argument(
        "--small", action="store_true", help="the kills that show the planted bugs; first command"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--folder", type=Path, default=None, help="where trials lie; a RAM disk is fastest")
    given = parser.parse_args()
    traced = can_trace()
    if not traced:
        print("strace is not here or may not attach: nothing at system calls", file=sys.stderr)
        given.calls = given.crawl = 0
    warm_up()
    folder = Path(tempfile.mkdtemp(dir=given.folder))
    try:
        ward = Ward(folder, given.seed, commands=1 if given.small else len(COMMANDS))
        wrong = print_outcomes(all_outcomes(ward, given))
        if given.mutants:
            injectors = INJECTORS if traced else INJECTORS[:1]
            wrong += print_hunts(ward, given.mutants, injectors[-1:] if given.small else injectors)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
