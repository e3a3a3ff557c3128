"""The data that the report's own script draws side by side: each text once, passages as numbers."""

from __future__ import annotations

import base64
import json
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence

from flows.report.sheets import minute, moment, web_link
from flows.report.story import Story
from warehouse.story_report import ReportArticle, ReportPair, ReportPassage

FIRST_ASTRAL = "\U00010000"  # from here on a script counts two characters where we count one

LEVEL = 6  # 9 takes twice the time for one per cent

Json = Mapping[str, object]


def pack_sides(story: Story) -> Json:
    """Articles, pairs and passages; a pair names its articles by their places in the list."""
    places = {article.article_id: place for place, article in enumerate(story.rows.articles)}
    convert = {article.article_id: _to_utf16(article.text) for article in story.rows.articles}
    passages: dict[tuple[str, str], list[list[int]]] = {}
    for one in story.rows.passages:
        found = passages.setdefault((one.article_id, one.source_id), [])
        found.append(_pack_passage(one, convert[one.article_id], convert[one.source_id]))
    return {
        "articles": [_pack_article(story, article) for article in story.rows.articles],
        "pairs": [
            _pack_pair(pair, places, passages.get((pair.article_id, pair.source_id), []))
            for pair in story.rows.pairs
        ],
    }


def squeeze(value: object) -> str:
    """JSON as zlib, as base64: the texts of five hundred articles in a few megabytes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode("utf-8"), LEVEL)).decode("ascii")


def to_script_json(value: object) -> str:
    """JSON that can stand in an HTML script element: nothing in it ends the element or opens a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _pack_article(story: Story, article: ReportArticle) -> Json:
    stated = article.published_at
    archive = f"{article.archive_file}, byte {article.archive_offset}" if article.archive_file else ""
    return {
        "id": article.article_id,
        "outlet": article.outlet,
        "title": article.title or article.url,
        "url": article.url,
        "link": web_link(article.url),
        "byline": article.byline_raw or "",
        "agencies": list(article.agencies),
        "published": moment(stated, article.published_precision) if stated else "",
        "fetched": minute(article.fetched_at),
        "archive": archive,
        "version": article.version,
        "kind": story.kinds.get(article.article_id, "of another story"),
        "words": article.word_count,
        "text": article.text,
    }


def _pack_pair(pair: ReportPair, places: Mapping[str, int], passages: Sequence[list[int]]) -> list[object]:
    return [
        places[pair.article_id],
        places[pair.source_id],
        pair.kind,
        int(pair.is_proven),
        pair.shared_words,
        round(pair.containment, 3),
        round(pair.source_containment, 3),
        pair.common_agency or "",
        passages,
    ]


def _pack_passage(
    one: ReportPassage, place: Callable[[int], int], source_place: Callable[[int], int]
) -> list[int]:
    """Start and end in both texts, and the similarity in per cent."""
    return [
        place(one.start_char),
        place(one.end_char),
        source_place(one.source_start_char),
        source_place(one.source_end_char),
        round(one.similarity * 100),
    ]


def _to_utf16(text: str) -> Callable[[int], int]:
    """A function from an offset in characters to one in UTF-16 units, which scripts count in."""
    astral = list(_astral_places(text)) if max(text, default="") >= FIRST_ASTRAL else []
    return lambda offset: offset + bisect_left(astral, offset)


def _astral_places(text: str) -> Iterable[int]:
    return (place for place, sign in enumerate(text) if sign >= FIRST_ASTRAL)
