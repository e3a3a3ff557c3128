"""The comparison of articles as jobs: ranges of fingerprints first, then blocks of texts.

Between them lie Parquet files in the run's folder; see `pipelines.divided_texts`. Who pairs with whom, and
what they share, is decided by the functions that decide it for a run.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from flows.backfill.engines import Engine
from flows.backfill.jobs import BlockJob, Done, RangeJob, encode
from flows.compare import HERE, Neighbourhood, Stored, needed_articles
from flows.errors import Failure
from pipelines.copies import Comparison, compare_linked
from pipelines.divided_texts import Block, fingerprint_range, link_block, number_texts, share_out
from pipelines.groups import GROUP_JACCARD
from pipelines.library import Library
from pipelines.look_back import Reach
from pipelines.pairing import IndexedArticle
from pipelines.records import ComparedArticle
from warehouse.exchange import PlacedText
from warehouse.join_files import (
    BlockArticle,
    JoinFiles,
    read_articles,
    read_neighbourhood,
    read_postings,
    write_block,
    write_shared,
)
from warehouse.parquet_staging import read_near_copies, write_parquet
from warehouse.rows import CopyRow, ReusedPassageRow

BLOCK_ARTICLES = 10_000  # a job's own; some 100 MB with the texts that they are compared with
RANGE_POSTINGS = 8_000_000  # 130 MB, three times that while they are sorted
JOBS_A_WORKER = 2  # at least, so that none waits long for the others
LINKS_AT_ONCE = 20_000  # whose articles are read together


@dataclass(frozen=True, slots=True)
class JoinComparer:
    """Compares by the workers of an engine; `texts` are the fingerprints that they found already."""

    engine: Engine
    folder: Path
    staging: Path
    texts: Mapping[str, PlacedText]  # by article id; those whose text is as it was derived

    def index(self, fresh: Mapping[str, ComparedArticle]) -> dict[str, IndexedArticle]:
        """The index entries of new articles: known ones as they are, the rest made here."""
        rest = HERE.index({key: article for key, article in fresh.items() if key not in self.texts})
        return {
            key: rest[key] if key in rest else _entry(article, self.texts[key])
            for key, article in fresh.items()
        }

    def compare(
        self, around: Neighbourhood, fresh: Mapping[str, ComparedArticle], stored: Stored
    ) -> Comparison:
        """Have the pairs found and staged; the result names those that make groups, and no passages."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.staging.mkdir(exist_ok=True)
        articles = around.all()
        least = JOBS_A_WORKER * self.engine.workers
        blocks = max(least, -(-len(articles) // BLOCK_ARTICLES))
        ranges = max(least, -(-sum(len(one.fingerprints) for one in articles) // RANGE_POSTINGS))
        files = JoinFiles(self.folder)
        _write_blocks(files, blocks, around, _Texts(fresh, stored))
        folder, staging = str(self.folder), str(self.staging)
        self._run("share", [RangeJob(folder, number, ranges, blocks) for number in range(ranges)])
        self._run("link", [BlockJob(folder, staging, number, blocks, ranges) for number in range(blocks)])
        near = read_near_copies(self.staging, GROUP_JACCARD)
        shutil.rmtree(self.folder)
        return Comparison(near, ())

    def _run(self, task: str, jobs: Sequence[RangeJob | BlockJob]) -> None:
        for _, outcome in self.engine.run(task, [encode(job) for job in jobs]):
            if not isinstance(outcome, Done):
                raise Failure(
                    f"the articles could not be compared: {outcome.detail}; what was read is kept, mend that "
                    "and give the same command again"
                )


def share_range(job: RangeJob) -> str:
    """Which fingerprints of a range several texts share; runs in a worker."""
    files = JoinFiles(Path(job.folder))
    fingerprints, texts = read_postings(files, job.blocks, fingerprint_range(job.number, job.ranges))
    write_shared(files, job.number, share_out(fingerprints, texts, job.blocks))
    return ""


def link_and_compare(job: BlockJob) -> str:
    """The pairs that a block answers for, into the staging; runs in a worker."""
    files, block = JoinFiles(Path(job.folder)), Block(job.number, job.blocks)
    articles, numbers, changed = read_neighbourhood(files, job.number, job.blocks, job.ranges)
    links, reach = link_block(articles, numbers, changed, block), Reach(articles)
    copies: list[CopyRow] = []
    passages: list[ReusedPassageRow] = []
    while batch := list(islice(links, LINKS_AT_ONCE)):
        wanted = {article_id for linked in batch for article_id in needed_articles(linked, changed)}
        known = {one.article_id: one for one in read_articles(files, job.blocks, sorted(wanted))}
        found = compare_linked(batch, Library(known.__getitem__), changed, reach)
        copies.extend(map(CopyRow.of, found.copies))
        passages.extend(map(ReusedPassageRow.of, found.passages))
    part = f"block-{job.number:05d}"
    write_parquet(Path(job.staging), ReusedPassageRow, passages, part)
    write_parquet(Path(job.staging), CopyRow, copies, part)
    return ""


@dataclass(frozen=True, slots=True)
class _Texts:
    """The articles with their texts, the new ones and those that are stored."""

    fresh: Mapping[str, ComparedArticle]
    stored: Stored

    def of(self, article_ids: Sequence[str]) -> dict[str, ComparedArticle]:
        known = {key: self.fresh[key] for key in article_ids if key in self.fresh}
        return {**known, **self.stored.articles([key for key in article_ids if key not in known])}


def _write_blocks(files: JoinFiles, blocks: int, around: Neighbourhood, texts: _Texts) -> None:
    articles = around.all()
    numbers = number_texts(articles)
    for block in range(blocks):
        own = [one for one in articles if Block(block, blocks).has(numbers[one.digest])]
        write_block(files, block, _with_texts(own, numbers, around, texts))


def _with_texts(
    entries: Sequence[IndexedArticle], numbers: Mapping[str, int], around: Neighbourhood, texts: _Texts
) -> Iterator[BlockArticle]:
    found = texts.of([entry.article_id for entry in entries])
    for entry in entries:
        is_changed = entry.article_id in around.changed
        yield BlockArticle(numbers[entry.digest], found[entry.article_id], entry, is_changed)


def _entry(article: ComparedArticle, text: PlacedText) -> IndexedArticle:
    return IndexedArticle(
        article.article_id,
        article.outlet,
        article.published_latest,
        text.digest,
        len(text.fingerprints),
        text.fingerprints,
    )
