"""Speed and exactness of the copy finder on real articles, and its passages on labelled copies.

Run as `python -m tests.benchmarks.bench_copies [--sizes 1000 10000] [--families 200]`. The times are CPU
seconds of this process, from raw text to verified pairs and passages; the first call's tables are included.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter, defaultdict
from itertools import combinations

from pipelines.copies import compare_articles
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
    read_wire,
    score_spans,
    split_paragraphs,
)

FORCED = 3_000  # articles compared by brute force as well
LEAST_CONTAINED = 46  # shared shingles: fifty words on end
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
    measure_exactness("outlets", read_articles(FORCED))
    measure_exactness("Reuters", read_reuters(FORCED))
    measure_passages(options.families)


def read_articles(size: int) -> list[ComparedArticle]:
    return [build_article(number, outlet, split_paragraphs(text)) for number, outlet, text in read_news(size)]


def read_reuters(size: int) -> list[ComparedArticle]:
    """Stories that the agency sent again with small changes are among them."""
    return [build_article(number, "reuters.com", split_paragraphs(text)) for number, text in read_wire(size)]


def measure_speed(articles: list[ComparedArticle]) -> None:
    started = time.process_time()
    comparison = compare_articles(articles)
    seconds = time.process_time() - started
    members = group_copies([article.article_id for article in articles], comparison.copies, articles).members
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kinds = Counter(copy.kind.value for copy in comparison.copies)
    print(
        f"{len(articles):,} articles: {seconds:.1f} CPU s, {len(articles) / seconds:,.0f} documents a CPU s, "
        f"peak {peak:,.0f} MB so far; {len(comparison.copies):,} pairs {dict(kinds)}, "
        f"{len(comparison.passages):,} passages, {len({member.group_id for member in members})} groups"
    )


def measure_exactness(name: str, articles: list[ComparedArticle]) -> None:
    """Pairs against all pairs of shingle sets, counted by brute force."""
    comparison = compare_articles(articles)
    found = {frozenset((copy.article_id, copy.source_id)): copy.jaccard for copy in comparison.copies}
    sizes, shared = count_by_force(articles)
    near, contained = {}, set()
    for pair, count in shared.items():
        one, other = (sizes[article_id] for article_id in pair)
        if count / (one + other - count) >= 0.5:
            near[pair] = count / (one + other - count)
        if count >= LEAST_CONTAINED and count / min(one, other) >= 0.5:
            contained.add(pair)
    claimed = {pair: value for pair, value in found.items() if value >= 0.5}
    wrong = claimed.items() - near.items()
    print(
        f"{name}, {len(articles):,} articles, against brute force: Jaccard >= 0.5 "
        f"{len(near.keys() & claimed.keys())} of {len(near)} found, {len(wrong)} wrong; "
        f"containment >= 0.5 and 50 words {len(contained & found.keys())} of {len(contained)} found"
    )


def count_by_force(articles: list[ComparedArticle]) -> tuple[dict[str, int], Counter[frozenset[str]]]:
    """How many distinct shingles each article has, and each pair shares."""
    holders: dict[int, list[str]] = defaultdict(list)
    sizes = {}
    for article in articles:
        shingles = set(hash_shingles(fold_words(article.text).hashes).tolist())
        sizes[article.article_id] = len(shingles)
        for shingle in shingles:
            holders[shingle].append(article.article_id)
    shared = Counter(frozenset(pair) for ids in holders.values() for pair in combinations(ids, 2))
    return sizes, shared


def measure_passages(families: int) -> None:
    """Words of known copied spans against the passages found, on versions of real articles."""
    maker = load_copy_maker()
    if maker is None:
        print("the generator of labelled copies is absent: passages not measured")
        return
    rows = [(number, maker.paragraphs(text)) for number, _, text in read_news(3 * families)]
    bases = [(number, paragraphs) for number, paragraphs in rows if len(paragraphs) >= 4][:families]
    labelled = make_families(maker, bases, SEED)
    measure_exactness("families", [one.article for one in labelled])
    scores = score_spans(labelled, compare_articles([one.article for one in labelled]).passages)
    print(
        f"{len(bases)} families, word by word: "
        f"verbatim and retyped spans, recall {scores.recall('verbatim', 'typo'):.4f}; "
        f"quoted {scores.recall('quote'):.4f}; paraphrased {scores.recall('para'):.4f}; "
        f"precision {scores.precision:.4f}"
    )


if __name__ == "__main__":
    main()
