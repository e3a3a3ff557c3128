"""Time and memory of the copy finder on very many articles, one size a process.

Run as `python -m tests.benchmarks.bench_scale SIZE [--mixed] [--passages]`: invented articles of about 300
words, every fifth an edited copy; with --mixed real ones, edited copies, and invented ones for the rest.
From raw text to verified pairs, and with --passages to all passages.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator

from pipelines.copies import compare_articles
from pipelines.records import ComparedArticle
from pipelines.resemblance import measure_resemblances
from tests.benchmarks.bench_copies import read_articles, read_reuters
from tests.benchmarks.bench_increment import EVERY_COPY, invent_article, invent_copy

ALL_REUTERS = 18_323
MOST_REAL, EDITED = 16_616, 20_000
NEAR = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int)
    parser.add_argument("--mixed", action="store_true")
    parser.add_argument("--passages", action="store_true")
    options = parser.parse_args()
    articles = list(mix_articles(options.size) if options.mixed else invent_articles(0, options.size))
    held = peak_mb()
    compare_articles(articles[:500])  # loads the compiled code
    list(measure_resemblances(articles[:500]))
    started = time.process_time()
    if options.passages:
        comparison = compare_articles(articles)
        near, every = sum(one.jaccard >= NEAR for one in comparison.copies), len(comparison.copies)
    else:
        near = every = 0
        for one in measure_resemblances(articles):
            every += 1
            near += one.jaccard >= NEAR
    seconds = time.process_time() - started
    characters = sum(len(one.text) for one in articles)
    print(
        f"{len(articles):,} articles, {characters / 1e6:,.0f} million characters: "
        f"{seconds / len(articles) * 1e6:.0f} microseconds each, {every:,} pairs, {near:,} of them near; "
        f"peak {peak_mb():,.0f} MB, {held:,.0f} of them before"
    )


def invent_articles(first: int, after: int) -> Iterator[ComparedArticle]:
    for number in range(first, after):
        yield invent_copy(number, after) if number % EVERY_COPY == 0 else invent_article(number)


def mix_articles(size: int) -> Iterator[ComparedArticle]:
    real = read_articles(round((MOST_REAL + EDITED) * min(1.0, size / 100_000)))
    wire = read_reuters(min(ALL_REUTERS, round(size * ALL_REUTERS / 100_000)))
    yield from real
    yield from wire
    yield from invent_articles(0, size - len(real) - len(wire))


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
