"""What a page holds is in its article or among its removed blocks: nothing is lost without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.blocks import read_blocks, squash
from pipelines.page import read_page
from pipelines.parsing import parse_html
from pipelines.records import Article
from tests.benchmarks.cleaning_tools import capture_of
from tests.benchmarks.page_scores import PAGES, read_pages
from tests.pipelines.page_captures import GOLDEN, capture_page, golden_cases
from tests.pipelines.test_live_blog import page as live_page
from tests.pipelines.test_live_blog import posts

SETS = ("fundus-evaluation", "fundus-parser-tests")
EVERY = 9  # of the gold pages one in so many is looked at


def lost_blocks(html: str, article: Article) -> Iterator[str]:
    """The blocks of a page of which neither article nor removed blocks hold the text."""
    stated = " ".join(filter(None, (article.title, article.subtitle, article.byline_raw)))
    kept = [paragraph.text for paragraph in article.paragraphs]
    whole = "\n".join(squash(text) for text in (*kept, *(block.text for block in article.removed), stated))
    tree = parse_html(html)
    assert tree is not None
    for block in read_blocks(tree).blocks:
        if squash(block.text) not in whole:
            yield block.text


def misplaced(article: Article) -> list[int]:
    last = len(article.paragraphs)
    return [block.position for block in article.removed if not 0 <= block.position <= last]


@pytest.mark.parametrize("case", golden_cases())
def test_every_block_of_a_page_is_kept_or_removed(case: str) -> None:
    html = (GOLDEN / case / "page.html").read_bytes()
    article = read_page(capture_page(html))
    if isinstance(article, Article):
        assert list(lost_blocks(html.decode("utf-8", "replace"), article)) == []
        assert misplaced(article) == []


def test_the_posts_of_a_live_blog_are_kept_or_removed() -> None:
    html = live_page(
        f'<section class="stream">{posts()}</section><footer><p>All rights reserved.</p></footer>'
    )
    article = read_page(capture_page(html))

    assert isinstance(article, Article)
    assert list(lost_blocks(html, article)) == []


@pytest.mark.parametrize("set_name", SETS)
@pytest.mark.skipif(not Path(PAGES).exists(), reason="the gold pages are not at hand")
def test_every_block_of_a_gold_page_is_kept_or_removed(set_name: str) -> None:
    for row in list(read_pages(set_name))[::EVERY]:
        article = read_page(capture_of(row))
        if isinstance(article, Article):
            assert list(lost_blocks(row["html"], article)) == [], row["id"]
            assert misplaced(article) == [], row["id"]


def test_the_cells_of_a_row_are_one_paragraph_to_what_is_removed_after_them() -> None:
    sentence = (
        "The dockers of Harbourtown walked out at dawn and said they would stay until the tide turned. "
    )
    row = "".join(f"<td>{sentence} Berth {number} is empty.</td>" for number in range(6))
    html = (
        f"<html><body><article><h1>Dockers walk out</h1><table><tr>{row}</tr></table></article></body></html>"
    )
    article = read_page(capture_page(html.replace("</body>", "<div>Share this page</div></body>")))

    assert isinstance(article, Article)
    assert len(article.paragraphs) == 1
    assert misplaced(article) == []
    assert article.removed[-1].position == 1
