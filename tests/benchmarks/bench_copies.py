"""Speed and exactness of the copy finder on real articles, and its passages on labelled copies.

Run as `python -m tests.benchmarks.bench_copies [--sizes 1000 10000] [--families 200]`. The times are CPU
seconds of this process, from raw text to verified pairs and passages; the first call's tables are included.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from collections.abc import Iterable
from itertools import combinations

from pipelines.copies import Comparison, compare_articles
from pipelines.folding import fold_words
from pipelines.groups import group_copies
from pipelines.records import ComparedArticle
from pipelines.shingles import hash_shingles
from tests.benchmarks.copy_families import (
    NEWS,
    build_article,
    load_copy_maker,
    make_families,
    read_news,
    score_spans,
    split_paragraphs,
)

FORCED = 1_000  # articles compared by brute force as well
SEED = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--families", type=int, default=200)
    options = parser.parse_args()
    if not NEWS.exists():
        print(f"{NEWS} is absent: nothing to measure")
        return
    for size in options.sizes:
        measure_speed(read_articles(size))
    measure_exactness(read_articles(FORCED))
    measure_passages(options.families)


def read_articles(size: int) -> list[ComparedArticle]:
    return [build_article(number, outlet, split_paragraphs(text)) for number, outlet, text in read_news(size)]


def measure_speed(articles: list[ComparedArticle]) -> None:
    started = time.process_time()
    comparison = compare_articles(articles)
    seconds = time.process_time() - started
    members = group_copies([article.article_id for article in articles], comparison.copies, articles)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kinds = Counter(copy.kind.value for copy in comparison.copies)
    print(
        f"{len(articles):,} articles: {seconds:.1f} CPU s, {len(articles) / seconds:,.0f} documents a CPU s, "
        f"peak {peak:,.0f} MB so far; {len(comparison.copies):,} pairs {dict(kinds)}, "
        f"{len(comparison.passages):,} passages, {len({member.group_id for member in members})} groups"
    )


def measure_exactness(articles: list[ComparedArticle]) -> None:
    """Pairs against a brute-force comparison of all shingle sets."""
    found = pairs_of(compare_articles(articles))
    shingles = {
        article.article_id: set(hash_shingles(fold_words(article.text).hashes).tolist())
        for article in articles
    }
    near, contained = set(), set()
    for one, other in combinations(shingles, 2):
        shared = len(shingles[one] & shingles[other])
        sizes = len(shingles[one]), len(shingles[other])
        if shared and shared / (sum(sizes) - shared) >= 0.5:
            near.add(frozenset((one, other)))
        if shared >= 46 and shared / min(sizes) >= 0.5:  # fifty words
            contained.add(frozenset((one, other)))
    print(f"brute force over {len(articles):,}: Jaccard >= 0.5 {describe(near, found)}")
    print(f"brute force over {len(articles):,}: containment >= 0.5 {describe(contained, found)}")


def pairs_of(comparison: Comparison) -> set[frozenset[str]]:
    return {frozenset((copy.article_id, copy.source_id)) for copy in comparison.copies}


def describe(expected: set[frozenset[str]], found: Iterable[frozenset[str]]) -> str:
    return f"{len(expected & set(found))} of {len(expected)} pairs found"


def measure_passages(families: int) -> None:
    """Words of known copied spans against the passages found, on versions of real articles."""
    maker = load_copy_maker()
    if maker is None:
        print("the generator of labelled copies is absent: passages not measured")
        return
    rows = [(number, maker.paragraphs(text)) for number, _, text in read_news(3 * families)]
    bases = [(number, paragraphs) for number, paragraphs in rows if len(paragraphs) >= 4][:families]
    labelled = make_families(maker, bases, SEED)
    scores = score_spans(labelled, compare_articles([one.article for one in labelled]).passages)
    print(
        f"{len(bases)} families, word by word: "
        f"verbatim and retyped spans, recall {scores.recall('verbatim', 'typo'):.4f}; "
        f"quoted {scores.recall('quote'):.4f}; paraphrased {scores.recall('para'):.4f}; "
        f"precision {scores.precision:.4f}"
    )


if __name__ == "__main__":
    main()
