"""Texts in blocks and fingerprints in ranges give the links that one look at all of them gives."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import md5

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.candidates import MAX_LINKED
from pipelines.divided_texts import Block, fingerprint_range, link_block, number_texts, share_out
from pipelines.pairing import IndexedArticle, LinkedTexts, link_articles
from pipelines.shingles import FINGERPRINT_BITS

FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def article(number: int, fingerprints: Collection[int], outlet: str = "", day: int = 0) -> IndexedArticle:
    values = np.array(sorted(set(fingerprints)), dtype=np.uint64)
    return IndexedArticle(
        f"a{number:04}",
        outlet or f"o{number % 7}.example",
        FIRST + timedelta(days=day),
        md5(values.tobytes()).hexdigest(),
        len(values),
        values,
    )


def link_in_parts(
    articles: Sequence[IndexedArticle], changed: Collection[str], blocks: int, ranges: int
) -> list[LinkedTexts]:
    """What workers do with files between them, with arrays."""
    numbers = number_texts(articles)
    by_text = {numbers[one.digest]: one for one in articles}
    fingerprints = np.concatenate([one.fingerprints for one in by_text.values()])
    texts = np.repeat(np.array(list(by_text)), [len(one.fingerprints) for one in by_text.values()])
    links: list[LinkedTexts] = []
    for number in range(blocks):
        shared: dict[int, list[int]] = {}
        for part in range(ranges):
            first, beyond = fingerprint_range(part, ranges)
            own = (fingerprints >= first) & (fingerprints < beyond)
            found = share_out(fingerprints[own], texts[own], blocks)
            for at in np.flatnonzero(found.blocks == number).tolist():
                shared.setdefault(int(found.texts[at]), []).append(int(found.fingerprints[at]))
        block = Block(number, blocks)
        around = [
            one._replace(fingerprints=np.array(sorted(shared.get(text, ())), dtype=np.uint64))
            for one in articles
            for text in [numbers[one.digest]]
            if text in shared or block.has(text)
        ]
        links.extend(link_block(around, numbers, changed, block))
    return links


def assert_same_links(
    articles: Sequence[IndexedArticle], changed: Collection[str], blocks: int, ranges: int
) -> int:
    whole = list(link_articles(articles, changed))
    parts = link_in_parts(articles, changed, blocks, ranges)
    assert sorted(parts, key=repr) == sorted(whole, key=repr)
    return len(whole)


@given(
    texts=st.lists(st.sets(st.integers(0, 30), min_size=0, max_size=6), min_size=1, max_size=25),
    chance=st.randoms(use_true_random=False),
    blocks=st.integers(1, 5),
    ranges=st.integers(1, 3),
)
@settings(deadline=None, max_examples=60)
def test_parts_link_what_the_whole_links(
    texts: list[set[int]], chance: random.Random, blocks: int, ranges: int
) -> None:
    spread = (1 << FINGERPRINT_BITS) // 31  # so that every range has some
    articles = [
        article(number, [one * spread for one in own], f"o{chance.randrange(3)}.example", chance.randrange(5))
        for number, own in enumerate(texts)
    ]
    changed = {one.article_id for one in articles if chance.random() < 0.6}

    assert_same_links(articles, changed, blocks, ranges)


@pytest.mark.parametrize("blocks", [1, 3])
def test_fingerprints_of_hundreds_of_texts_are_linked_with_the_same_few(blocks: int) -> None:
    count = MAX_LINKED + 20
    articles = [article(number, [1, 2, 1000 + number], day=number) for number in range(count)]

    links = assert_same_links(articles, {one.article_id for one in articles}, blocks, ranges=2)

    assert 0 < links < count * (count - 1) / 2


def test_what_is_stock_of_an_outlet_is_stock_in_parts() -> None:
    own = [article(number, [*range(10), 100 + number], "one.example", day=number) for number in range(8)]
    long = [one._replace(size=200) for one in own]
    other = article(99, range(10), "two.example")

    links = assert_same_links([*long, other], {one.article_id for one in [*long, other]}, 3, 2)

    assert links == len(own)  # each with the other outlet, none with each other
