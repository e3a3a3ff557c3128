"""Outlets: whose words they printed, what they credited, and how long after the source."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import median

import altair as alt

from flows.report.charts import MAX_ROWS, ROW_HEIGHT, Figure, Spec, finish, in_order, values
from flows.report.ownership import Basis
from flows.report.sheets import Cell, Share, Sheet, percent
from flows.report.story import Story, is_exact
from warehouse.story_report import ReportPair

COLOURS = {
    Basis.OWN: "var(--own)",
    Basis.CREDITED: "var(--wire)",
    Basis.UNCREDITED: "var(--uncredited)",
    Basis.TAKEN: "var(--taken)",
    Basis.UNDECIDED: "var(--undecided)",
}
FACTS = ("country", "owner", "type")  # of the table that the user brought


def draw_outlets(story: Story) -> Figure | None:
    """A bar and a row for each outlet; None where no article has a text."""
    words = _words_of(story)
    if not words:
        return None
    ranked = sorted(words, key=lambda outlet: (-words[outlet].total(), outlet))
    lags = lags_in_minutes(story)
    articles = Counter(article.outlet for article in story.articles)
    facts = {one.outlet: (one.country, one.owner, one.type) for one in story.rows.outlet_facts}
    known = FACTS if facts else ()
    sheet = Sheet(
        "outlets",
        "Outlets",
        ("outlet", *known, "articles", "words", *(basis.value for basis in Basis), "median lag in minutes"),
        tuple(
            (
                outlet,
                *(facts.get(outlet, (None,) * len(FACTS)) if facts else ()),
                articles[outlet],
                words[outlet].total(),
                *_shares(words[outlet]),
                round(median(lags[outlet])) if outlet in lags else None,
            )
            for outlet in ranked
        ),
    )
    note = ""
    if len(ranked) > MAX_ROWS:
        note = f"The {MAX_ROWS} outlets with the most words are drawn; all {len(ranked)} are in the table."
    return Figure("outlets", _spec(ranked[:MAX_ROWS], words), _describe(words), sheet, note)


def lags_in_minutes(story: Story) -> dict[str, list[float]]:
    """By outlet, the minutes from each article's source to the article, where both times are exact.

    The source is the one with the most words in common of all that are proven earlier; of several the first.
    """
    sources: defaultdict[str, list[ReportPair]] = defaultdict(list)
    for pair in story.rows.pairs:
        if _has_lag(story, pair):
            sources[pair.article_id].append(pair)
    lags: defaultdict[str, list[float]] = defaultdict(list)
    for article_id, pairs in sources.items():
        most = max(pair.shared_words for pair in pairs)
        lag = max(_lag(story, pair) for pair in pairs if pair.shared_words == most)
        lags[story.by_id[article_id].outlet].append(lag)
    return dict(lags)


def _has_lag(story: Story, pair: ReportPair) -> bool:
    later, source = story.by_id[pair.article_id], story.by_id[pair.source_id]
    return (
        pair.is_proven
        and pair.kind != "quote"
        and later.is_of_story
        and later.outlet != source.outlet
        and is_exact(later)
        and is_exact(source)
    )


def _lag(story: Story, pair: ReportPair) -> float:
    later, source = story.by_id[pair.article_id].published_at, story.by_id[pair.source_id].published_at
    assert later is not None and source is not None, pair  # an exact interval has a time in it
    return (later - source).total_seconds() / 60


def _words_of(story: Story) -> dict[str, Counter[Basis]]:
    words: defaultdict[str, Counter[Basis]] = defaultdict(Counter)
    for paragraph in story.ledger.paragraphs:
        words[story.by_id[paragraph.article_id].outlet][paragraph.basis] += paragraph.words
    return {outlet: counts for outlet, counts in words.items() if counts.total()}


def _shares(words: Counter[Basis]) -> tuple[Cell, ...]:
    return tuple(Share(words[basis] / words.total()) for basis in Basis)


def _describe(words: Mapping[str, Counter[Basis]]) -> str:
    own = sorted(words, key=lambda outlet: (-words[outlet][Basis.OWN] / words[outlet].total(), outlet))
    uncredited = [outlet for outlet in words if words[outlet][Basis.UNCREDITED]]
    said = (
        f"{len(uncredited)} of {len(words)} outlets ran an agency's text without credit: "
        f"{', '.join(sorted(uncredited)[:3])}{' and others' if len(uncredited) > 3 else ''}."
        if uncredited
        else "No outlet is found to have run an agency's text without credit."
    )
    best = own[0]
    share = percent(words[best][Basis.OWN] / words[best].total())
    return (
        f"A bar for each outlet, split by whose words it printed. {best} has the largest share of its own, "
        f"{share}. {said}"
    )


def _spec(outlets: Sequence[str], words: Mapping[str, Counter[Basis]]) -> Spec:
    rows = [
        {
            "outlet": outlet,
            "whose": basis.value,
            "words": words[outlet][basis],
            "share": words[outlet][basis] / words[outlet].total(),
            "place": place,
            "row": row,
        }
        for row, outlet in enumerate(outlets)
        for place, basis in enumerate(Basis)
        if words[outlet][basis]
    ]
    chart = (
        alt.Chart(values(rows))
        .mark_bar(height=14)
        .encode(
            y=alt.Y("outlet:N", sort=in_order("row"), title=None, axis=alt.Axis(ticks=False, domain=False)),
            x=alt.X(
                "share:Q",
                title="share of the outlet's words",
                stack="zero",
                scale=alt.Scale(domain=[0, 1], nice=False),
                axis=alt.Axis(format="%", tickCount=5),
            ),
            color=alt.Color(
                "whose:N",
                scale=alt.Scale(domain=[basis.value for basis in Basis], range=list(COLOURS.values())),
                legend=None,
            ),
            order="place:Q",
            tooltip=[
                alt.Tooltip("outlet:N"),
                alt.Tooltip("whose:N"),
                alt.Tooltip("words:Q", format=","),
                alt.Tooltip("share:Q", format=".0%"),
            ],
        )
    )
    return finish(chart, ROW_HEIGHT * len(outlets) + 30)
