"""Prints the pages that a tool reads worst, with what it lost and kept there, and a summary by place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.page_errors import PageErrors, Place, WrongParagraph, count_by_place, find_errors
from tests.benchmarks.page_scores import PageScore, score_page

SHOWN_CHARS = 80
SHOWN_PARAGRAPHS = 12  # of one page and kind; the rest is counted

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as one tool read it, against its gold text."""

    row: Row
    score: PageScore
    errors: PageErrors


def read_pages_with(tool: Callable[[Row], str], rows: Sequence[Row]) -> list[ReadPage]:
    """Read and compare every page with one tool, a function from a page to its text."""
    pages = []
    for row in rows:
        text, gold, optional = tool(row), row["text"], row["optional_paragraphs"]
        pages.append(ReadPage(row, score_page(text, gold, optional), find_errors(text, gold, optional)))
    return pages


def print_worst(pages: Sequence[ReadPage], others: Sequence[ReadPage], count: int) -> None:
    """The pages of lowest F1; `others` are the same pages, in the same order, as another tool read them."""
    pairs = sorted(zip(pages, others, strict=True), key=lambda pair: pair[0].score.f1)
    for page, other in pairs[:count]:
        _print_page(page, other)


def print_behind(pages: Sequence[ReadPage], others: Sequence[ReadPage], count: int) -> None:
    """The pages where the other tool is furthest ahead."""
    pairs = sorted(zip(pages, others, strict=True), key=lambda pair: pair[0].score.f1 - pair[1].score.f1)
    for page, other in pairs[:count]:
        if page.score.f1 < other.score.f1:
            _print_page(page, other)


def _print_page(page: ReadPage, other: ReadPage) -> None:
    precision, recall = page.score.precision or 0.0, page.score.recall or 0.0
    figures = f"F1 {page.score.f1:.3f} P {precision:.3f} R {recall:.3f} (other tool {other.score.f1:.3f})"
    print(f"\n{page.row['id']}  {figures}  {page.row['url'][:90]}")
    _print_paragraphs("lost", page.errors.missing, other.errors.missing)
    _print_paragraphs("kept", page.errors.extra, other.errors.extra)


def print_summary(name: str, pages: Sequence[ReadPage]) -> None:
    """Paragraphs and words lost and kept by place, over all pages."""
    for label, wrong in (
        ("lost", [paragraph for page in pages for paragraph in page.errors.missing]),
        ("kept", [paragraph for page in pages for paragraph in page.errors.extra]),
    ):
        by_place = count_by_place(wrong)
        cells = "".join(f"{by_place[place][0]:>8}{by_place[place][1]:>8}" for place in Place)
        print(f"{name:<23}{label:<6}{cells}")


def print_summary_head() -> None:
    """The head of the summary: two columns for each place."""
    print(f"\n{'tool':<23}{'':<6}" + "".join(f"{place.value:>8}{'words':>8}" for place in Place))


def _print_paragraphs(label: str, wrong: Sequence[WrongParagraph], others: Sequence[WrongParagraph]) -> None:
    theirs = {paragraph.text for paragraph in others}
    for paragraph in wrong[:SHOWN_PARAGRAPHS]:
        mark = "=" if paragraph.text in theirs else " "  # the other tool does the same
        place = f"{paragraph.place.value:<6} {100 * paragraph.position_share:3.0f} %"
        print(f"  {label}{mark} {place} {paragraph.words:>4} {paragraph.text[:SHOWN_CHARS]}")
    if len(wrong) > SHOWN_PARAGRAPHS:
        rest = wrong[SHOWN_PARAGRAPHS:]
        print(f"  {label}  … {len(rest)} more, {sum(p.words for p in rest)} words")
