"""What runs and commands read back: typed, ordered, and the same as was loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipelines.records import Fate, Via
from tests.warehouse.material import (
    AGENCY,
    COPIER,
    LEAD,
    MIXER,
    NOON,
    OTHER,
    OWNER,
    SECOND,
    STORY,
    Piece,
    fate_row,
    load_and_publish,
    make_article,
    piece_rows,
    whole_run,
)
from warehouse.connection import open_for_writing
from warehouse.master import open_published
from warehouse.neighbours import StoredArticles
from warehouse.paths import WarehousePaths
from warehouse.query import run_query
from warehouse.questions import Question, questions
from warehouse.read import (
    FateCount,
    OutletHealth,
    copies_of,
    count_rows,
    find_run,
    funnel,
    latest_run,
    newest_versions,
    outlet_health,
    passages_of,
    run_is_loaded,
)
from warehouse.rows import Row
from warehouse.why import tell_why


def health(paths: WarehousePaths) -> dict[str, OutletHealth]:
    with open_published(paths.published) as connection:
        return {row.outlet: row for row in outlet_health(connection, STORY.name)}


def crawl(paths: WarehousePaths, number: int, rows: list[Row]) -> None:
    run_id = f"crawl-{number}"
    load_and_publish(paths, whole_run(rows, run_id, started_at=NOON + timedelta(hours=number)), run_id)


def fates(run: int, outlet: str, fate: Fate, reason: str | None, count: int) -> list[Row]:
    return [
        fate_row(f"https://{outlet}/{number}", f"crawl-{run}", fate, reason=reason, outlet=outlet)
        for number in range(count)
    ]


def feed(run: int, outlet: str, fate: Fate, reason: str | None = None) -> Row:
    return replace(
        fate_row(f"https://{outlet}/feed", f"crawl-{run}", fate, reason=reason, outlet=outlet),
        via=Via.FEED,
        source_url=None,
    )


def test_the_newest_version_of_each_article_is_known(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        newest = newest_versions(connection)

    assert set(newest) == {piece.article_id for piece in (AGENCY, COPIER, MIXER, OWNER)}
    assert newest[AGENCY.article_id].version == 1
    assert newest[AGENCY.article_id].first_seen_at == NOON + timedelta(days=1)


def test_stored_articles_are_as_the_copy_finder_needs_them(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        (agency,) = StoredArticles(connection, ()).articles([AGENCY.article_id, "ghost"]).values()

    assert agency.text == make_article(AGENCY).text
    assert agency.paragraph_starts == (0, len(LEAD) + 2)
    assert agency.agencies == ("Sarn Wire",)
    assert agency.published_latest == NOON + timedelta(seconds=59)


def test_a_run_is_found_by_its_id(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        assert run_is_loaded(connection, "run-1")
        assert not run_is_loaded(connection, "run-9")
        assert find_run(connection, "run-9") is None
        assert latest_run(connection) == latest_run(connection, STORY.name) == find_run(connection, "run-1")
        assert latest_run(connection, "another story") is None


def test_the_funnel_counts_every_url(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        counts = funnel(connection, "run-1")

    assert counts == (
        FateCount("failed", "http_404", 1),
        FateCount("kept", None, 4),
        FateCount("read", None, 1),
        FateCount("rejected", "off_topic", 1),
    )


def test_copies_are_found_from_either_side(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        pairs = {(one.outlet, one.source_outlet) for one in copies_of(connection, COPIER.article_id)}
        everything = copies_of(connection)

    assert pairs == {(COPIER.outlet, AGENCY.outlet), (MIXER.outlet, COPIER.outlet)}
    assert [one.containment for one in everything] == sorted(
        (one.containment for one in everything), reverse=True
    )


def test_a_passage_shows_the_text_of_both_sides(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        passages = passages_of(connection, COPIER.article_id, AGENCY.article_id)

    assert [(one.text, one.source_text) for one in passages] == [(LEAD, LEAD), (SECOND, SECOND)]


def test_rows_are_counted_per_public_table(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        counts = count_rows(connection)

    assert counts["articles"] == 4
    assert "captures" not in counts


def test_the_tale_of_a_kept_url_has_all_its_parts(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        tale = tell_why(connection, (COPIER.url,))

    assert tale.article_id == COPIER.article_id
    assert [line.fate for line in tale.fates] == ["kept"]
    assert [line.archive_file for line in tale.captures] == ["a-0001.warc.gz"]
    assert [line.version for line in tale.versions] == [1]
    assert [line.text for line in tale.paragraphs] == [LEAD, SECOND]
    assert [line.rule for line in tale.removed] == ["share_bar", "plea"]
    assert [line.signal for line in tale.times] == ["meta:date", "url"]
    assert [line.signal for line in tale.credits] == ["byline"]
    assert [line.matched_terms for line in tale.stories] == [("bridge",)]
    assert len(tale.copies) == 2
    assert [line.role for line in tale.group] == ["origin", "copy"]


def test_the_tale_of_a_rejected_url_is_its_fate(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        tale = tell_why(connection, ("https://quill-times.example/choir",))

    assert [(line.fate, line.reason) for line in tale.fates] == [("rejected", "off_topic")]
    assert tale.article_id is None
    assert tale.is_known


def test_a_url_that_nobody_heard_of_is_not_known(press: WarehousePaths) -> None:
    with open_published(press.published) as connection:
        assert not tell_why(connection, ("https://nowhere.example/",)).is_known


def test_an_outlet_that_brings_articles_is_ok(press: WarehousePaths) -> None:
    row = health(press)[AGENCY.outlet]

    assert (row.status, row.reason, row.expected, row.found, row.fetched, row.kept) == (
        "ok",
        None,
        1,
        1,
        1,
        1,
    )


def test_an_outlet_whose_requests_all_fail_is_broken(press: WarehousePaths) -> None:
    row = health(press)["gone.example"]

    assert (row.status, row.reason) == ("broken", "all 1 requests failed, mostly http_404")


def test_an_outlet_whose_pages_are_about_something_else_is_silent(paths: WarehousePaths) -> None:
    crawl(paths, 1, [feed(1, "a.example", Fate.READ), *fates(1, "a.example", Fate.REJECTED, "off_topic", 3)])

    assert health(paths)["a.example"].status == "silent"
    assert health(paths)["a.example"].reason == "nothing about the story among 3 pages fetched"


def test_an_outlet_whose_pages_no_longer_read_as_articles_is_broken(paths: WarehousePaths) -> None:
    crawl(paths, 1, fates(1, "a.example", Fate.REJECTED, "too_short", 3))

    assert health(paths)["a.example"].status == "broken"


def test_an_outlet_whose_feed_fails_is_broken(paths: WarehousePaths) -> None:
    crawl(paths, 1, [feed(1, "a.example", Fate.FAILED, "dns")])

    assert (health(paths)["a.example"].status, health(paths)["a.example"].reason) == (
        "broken",
        "no source could be read: dns",
    )


def test_an_outlet_that_robots_txt_closes_is_broken(paths: WarehousePaths) -> None:
    crawl(paths, 1, [feed(1, "a.example", Fate.READ), *fates(1, "a.example", Fate.REFUSED, "robots", 2)])

    assert health(paths)["a.example"].status == "broken"


def test_an_empty_feed_is_silent(paths: WarehousePaths) -> None:
    crawl(paths, 1, [feed(1, "a.example", Fate.READ)])

    assert (health(paths)["a.example"].status, health(paths)["a.example"].found) == ("silent", 0)


def test_known_pages_that_are_not_due_leave_an_outlet_ok(paths: WarehousePaths) -> None:
    crawl(paths, 1, fates(1, "a.example", Fate.SKIPPED, "not_due", 2))

    assert health(paths)["a.example"].status == "ok"


def test_one_dead_link_among_pages_that_are_not_due_breaks_no_outlet(paths: WarehousePaths) -> None:
    dead = fate_row("https://a.example/dead", "crawl-1", Fate.FAILED, reason="http_404", outlet="a.example")
    crawl(paths, 1, [*fates(1, "a.example", Fate.SKIPPED, "not_due", 2), dead])

    assert health(paths)["a.example"].status == "ok"


def test_expected_is_the_median_of_earlier_crawls(paths: WarehousePaths) -> None:
    for number, found in enumerate((2, 9, 4, 1), start=1):
        crawl(paths, number, fates(number, "a.example", Fate.REJECTED, "off_topic", found))

    row = health(paths)["a.example"]
    assert (row.expected, row.found) == (4, 1)


def test_an_outlet_that_vanishes_from_a_crawl_is_not_dropped(paths: WarehousePaths) -> None:
    crawl(paths, 1, fates(1, "a.example", Fate.REJECTED, "off_topic", 2))
    crawl(paths, 2, fates(2, "b.example", Fate.REJECTED, "off_topic", 2))

    row = health(paths)["a.example"]
    assert (row.status, row.expected, row.found, row.run_id) == ("silent", 2, 0, "crawl-2")


def test_originals_counts_each_group_once(press: WarehousePaths) -> None:
    rows = run_query(press.published, "select outlet, copy_count from originals order by all").rows

    assert rows == (("ford-gazette.example", 0), ("quill-times.example", 0), ("sarn-wire.example", 1))


@pytest.mark.parametrize("question", questions(), ids=lambda one: one.name)
def test_a_ready_question_runs_as_it_is(question: Question, press: WarehousePaths) -> None:
    given = {"story": STORY.name, "moment": "2024-05-03T12:00Z"}

    result = run_query(
        press.published, question.sql, {one.name: given.get(one.name) for one in question.parameters}
    )

    assert result.columns
    assert question.title.endswith("?")
    assert question.about.endswith(".")


def ask(paths: WarehousePaths, name: str) -> list[dict[str, object]]:
    question = next(one for one in questions() if one.name == name)
    result = run_query(paths.published, question.sql, dict.fromkeys(one.name for one in question.parameters))
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def test_articles_of_no_story_count_where_no_story_is_asked_for(loaded: WarehousePaths) -> None:
    question = next(one for one in questions() if one.name == "who-was-first")
    with open_for_writing(loaded.master) as connection:
        connection.execute("delete from story_articles")
        rows = connection.execute(question.sql, {"story": None}).fetchall()
        of_story = connection.execute(question.sql, {"story": STORY.name}).fetchall()

    assert (len(rows), of_story) == (4, [])


def test_the_agency_was_first_and_certainly(press: WarehousePaths) -> None:
    first = ask(press, "who-was-first")[0]

    assert (first["outlet"], first["is_certainly_before_all_below"]) == (AGENCY.outlet, True)


def test_who_ran_the_agencys_text_without_credit_is_found(press: WarehousePaths) -> None:
    assert [(row["outlet"], row["agency"]) for row in ask(press, "agency-text-without-credit")] == [
        (COPIER.outlet, "Sarn Wire"),
        (MIXER.outlet, "Sarn Wire"),
    ]


def test_an_edit_is_listed_with_what_it_added(loaded: WarehousePaths) -> None:
    edited = Piece(AGENCY.outlet, (LEAD, SECOND, OTHER), title="Bridge closed for good")
    load_and_publish(loaded, whole_run(piece_rows(edited, "run-2", version=2), "run-2"), "run-2")

    (row,) = ask(loaded, "edits-after-publication")
    assert (row["title_after"], row["words_added"]) == ("Bridge closed for good", len(OTHER.split()))
