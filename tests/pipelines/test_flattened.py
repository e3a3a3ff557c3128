"""The flattened-text cleaner on invented pages: one golden folder each, one test per field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.flattened import clean_flattened
from pipelines.records import FlattenedPage, ParagraphKind

GOLDEN = Path(__file__).parent / "golden_flattened"
CASES = sorted(folder.name for folder in GOLDEN.iterdir())
DOCUMENTS = Path(__file__).parents[3] / "shared" / "data" / "documents"
DOCUMENT_NAMES = sorted(path.stem for path in DOCUMENTS.glob("*.txt"))

PLAIN_REPORT = """
The harbour of Wenlow was quiet on Monday morning, and the three cranes stood still above the basin.

A meeting of the dockers had lasted until four, said the chair of their works council, Ada Merrow.

It ended without a vote.

The next talks are planned for Thursday, and both sides have promised to bring new figures with them.
"""


def _read_case(name: str) -> tuple[FlattenedPage, dict[str, Any]]:
    folder = GOLDEN / name
    expected = json.loads((folder / "article.json").read_text(encoding="utf-8"))
    return clean_flattened((folder / "page.txt").read_text(encoding="utf-8")), expected


@pytest.mark.parametrize("name", CASES)
def test_title_is_found(name: str) -> None:
    page, expected = _read_case(name)
    assert page.title == expected["title"]


@pytest.mark.parametrize("name", CASES)
def test_paragraphs_are_the_article_and_nothing_else(name: str) -> None:
    page, expected = _read_case(name)
    assert [[paragraph.kind.value, paragraph.text] for paragraph in page.paragraphs] == expected["paragraphs"]


@pytest.mark.parametrize("name", CASES)
def test_standfirst_is_found(name: str) -> None:
    page, expected = _read_case(name)
    assert page.subtitle == expected["subtitle"]


@pytest.mark.parametrize("name", CASES)
def test_byline_is_kept_as_written(name: str) -> None:
    page, expected = _read_case(name)
    assert page.byline_raw == expected["byline_raw"]


@pytest.mark.parametrize("name", CASES)
def test_date_is_read_with_its_precision_and_zone(name: str) -> None:
    page, expected = _read_case(name)
    time = page.published
    found = (
        time.value.isoformat() if time and time.value else None,
        time and time.precision,
        time and time.zone,
    )
    assert found == (expected["published_at"], expected["published_precision"], expected["zone"])


@pytest.mark.parametrize("name", CASES)
def test_every_line_is_accounted_for(name: str) -> None:
    _assert_conserved((GOLDEN / name / "page.txt").read_text(encoding="utf-8"))


@pytest.mark.skipif(not DOCUMENT_NAMES, reason="../shared is absent")
@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_real_document_gives_exactly_the_expected_record(name: str) -> None:
    page = clean_flattened((DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8"))
    expected = json.loads((DOCUMENTS / f"{name}.expected.json").read_text(encoding="utf-8"))
    value = page.published.value if page.published else None
    assert {
        "title": page.title,
        "subtitle": page.subtitle,
        "paragraphs": [paragraph.text for paragraph in page.paragraphs],
        "published_at": value.strftime("%Y-%m-%dT%H:%M") if value else None,
        "published_precision": page.published.precision if page.published else None,
    } == {
        key: expected[key]
        for key in ("title", "subtitle", "paragraphs", "published_at", "published_precision")
    }


def test_standfirst_quoted_in_the_body_stays() -> None:
    page, _ = _read_case("english_skip_link")
    quoted = [paragraph.text for paragraph in page.paragraphs if paragraph.text.startswith("Nobody saw it")]
    assert len(quoted) == 2


def test_last_paragraph_that_ends_in_an_ellipsis_stays() -> None:
    page, _ = _read_case("english_skip_link")
    assert page.paragraphs[-1].text.endswith("…")


def test_clean_text_stays_as_it_is() -> None:
    page = clean_flattened(PLAIN_REPORT)
    assert "\n\n".join(paragraph.text for paragraph in page.paragraphs) == PLAIN_REPORT.strip()


@pytest.mark.parametrize("name", CASES)
def test_cleaning_clean_text_again_changes_nothing(name: str) -> None:
    page, _ = _read_case(name)
    again = clean_flattened("\n\n".join(paragraph.text for paragraph in page.paragraphs))
    texts = [paragraph.text for paragraph in page.paragraphs if paragraph.kind is not ParagraphKind.LEAD]
    assert [paragraph.text for paragraph in again.paragraphs if paragraph.text in texts] == texts


def test_doubled_spaces_become_one() -> None:
    page = clean_flattened(PLAIN_REPORT.replace(" stood still ", "  stood \t still\u00a0 "))
    assert " stood still above" in page.paragraphs[0].text


def test_removed_lines_carry_position_and_rule() -> None:
    page, _ = _read_case("english_icons")
    first = page.removed[0]
    assert (first.position, first.rule) == (0, "icon_list")


def test_empty_page_has_nothing() -> None:
    assert clean_flattened("") == FlattenedPage(None, None, None, None, (), ())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=600))
def test_no_text_breaks_the_cleaner(text: str) -> None:
    _assert_conserved(text)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from([*PLAIN_REPORT.splitlines(), "Share", "30 Jan, 2024", "* Home", "and so on,", "("])
    )
)
def test_every_line_of_a_mixed_page_is_accounted_for(lines: list[str]) -> None:
    _assert_conserved("\n".join(lines))


def test_a_million_lines_are_read_in_bounded_time() -> None:
    page = clean_flattened("Home\n" * 1_000_000)
    assert (page.paragraphs, len(page.removed)) == ((), 1_000_000)


@pytest.mark.parametrize("unit", ["a", " ", "icon ", "a. ", "- ", "1 ", "\u00a0x", "字"])
def test_one_huge_line_is_read_in_bounded_time(unit: str) -> None:
    _assert_conserved(unit * 1_000_000)


def _assert_conserved(text: str) -> None:
    """Each word of the page is in the title, a paragraph or a removed block, in the right number."""
    page = clean_flattened(text)
    kept = [page.title or "", *(paragraph.text for paragraph in page.paragraphs)]
    found = " ".join([*kept, *(block.text for block in page.removed)])
    assert sorted(filter(str.isalnum, text)) == sorted(filter(str.isalnum, found))
