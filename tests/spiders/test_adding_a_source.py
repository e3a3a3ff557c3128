"""The search that the documentation adds, as it is written there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request
from scrapy.http import Response

from pipelines import searches
from pipelines.search import Search
from pipelines.story import Sources
from tests.spiders.desk import Desk, found, make_desk_story

GUIDE = Path(__file__).parents[2] / "docs/adding-a-source.md"
POST, INDEX = "http://harbour-post.example", "http://index.example/find"


def documented_code() -> str:
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    (code,) = blocks
    return str(code)


@pytest.fixture
def press_index(monkeypatch: pytest.MonkeyPatch) -> Search:
    names: dict[str, Any] = {}
    exec(compile(documented_code(), str(GUIDE), "exec"), names)
    search: Search = names["PressIndex"]()
    monkeypatch.setitem(searches.SEARCHES, search.name, search)  # type: ignore[arg-type]
    return search


def two_pages(request: Request) -> Response:
    page = int(parse_qs(urlsplit(request.url).query)["page"][0])
    hits = [{"link": f"{POST}/{page}", "headline": "Strike", "found": "2024-01-29T08:15:00Z"}]
    answer = {"hits": hits, "next": 2 if page == 1 else None}
    return Response(request.url, body=json.dumps(answer).encode())


def test_the_search_of_the_guide_finds_pages(press_index: Search, tmp_path: Path) -> None:
    desk = Desk(tmp_path, {INDEX: two_pages, f"{POST}/1": found(), f"{POST}/2": found()})
    endpoints = ((press_index.name, INDEX),)

    desk.crawl(make_desk_story(Sources(searches=(press_index.name,), search_endpoints=endpoints)))

    assert desk.notes() == ("search press-index: 2 requests, 2 URLs",)
    assert {url for url, outcome in desk.outcomes().items() if outcome.fate is None} == {
        f"{POST}/1",
        f"{POST}/2",
    }


def test_the_search_of_the_guide_says_what_went_wrong(press_index: Search, tmp_path: Path) -> None:
    desk = Desk(tmp_path, {INDEX: found("closed on Sundays")})
    endpoints = ((press_index.name, INDEX),)

    desk.crawl(make_desk_story(Sources(searches=(press_index.name,), search_endpoints=endpoints)))

    assert desk.notes() == ("search press-index: closed on Sundays (1 request, 0 URLs)",)


def test_the_search_of_the_guide_has_about_fifty_lines() -> None:
    assert len(documented_code().splitlines()) <= 55
