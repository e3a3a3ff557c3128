"""Invented articles for the tests of copies: sentences about places and people that don't exist."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pipelines.records import ComparedArticle, Copy, CopyKind, Direction, ReusedPassage

START = datetime(2024, 5, 3, tzinfo=UTC)
SYLLABLES = re.findall("..", "badunelfigaholjulkimarenovorpasetuvewiyaza")
COMMON_WORDS = """
the of and to in a for on that with by from at as after before over under near about many people police
said told officials government company plan vote law money council harbour bridge ferry workers union
strike harvest river market school hospital winter storm repair contract budget because however also last
new big used during
"""
COMMON = COMMON_WORDS.split()


def invent_word(source: random.Random) -> str:
    return "".join(source.choice(SYLLABLES) for _ in range(source.randint(2, 3)))


def invent_sentence(source: random.Random, words: int | None = None) -> str:
    count = words or source.randint(12, 30)
    chosen = [source.choice(COMMON) if source.random() < 0.6 else invent_word(source) for _ in range(count)]
    if count > 14:
        chosen[count // 2] += ","
    return " ".join(chosen).capitalize() + "."


def invent_paragraph(source: random.Random) -> str:
    sentences = [invent_sentence(source) for _ in range(source.randint(1, 3))]
    if source.random() < 0.3:
        sentences[0] = f"“{sentences[0][:-1]},” said {invent_word(source).capitalize()}’s mayor."
    return " ".join(sentences)


def invent_paragraphs(seed: int, count: int = 10) -> list[str]:
    source = random.Random(seed)
    return [invent_paragraph(source) for _ in range(count)]


def make_article(
    article_id: str,
    paragraphs: Sequence[str],
    *,
    outlet: str | None = None,
    hours: tuple[float, float] | None = None,
    agencies: tuple[str, ...] = (),
) -> ComparedArticle:
    """An article; `hours` after the start of the story it appeared not before and not after."""
    starts, offset = [], 0
    for paragraph in paragraphs:
        starts.append(offset)
        offset += len(paragraph) + 2
    earliest, latest = hours or (None, None)
    return ComparedArticle(
        article_id=article_id,
        outlet=outlet or f"{article_id}.example",
        text="\n\n".join(paragraphs),
        paragraph_starts=tuple(starts),
        published_earliest=None if earliest is None else START + timedelta(hours=earliest),
        published_latest=None if latest is None else START + timedelta(hours=latest),
        agencies=agencies,
    )


def make_copy(article_id: str, source_id: str, **changes: object) -> Copy:
    """A near-identical pair of unknown direction, but for `changes`."""
    values: dict[str, object] = {
        "containment": 1.0,
        "source_containment": 1.0,
        "jaccard": 0.9,
        "shared_words": 100,
        "longest_run_words": 50,
        "kind": CopyKind.NEAR,
        "direction": Direction.UNKNOWN,
        "common_agency": None,
    }
    return Copy(article_id=article_id, source_id=source_id, **(values | changes))  # type: ignore[arg-type]


def passage_texts(
    passage: ReusedPassage, article: ComparedArticle, source: ComparedArticle
) -> tuple[str, str]:
    """What a passage says in either article."""
    return (
        article.text[passage.start_char : passage.end_char],
        source.text[passage.source_start_char : passage.source_end_char],
    )
