"""Texts that try to break out of a page, a script, a table or a terminal; and a story made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path

from warehouse.read import OutletHealth, StoredRun
from warehouse.story_report import (
    JunkCut,
    OutletFacts,
    ReportArticle,
    ReportFate,
    ReportPair,
    ReportParagraph,
    ReportPassage,
    ReportSignal,
    ReportVersion,
    StoryHead,
    StoryRows,
    Uncorrected,
)

SUITE = Path(__file__).parents[3] / "shared" / "data" / "suites" / "naughty-strings.json"
PAYLOADS = (
    "<script>window.broken=1</script>",
    "<img src=x onerror=window.broken=1>",
    "<svg/onload=window.broken=1>",
    "<iframe srcdoc='<script>parent.broken=1</script>'></iframe>",
    "<style>*{display:none}</style>",
    "<base href=http://elsewhere.example/>",
    "<meta http-equiv=refresh content='0;url=http://elsewhere.example/'>",
    "<form action=http://elsewhere.example/><button>",
    "javascript:window.broken=1",
    "=cmd()|'/C calc'!A0",
)
WRAPPERS = (
    "{}",
    '">{}',
    "'>{}",
    "</script>{}",
    "<!--<script>{}",
    "-->{}",
    "</textarea></title></style>{}",
    "]]>{}",
    "{{{{{}}}}}",
    "{{% raw %}}{}",
    "`${{{}}}`",
    "\\u003c\\x3c{}",
    "&lt;{}&gt;&#60;",
    "+1,{}",
    "-1;{}",
    "@SUM({})",
    "\t={}",
    "\r\n={}",
    "＝{}",
    "\u202e{}\u2066\u200b\ufeff",
    "\u2028{}\u2029",
    "\x1b[31m{}\x07\x00\x7f",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿𝒳{}e\u0301\u0327",
)
OWN = tuple(wrapper.format(payload) for wrapper, payload in product(WRAPPERS, PAYLOADS))
START = datetime(2024, 3, 1, tzinfo=UTC)


def naughty_strings() -> tuple[str, ...]:
    """Our own, and those of the public list where it is at hand."""
    listed = json.loads(SUITE.read_text(encoding="utf-8")) if SUITE.exists() else []
    return (*OWN, *(text for text in listed if text))


def naughty_rows(strings: Sequence[str]) -> StoryRows:
    """A story in which every text, from the URL to the junk, is one of the strings, an article for each."""
    articles = [_article(number, text) for number, text in enumerate(strings)]
    return StoryRows(
        head=StoryHead(strings[0], strings[1], START, None),
        run=StoredRun("run-000001", 1, strings[0], "ingest", START, START, "finished", "test"),
        articles=tuple(articles),
        paragraphs=tuple(_paragraphs(articles)),
        pairs=tuple(
            ReportPair(later.article_id, source.article_id, 1.0, 1.0, 3, "near", True, later.title, (), 0.9)
            for source, later in pairwise(articles)
        ),
        passages=tuple(
            ReportPassage(later.article_id, source.article_id, 0, 9, 0, 9, 3, 0.9)
            for source, later in pairwise(articles)
        ),
        versions=tuple(_versions(articles)),
        signals=tuple(ReportSignal(one.article_id, one.url, one.url, None, None) for one in articles),
        fates=tuple(
            ReportFate("failed", one.title, 1, one.url, one.outlet, "feed", one.title) for one in articles
        ),
        junk=tuple(JunkCut(text, 1, 1, (text,)) for text in strings),
        health=tuple(OutletHealth("s", "r", text, 1, 1, 0, 0, "broken", text) for text in strings),
        uncorrected=tuple(
            Uncorrected(one.article_id, one.article_id, one.text, one.text, START, START, False)
            for one in articles
        ),
        outlet_facts=tuple(OutletFacts(text, text, text, text) for text in strings),
    )


def _article(number: int, text: str) -> ReportArticle:
    at = START + timedelta(minutes=number)
    return ReportArticle(
        article_id=f"{number:016x}",
        url=text,
        outlet=text,
        title=text,
        byline_raw=text,
        agencies=(text,),
        publishing_agency=None,
        published_at=at,
        published_precision="minute",
        published_source=text,
        published_earliest=at,
        published_latest=at,
        language="en",
        text=f"{text}\n\nThe lamp of Sable Point is green.\n\n{text}",
        word_count=10,
        is_paywalled=None,
        version=2,
        fetched_at=at,
        group_id="g1",
        is_copy=number > 0,
        group_agency=text,
        archive_file=text,
        archive_offset=1,
        is_of_story=True,
    )


def _paragraphs(articles: Iterable[ReportArticle]) -> Iterable[ReportParagraph]:
    for article in articles:
        start = 0
        for position, text in enumerate(article.text.split("\n\n")):
            own = None if position else False
            end = start + len(text)
            yield ReportParagraph(article.article_id, position, "text", start, end, 3, own)
            start = end + 2


def _versions(articles: Iterable[ReportArticle]) -> Iterable[ReportVersion]:
    for article in articles:
        for version, text in ((1, f"{article.text} was"), (2, article.text)):
            yield ReportVersion(
                article.article_id, version, f"{text} {version}", text, None, START, article.archive_file, 1
            )
