"""Time and memory of the copy finder on texts made to hurt it; right answers are counted, not assumed.

Run as `python -m tests.benchmarks.bench_copies_hostile`; a minute and a half.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Iterator

from pipelines.copies import compare_articles
from pipelines.groups import group_copies
from pipelines.records import ComparedArticle
from pipelines.resemblance import measure_resemblances
from tests.pipelines.copies_material import invent_paragraphs, invent_sentence, make_article

MANY = 10_000
QUOTED = 5_000
MILLION = 1_000_000


def main() -> None:
    compare_articles([make_article(name, invent_paragraphs(1)) for name in "abc"])  # loads the compiled code
    print("| case | pairs, s | with passages, s | pairs | groups, members | peak, MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, articles in cases():
        started = time.process_time()
        pairs = sum(1 for _ in measure_resemblances(articles))
        counted = time.process_time()
        comparison = compare_articles(articles)
        compared = time.process_time()
        members = group_copies([one.article_id for one in articles], comparison.copies, articles).members
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"| {name} | {counted - started:.1f} | {compared - counted:.1f} | {pairs:,}, "
            f"{len(comparison.copies):,} reported | {len({one.group_id for one in members})}, "
            f"{len(members):,} | {peak:,.0f} |",
            flush=True,
        )


def cases() -> Iterator[tuple[str, list[ComparedArticle]]]:
    source = random.Random(5)
    text = invent_paragraphs(1, 10)
    yield (
        "one word a million times, and 999,000 of it",
        [make_article(name, ["ferry " * count]) for name, count in (("a", MILLION), ("b", MILLION - 1_000))],
    )
    yield (
        "two words in turns, a million, and the other turn",
        [
            make_article("a", ["ferry bridge " * (MILLION // 2)]),
            make_article("b", ["bridge ferry " * (MILLION // 2)]),
        ],
    )
    yield "10,000 identical articles", [make_article(f"{number:05}", text) for number in range(MANY)]
    sentences = [invent_sentence(source, 25) for _ in range(QUOTED)]
    yield (
        "an article that quotes 5,000 others",
        [
            make_article("a", sentences),
            *(
                make_article(f"b{at:05}", [invent_sentence(source, 40), one])
                for at, one in enumerate(sentences)
            ),
        ],
    )
    yield (
        "articles of none to five words",
        [
            make_article(str(number), own)
            for number, own in enumerate([[], [""], ["Word"], ["a b c d"], ["a b c d e"]] * 2_000)
        ],
    )
    yield (
        "10,000 articles that differ in a number",
        [make_article(f"{number:05}", [*text, f"Number {number} of many."]) for number in range(MANY)],
    )


if __name__ == "__main__":
    main()
