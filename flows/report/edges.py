"""Links between outlets and agencies: words that one took from another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flows.report.ownership import Proof, name_of
from flows.report.story import Story


@dataclass(frozen=True, slots=True)
class Edge:
    """Words that one name took from another; in no order where nothing proves one."""

    source: str
    target: str
    proof: Proof
    words: int
    articles: int


def find_edges(story: Story) -> tuple[Edge, ...]:
    """All links between two names, the most words first."""
    words: defaultdict[tuple[str, str, Proof], int] = defaultdict(int)
    articles: defaultdict[tuple[str, str, Proof], set[str]] = defaultdict(set)
    for taking in story.ledger.takings:
        article = story.by_id[taking.article_id]
        target = name_of(article)
        if target == taking.source or not article.is_of_story:
            continue
        key = (taking.source, target, taking.proof)
        words[key] += taking.words
        articles[key].add(taking.article_id)
    found = [Edge(*key, words[key], len(articles[key])) for key in words]
    return tuple(
        sorted(_without_mirrors(found), key=lambda edge: (-edge.words, edge.source, edge.target, edge.proof))
    )


def _without_mirrors(edges: Iterable[Edge]) -> Iterable[Edge]:
    """What both sides of an unproven link count is one link, with the larger of both counts."""
    widest: dict[frozenset[str], Edge] = {}
    for edge in edges:
        if edge.proof is not Proof.NONE:
            yield edge
            continue
        pair = frozenset((edge.source, edge.target))
        known = widest.get(pair)
        if known is None or (edge.words, edge.source) > (known.words, known.source):
            widest[pair] = edge
    yield from widest.values()
