"""WARC files of an invented press: what a backfill keeps, counts and survives."""

from __future__ import annotations

import json
import os
import re
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from flows.backfill import children
from flows.backfill.child import Tools, answer
from flows.backfill.children import do_job, end_child
from flows.backfill.drive import ASKED, execute_backfill, extract
from flows.backfill.engines import Engine, open_engine
from flows.backfill.jobs import Done, FileJob, Outcome, RangeJob, Undone, encode, read_report
from flows.commands.backfill import list_files
from flows.errors import ExitCode, Failure
from flows.run import Request, execute
from flows.story_file import read_story
from pipelines.records import Fate, Reason, Via
from spiders.captures import verify_archive
from spiders.journal import UrlOutcome, journal_notes, url_outcomes
from spiders.manifest import ManifestEntry, iter_entries
from tests.flows.dask_cluster import running_cluster
from tests.flows.same_tables import RESULTS, Rows, read_tables
from tests.flows.warc_press import STORY, write_files
from warehouse.paths import WarehousePaths

FILES, PAGES, ABOUT = 3, 16, 50
TORN_BYTES = 40
TORN = 2  # the place of the file that is cut short
LOOK_BACK = "\n[copies]\nlook_back_days = 1\n"  # less than the files span
COUNTS = re.compile(r"(\d+) captures: (\d+) about the story((?:, \d+ \w+)*)")


@dataclass
class HereEngine:
    """Does the jobs in this process, one after another; gives up after some of them."""

    tools: Tools
    until: int | None = None
    done: list[str] = field(default_factory=list)  # the tasks

    workers = 1

    def run(self, task: str, jobs: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        for place, job in enumerate(jobs):
            if len(self.done) == self.until:
                raise KeyboardInterrupt
            self.done.append(task)
            said = answer(json.dumps([task, job]), self.tools)
            yield place, Done(said["done"]) if "done" in said else Undone(said["failed"])


@dataclass
class KillingEngine:
    """Another engine, a process of which is killed when the first job is done."""

    engine: Engine
    victim: int
    done: list[str] = field(default_factory=list)

    @property
    def workers(self) -> int:
        return self.engine.workers

    def run(self, task: str, jobs: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        for outcome in self.engine.run(task, jobs):
            if not self.done:
                os.kill(self.victim, signal.SIGKILL)
            self.done.append(task)
            yield outcome


@dataclass(frozen=True)
class Backfilled:
    """A warehouse that was filled, gone on with after a break, and filled again; what was done each time."""

    warehouse: Path
    request: Request
    engines: tuple[HereEngine, HereEngine, HereEngine]
    tables: dict[str, Rows]  # before the third time

    @property
    def archive(self) -> Path:
        return WarehousePaths.of(self.warehouse).archive

    def entries(self) -> list[ManifestEntry]:
        return list(iter_entries(self.archive, "run-000001"))

    def outcomes(self, run_id: str = "run-000001") -> tuple[UrlOutcome, ...]:
        return url_outcomes(self.journal(run_id))

    def journal(self, run_id: str = "run-000001") -> Path:
        return WarehousePaths.of(self.warehouse).runs / run_id / "frontier.jsonl"


@pytest.fixture(scope="module")
def backfilled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backfilled]:
    folder = tmp_path_factory.mktemp("a backfill")
    files = write_files(folder / "warcs", FILES, PAGES, ABOUT)
    files[TORN].write_bytes(files[TORN].read_bytes()[:-TORN_BYTES])
    (folder / "story.toml").write_text(STORY + LOOK_BACK, encoding="utf-8")
    story = read_story(folder / "story.toml")
    warehouse = folder / "coverage.duckdb"
    request = Request(warehouse, "ingest", story, tuple(files), with_prefect=False, asked=(ASKED,))
    with ExitStack() as cleanup:
        tools = Tools(cleanup)
        engines = (HereEngine(tools, until=1), HereEngine(tools), HereEngine(tools))
        with pytest.raises(KeyboardInterrupt):
            execute_backfill(request, engines[0], print)
        execute_backfill(request, engines[1], print)
        tables = read_tables(warehouse)
        execute_backfill(request, engines[2], print)
    yield Backfilled(warehouse, request, engines, tables)


def test_the_tables_are_those_of_an_ingest_of_the_same_files(backfilled: Backfilled, tmp_path: Path) -> None:
    ingested = tmp_path / "ingested.duckdb"
    execute(replace(backfilled.request, warehouse=ingested, asked=()), print)

    found = read_tables(backfilled.warehouse, RESULTS)

    assert found == read_tables(ingested, RESULTS)
    assert all(found[table] for table in ("articles", "paragraphs", "copies", "wire_groups"))


def test_a_page_about_something_else_is_counted_and_not_stored(backfilled: Backfilled) -> None:
    about = others = 0
    for outcome in backfilled.outcomes():
        match = COUNTS.search(outcome.detail)
        if outcome.fate is Fate.READ and match is not None:
            captures, kept = int(match[1]), int(match[2])
            reasons = Counter({name: int(count) for count, name in re.findall(r"(\d+) (\w+)", match[3])})
            assert captures == kept + reasons.total()
            about, others = about + kept, others + reasons.total()

    # the torn page is one rejection, as damage is
    assert about + others == FILES * PAGES
    (note,) = journal_notes(backfilled.journal())
    assert note.startswith(f"{FILES} WARC files, {FILES * PAGES} captures: {about} about the story, ")
    assert len(backfilled.entries()) == about
    assert others > 0


def test_each_page_names_its_warc_file_and_the_place_in_it(backfilled: Backfilled) -> None:
    for entry in backfilled.entries():
        assert entry.source_url is not None
        path, _, offset = entry.source_url.removeprefix("file:").partition("#offset=")
        with Path(path.replace("%20", " ")).open("rb") as warc:
            warc.seek(int(offset))
            record = next(iter(ArchiveIterator(warc)))
            assert record.rec_headers.get_header("WARC-Target-URI") == entry.final_url
    assert verify_archive(backfilled.archive) == ()


def test_damage_costs_what_follows_it_and_is_said(backfilled: Backfilled) -> None:
    (damage,) = [one for one in backfilled.outcomes() if one.reason == Reason.CORRUPT_RECORD]

    assert damage.url.startswith("file:") and "#offset=" in damage.url
    assert "the records before it are loaded" in damage.detail


def test_a_file_that_was_read_before_the_interruption_is_not_read_again(backfilled: Backfilled) -> None:
    broken_off, resumed, _ = backfilled.engines

    assert broken_off.done.count("extract") == 1
    assert resumed.done.count("extract") == FILES - 1


def test_files_that_have_not_changed_are_left_alone(backfilled: Backfilled) -> None:
    again = backfilled.outcomes("run-000002")

    assert backfilled.engines[2].done == []
    assert [(one.via, one.fate, one.reason) for one in again] == [
        (Via.ARCHIVE, Fate.SKIPPED, Reason.NOT_DUE)
    ] * FILES


def test_nothing_is_left_of_the_parts(backfilled: Backfilled) -> None:
    runs = WarehousePaths.of(backfilled.warehouse).runs

    assert sorted(
        path.name for path in runs.rglob("*") if path.is_dir() and path.parent.name == "run-000001"
    ) == ["staging"]


@pytest.mark.skipif(find_spec("distributed") is None, reason="the extra wirecopy[dask] isn't installed")
def test_two_dask_workers_one_of_them_killed_give_the_same_tables(
    backfilled: Backfilled, tmp_path: Path
) -> None:
    warehouse = tmp_path / "coverage.duckdb"
    with running_cluster(tmp_path, 2) as cluster, open_engine("dask", cluster.address) as dask:
        engine = KillingEngine(dask, cluster.workers[0])
        assert engine.workers == 2
        execute_backfill(replace(backfilled.request, warehouse=warehouse), engine, print)

        assert engine.workers == 1
    assert engine.done.count("extract") == FILES
    assert read_tables(warehouse) == backfilled.tables


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("spark", None, "not supported; use local or dask"),
        ("dask", None, "needs the scheduler's --address"),
        ("dask", "nonsense:x", "not of the form tcp://HOST:PORT"),
    ],
)
def test_an_engine_that_cannot_work_is_refused_before_anything_is_touched(
    name: str, address: str | None, said: str
) -> None:
    with pytest.raises(Failure, match=said) as refused, open_engine(name, address):
        pass

    assert refused.value.code is ExitCode.WRONG


def test_patterns_folders_and_files_name_each_file_once(tmp_path: Path) -> None:
    files = write_files(tmp_path / "warcs", 2, 1)

    assert list_files((str(tmp_path / "warcs"), str(files[0]), str(tmp_path / "*" / "*.gz"))) == tuple(files)
    with pytest.raises(Failure, match="nothing was touched"):
        list_files((str(tmp_path / "none*"),))


class TroubledEngine:
    """Says of each job, in turn, what it is given to say."""

    workers = 1

    def __init__(self, *outcomes: Outcome) -> None:
        self._outcomes = outcomes

    def run(self, task: str, jobs: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        yield from enumerate(self._outcomes)


def test_a_file_that_kills_its_process_costs_itself_and_trouble_of_a_machine_costs_no_file(
    tmp_path: Path,
) -> None:
    jobs = [
        FileJob("run-000001", number, f"/no/{number}.warc.gz", "", str(tmp_path), "", "2024-02-01", "rules")
        for number in (1, 2)
    ]
    said: list[str] = []
    engine = TroubledEngine(Undone("its process died 2 times", is_fatal=True), Undone("the disk is full"))

    with pytest.raises(Failure, match=r"1 of 2 files weren't done .*the disk is full.*what was done is kept"):
        extract(jobs, engine, said.append)

    report = read_report(jobs[0].part)
    assert report is not None and report.defect == "its process died 2 times"
    assert read_report(jobs[1].part) is None
    assert [line.split(":")[0] for line in said] == ["1/2 1.warc.gz", "2/2 2.warc.gz"]


def test_a_process_that_was_killed_is_started_again() -> None:
    bad_job = encode(RangeJob("/no/such/folder", 0, 1, 1))
    try:
        first = do_job("share", bad_job)
        os.kill(children._own.child._process.pid, signal.SIGKILL)
        second = do_job("share", bad_job)
    finally:
        end_child()

    assert isinstance(first, Undone) and not first.is_fatal
    assert first == second
