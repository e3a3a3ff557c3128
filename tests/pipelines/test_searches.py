"""The searches, against answers in the forms that their operators document."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.match import Match
from pipelines.records import Via
from pipelines.search import Query, SearchRequest
from pipelines.search_gal import GdeltArticleList
from pipelines.search_gdelt import MAX_RECORDS, GdeltDoc, write_query
from pipelines.search_wayback import Wayback, choose_copy, copies_request, replay_url
from pipelines.searches import SEARCHES

NOW = datetime(2024, 3, 1, tzinfo=UTC)
SINCE, UNTIL = datetime(2024, 1, 28, tzinfo=UTC), datetime(2024, 2, 2, tzinfo=UTC)
MATCH = Match(all=("Harbourtown|harbour town", "strike|walkout"), any=("dockers", "port authority"))
QUERY = Query(MATCH, SINCE, UNTIL, ("harbour-post.example",), NOW)
DOC = "http://search.example/doc"


def parameters(request: SearchRequest) -> dict[str, list[str]]:
    return parse_qs(urlsplit(request.url).query)


def articles(count: int) -> bytes:
    listed = [
        {"url": f"http://quay.example/{number}", "title": f"No {number}", "seendate": "20240129T081500Z"}
        for number in range(count)
    ]
    return json.dumps({"articles": listed}).encode()


def test_terms_become_groups_of_alternatives_with_phrases_in_quotes() -> None:
    assert write_query(QUERY) == (
        '(Harbourtown OR "harbour town") (strike OR walkout) (dockers OR "port authority")'
    )


@pytest.mark.parametrize(
    ("match", "words"),
    [
        (Match(all=("strik*|walkout", "Harbourtown")), "Harbourtown"),  # a group that can't be asked in full
        (Match(all=("strik*|walkout",)), "walkout"),  # unless nothing else is left
        (Match(all=("eu",)), ""),
        (Match(like=("a text",)), ""),
        (Match(all=('the "old" (quay)',)), '"the old quay"'),
    ],
)
def test_what_cannot_be_asked_for_is_left_out(match: Match, words: str) -> None:
    assert write_query(Query(match, SINCE, UNTIL, (), NOW)) == words


def test_a_window_is_asked_for_in_slices() -> None:
    query = Query(MATCH, SINCE, SINCE + timedelta(days=10), (), NOW)

    first, second = GdeltDoc().start(query, DOC).more

    assert parameters(first)["startdatetime"] == ["20240128000000"]
    assert parameters(first)["enddatetime"] == parameters(second)["startdatetime"] == ["20240204000000"]
    assert parameters(second)["enddatetime"] == ["20240207000000"]
    assert parameters(first)["maxrecords"] == ["250"]


def test_a_full_answer_is_asked_for_again_in_halves() -> None:
    search = GdeltDoc()
    (request,) = search.start(QUERY, DOC).more

    step = search.read(QUERY, request, articles(MAX_RECORDS))

    assert len(step.candidates) == MAX_RECORDS
    assert [(half.since, half.until) for half in step.more] == [
        (SINCE, datetime(2024, 1, 30, 12, tzinfo=UTC)),
        (datetime(2024, 1, 30, 12, tzinfo=UTC), UNTIL),
    ]


def test_halving_ends_at_a_quarter_of_an_hour() -> None:
    search, asked = GdeltDoc(), 0
    queue = list(search.start(QUERY, DOC).more)
    while queue:
        asked += 1
        request = queue.pop()
        queue += search.read(QUERY, request, articles(MAX_RECORDS)).more

    assert asked < 2 * 5 * 24 * 8  # twice the finest slices of five days at most


def test_a_candidate_says_who_found_it_and_when_it_was_seen() -> None:
    search = GdeltDoc()
    (request,) = search.start(QUERY, DOC).more

    (candidate,) = search.read(QUERY, request, articles(1)).candidates

    assert (candidate.url, candidate.via) == ("http://quay.example/0", Via.SEARCH)
    assert candidate.source_url == request.url
    assert (candidate.hints.title, candidate.hints.seen_raw) == ("No 0", "20240129T081500Z")
    assert candidate.hints.published_raw is None  # seen is not published


@pytest.mark.parametrize(
    "body",
    [
        rb'{"articles": [{"url": "http://quay.example/1", "title": "Cranes \- still \x and \"quoted\""}]}',
        b'{"articles": [{"url": "http://quay.example/1", "title": "Cranes\tstand\nstill"}]}',
        b'\xef\xbb\xbf{"articles": [{"url": "http://quay.example/1", "title": "\xff"}, 7, {"title": "x"}]}',
    ],
)
def test_badly_escaped_json_is_read(body: bytes) -> None:
    (request,) = GdeltDoc().start(QUERY, DOC).more

    step = GdeltDoc().read(QUERY, request, body)

    assert [candidate.url for candidate in step.candidates] == ["http://quay.example/1"]


def test_nothing_found_is_no_fault() -> None:
    (request,) = GdeltDoc().start(QUERY, DOC).more

    step = GdeltDoc().read(QUERY, request, b"{}")

    assert (step.candidates, step.more, step.fault) == ((), (), None)


@pytest.mark.parametrize(
    ("body", "is_throttled"),
    [
        (b"Please limit requests to one every 5 seconds or write to us.", True),
        (b"<html><body>Your query was too short.</body></html>", False),
        (b"", False),
        (b'{"articles": 7}', False),
        (b'{"articles": [', False),
    ],
)
def test_an_error_with_status_200_is_a_fault(body: bytes, is_throttled: bool) -> None:
    (request,) = GdeltDoc().start(QUERY, DOC).more

    step = GdeltDoc().read(QUERY, request, body)

    assert step.fault
    assert step.is_throttled is is_throttled


def gal_file(*lines: dict[str, str] | str) -> bytes:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return gzip.compress(text.encode())


def test_article_lists_are_asked_for_by_the_minute_newest_first() -> None:
    query = Query(MATCH, SINCE, SINCE + timedelta(minutes=30), (), NOW)

    requests = GdeltArticleList().start(query, "http://data.example/gal").more

    assert [request.url.rpartition("/")[2] for request in requests] == [
        f"202401280{minute}00.gal.json.gz" for minute in ("031", "032", "016", "017", "001", "002")
    ]
    assert all(request.is_optional and request.is_lasting for request in requests)


def test_where_a_file_was_the_next_minute_is_asked_for() -> None:
    search = GdeltArticleList()
    request = search.start(QUERY, "http://data.example/gal").more[-1]

    (more,) = search.read(QUERY, request, gal_file()).more

    assert more.url.endswith("/20240128000300.gal.json.gz")


def test_article_lists_are_filtered_by_title_summary_and_outlet() -> None:
    search = GdeltArticleList()
    request = search.start(QUERY, "http://data.example/gal").more[0]
    title = "Harbourtown dockers on strike"
    body = gal_file(
        {"url": "http://far.example/1", "title": title, "date": "2024-01-29T08:15:00Z", "outletName": "Far"},
        {"url": "http://far.example/2", "title": "A strike at the mill", "desc": "Sawyers walk out."},
        {"url": "http://www.harbour-post.example/3", "title": "The walkout, day two"},
        {"url": "http://harbour-post.example/4", "title": "Rain again"},
        "{torn",
        {"title": title},
    )

    found = search.read(QUERY, request, body).candidates

    assert [candidate.url for candidate in found] == [
        "http://far.example/1",
        "http://www.harbour-post.example/3",
    ]
    assert found[0].hints.outlet == "Far"


def test_a_damaged_article_list_is_a_fault() -> None:
    search = GdeltArticleList()
    request = search.start(QUERY, "http://data.example/gal").more[0]

    assert search.read(QUERY, request, b"\x1f\x8bnothing").fault


ROWS = [
    ["timestamp", "original", "mimetype", "statuscode"],
    ["20240129081500", "http://harbour-post.example:80/strike", "text/html", "200"],
    ["20240130081500", "http://harbour-post.example/crane.jpg", "image/jpeg", "200"],
    ["20240130081500", "http://harbour-post.example/gone", "text/html", "404"],
    ["soon", "http://harbour-post.example/undated", "text/html", "200"],
]


def test_a_web_archive_is_asked_for_the_hosts_of_the_story() -> None:
    (request,) = Wayback().start(QUERY, "http://archive.example/cdx").more

    asked = parameters(request)

    assert (asked["url"], asked["matchType"]) == (["harbour-post.example"], ["domain"])
    assert (asked["from"], asked["to"]) == (["20240128000000"], ["20240202000000"])


def test_captures_of_pages_become_candidates() -> None:
    (request,) = Wayback().start(QUERY, "http://archive.example/cdx").more

    step = Wayback().read(QUERY, request, json.dumps(ROWS).encode())

    assert [candidate.url for candidate in step.candidates] == ["http://harbour-post.example:80/strike"]
    assert step.candidates[0].hints.seen_raw == "2024-01-29T08:15:00+00:00"
    assert step.more == ()


def test_a_resume_key_asks_for_the_rest() -> None:
    (request,) = Wayback().start(QUERY, "http://archive.example/cdx").more

    (second,) = Wayback().read(QUERY, request, json.dumps([*ROWS, [], ["key a"]]).encode()).more
    (third,) = Wayback().read(QUERY, second, json.dumps([*ROWS, [], ["key b"]]).encode()).more

    assert second.url == f"{request.url}&resumeKey=key%20a"
    assert third.url == f"{request.url}&resumeKey=key%20b"


def test_the_other_form_of_cdx_is_read_too() -> None:
    line = {"timestamp": "20240129081500", "url": "http://harbour-post.example/a", "mime": "text/html"}
    (request,) = Wayback().start(QUERY, "http://archive.example/cdx").more

    step = Wayback().read(QUERY, request, json.dumps({**line, "status": "200"}).encode())

    assert [candidate.url for candidate in step.candidates] == ["http://harbour-post.example/a"]


def test_what_is_no_cdx_answer_is_a_fault() -> None:
    (request,) = Wayback().start(QUERY, "http://archive.example/cdx").more

    assert Wayback().read(QUERY, request, b"<html>We are down</html>").fault == "<html>We are down</html>"


@pytest.mark.parametrize(
    ("stamps", "chosen"),
    [
        (["20230101000000", "20240129000000", "20240130000000", "20250101000000"], "20240129000000"),
        (["20230101000000", "20250101000000", "20260101000000"], "20250101000000"),
        (["20220101000000", "20230101000000"], "20230101000000"),
    ],
)
def test_the_first_copy_in_the_window_is_chosen_or_the_nearest(stamps: list[str], chosen: str) -> None:
    url = "http://harbour-post.example/gone"
    rows = [ROWS[0], *([stamp, url, "text/html", "200"] for stamp in reversed(stamps))]

    copy = choose_copy(json.dumps(rows).encode(), SINCE, UNTIL)

    assert not isinstance(copy, str)
    assert replay_url(copy, "http://archive.example/web/") == f"http://archive.example/web/{chosen}id_/{url}"


@pytest.mark.parametrize("body", [b"[]", b"", b"[[]]"])
def test_no_copy_is_said_in_words(body: bytes) -> None:
    assert choose_copy(body, SINCE, UNTIL) == "the web archive has no copy"


def test_the_copies_of_one_page_are_asked_for_by_its_url() -> None:
    request = copies_request("http://harbour-post.example/a?b=1&c=2", "http://archive.example/cdx")

    assert parameters(request)["url"] == ["http://harbour-post.example/a?b=1&c=2"]


@pytest.mark.parametrize("name", sorted(SEARCHES))
@given(
    body=st.one_of(st.binary(), st.from_regex(r'[\[{][\[\]{}",:a-z0-9\\ ]*', fullmatch=True).map(str.encode))
)
def test_no_answer_crashes_a_search(name: str, body: bytes) -> None:
    search = SEARCHES[name]
    request = search.start(QUERY, "http://search.example/x").more[0]

    search.read(QUERY, request, body)


@pytest.mark.parametrize("name", sorted(SEARCHES))
def test_a_window_that_has_not_begun_asks_for_nothing(name: str) -> None:
    query = Query(MATCH, NOW + timedelta(days=1), None, ("harbour-post.example",), NOW)

    step = SEARCHES[name].start(query, "http://search.example/x")

    assert step.more == ()
    assert step.fault
