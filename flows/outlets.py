"""What outlets repeat on different stories: found in a run's pages and what is stored, cut from the run's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from flows.judge import Page
from pipelines.outlet_blocks import OutletPage, cut_repeats, find_repeats, may_repeat
from pipelines.urls import article_id_of
from warehouse.master import read_master
from warehouse.paths import WarehousePaths
from warehouse.read import block_holders

NO_OUTLET = "file"  # local material that names no outlet may come from many

Repeats = Mapping[str, frozenset[str]]


class Evidence:
    """The newest capture of each article that pages gave; what is added in any order gives the same."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[tuple[datetime, str, int], OutletPage]] = {}

    def add(self, pages: Iterable[Page]) -> None:
        for page in pages:
            article = page.derived.article
            if article is None or article.outlet == NO_OUTLET:
                continue
            article_id = article_id_of(article.url)
            age = (page.entry.fetched_at, page.entry.span.file, page.entry.span.offset)
            known = self._newest.get(article_id)
            if known is None or known[0] < age:
                self._newest[article_id] = (age, OutletPage(article_id, article.outlet, article.paragraphs))

    def pages(self) -> tuple[OutletPage, ...]:
        return tuple(page for _, page in self._newest.values())


def find_run_repeats(paths: WarehousePaths, pages: Sequence[Page]) -> Repeats:
    """What outlets repeat, by a run's pages and by the stored articles that hold any of their blocks."""
    evidence = Evidence()
    evidence.add(pages)
    fresh = evidence.pages()
    texts = sorted({one.text for page in fresh for one in page.paragraphs if may_repeat(one)})
    if not texts:
        return {}
    with read_master(paths) as connection:
        stored = block_holders(connection, texts)
    known = {page.article_id for page in fresh}
    return find_repeats([*fresh, *(page for page in stored if page.article_id not in known)])


def cut_pages(pages: Iterable[Page], repeats: Repeats) -> list[Page]:
    """The pages with their articles cut; what was derived stays beside as it was."""
    return [_cut(page, repeats) for page in pages]


def _cut(page: Page, repeats: Repeats) -> Page:
    article = page.derived.article
    if article is None or article.outlet not in repeats:
        return page
    return replace(page, cut=cut_repeats(article, repeats[article.outlet]))
