"""Speed and exactness of the copy finder on real articles and edited copies, beside other tools.

Run as `python -m tests.benchmarks.bench_copies [--size 10000] [--families 200] [--peers-python PYTHON]`.
PYTHON is that of an environment with any of rensa, gaoya, datasketch and datatrove. The times are CPU seconds
of one process each after a first call, from raw text to pairs: ours verified; and again with all passages.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from pipelines.copies import compare_articles
from pipelines.folding import fold_words
from pipelines.records import ComparedArticle
from pipelines.resemblance import measure_resemblances
from pipelines.shingles import distinct_shingles
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
from tests.benchmarks.copy_peers import TOOLS

FORCED = 3_000  # Reuters stories compared by brute force as well
EDITED_SHARE = 0.2  # of the articles: copies of the others
LEAST_CONTAINED = 46  # shared shingles: fifty words on end
NEAR, CONTAINED = 0.5, 0.5
MOST_HOLDERS = 2_000  # of one shingle: all pairs of more would take hours, and no such pair hangs on one
WARM = 500  # articles of a first call, copies among them
SEED = 5
PEER = Path(__file__).with_name("copy_peers.py")

Pairs = set[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Truth:
    """The pairs that brute force finds."""

    near: Pairs
    contained: Pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--families", type=int, default=200)
    parser.add_argument("--peers-python")
    options = parser.parse_args()
    if not NEWS.exists():
        print(f"{NEWS} is absent: nothing to measure")
        return
    articles = read_articles(options.size)
    truth = compare_by_force(articles)
    print(f"{len(articles):,} articles: {len(truth.near):,} pairs near, {len(truth.contained):,} contained")
    ours = measure_ours(articles, truth)
    if options.peers_python:
        measure_peers(options.peers_python, articles, truth, ours)
    reuters = read_reuters(FORCED)
    print(f"Reuters, {FORCED:,} stories, alone:")
    measure_ours(reuters, compare_by_force(reuters))
    measure_passages(options.families)


def read_articles(size: int) -> list[ComparedArticle]:
    """Real articles of US outlets, and edited copies of some of them by other outlets."""
    maker = load_copy_maker()
    real = read_news(size if maker is None else round(size * (1 - EDITED_SHARE)))
    articles = [build_article(number, outlet, split_paragraphs(text)) for number, outlet, text in real]
    source = random.Random(SEED)
    while maker is not None and len(articles) < size:
        number, _, text = source.choice(real)
        paragraphs = maker.paragraphs(text)
        if len(paragraphs) >= 4:
            made, _, _ = maker.wire_copy(number, paragraphs, source)
            articles.append(build_article(f"{number}-{len(articles)}", "copies.example", made))
    return articles


def read_reuters(size: int) -> list[ComparedArticle]:
    """Stories that the agency sent again with small changes are among them."""
    return [build_article(number, "reuters.com", split_paragraphs(text)) for number, text in read_wire(size)]


def measure_ours(articles: list[ComparedArticle], truth: Truth) -> float:
    """Print a line; returns the documents a CPU second."""
    some = [*articles[:5], *articles[-WARM:]]
    verify_pairs(some)  # loads the compiled code, as the others' first calls do theirs
    compare_articles(some)
    started = time.process_time()
    verify_pairs(articles)
    pace = len(articles) / (time.process_time() - started)
    started = time.process_time()
    comparison = compare_articles(articles)
    whole_pace = len(articles) / (time.process_time() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    near = {frozenset((one.article_id, one.source_id)) for one in comparison.copies if one.jaccard >= NEAR}
    every = {frozenset((one.article_id, one.source_id)) for one in comparison.copies}
    print_line("wirecopy", pace, near, every, truth)
    kinds = dict(Counter(copy.kind.value for copy in comparison.copies))
    print(
        f"  with passages {whole_pace:,.0f} a CPU s: {len(every):,} pairs {kinds}, "
        f"{len(comparison.passages):,} passages; peak {peak:,.0f} MB"
    )
    return pace


def verify_pairs(articles: list[ComparedArticle]) -> Pairs:
    """The near pairs, all their shingles compared."""
    return {
        frozenset((one.article_id, one.other_id))
        for one in measure_resemblances(articles)
        if one.jaccard >= NEAR
    }


def measure_peers(python: str, articles: list[ComparedArticle], truth: Truth, ours: float) -> None:
    ids = [article.article_id for article in articles]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        path.write_text("".join(json.dumps(article.text) + "\n" for article in articles), encoding="utf-8")
        for tool in TOOLS:
            made = subprocess.run([python, str(PEER), tool, str(path)], capture_output=True, text=True)
            if made.returncode:
                print(f"{tool}: {made.stderr.splitlines()[-1:]}")
                continue
            result = json.loads(made.stdout.splitlines()[-1])
            pairs = {frozenset((ids[one], ids[other])) for one, other in result["pairs"]}
            pace = len(articles) / result["seconds"]
            print_line(tool, pace, pairs, pairs, truth)
            print(f"  wirecopy is {ours / pace:.1f} times as fast")


def print_line(name: str, pace: float, near: Pairs, every: Pairs, truth: Truth) -> None:
    right = len(near & truth.near)
    recall, precision = right / max(1, len(truth.near)), right / max(1, len(near))
    contained = len(every & truth.contained) / max(1, len(truth.contained))
    print(
        f"{name}: {pace:,.0f} documents a CPU s; "
        f"Jaccard >= {NEAR}: recall {recall:.4f}, precision {precision:.4f}; "
        f"containment >= {CONTAINED} and 50 words: recall {contained:.4f}",
        flush=True,
    )


def compare_by_force(articles: list[ComparedArticle]) -> Truth:
    """All pairs by their full sets of shingles, counted shingle by shingle."""
    holders: dict[int, list[str]] = defaultdict(list)
    sizes = {}
    for article in articles:
        shingles = distinct_shingles(fold_words(article.text).hashes).tolist()
        sizes[article.article_id] = len(shingles)
        for shingle in shingles:
            holders[shingle].append(article.article_id)
    shared: Counter[tuple[str, str]] = Counter()
    for ids in holders.values():
        if len(ids) <= MOST_HOLDERS:
            shared.update(combinations(sorted(ids), 2))
    near, contained = set(), set()
    for (one, other), count in shared.items():
        if count / (sizes[one] + sizes[other] - count) >= NEAR:
            near.add(frozenset((one, other)))
        if count >= LEAST_CONTAINED and count / min(sizes[one], sizes[other]) >= CONTAINED:
            contained.add(frozenset((one, other)))
    return Truth(near, contained)


def measure_passages(families: int) -> None:
    """Words of known copied spans against the passages found, on versions of real articles."""
    maker = load_copy_maker()
    if maker is None:
        print("the generator of labelled copies is absent: passages not measured")
        return
    rows = [(number, maker.paragraphs(text)) for number, _, text in read_news(3 * families)]
    bases = [(number, paragraphs) for number, paragraphs in rows if len(paragraphs) >= 4][:families]
    labelled = make_families(maker, bases, SEED)
    articles = [one.article for one in labelled]
    print("families, alone:")
    measure_ours(articles, compare_by_force(articles))
    scores = score_spans(labelled, compare_articles([one.article for one in labelled]).passages)
    print(
        f"{len(bases)} families, word by word: "
        f"verbatim and retyped spans, recall {scores.recall('verbatim', 'typo'):.4f}; "
        f"quoted {scores.recall('quote'):.4f}; paraphrased {scores.recall('para'):.4f}; "
        f"precision {scores.precision:.4f}"
    )


if __name__ == "__main__":
    main()
