from pathlib import Path

from pipelines.planning import PlannedPage
from pipelines.records import Candidate, Fate, Hints, Reason, Via
from spiders.archive import ArchiveWriter
from spiders.journal import Journal, is_finished, journal_notes, url_outcomes
from tests.spiders.test_archive import URL, answer, visit

FED = Candidate("http://a.example/1?utm_source=x", Via.FEED, "http://a.example/feed", Hints(title="One"))
PAGES = (
    PlannedPage("http://a.example/1", FED),
    PlannedPage("http://a.example/2", Candidate("http://a.example/2", Via.SEED)),
    PlannedPage("http://a.example/3", FED, Fate.SKIPPED, Reason.OVER_BUDGET, "500 pages"),
)


def open_planned(path: Path) -> Journal:
    journal = Journal(path)
    journal.record_plan(PAGES)
    return journal


def test_a_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    open_planned(tmp_path / "j").close()

    journal = Journal(tmp_path / "j")

    assert journal.is_planned
    assert journal.pending == PAGES[:2]


def test_settled_pages_are_no_longer_pending(tmp_path: Path) -> None:
    journal = open_planned(tmp_path / "j")
    journal.record_settled("http://a.example/1", FED, Fate.FAILED, "http_404")
    journal.close()

    assert Journal(tmp_path / "j").pending == (PAGES[1],)


def test_outcomes_have_every_settled_url_once_with_its_origin(tmp_path: Path) -> None:
    journal = open_planned(tmp_path / "j")
    journal.record_settled("http://a.example/1", FED, Fate.FAILED, "http_404", "gone")
    journal.record_settled("http://a.example/1", FED, Fate.REFUSED, Reason.ROBOTS)
    journal.close()

    outcomes = url_outcomes(tmp_path / "j")

    assert [(outcome.url, outcome.fate, outcome.reason, outcome.detail) for outcome in outcomes] == [
        ("http://a.example/1", Fate.FAILED, "http_404", "gone"),
        ("http://a.example/3", Fate.SKIPPED, "over_budget", "500 pages"),
    ]
    assert (outcomes[0].via, outcomes[0].source_url) == (Via.FEED, "http://a.example/feed")


def test_a_fetched_page_has_no_fate_yet(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path / "archive", "r1") as writer:
        entry = writer.add_response(visit(), answer())
    journal = Journal(tmp_path / "j")
    journal.record_fetched(entry)
    journal.record_fetched(entry)
    journal.close()

    (outcome,) = url_outcomes(tmp_path / "j")

    assert (outcome.url, outcome.fate, outcome.reason, outcome.at) == (URL, None, None, entry.fetched_at)


def test_a_torn_plan_is_no_plan(tmp_path: Path) -> None:
    open_planned(tmp_path / "j").close()
    data = (tmp_path / "j").read_bytes()
    (tmp_path / "j").write_bytes(data[:-5])

    journal = Journal(tmp_path / "j")

    assert not journal.is_planned
    journal.record_plan(PAGES)
    assert journal.pending == PAGES[:2]


def test_the_end_is_written_once_and_notes_are_told_once(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = Journal(path)
    journal.record_note("no search")
    journal.record_note("no search")
    assert not is_finished(path)
    journal.record_finish()
    journal.record_finish()
    journal.close()

    assert is_finished(path)
    assert journal_notes(path) == ("no search",)
    assert path.read_bytes().count(b'"finished"') == 1


def test_a_page_taken_up_from_the_archive_outweighs_that_it_was_not_due(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path / "archive", "r1") as writer:
        entry = writer.add_response(visit(), answer())
    journal = Journal(tmp_path / "j")
    journal.record_settled(entry.url, FED, Fate.SKIPPED, Reason.NOT_DUE, "seen a minute ago")
    journal.record_capture(entry)
    journal.close()

    assert [outcome.fate for outcome in url_outcomes(tmp_path / "j")] == [None]
