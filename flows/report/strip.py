"""The paragraph strip: what became of each paragraph of the most copied text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.report.charts import MAX_ROWS, Figure
from flows.report.grid import Row, State, draw_grid
from flows.report.ownership import name_of
from flows.report.sheets import Sheet, counted, percent
from flows.report.story import Story
from warehouse.story_report import ReportArticle, ReportPair, ReportParagraph

KEPT_SHARE = 0.9  # of a paragraph's equal words: the rest is a comma or a name's spelling
WORD = re.compile(r"\w+")
EDITED_SHARE = 0.2  # less than that is a phrase that stands in many texts
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Overlap:
    """A passage as the copied text sees it: where it lies there, and how much of it is the same."""

    start: int
    end: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the most copied text and how many articles kept, edited or dropped it."""

    text: str
    kept: int
    edited: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Strip:
    source: ReportArticle
    paragraphs: tuple[Paragraph, ...]
    figure: Figure


def draw_strip(story: Story) -> Strip | None:
    """The most copied text beside all that share it; None where no text is shared."""
    source = most_copied(story)
    if source is None:
        return None
    paragraphs = [one for one in story.rows.paragraphs if one.article_id == source.article_id]
    rows = _rows(story, source, paragraphs)
    if not paragraphs or not rows:
        return None
    texts = [source.text[one.start_char : one.end_char] for one in paragraphs]
    counts = [[row.states[place] for row in rows] for place in range(len(texts))]
    listed = tuple(
        Paragraph(text, *(states.count(state) for state in State))
        for text, states in zip(texts, counts, strict=True)
    )
    return Strip(source, listed, _figure(source, rows, listed))


def most_copied(story: Story) -> ReportArticle | None:
    """The article with the most words in common with other outlets'; no copy where there is its origin."""
    words: defaultdict[str, int] = defaultdict(int)
    for pair in story.rows.pairs:
        if _is_across(story, pair):
            words[pair.article_id] += pair.shared_words
            words[pair.source_id] += pair.shared_words
    return max(
        (article for article in story.articles if article.article_id in words),
        key=lambda one: (not one.is_copy, words[one.article_id], one.article_id),
        default=None,
    )


def _is_across(story: Story, pair: ReportPair) -> bool:
    outlets = {story.by_id[pair.article_id].outlet, story.by_id[pair.source_id].outlet}
    return pair.kind != "quote" and len(outlets) == 2


def _rows(story: Story, source: ReportArticle, paragraphs: Sequence[ReportParagraph]) -> tuple[Row, ...]:
    overlaps = _overlaps(story, source.article_id)
    pairs = {
        pair.source_id if pair.article_id == source.article_id else pair.article_id: pair
        for pair in story.rows.pairs
        if source.article_id in (pair.article_id, pair.source_id) and _is_across(story, pair)
    }
    rows = [
        Row(
            story.by_id[other],
            tuple(_state(source, one, overlaps[other], story.by_id[other]) for one in paragraphs),
            _added(pair, story.by_id[other]),
        )
        for other, pair in pairs.items()
    ]
    return tuple(
        sorted(
            rows,
            key=lambda row: (row.article.published_earliest or LAST, row.article.outlet, row.article.url),
        )
    )


def _overlaps(story: Story, source_id: str) -> Mapping[str, list[Overlap]]:
    found: defaultdict[str, list[Overlap]] = defaultdict(list)
    for one in story.rows.passages:
        if one.source_id == source_id:
            found[one.article_id].append(Overlap(one.source_start_char, one.source_end_char, one.similarity))
        elif one.article_id == source_id:
            found[one.source_id].append(Overlap(one.start_char, one.end_char, one.similarity))
    return found


def _added(pair: ReportPair, other: ReportArticle) -> int:
    """Words of the other article that aren't in the shared passages."""
    share = pair.containment if pair.article_id == other.article_id else pair.source_containment
    return round(other.word_count * (1 - share))


def _state(
    source: ReportArticle, paragraph: ReportParagraph, overlaps: Iterable[Overlap], other: ReportArticle
) -> State:
    """What the other article did with a paragraph; one too short for a passage is looked up word for word."""
    length = max(paragraph.end_char - paragraph.start_char, 1)
    same, reached = 0.0, paragraph.start_char
    for one in sorted(overlaps, key=lambda overlap: overlap.start):
        start, end = max(one.start, reached), min(one.end, paragraph.end_char)
        if start < end:
            same += (end - start) * one.similarity
            reached = end
    if same >= KEPT_SHARE * length:
        return State.KEPT
    if same >= EDITED_SHARE * length:
        return State.EDITED
    words = _folded(source.text[paragraph.start_char : paragraph.end_char])
    return State.KEPT if words and words in _folded(other.text) else State.DROPPED


def _folded(text: str) -> str:
    words = " ".join(WORD.findall(text.casefold()))
    return f" {words} "


def _figure(source: ReportArticle, rows: Sequence[Row], paragraphs: Sequence[Paragraph]) -> Figure:
    sheet = Sheet(
        "paragraphs",
        f"What became of each paragraph of {name_of(source)}'s text",
        ("outlet", *(f"¶ {place + 1}" for place in range(len(paragraphs))), "words added"),
        tuple((row.article.outlet, *(state.value for state in row.states), row.added_words) for row in rows),
    )
    most = max(range(len(paragraphs)), key=lambda place: (paragraphs[place].dropped, -place))
    words = (
        f"A grid of {counted(len(rows), 'article')} by {counted(len(paragraphs), 'paragraph')} of "
        f"{name_of(source)}'s text: {percent(_share(paragraphs))} of all cells are kept. "
        f"Paragraph {most + 1} was left out most, by {paragraphs[most].dropped}."
    )
    drawn = rows[:MAX_ROWS]
    note = f"{len(rows) - len(drawn)} later articles are in the table only." if len(rows) > len(drawn) else ""
    return Figure("strip", draw_grid(drawn), words, sheet, note)


def _share(paragraphs: Sequence[Paragraph]) -> float:
    cells = sum(one.kept + one.edited + one.dropped for one in paragraphs)
    return sum(one.kept for one in paragraphs) / cells
