"""A real Prefect server and worker on loopback: what docs/operating.md shows, done and looked at."""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.turns import waiting
from tests.flows.conftest import free_port
from tests.flows.prefect_office import PATIENCE_SECONDS, Office, Reply, wait_until
from tests.flows.test_following import ABOUT, article
from tests.spiders.press import Press, feed, page
from warehouse.lock import lock_warehouse
from warehouse.master import open_published
from warehouse.paths import WarehousePaths

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc"),
]

POST, TIMES, GONE = "harbour-post.example", "quay-times.example", "gone.example"
PAGES = 10
FLOW_RUN_ID = re.compile(r"UUID: ([0-9a-f-]{36})")
SECOND_STORY = "ferry"


@dataclass
class Worked:
    """What the documented commands did, and what was seen meanwhile."""

    office: Office
    press: Press
    cancelled: Reply
    cancel_seconds: float  # from the command's end to the end of the crawl
    cut_short: int  # pages of the larger outlet that the cancelled run had asked for
    waited: int  # runs in the queue while the warehouse was held
    done: dict[str, Reply]  # flow runs by story
    listed: str  # what the commands about artifacts print
    dead: Reply  # a run of this warehouse that was killed an hour before, after the others
    elsewhere: Reply  # one of another warehouse that nobody here knows anything about

    @property
    def paths(self) -> WarehousePaths:
        return WarehousePaths.of(self.office.folder / "warehouse" / "coverage.duckdb")


def write_story(folder: Path, name: str, press: Press, feeds: list[str]) -> None:
    resolve = ", ".join(f'"{host}" = "127.0.0.1"' for host in (POST, TIMES))
    (folder / f"{name}.toml").write_text(
        f'[story]\nname = "{name}"\n[match]\nall = ["Harbourtown"]\n[sources]\nfeeds = {feeds}\n'
        "[fetch]\ndelay_seconds = 0.0\nallow_private_hosts = true\n"
        f"resolve = {{ {resolve} }}\n",
        encoding="utf-8",
    )


def fill(press: Press, folder: Path) -> None:
    """Two outlets of one story, and a third whose host is gone; another story in the same warehouse."""
    for host in (POST, TIMES):
        links = [
            (press.add(host, f"/{n}", page(article(f"Day {n}", ABOUT))), "Mon, 29 Jan 2024 09:00:00 GMT")
            for n in range(PAGES)
        ]
        press.add(host, "/rss", feed(*links))
    dead = f"http://127.0.0.1:{free_port()}/rss"
    write_story(folder, "harbour-strike", press, [press.url(POST, "/rss"), press.url(TIMES, "/rss"), dead])
    write_story(folder, SECOND_STORY, press, [press.url(TIMES, "/rss")])


def add_deployment(folder: Path) -> None:
    """An entry for a second story, as the docs tell."""
    deployments = (folder / "prefect.yaml").read_text(encoding="utf-8")
    entry = deployments[deployments.index("  - name: harbour-strike") :]
    (folder / "prefect.yaml").write_text(
        deployments + entry.replace("harbour-strike", SECOND_STORY), encoding="utf-8"
    )


def is_crawling(folder: Path) -> bool:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:  # it ended meanwhile
            continue
        if b"spiders.crawl" in command and str(folder).encode() in command:
            return True
    return False


def flow_run_in(output: str) -> str:
    found = FLOW_RUN_ID.search(output)
    assert found, output
    return found[1]


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory, prefect_books: Path) -> Iterator[Worked]:
    folder = tmp_path_factory.mktemp("an office")
    shutil.copytree(prefect_books, folder / "prefect home")
    office = Office(folder, free_port())
    with Press() as press:
        fill(press, folder)
        add_deployment(folder)
        try:
            office.start("server")
            wait_until(office.is_healthy, "the server")
            office.run("work pool")
            office.run("deploy")
            office.start("worker")
            yield work(office, press)
        finally:
            office.close()


def work(office: Office, press: Press) -> Worked:
    paths = WarehousePaths.of(office.folder / "warehouse" / "coverage.duckdb")
    slow = flow_run_in(office.run("trigger with other parameters"))
    wait_until(lambda: len(press.paths(POST)) > 2, "the crawl")
    office.run("cancel", FLOW_RUN_ID=slow)
    cancelled_at = time.monotonic()
    wait_until(lambda: not is_crawling(office.folder), "the end of the crawl")
    seconds, cut_short = time.monotonic() - cancelled_at, len(press.paths(POST))
    cancelled = office.await_state(slow, "Cancelled")

    dead, elsewhere = leave_running(office, {}), leave_running(office, {"warehouse": "/elsewhere.duckdb"})
    with lock_warehouse(paths):
        first = flow_run_in(office.run("trigger"))
        wait_until(lambda: len(waiting(paths)) == 1, "a run in the queue")
        deployment = office.ask(f"deployments/name/wirecopy/{SECOND_STORY}")["id"]
        second = office.ask(f"deployments/{deployment}/create_flow_run", {})["id"]
        wait_until(lambda: len(waiting(paths)) == 2, "two runs in the queue")
        waited = len(waiting(paths))
    done = {
        "harbour-strike": office.await_state(first, "Completed", "Failed", "Crashed"),
        SECOND_STORY: office.await_state(second, "Completed", "Failed", "Crashed"),
    }
    wait_until(lambda: events(office), "the events")
    listed = office.run("artifacts", COLUMNS="300")
    left = office.flow_run(dead), office.flow_run(elsewhere)
    return Worked(office, press, cancelled, seconds, cut_short, waited, done, listed, *left)


def leave_running(office: Office, changes: dict[str, str]) -> str:
    """A flow run as a killed worker leaves it in Prefect's books; its id."""
    deployment = office.ask("deployments/name/wirecopy/harbour-strike")
    made = {
        "flow_id": deployment["flow_id"],
        "parameters": {**deployment["parameters"], **changes},
        "state": {"type": "RUNNING", "name": "Running"},
    }
    flow_run = str(office.ask("flow_runs/", made)["id"])
    books = office.folder / "prefect home" / "prefect.db"
    with closing(sqlite3.connect(books, timeout=PATIENCE_SECONDS)) as connection, connection:
        connection.execute(
            "update flow_run set start_time = datetime(start_time, '-1 hour') where id = ?", [flow_run]
        )
    return flow_run


def events(office: Office) -> list[Reply]:
    found: list[Reply] = office.ask("events/filter", {"filter": {"event": {"prefix": ["wirecopy."]}}})[
        "events"
    ]
    return found


def test_one_deployment_a_story_is_named_after_it(worked: Worked) -> None:
    deployments = worked.office.ask("deployments/filter", {})

    assert sorted(one["name"] for one in deployments) == ["ferry", "harbour-strike"]
    assert {one["enforce_parameter_schema"] for one in deployments} == {True}


def test_parameters_are_described_and_checked(worked: Worked) -> None:
    deployment = worked.office.ask(f"deployments/name/wirecopy/{SECOND_STORY}")
    described = deployment["parameter_openapi_schema"]["properties"]

    assert set(described) == {"story_file", "warehouse", "fetch"}
    assert all(values["description"] for values in described.values())
    wrong = {**deployment["parameters"], "fetch": {"follow_links": 9}}
    with pytest.raises(urllib.error.HTTPError) as refused:
        worked.office.ask(f"deployments/{deployment['id']}/create_flow_run", {"parameters": wrong})
    assert refused.value.code in (409, 422)


def test_a_cancelled_run_stops_crawling_within_seconds(worked: Worked) -> None:
    assert worked.cancelled["state_type"] == "CANCELLED"
    assert worked.cancel_seconds < 60  # on a machine that stalls; an idle one takes three
    assert worked.cut_short < PAGES


def test_the_next_run_goes_on_from_what_the_cancelled_one_archived(worked: Worked) -> None:
    pages = [path for path in worked.press.paths(POST) if path != "/rss"]

    assert Counter(pages) == {f"/{n}": 1 for n in range(PAGES)}
    assert worked.done["harbour-strike"]["name"] == "harbour-strike, run-000001"


def test_runs_of_one_warehouse_wait_for_their_turn(worked: Worked) -> None:
    assert worked.waited == 2
    assert {run["state_name"] for run in worked.done.values()} == {"Completed"}
    with open_published(worked.paths.published) as connection:
        runs = connection.execute(
            "select story, started_at >= lag(finished_at) over (order by run_number) from runs "
            "order by run_number"
        ).fetchall()
    assert runs == [("harbour-strike", None), ("ferry", True)]  # in the order in which they came


def test_a_run_that_was_killed_is_closed_in_the_books_by_the_next(worked: Worked) -> None:
    assert (worked.dead["state_type"], worked.dead["state"]["message"]) == (
        "CRASHED",
        "its process is gone; what it did is kept",
    )
    assert worked.elsewhere["state_type"] == "RUNNING"


def test_a_run_is_a_few_coarse_tasks(worked: Worked) -> None:
    run = worked.done["harbour-strike"]["id"]
    tasks = worked.office.ask("task_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})

    assert sorted(task["name"].split("-")[0] for task in tasks) == ["clean", "compare", "fetch", "publish"]


def test_each_run_publishes_its_funnel_its_outlets_and_its_report(worked: Worked) -> None:
    for story in worked.done:
        for what in ("funnel", "outlets", "report"):
            assert f"{story}-{what}" in worked.listed
    report = worked.paths.folder / "reports" / "harbour-strike.html"
    assert report.is_file()
    made = {one["key"]: one for one in worked.office.ask("artifacts/filter", {})}
    assert report.as_uri() in made["harbour-strike-report"]["data"]
    assert '"fate": "kept"' in made["harbour-strike-funnel"]["data"]


def test_an_outlet_that_breaks_is_an_event_once(worked: Worked) -> None:
    found = events(worked.office)

    assert [one["event"] for one in found] == ["wirecopy.outlet.broken"]
    assert found[0]["resource"]["prefect.resource.id"] == "wirecopy.outlet.harbour-strike.127.0.0.1"
    assert found[0]["payload"]["reason"]


def test_the_server_asks_for_a_password_and_listens_on_loopback_only(worked: Worked) -> None:
    port = worked.office.port
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/api/admin/version", timeout=30)
    assert refused.value.code == 401
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text(encoding="ascii").splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


def test_no_result_is_pickled(worked: Worked) -> None:
    assert not list((worked.office.folder / "prefect home").rglob("storage/*"))


def test_nothing_calls_out(worked: Worked) -> None:
    assert not worked.office.calls.exists(), worked.office.calls.read_text(encoding="utf-8")
