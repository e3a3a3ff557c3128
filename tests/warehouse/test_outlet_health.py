"""Outlet health by an outlet's own history: silent is not broken, and what rests is neither."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.records import Fate, Via
from tests.warehouse.material import Piece, fate_row, piece_rows
from tests.warehouse.test_reading import crawl, fates, feed, health
from warehouse.paths import WarehousePaths
from warehouse.rows import Row, UrlFateRow

A = "a.example"


def page(run: int, number: int, fate: Fate, reason: str | None, outlet: str = A) -> Row:
    return fate_row(f"https://{outlet}/{number}", f"crawl-{run}", fate, reason=reason, outlet=outlet)


def quiet(run: int, outlet: str = A) -> Row:
    return feed(run, outlet, Fate.SKIPPED, "source_quiet")


def test_pages_that_stopped_reading_as_articles_break_an_outlet_one_by_one(paths: WarehousePaths) -> None:
    reasons = {
        f"{reason}.example": reason for reason in ("bot_check", "not_article", "too_short", "script_only")
    }
    rows = [(feed(1, one, Fate.READ), page(1, 0, Fate.REJECTED, "off_topic", one)) for one in reasons]
    crawl(paths, 1, [row for pair in rows for row in pair])
    for run in range(2, 7):
        before = {outlet: health(paths)[outlet].status for outlet in reasons}
        rows = [
            (feed(run, one, Fate.READ), page(run, run, Fate.REJECTED, reasons[one], one)) for one in reasons
        ]
        crawl(paths, run, [row for pair in rows for row in pair])

    assert before == dict.fromkeys(reasons, "silent")
    found = health(paths)
    assert {outlet: found[outlet].status for outlet in reasons} == dict.fromkeys(reasons, "broken")
    assert {outlet: found[outlet].reason for outlet in reasons} == {
        outlet: f"none of the last 5 pages reads as an article, mostly {reason}; "
        "the last that did came in crawl-1"
        for outlet, reason in reasons.items()
    }


def test_a_readable_page_mends_an_outlet(paths: WarehousePaths) -> None:
    crawl(paths, 1, [page(1, number, Fate.REJECTED, "bot_check") for number in range(5)])
    assert health(paths)[A].status == "broken"
    crawl(paths, 2, [page(2, 9, Fate.REJECTED, "off_topic")])

    assert health(paths)[A].status == "silent"


def test_new_pages_that_are_all_forbidden_break_an_outlet_whose_old_ones_are_not_due(
    paths: WarehousePaths,
) -> None:
    for run in range(1, 4):
        known = fates(run, A, Fate.SKIPPED, "not_due", 2)
        assert run == 1 or health(paths)[A].status == "ok"
        crawl(paths, run, [feed(run, A, Fate.READ), *known, page(run, 10 + run, Fate.FAILED, "http_403")])

    assert health(paths)[A].reason == "the last 3 requests failed, mostly http_403"


def test_new_pages_that_robots_txt_forbids_break_an_outlet(paths: WarehousePaths) -> None:
    refused = [page(1, 10 + number, Fate.REFUSED, "robots") for number in range(3)]
    crawl(paths, 1, [*fates(1, A, Fate.SKIPPED, "not_due", 2), *refused])

    assert health(paths)[A].reason == "all 3 URLs asked for are refused, mostly robots"


@pytest.mark.parametrize(("fate", "status"), [(Fate.SKIPPED, "ok"), (Fate.FAILED, "broken")])
def test_an_outlet_that_rests_stays_as_it_was(paths: WarehousePaths, fate: Fate, status: str) -> None:
    reason = "not_due" if fate is Fate.SKIPPED else "dns"
    crawl(paths, 1, [feed(1, A, Fate.READ), *fates(1, A, fate, reason, 3)])
    crawl(paths, 2, [quiet(2)])

    row = health(paths)[A]
    assert (row.status, row.found, row.run_id) == (status, 3, "crawl-2")


def test_an_outlet_that_a_resting_feed_of_another_names_rests_with_it(paths: WarehousePaths) -> None:
    listed = replace(fates(1, "b.example", Fate.SKIPPED, "not_due", 1)[0], source_url=f"https://{A}/feed")
    crawl(paths, 1, [feed(1, A, Fate.READ), listed])
    crawl(paths, 2, [quiet(2)])

    assert health(paths)["b.example"].status == "ok"
    crawl(paths, 3, [feed(3, A, Fate.READ)])
    assert health(paths)["b.example"].status == "silent"


def test_an_outlet_found_through_a_site_that_rests_rests_with_it(paths: WarehousePaths) -> None:
    site = replace(feed(1, A, Fate.READ), via=Via.SITE, url=f"https://{A}/")
    found = replace(feed(1, A, Fate.READ), source_url=f"https://{A}/")
    listed = replace(fates(1, "b.example", Fate.SKIPPED, "not_due", 1)[0], source_url=f"https://{A}/feed")
    crawl(paths, 1, [site, found, listed])
    crawl(paths, 2, [replace(quiet(2), via=Via.SITE, url=f"https://{A}/")])

    assert health(paths)["b.example"].status == "ok"


def test_a_search_that_rests_is_no_outlet(paths: WarehousePaths) -> None:
    crawl(paths, 1, [replace(quiet(1, "search.example"), via=Via.SEARCH)])

    assert health(paths) == {}


def kept(run: int, number: int, words: int) -> list[Row]:
    """A new article of the outlet, this long."""
    text = " ".join(f"word{number}x{place}" for place in range(words))
    rows = piece_rows(Piece(f"n{number}.{A}", (text,)), f"crawl-{run}")
    return [replace(row, outlet=A) if isinstance(row, UrlFateRow) else row for row in rows]


def test_articles_of_which_only_a_teaser_is_left_break_an_outlet(paths: WarehousePaths) -> None:
    crawl(paths, 1, [row for number in range(6) for row in kept(1, number, 300 + number)])
    assert health(paths)[A].status == "ok"
    crawl(paths, 2, [row for number in range(6, 11) for row in kept(2, number, 40)])

    assert (health(paths)[A].status, health(paths)[A].kept) == ("broken", 5)
    assert health(paths)[A].reason == (
        "its articles have shrunk from 302 words to 40: the layout may have changed"
    )
