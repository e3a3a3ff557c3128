"""The copy network: outlets and agencies in the order of their first articles, joined by arcs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flows.report.arcs import draw_arcs
from flows.report.charts import Figure
from flows.report.edges import Edge, find_edges
from flows.report.ownership import Proof, name_of
from flows.report.sheets import Sheet, counted, thousands
from flows.report.story import Story

MAX_EDGES = 60  # the widest; more can't be told apart


def draw_network(story: Story) -> Figure | None:
    """Who took how many words from whom; None where nobody did."""
    edges = find_edges(story)
    if not edges:
        return None
    drawn = edges[:MAX_EDGES]
    names = _in_order(story, drawn)
    sheet = Sheet(
        "copy-network",
        "Words taken, by outlet and agency",
        ("from", "to", "words", "articles", "order"),
        tuple((edge.source, edge.target, edge.words, edge.articles, edge.proof.value) for edge in edges),
    )
    hidden = len(edges) - len(drawn)
    note = f"The {MAX_EDGES} widest are drawn; {hidden} more are in the table." if hidden else ""
    return Figure("network", draw_arcs(drawn, names), _words(edges), sheet, note)


def _in_order(story: Story, edges: Iterable[Edge]) -> tuple[str, ...]:
    """The names on the edges by their first articles; agencies without an article here come first."""
    linked = {name for edge in edges for name in (edge.source, edge.target)}
    publishing = dict.fromkeys(name_of(article) for article in story.rows.articles)
    absent = sorted(linked - publishing.keys())
    return (*absent, *(name for name in publishing if name in linked))


def _words(edges: Sequence[Edge]) -> str:
    widest = edges[0]
    proven = sum(edge.proof is Proof.TIMES for edge in edges)
    relation = "share" if widest.proof is Proof.NONE else "went"
    way = (
        f"between {widest.source} and {widest.target}"
        if widest.proof is Proof.NONE
        else f"from {widest.source} to {widest.target}"
    )
    said = (
        f"{way} {thousands(widest.words)} words are shared"
        if relation == "share"
        else f"{thousands(widest.words)} words {relation} {way}"
    )
    return (
        f"Arcs join {counted(len(edges), 'pair')} of outlets and agencies; {proven} have an arrow, "
        f"since the times prove the order. The widest: {said}."
    )
