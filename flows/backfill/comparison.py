"""The comparison of a backfill's new articles with all others, by an engine's workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.backfill.engines import Engine
from flows.backfill.gather import placed_texts
from flows.backfill.jobs import FileJob
from flows.backfill.join import JoinComparer
from flows.compare import Findings, compare_fresh
from flows.judge import JudgedPage, newest_of
from flows.look_backs import StoryChange
from flows.run_files import RunFiles
from flows.steps import fresh_articles
from pipelines.copies import Comparison
from warehouse.exchange import PlacedText
from warehouse.master import read_master
from warehouse.neighbours import StoredArticles
from warehouse.paths import WarehousePaths
from warehouse.postings import open_postings

JOIN_FOLDER = "join"


@dataclass(frozen=True, slots=True)
class EngineComparison:
    """Stands where a run compares in its own process; the workers stage the pairs and passages themselves."""

    engine: Engine
    files: RunFiles
    jobs: Sequence[FileJob]

    def __call__(
        self, paths: WarehousePaths, judged: tuple[JudgedPage, ...], change: StoryChange
    ) -> Findings | None:
        """What is left to stage: the articles that were compared, and the groups."""
        fresh = fresh_articles(judged)
        if not fresh and not change.is_of_consequence:
            return None
        folder = self.files.folder / JOIN_FOLDER
        comparer = JoinComparer(self.engine, folder, self.files.staging, self._texts(judged))
        with read_master(paths) as connection:
            stored = StoredArticles(connection, open_postings(connection, paths.index))
            findings = compare_fresh(fresh, stored, comparer, change)
        return replace(findings, comparison=Comparison((), ()))

    def _texts(self, judged: tuple[JudgedPage, ...]) -> dict[str, PlacedText]:
        """The fingerprints found with the pages, of the articles whose text wasn't cut since."""
        texts = placed_texts(self.jobs)
        return {
            page.filing.article_id: texts[page.page.derived.place]
            for page in newest_of(judged)
            if page.filing is not None and page.page.cut is None
        }
