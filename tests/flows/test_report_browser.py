"""The report in a browser: the demo's, and one of a story whose every text tries to break out."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.report import write_report
from flows.report.page import render_rows
from tests.flows.conftest import Demo
from tests.flows.naughty import naughty_rows, naughty_strings

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
INTRUDERS = ", ".join(
    f"main {name}:not(.plot *)" for name in ("img", "iframe", "form", "base", "meta", "style", "svg")
)
CHARTS = ["plot-funnel", "plot-coverage", "plot-ladder", "plot-network", "plot-outlets", "plot-strip"]


@dataclass
class Seen:
    """An open page, and all that it said or asked for."""

    page: sync_api.Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Open = Callable[..., Seen]


@pytest.fixture(scope="module")
def open_file() -> Iterator[Open]:
    """One browser for all; each call opens a page of its own."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)

        def open_one(path: Path, viewport: dict[str, int] = WIDE, scheme: str = "light") -> Seen:
            page = browser.new_page(viewport=viewport, color_scheme=scheme)
            seen = Seen(page)
            page.on("console", lambda message: seen.messages.append(f"{message.type}: {message.text}"))
            page.on("pageerror", lambda error: seen.messages.append(f"error: {error}"))
            page.on("dialog", lambda dialog: seen.messages.append(f"dialog: {dialog.message}"))
            page.on("request", lambda request: seen.requests.append(request.url))
            page.goto(path.as_uri())
            page.wait_for_selector("html[data-ready]", timeout=60_000, state="attached")
            return seen

        yield open_one
        browser.close()


@pytest.fixture(scope="module")
def report(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(
        demo.warehouse, "harbour-strike", tmp_path_factory.mktemp("report") / "harbour strike.html"
    )


@pytest.fixture(scope="module")
def wide(open_file: Open, report: Path) -> Seen:
    """For tests that leave the page as they find it, but for what they choose in it."""
    return open_file(report)


@pytest.fixture(scope="module")
def naughty(open_file: Open, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    path = tmp_path_factory.mktemp("naughty") / "report.html"
    rows = naughty_rows(naughty_strings())
    path.write_text(render_rows(rows, datetime(2024, 3, 9, tzinfo=UTC)), encoding="utf-8")
    return open_file(path)


def test_it_asks_for_nothing_but_itself_and_the_console_stays_empty(wide: Seen, report: Path) -> None:
    assert wide.requests == [report.as_uri()]
    assert wide.messages == []


def test_every_chart_draws(wide: Seen) -> None:
    drawn = "plots => plots.filter(p => p.querySelectorAll('svg path, svg line').length > 3).map(p => p.id)"

    assert wide.page.eval_on_selector_all(".plot[data-drawn]", drawn) == CHARTS


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_is_wider_than_the_window(open_file: Open, report: Path, viewport: dict[str, int]) -> None:
    seen = open_file(report, viewport, "dark")
    seen.page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")

    assert seen.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert seen.messages == []
    seen.page.close()


def test_axe_finds_no_serious_violation(open_file: Open, report: Path) -> None:
    seen = open_file(report)
    seen.page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    found = axe.Axe().run(seen.page).response["violations"]
    seen.page.emulate_media(color_scheme="dark")
    contrast = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
    found += axe.Axe().run(seen.page, options=contrast).response["violations"]

    assert [
        (one["id"], [node["html"][:200] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ] == []
    seen.page.close()


def test_the_time_chart_leaves_copies_out_when_asked(wide: Seen) -> None:
    bars = "() => document.querySelectorAll('#plot-coverage .mark-rect path').length"
    before = wide.page.evaluate(bars)

    wide.page.get_by_label("Without near-identical copies").check()

    wide.page.wait_for_function(f"({bars})() < {before}")
    wide.page.get_by_label("All articles").check()


def test_the_network_shows_one_outlet_only_wide_arcs_or_only_proven_ones(wide: Seen) -> None:
    arcs = "() => document.querySelectorAll('#plot-network .mark-line path').length"
    before = wide.page.evaluate(arcs)

    wide.page.select_option("#network-outlet", "daily-quay.example")
    wide.page.wait_for_function(f"({arcs})() === 1")
    wide.page.select_option("#network-outlet", "")
    wide.page.fill("#network-least", "300")
    wide.page.wait_for_function(f"({arcs})() < {before}")
    wide.page.fill("#network-least", "0")
    wide.page.check("#network-proven")
    wide.page.wait_for_function(f"({arcs})() === {before - 2}")
    wide.page.uncheck("#network-proven")


def test_the_outlet_table_is_filtered_and_sorted(wide: Seen) -> None:
    rows = wide.page.locator("#sheet-outlets tbody tr:visible")
    everyone = rows.count()

    wide.page.get_by_label("Find in the table").fill("harbour")
    assert rows.count() == 1
    wide.page.get_by_label("Find in the table").fill("")
    wide.page.get_by_role("button", name="agency, no credit").click()

    assert rows.count() == everyone
    assert rows.first.locator("td").nth(0).inner_text() in ("hourly-skim.example", "tidings-in-brief.example")


def test_any_article_stands_beside_its_source_with_the_same_words_marked(wide: Seen) -> None:
    page = wide.page
    page.fill("#sides-search", "hourly-skim")
    page.locator("#sides-list button").first.click()
    page.locator("#sides-view select").select_option(
        label=page.locator("#sides-view option").first.inner_text()
    )
    left = page.locator("#sides-view .text").nth(0)
    right = page.locator("#sides-view .text").nth(1)

    mark = left.locator("mark").nth(2)
    mark.click()

    lit = right.locator("mark.lit")
    assert lit.inner_text() == mark.inner_text()
    assert page.evaluate("document.activeElement.closest('.text') === document.querySelectorAll('.text')[1]")
    page.fill("#sides-search", "")


def test_an_article_without_shared_text_can_be_read_too(wide: Seen) -> None:
    page = wide.page
    page.uncheck("#sides-shared")
    page.fill("#sides-search", "kuestenlotse")
    page.locator("#sides-list button").first.click()

    assert "shares no text" in page.locator("#sides-view").inner_text()
    page.check("#sides-shared")
    page.fill("#sides-search", "")


def test_the_keyboard_alone_reaches_everything(open_file: Open, report: Path) -> None:
    seen = open_file(report)
    controls = seen.page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
            .filter((one) => one.checkVisibility() && !(one.type === 'radio' && !one.checked)).length"""
    )
    focused = "() => { const one = document.activeElement; one.dataset.reached = 'yes'; return one.tagName; }"

    for _ in range(controls):
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate(focused) != "BODY"

    assert seen.page.locator("[data-reached]").count() == controls
    seen.page.close()


def test_a_chart_is_saved_as_csv(wide: Seen) -> None:
    wide.page.locator("#first details.data summary").click()
    with wide.page.expect_download() as download:
        wide.page.locator("#first .save").click()

    text = Path(download.value.path()).read_text(encoding="utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text)))
    assert download.value.suggested_filename == "first-articles.csv"
    assert rows[0]["outlet"] == "harbour-post.example"
    assert rows[0]["states"] == "2024-01-29T08:20:00+00:00"


def test_no_text_of_a_page_becomes_a_script_or_an_element(naughty: Seen) -> None:
    page = naughty.page

    assert page.evaluate("window.broken") is None
    assert naughty.messages == []
    assert len(naughty.requests) == 1
    assert page.locator(INTRUDERS).count() == 0
    assert page.locator("script:not([type])").count() == 2


def test_every_naughty_article_can_be_read_side_by_side(naughty: Seen) -> None:
    page = naughty.page
    strings = naughty_strings()
    for place in range(0, len(strings), 25):
        page.evaluate("id => { location.hash = `#article=${id}`; }", f"{place:016x}")
        page.wait_for_function(
            "url => document.querySelector('#sides-view .text').textContent.startsWith(url)",
            arg=strings[place],
        )

    assert page.evaluate("window.broken") is None
    assert naughty.messages == []


def test_no_link_leads_elsewhere_than_to_the_web_or_into_the_report(naughty: Seen) -> None:
    links = naughty.page.eval_on_selector_all("a", "all => all.map(one => one.getAttribute('href'))")

    assert [link for link in links if not link.startswith(("http://", "https://", "#"))] == []


def test_no_cell_of_a_saved_table_starts_a_formula(naughty: Seen) -> None:
    page = naughty.page
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    for name in ("first-articles", "outlets", "fates"):
        with page.expect_download() as download:
            page.locator(f".save[data-sheet={name}]").click()
        text = Path(download.value.path()).read_text(encoding="utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]

        assert len(cells) > len(naughty_strings())
        assert [cell for cell in cells if cell.startswith(FORMULA)] == []
