"""What a visit leaves behind: the page, the evidence of a failure, what the site says of its rights."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scrapy import Request
from scrapy.http import Response

from pipelines.records import Candidate, Fate, Via
from pipelines.revisit import FULL_FETCH_AFTER
from spiders.archive import ArchiveWriter
from spiders.captures import verify_archive
from spiders.fetcher import Fetcher
from spiders.gates import Gates
from spiders.journal import Journal, UrlOutcome, url_outcomes
from spiders.legal import WITHDRAWN, SignalLog, read_legal_signals
from spiders.manifest import Role, iter_entries
from spiders.visits import Visitor

HOST = "http://harbour-post.example"
PAGE = f"{HOST}/cranes"
Answer = Callable[[Request], Response]


def answer(status: int = 200, body: bytes = b"<p>text", **headers: str) -> Answer:
    named = {
        name.replace("_", "-"): value for name, value in {"Content_Type": "text/html", **headers}.items()
    }
    return lambda request: Response(request.url, status=status, headers=named, body=body)


class Site:
    """A downloader that knows some paths and remembers what was asked for, with which conditions."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = {f"{HOST}/{path}": found for path, found in answers.items()}
        self.asked: list[str] = []
        self.conditions: list[bool] = []

    async def download(self, request: Request) -> Response:
        await asyncio.sleep(0)
        self.asked.append(request.url.removeprefix(HOST))
        self.conditions.append(b"If-None-Match" in request.headers)
        return self.answers.get(request.url, answer(404))(request)

    def visit(self, folder: Path, run_id: str, *urls: str) -> dict[str, UrlOutcome]:
        """Visit pages in a run of their own; what became of them."""
        journal = folder / f"{run_id}.jsonl"

        async def visit_all(visitor: Visitor) -> None:
            visitor.attach(Fetcher(self.download, "wirecopy/0", Gates(0.0), 5.0))
            await asyncio.gather(
                *(visitor.visit_page(url, Candidate(url, Via.SEED)) for url in urls or (PAGE,))
            )
            await visitor.commit.close()

        with visitor_of(folder, run_id) as visitor:
            asyncio.run(visit_all(visitor))
        return {outcome.url: outcome for outcome in url_outcomes(journal)}


@contextmanager
def visitor_of(folder: Path, run_id: str) -> Iterator[Visitor]:
    with ExitStack() as stack:
        archive = stack.enter_context(ArchiveWriter(folder / "archive", run_id, sync_every=None))
        journal = Journal(folder / f"{run_id}.jsonl")
        stack.callback(journal.close)
        signals = SignalLog(folder / f"{run_id}.legal")
        stack.callback(signals.close)
        visitor = Visitor("strike", archive, journal, signals)
        stack.callback(visitor.index.close)
        yield visitor


def signals_of(folder: Path, run_id: str) -> set[tuple[str, str]]:
    return {(signal.signal, signal.value) for signal in read_legal_signals(folder / f"{run_id}.legal")}


def roles_of(folder: Path, run_id: str) -> set[tuple[str, int]]:
    return {(entry.role, entry.status) for entry in iter_entries(folder / "archive", run_id, role=None)}


def test_an_error_is_archived_as_evidence_and_is_no_page(tmp_path: Path) -> None:
    outcome = Site(cranes=answer(403, b"go away")).visit(tmp_path, "r1")[PAGE]

    assert (outcome.fate, outcome.reason) == (Fate.FAILED, "http_403")
    assert roles_of(tmp_path, "r1") == {(Role.EVIDENCE, 403), (Role.ROBOTS, 404), (Role.RIGHTS, 404)}
    assert list(iter_entries(tmp_path / "archive")) == []
    assert verify_archive(tmp_path / "archive") == ()


def test_what_a_kill_kept_from_the_journal_is_settled_from_the_archive(tmp_path: Path) -> None:
    urls = (PAGE, f"{HOST}/gone")
    before = Site(cranes=answer()).visit(tmp_path, "r1", *urls)
    (tmp_path / "r1.jsonl").unlink()
    site = Site()

    after = site.visit(tmp_path, "r1", f"{HOST}/gone")

    assert site.asked == []
    assert [(one.url, one.fate, one.reason) for one in after.values()] == [
        (one.url, one.fate, one.reason) for one in before.values()
    ]


def test_a_tdmrep_file_is_asked_for_once_and_speaks_for_each_page(tmp_path: Path) -> None:
    rules = b'[{"location": "/cranes", "tdm-reservation": 1}, {"location": "/*", "tdm-reservation": 0}]'
    site = Site(cranes=answer(), other=answer())
    site.answers[f"{HOST}/.well-known/tdmrep.json"] = answer(body=rules)

    site.visit(tmp_path, "r1", PAGE, f"{HOST}/other")

    assert site.asked.count("/.well-known/tdmrep.json") == 1
    assert {("tdmrep", "1"), ("tdmrep", "0")} <= signals_of(tmp_path, "r1")


def test_a_site_that_forbids_all_is_not_asked_for_its_rights(tmp_path: Path) -> None:
    site = Site()
    site.answers[f"{HOST}/robots.txt"] = answer(body=b"User-agent: *\nDisallow: /")

    site.visit(tmp_path, "r1")

    assert site.asked == ["/robots.txt"]


def test_a_statement_that_was_taken_back_is_said_to_be(tmp_path: Path) -> None:
    Site(cranes=answer(X_Robots_Tag="noai", TDM_Reservation="1")).visit(tmp_path, "r1")
    Site(cranes=answer(body=b"<p>new", TDM_Reservation="1")).visit(tmp_path, "r2")

    assert {("x-robots-tag", "noai"), ("tdm-reservation", "1")} <= signals_of(tmp_path, "r1")
    assert {("x-robots-tag", WITHDRAWN), ("tdm-reservation", "1")} <= signals_of(tmp_path, "r2")


def test_an_answer_not_modified_takes_no_statement_back(tmp_path: Path) -> None:
    Site(cranes=answer(ETag='"1"', body=b'<meta name="robots" content="noai">')).visit(tmp_path, "r1")
    Site(cranes=answer(304, b"")).visit(tmp_path, "r2")

    assert not any(value == WITHDRAWN for _, value in signals_of(tmp_path, "r2"))


def test_a_page_is_asked_for_whole_after_some_answers_not_modified(tmp_path: Path) -> None:
    site = Site(cranes=answer(ETag='"1"'))
    site.visit(tmp_path, "r0")
    site.answers[PAGE] = lambda request: (
        answer(304, b"") if b"If-None-Match" in request.headers else answer(ETag='"1"', body=b"<p>edited")
    )(request)
    site.conditions.clear()
    for number in range(1, FULL_FETCH_AFTER + 3):
        site.visit(tmp_path, f"r{number}")

    asked_whole = [entry.kind == "response" for entry in iter_entries(tmp_path / "archive")]
    assert asked_whole == [True, *[False] * FULL_FETCH_AFTER, True, False]


def test_robots_that_cannot_be_had_are_kept_as_evidence_and_asked_for_again(tmp_path: Path) -> None:
    site = Site()
    site.answers[f"{HOST}/robots.txt"] = answer(500)
    outcome = site.visit(tmp_path, "r1")[PAGE]

    assert outcome.reason == "robots_unreachable"
    assert roles_of(tmp_path, "r1") == {(Role.EVIDENCE, 500)}
