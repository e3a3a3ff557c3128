"""Servers that are slow, broken or hostile: every URL has its fate, and the crawl stays small and goes on."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd

from pipelines.records import Fate, Reason, Rejected
from pipelines.story import Sources
from spiders.captures import read_capture, verify_archive
from spiders.crawl import CrawlResult
from spiders.manifest import Role, iter_entries
from tests.benchmarks.fetch_jobs import timed
from tests.spiders.crawling import crawl, make_job, make_story, outcomes_of
from tests.spiders.press import (
    Answer,
    Press,
    coded,
    drip,
    endless_body,
    feed,
    hang,
    in_turn,
    page,
    raw,
    redirect,
    reset,
    send,
    sitemap,
)

SICK, SOUND, BUSY, LIST = (
    f"{name}.example" for name in ("sick-gazette", "quay-times", "busy-post", "list-daily")
)
FULL_MB = 60
ZEROS = b"\x00" * (FULL_MB << 20)
MAX_CRAWLER_MB = 400
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHALLENGE = "<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'></script>"


def busy_until_soon(handler: BaseHTTPRequestHandler) -> None:
    """503 with a date in Retry-After, between three and four seconds ahead."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=4), usegmt=True)
    page("", 503, Retry_After=soon)(handler)


def zipped_twice() -> bytes:
    return gzip.compress(gzip.compress(ZEROS))


FAULTS: dict[str, tuple[Answer, Fate, str]] = {
    "slow-body": (drip(HEAD + b"Content-Length: 99\r\n\r\n" + b"x" * 99), Fate.FAILED, Reason.TIMEOUT),
    "slow-head": (drip(HEAD + b"X-Pad: " + b"x" * 99), Fate.FAILED, Reason.TIMEOUT),
    "silence": (hang(), Fate.FAILED, Reason.TIMEOUT),
    "reset": (reset, Fate.FAILED, Reason.CONNECTION),
    "401": (page("log in", 401), Fate.FAILED, "http_401"),
    "402": (page("pay", 402), Fate.FAILED, "http_402"),
    "403": (page("no", 403), Fate.FAILED, "http_403"),
    "451": (page("law", 451), Fate.FAILED, "http_451"),
    "challenge-403": (page(CHALLENGE, 403), Fate.FAILED, Reason.BOT_CHECK),
    "challenge-503": (page(CHALLENGE, 503), Fate.FAILED, Reason.BOT_CHECK),
    "gzip-bomb": (coded("gzip", gzip.compress(ZEROS)), Fate.FAILED, Reason.BODY_TOO_LARGE),
    "deflate-bomb": (coded("deflate", zlib.compress(ZEROS)), Fate.FAILED, Reason.BODY_TOO_LARGE),
    "br-bomb": (coded("br", brotli.compress(ZEROS, quality=1)), Fate.FAILED, Reason.BODY_TOO_LARGE),
    "zstd-bomb": (coded("zstd", zstd.compress(ZEROS)), Fate.FAILED, Reason.BODY_TOO_LARGE),
    "nested-bomb": (coded("gzip, gzip", zipped_twice()), Fate.FAILED, Reason.BODY_TOO_LARGE),
    "endless-body": (endless_body, Fate.FAILED, Reason.BODY_TOO_LARGE),
    "huge-length": (raw(HEAD + b"Content-Length: 99999999999\r\n\r\nx"), Fate.FAILED, Reason.BODY_TOO_LARGE),
    "cut-chunk": (raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n20\r\nhalf"), Fate.FAILED, Reason.TRUNCATED),
    "cut-length": (raw(HEAD + b"Content-Length: 50\r\n\r\nhalf"), Fate.FAILED, Reason.TRUNCATED),
    "cut-gzip": (coded("gzip", gzip.compress(b"<p>cranes" * 99)[:-9]), Fate.FAILED, Reason.TRUNCATED),
    "cut-br": (coded("br", brotli.compress(bytes(range(256)) * 9)[:-9]), Fate.FAILED, Reason.TRUNCATED),
    "ssh-banner": (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), Fate.FAILED, Reason.BAD_RESPONSE),
    "two-lengths": (
        raw(HEAD + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"),
        Fate.FAILED,
        Reason.BAD_RESPONSE,
    ),
    "chain": (redirect("/chain?2"), Fate.FAILED, Reason.REDIRECT_LOOP),
    "to-data": (redirect("data:text/html,x"), Fate.REFUSED, Reason.BAD_URL),
    "to-ftp": (redirect("ftp://quay-times.example/x"), Fate.REFUSED, Reason.BAD_URL),
}
SOURCES: dict[str, tuple[Answer, str]] = {
    "bomb.xml.gz": (
        lambda handler: send(handler, 200, {}, gzip.compress(b"<urlset>" + ZEROS)),
        Reason.BAD_SOURCE,
    ),
    "empty.xml": (page(""), Reason.BAD_SOURCE),
    "page.html": (page("<html><p>no list"), Reason.BAD_SOURCE),
    "doctype.xml": (
        page('<!DOCTYPE urlset [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>'),
        Reason.BAD_SOURCE,
    ),
    "laughs.rss": (
        page('<!DOCTYPE rss [<!ENTITY a "ha">]><rss version="2.0"><channel>&a;</channel></rss>'),
        Reason.BAD_SOURCE,
    ),
}
ROBOTS = {
    "bom": (b"\xef\xbb\xbfUser-agent: *\nDisallow: /closed", Reason.ROBOTS),
    "utf16": ("User-agent: *\nDisallow: /closed".encode("utf-16"), Reason.ROBOTS),
    "html": (b"<html><p>Disallow: /closed</html>", None),
    "huge": (b"User-agent: *\nDisallow: /closed\n" + b"#" * (5 << 20), Reason.ROBOTS),
}


@dataclass
class Faulty:
    folder: Path
    press: Press
    result: CrawlResult
    megabytes: int  # the most that the crawler or one of its children took

    def fate(self, host: str, path: str) -> tuple[Fate | None, str | None]:
        outcome = outcomes_of(self.folder)[self.press.url(host, path)]
        return outcome.fate, outcome.reason


def build(press: Press) -> Sources:
    seeds = []
    for name, (answer, _, _) in FAULTS.items():
        seeds.append(press.add(f"{name}.{SICK.partition('.')[0]}-{name}.example", f"/{name}", answer))
    for number in range(2, 9):
        press.add("chain.sick-gazette-chain.example", f"/chain?{number}", redirect(f"/chain?{number + 1}"))
    seeds += [press.add(SOUND, f"/{number}", page(f"<p>sound {number}")) for number in range(20)]
    for name, (body, _) in ROBOTS.items():
        host = f"robots-{name}.example"
        press.add(host, "/robots.txt", lambda handler, body=body: send(handler, 200, {}, body))
        seeds.append(press.add(host, "/closed", page("<p>open after all")))
    press.add("robots-busy.example", "/robots.txt", page("", 429))
    seeds.append(press.add("robots-busy.example", "/closed", page("<p>never")))
    press.add(BUSY, "/0", in_turn(page("", 429, Retry_After="1"), page("<p>at last")))
    press.add(BUSY, "/1", page("", 503, Retry_After="3600"))
    seeds += [press.url(BUSY, f"/{number}") for number in range(4)]
    press.add("late-post.example", "/0", in_turn(busy_until_soon, page("<p>at last")))
    seeds.append(press.url("late-post.example", "/0"))
    lists = [press.add(LIST, f"/{name}", answer) for name, (answer, _) in SOURCES.items()]
    return Sources(seeds=tuple(seeds), feeds=(lists[-1],), sitemaps=tuple(lists[:-1]))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faulty]:
    folder = tmp_path_factory.mktemp("matrix")
    with Press() as press:
        story = make_story(press, build(press), timeout_seconds=1.5)
        yield Faulty(folder, press, *measured(make_job(folder, story)))


def measured(job: Path) -> tuple[CrawlResult, int]:
    """Crawl from a process of its own: what it sees of its children is this crawl's alone.

    A child counts as its own what its parent held when it forked, so a test process can't measure.
    """
    code = (
        "import dataclasses, json, pathlib, resource, sys; from spiders.crawl import run_crawl\n"
        "result = dataclasses.asdict(run_crawl(pathlib.Path(sys.argv[1])))\n"
        "print(json.dumps([result, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024]))"
    )
    result, megabytes = json.loads(timed([sys.executable, "-c", code, str(job)]).last_line)
    return CrawlResult(**result), megabytes


def test_the_crawl_ends_well_and_the_other_hosts_are_whole(faulty: Faulty) -> None:
    assert faulty.result == CrawlResult(0, is_finished=True, error=None)
    assert {faulty.fate(SOUND, f"/{number}") for number in range(20)} == {(None, None)}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_fate(faulty: Faulty, name: str) -> None:
    _, fate, reason = FAULTS[name]

    assert faulty.fate(f"{name}.sick-gazette-{name}.example", f"/{name}") == (fate, reason)


@pytest.mark.parametrize("name", SOURCES)
def test_each_source_that_is_none_says_why(faulty: Faulty, name: str) -> None:
    assert faulty.fate(LIST, f"/{name}") == (Fate.FAILED, SOURCES[name][1])


@pytest.mark.parametrize("name", ROBOTS)
def test_each_kind_of_robots_file_is_read(faulty: Faulty, name: str) -> None:
    reason = ROBOTS[name][1]

    assert faulty.fate(f"robots-{name}.example", "/closed") == (Fate.REFUSED if reason else None, reason)


def test_a_host_too_busy_for_its_robots_file_is_left_alone(faulty: Faulty) -> None:
    assert faulty.fate("robots-busy.example", "/closed") == (Fate.REFUSED, Reason.ROBOTS_UNREACHABLE)
    assert faulty.press.paths("robots-busy.example") == []


def test_retry_after_in_seconds_and_as_a_date_is_waited_for(faulty: Faulty) -> None:
    for host, seconds in ((BUSY, 1.0), ("late-post.example", 2.0)):
        times = [hit.at for hit in faulty.press.hits if (hit.host, hit.path) == (host, "/0")]
        assert min(later - earlier for earlier, later in pairwise(times)) >= seconds


def test_a_host_that_asks_for_an_hour_gets_it(faulty: Faulty) -> None:
    assert faulty.fate(BUSY, "/0") == (None, None)
    assert faulty.fate(BUSY, "/1") == (Fate.FAILED, "http_503")
    assert {faulty.fate(BUSY, path) for path in ("/2", "/3")} == {(Fate.SKIPPED, Reason.HOST_BUSY)}
    assert faulty.press.paths(BUSY)[-1] == "/1"


def test_no_passing_fault_is_tried_more_than_three_times(faulty: Faulty) -> None:
    asked = Counter((hit.host, hit.path) for hit in faulty.press.hits)

    assert max(asked.values()) == 3


def test_answers_that_gave_no_page_are_evidence(faulty: Faulty) -> None:
    kept = {
        entry.url.rpartition("/")[2]: entry.status
        for entry in iter_entries(faulty.folder / "archive", role=Role.EVIDENCE)
    }

    assert {name: kept.get(name) for name in ("401", "403", "challenge-503", "cut-gzip")} == {
        "401": 401,
        "403": 403,
        "challenge-503": 503,
        "cut-gzip": 200,
    }
    assert verify_archive(faulty.folder / "archive") == ()


def test_every_url_has_one_fate_and_every_fetched_page_one_record(faulty: Faulty) -> None:
    outcomes = outcomes_of(faulty.folder).values()
    fetched = {outcome.url for outcome in outcomes if outcome.fate is None}

    assert len(outcomes) == len(FAULTS) + 20 + len(ROBOTS) + 1 + 4 + 1 + len(SOURCES)
    assert fetched == {entry.url for entry in iter_entries(faulty.folder / "archive")}
    captures = [
        read_capture(faulty.folder / "archive", entry) for entry in iter_entries(faulty.folder / "archive")
    ]
    assert not any(isinstance(capture, Rejected) for capture in captures)


def test_the_crawler_stays_small(faulty: Faulty) -> None:
    assert faulty.result.is_finished
    assert faulty.megabytes < MAX_CRAWLER_MB


def spellings(port: int) -> list[str]:
    """Ways to write this machine's own address."""
    hosts = (
        *(
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "017700000001",
        ),
        *(
            "0.0.0.0",
            "0",
            "127.0.0.1.",
            "localhost",
            "localhost.",
            "LOCALHOST",
            "mapped.example",
            "a@127.0.0.1",
        ),
        *("[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::]"),
        *("①②⑦.0.0.1", "127。0。0。1", "%31%32%37.0.0.1"),
    )
    return [f"http://{host}:{port}" for host in hosts]


def test_no_way_leads_to_a_private_address_in_any_spelling(tmp_path: Path) -> None:
    host = "harbour-post.example"
    with Press() as canary, Press() as press:
        ways = spellings(canary.port)
        assert len(ways) >= 20
        named = {
            kind: [f"{way}/{kind}/{number}" for number, way in enumerate(ways)]
            for kind in ("seed", "feed", "map")
        }
        home = [f"Sitemap: {way}/robots/{number}" for number, way in enumerate(ways)]
        press.add(host, "/robots.txt", page("\n".join(home)))
        press.add(host, "/", page("<html><p>home"))
        press.add(host, "/feed", feed(*((url, "") for url in named["feed"])))
        moved = [
            press.add(host, f"/moved/{number}", redirect(f"{way}/moved")) for number, way in enumerate(ways)
        ]
        meta = [
            press.add(
                host, f"/meta/{number}", page(f'<meta http-equiv="refresh" content="0;url={way}/meta">')
            )
            for number, way in enumerate(ways)
        ]
        press.add(host, "/map", sitemap(*named["map"], *moved, *meta))
        press.answers["mapped.example", "/"] = page("only there so that the name resolves")
        sources = Sources(
            seeds=tuple(named["seed"]),
            feeds=(press.url(host, "/feed"), f"{ways[0]}/as-feed"),
            sitemaps=(press.url(host, "/map"), f"{ways[1]}/as-sitemap"),
            sites=(press.url(host), f"{ways[2]}/"),
        )
        story = make_story(press, sources, allow_private_hosts=False, private_hosts=(host,))

        assert crawl(tmp_path, story).is_finished

        assert canary.hits == []
        outcomes = outcomes_of(tmp_path)
        assert {outcomes[url].reason for url in moved} <= {Reason.PRIVATE_ADDRESS, Reason.BAD_URL}
        assert {outcomes[url].fate for url in meta} == {None}
        refused = [outcome for outcome in outcomes.values() if outcome.fate is Fate.REFUSED]
        assert len(refused) >= 4 * 15  # some spellings are one address
