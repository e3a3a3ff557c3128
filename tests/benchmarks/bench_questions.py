"""Every ready question on a large warehouse, as `wirecopy ask` puts it: in its own process and bounds.

Run as `python -m tests.benchmarks.bench_questions [--articles 100000] [--folder DIR]`. The articles are
invented, 300 words in sentences; every fifth is an edited copy of another, half are about one story, and
every fiftieth was edited since: a sentence is gone. A warehouse in DIR is kept, and the next call takes it.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pipelines.records import ComparedArticle
from tests.benchmarks.bench_increment import build
from tests.benchmarks.copy_warehouse import BatchRun, compare_batch, staged_rows, warehouse_at
from tests.benchmarks.invented_texts import PARAGRAPHS, invent_texts
from warehouse.errors import QueryError
from warehouse.load import load_run
from warehouse.lock import lock_warehouse
from warehouse.master import prepare_master
from warehouse.paths import WarehousePaths
from warehouse.publish import publish
from warehouse.query import QueryLimits, run_query
from warehouse.questions import questions
from warehouse.rows import Row, StoryArticleRow, StoryRow
from warehouse.staging import write_staging

STORY = "large"
ALLOWED = QueryLimits(seconds=60.0)  # of `ask`, but for the seconds: how long it would have taken
AT_ONCE = 10_000
SENTENCE_WORDS = 17
EVERY_COPY, EVERY_EDITED, EVERY_OF_STORY = 5, 50, 2
MOMENT = "2020-02-01"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", default="", help="questions whose name holds this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = warehouse_at(options.folder or Path(folder))
        if not paths.published.exists():
            fill(paths, options.articles)
        show(paths, options.only)


def fill(paths: WarehousePaths, count: int) -> None:
    """Load the articles, then the edits of some."""
    with lock_warehouse(paths):
        prepare_master(paths)
        for first in range(0, count, AT_ONCE):
            numbers = range(first, min(count, first + AT_ONCE))
            add(paths, [invent(number) for number in numbers], f"fill-{first:09}", version=1)
        add(paths, [edit(number) for number in range(0, count, EVERY_EDITED)], "edits", version=2)
        publish(paths)


def add(paths: WarehousePaths, articles: list[ComparedArticle], run_id: str, version: int) -> None:
    """Compare and load a batch; the caller holds the lock."""
    known = {article.article_id: version - 1 for article in articles}
    staging = paths.runs / run_id / "staging"
    write_staging(staging, staged_rows(articles, compare_batch(paths, articles), BatchRun(run_id), known))
    write_staging(staging, of_story(articles), "story")
    load_run(paths, staging)


def of_story(articles: list[ComparedArticle]) -> Iterator[Row]:
    yield StoryRow(STORY, "A large story", {"name": STORY}, None, None)
    for article in articles:
        if int(article.article_id) // EVERY_COPY % EVERY_OF_STORY == 0:
            yield StoryArticleRow(STORY, article.article_id, 1.0, ("council",))


def invent(number: int) -> ComparedArticle:
    """An article; those in every fifth place keep half of the one before them."""
    texts = list(map(in_sentences, invent_texts(number)))
    if number % EVERY_COPY == 1:
        texts = [texts[0], *map(in_sentences, invent_texts(number - 1)[: PARAGRAPHS // 2])]
    return build(number, texts, f"outlet{number % 500}.example")


def edit(number: int) -> ComparedArticle:
    """The article without the last sentence of its second paragraph."""
    texts = list(map(in_sentences, invent_texts(number)))
    texts[1] = texts[1][: texts[1][:-1].rfind(". ") + 1]
    return build(number, texts, f"outlet{number % 500}.example")


def in_sentences(text: str) -> str:
    words = text.split()
    parts = [words[at : at + SENTENCE_WORDS] for at in range(0, len(words), SENTENCE_WORDS)]
    return " ".join(" ".join(part).capitalize() + "." for part in parts)


def show(paths: WarehousePaths, only: str) -> None:
    print("| question | seconds | CPU s | rows |")
    print("| --- | --- | --- | --- |")
    for question in questions():
        if only not in question.name:
            continue
        for story in (None, STORY):
            given = {one.name: MOMENT if one.is_required else None for one in question.parameters} | {
                "story": story
            }
            started, cpu = time.monotonic(), children_cpu()
            try:
                found = f"{len(run_query(paths.published, question.sql, given, ALLOWED).rows):,}"
            except QueryError as error:
                found = f"{type(error).__name__}: {str(error)[:80]}"
            wall, spent = time.monotonic() - started, children_cpu() - cpu
            of_story = f", of {story}" if story else ""
            print(f"| {question.name}{of_story} | {wall:.1f} | {spent:.1f} | {found} |", flush=True)


def children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
