"""One crawl of a press in which everything goes wrong, and what must be true of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.records import Capture, Fate, Reason, Via
from pipelines.story import Sources
from spiders.captures import read_capture, verify_archive
from spiders.crawl import CrawlResult
from spiders.legal import SIGNALS_FILE, read_legal_signals
from spiders.manifest import ManifestEntry, Role, iter_entries
from tests.spiders.crawling import IN_WINDOW, USER_AGENT, crawl, make_story, outcomes_of
from tests.spiders.press import (
    Press,
    chunked,
    cut_gzip,
    endless_headers,
    feed,
    hang,
    in_turn,
    page,
    redirect,
    reset,
    short,
    sitemap,
    write_certificate,
    zipped,
)

POST, TIMES, STRICT, SICK, HOME = (
    f"{name}.example"
    for name in ("harbour-post", "quay-times", "strict-daily", "sick-gazette", "tide-weekly")
)
TOO_EARLY = "Wed, 29 Jan 2020 08:15:00 GMT"
CHILD_INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{0}/2024-01.xml</loc></sitemap><sitemap><loc>{0}/2019-05.xml</loc></sitemap>
<sitemap><loc>{0}/index.xml</loc></sitemap></sitemapindex>"""


@dataclass
class Crawled:
    folder: Path
    press: Press
    result: CrawlResult

    def fate(self, host: str, path: str) -> tuple[Fate | None, str | None]:
        outcome = outcomes_of(self.folder)[self.press.url(host, path)]
        return outcome.fate, outcome.reason

    def entry(self, host: str, path: str, role: Role = Role.PAGE) -> ManifestEntry:
        url = self.press.url(host, path)
        (entry,) = (entry for entry in iter_entries(self.folder / "archive", role=role) if entry.url == url)
        return entry

    def capture(self, host: str, path: str) -> Capture:
        capture = read_capture(self.folder / "archive", self.entry(host, path))
        assert isinstance(capture, Capture)
        return capture


def build(press: Press) -> Sources:
    add = press.add
    add(POST, "/plain", page("<p>plain", X_Robots_Tag="noarchive"))
    add(POST, "/zipped", zipped("<p>zipped"))
    add(POST, "/chunked", chunked("<p>chu", "nked"))
    add(POST, "/moved", redirect(press.url(TIMES, "/target")))
    add(POST, "/busy", in_turn(page("", 503, Retry_After="1"), page("<p>at last")))
    add(
        POST, "/meta", page('<meta name="robots" content="noindex"><meta name="tdm-reservation" content="1">')
    )
    add(TIMES, "/target", page("<p>target"))
    for name, answer in {
        "hang": hang(),
        "reset": reset,
        "error": page("", 500),
        "cut": cut_gzip("cranes " * 200),
        "short": short("<p>half"),
        "loop": redirect("/loop"),
        "headers": endless_headers,
        "elsewhere": redirect("file:///etc/passwd"),
        "forbidden": page("", 403),
        "large": page("x" * 11_000_000),
    }.items():
        add(SICK, f"/{name}", answer)
    sick = [
        press.url(SICK, f"/{name}") for name in ("hang", "reset", "error", "cut", "short", "loop", "headers")
    ]
    sick += [press.url(SICK, f"/{name}") for name in ("elsewhere", "forbidden", "large", "gone")]
    add(SICK, "/sitemap.xml", sitemap(*sick, "rel/path", "http://[::1", press.url(SICK, "/x") + "\x01"))
    add(SICK, "/robots.txt", in_turn(page("", 500), page("User-agent: *\nDisallow:\n")))
    add(STRICT, "/robots.txt", page("User-agent: wirecopy\nDisallow: /closed\nCrawl-delay: 0.1"))
    add(STRICT, "/open", page("<p>open"))
    add(STRICT, "/to-closed", redirect("/closed/7"))
    strict = [press.url(STRICT, f"/closed/{number}") for number in range(6)]
    add(STRICT, "/s.xml", sitemap(*strict, press.url(STRICT, "/open"), press.url(STRICT, "/to-closed")))
    add("broken.example", "/robots.txt", page("", 503))
    add("hung.example", "/robots.txt", hang())
    items = [
        (press.url(POST, path), IN_WINDOW) for path in ("/plain", "/zipped", "/chunked", "/moved", "/busy")
    ]
    items += [
        ("/meta", ""),
        ("/gone", ""),
        ("javascript:alert(1)", ""),
        ("/old", "Mon, 29 Jan 2020 08:15:00 GMT"),
    ]
    items += [(press.url("broken.example", "/1"), ""), (press.url("hung.example", "/1"), "")]
    items += [("http://no-such-host.invalid/1", ""), ("http://refusing.example:9/1", "")]
    add(POST, "/feed", feed(*items))
    add(POST, "/not-a-feed", page("<html>no feed"))
    add(POST, "/index.xml", page(CHILD_INDEX.format(press.url(POST, "")), media_type="text/xml"))
    add(POST, "/2024-01.xml", sitemap(press.url(POST, "/plain"), press.url(POST, "/from-index")))
    add(POST, "/from-index", page("<p>from index"))
    add(HOME, "/", page('<link rel="alternate" type="application/rss+xml" href="/rss">'))
    add(HOME, "/rss", feed((press.url(HOME, "/1"), IN_WINDOW), (press.url(HOME, "/2"), IN_WINDOW)))
    add(HOME, "/robots.txt", page(f"Sitemap: {press.url(HOME, '/news.xml')}"))
    add(HOME, "/news.xml", sitemap(press.url(HOME, "/3")))
    for number in (1, 2, 3):
        add(HOME, f"/{number}", page(f"<p>{number}"))
    press.answers["refusing.example", "/1"] = page("never on port 9")
    return Sources(
        seeds=(press.url(POST, "/plain"), press.url(POST, "/seed-gone")),
        feeds=(press.url(POST, "/feed"), press.url(POST, "/not-a-feed")),
        sitemaps=(
            press.url(SICK, "/sitemap.xml"),
            press.url(STRICT, "/s.xml"),
            press.url(POST, "/index.xml"),
        ),
        sites=(press.url(HOME),),
    )


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("faults")
    certificate = write_certificate(folder / "self-signed.pem", "sealed.example")
    with Press() as press, Press(certificate=certificate) as sealed:
        sources = build(press)
        press.answers["sealed.example", "/"] = page("only there so that the name resolves")
        sources = replace(sources, seeds=(*sources.seeds, sealed.url("sealed.example", "/1")))
        result = crawl(folder, make_story(press, sources, max_pages_per_host=12, timeout_seconds=0.8))
        yield Crawled(folder, press, result)


def test_it_ends_well_whatever_the_pages_do(crawled: Crawled) -> None:
    assert crawled.result == CrawlResult(0, is_finished=True, error=None)


@pytest.mark.parametrize(
    ("host", "path", "fate", "reason"),
    [
        (POST, "/gone", Fate.FAILED, "http_404"),
        (POST, "/seed-gone", Fate.FAILED, "http_404"),
        (POST, "/old", Fate.SKIPPED, Reason.OUT_OF_WINDOW),
        (POST, "/not-a-feed", Fate.FAILED, Reason.BAD_SOURCE),
        (POST, "/2019-05.xml", Fate.SKIPPED, Reason.OUT_OF_WINDOW),
        (SICK, "/hang", Fate.FAILED, Reason.TIMEOUT),
        (SICK, "/reset", Fate.FAILED, Reason.CONNECTION),
        (SICK, "/error", Fate.FAILED, "http_500"),
        (SICK, "/cut", Fate.FAILED, Reason.TRUNCATED),
        (SICK, "/short", Fate.FAILED, Reason.TRUNCATED),
        (SICK, "/loop", Fate.FAILED, Reason.REDIRECT_LOOP),
        (SICK, "/headers", Fate.FAILED, Reason.BAD_RESPONSE),
        (SICK, "/elsewhere", Fate.REFUSED, Reason.BAD_URL),
        (SICK, "/forbidden", Fate.FAILED, "http_403"),
        (SICK, "/large", Fate.FAILED, Reason.BODY_TOO_LARGE),
        (STRICT, "/closed/0", Fate.REFUSED, Reason.ROBOTS),
        (STRICT, "/to-closed", Fate.REFUSED, Reason.ROBOTS),
        ("broken.example", "/1", Fate.REFUSED, Reason.ROBOTS_UNREACHABLE),
        ("hung.example", "/1", Fate.REFUSED, Reason.ROBOTS_UNREACHABLE),
    ],
)
def test_each_fault_has_its_fate(crawled: Crawled, host: str, path: str, fate: Fate, reason: str) -> None:
    assert crawled.fate(host, path) == (fate, reason)


def test_hosts_that_are_not_there_have_their_fate(crawled: Crawled) -> None:
    outcomes = outcomes_of(crawled.folder)

    assert outcomes["http://no-such-host.invalid/1"].reason == Reason.DNS
    assert outcomes["http://refusing.example:9/1"].reason == Reason.CONNECTION


def test_a_certificate_that_nobody_vouches_for_is_a_failure(crawled: Crawled) -> None:
    (outcome,) = (one for url, one in outcomes_of(crawled.folder).items() if url.startswith("https:"))

    assert (outcome.fate, outcome.reason) == (Fate.FAILED, Reason.TLS)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/plain", b"<p>plain"),
        ("/zipped", b"<p>zipped"),
        ("/chunked", b"<p>chunked"),
        ("/busy", b"<p>at last"),
        ("/from-index", b"<p>from index"),
    ],
)
def test_pages_come_whole_into_the_archive(crawled: Crawled, path: str, text: bytes) -> None:
    assert crawled.fate(POST, path) == (None, None)
    assert crawled.capture(POST, path).body == text


def test_a_redirect_keeps_both_ends(crawled: Crawled) -> None:
    capture = crawled.capture(POST, "/moved")

    assert capture.final_url == crawled.press.url(TIMES, "/target")
    assert capture.body == b"<p>target"


def test_a_page_keeps_why_it_is_here(crawled: Crawled) -> None:
    entry = crawled.entry(POST, "/zipped")

    assert (entry.via, entry.source_url) == (Via.FEED, crawled.press.url(POST, "/feed"))
    assert entry.hints.published_raw == IN_WINDOW
    assert (entry.story, entry.run_id) == ("strike", "r1")


def test_a_seed_that_a_feed_lists_too_is_a_seed_with_the_feeds_hints(crawled: Crawled) -> None:
    entry = crawled.entry(POST, "/plain")

    assert entry.via is Via.SEED
    assert entry.hints.published_raw == IN_WINDOW


def test_bad_entries_are_kept_as_written(crawled: Crawled) -> None:
    outcomes = outcomes_of(crawled.folder)

    for raw in ("rel/path", "http://[::1", "javascript:alert(1)"):
        assert (outcomes[raw].fate, outcomes[raw].reason) == (Fate.REFUSED, Reason.BAD_URL)
        assert outcomes[raw].source_url


def test_sources_say_what_they_held(crawled: Crawled) -> None:
    outcome = outcomes_of(crawled.folder)[crawled.press.url(STRICT, "/s.xml")]

    assert (outcome.fate, outcome.via, outcome.detail) == (
        Fate.READ,
        Via.SITEMAP,
        "sitemap (urlset), 8 entries",
    )


def test_a_site_gives_its_feed_and_its_sitemap(crawled: Crawled) -> None:
    assert crawled.fate(HOME, "/") == (Fate.READ, None)
    assert [crawled.fate(HOME, f"/{number}") for number in (1, 2, 3)] == [(None, None)] * 3
    feed_outcome = outcomes_of(crawled.folder)[crawled.press.url(HOME, "/rss")]
    assert (feed_outcome.via, feed_outcome.source_url) == (Via.SITE, crawled.press.url(HOME, "/"))


def test_nothing_that_robots_forbids_is_asked_for(crawled: Crawled) -> None:
    assert sorted(crawled.press.paths(STRICT)) == ["/open", "/s.xml", "/to-closed"]
    assert crawled.press.paths("broken.example") == []
    assert crawled.press.paths("hung.example") == []


def test_robots_is_asked_for_once_however_many_wait_for_it(crawled: Crawled) -> None:
    assert crawled.press.paths(STRICT, robots=True).count("/robots.txt") == 1
    assert crawled.press.paths(POST, robots=True).count("/robots.txt") == 1


def test_passing_faults_are_tried_three_times_and_others_once(crawled: Crawled) -> None:
    paths = crawled.press.paths(SICK)

    for path in ("/error", "/cut", "/short", "/hang", "/reset"):
        assert paths.count(path) == 3, path
    for path in ("/forbidden", "/large", "/loop", "/gone", "/headers"):
        assert paths.count(path) <= 1, path


def test_retry_after_is_waited_for_by_the_whole_host(crawled: Crawled) -> None:
    hits = [hit for hit in crawled.press.hits if hit.host == POST]
    first = next(number for number, hit in enumerate(hits) if hit.path == "/busy")

    assert hits[first + 1].at - hits[first].at >= 1.0


def test_requests_say_who_we_are(crawled: Crawled) -> None:
    headers = crawled.press.hits[-1].headers

    assert headers["User-Agent"] == USER_AGENT
    assert "Cookie" not in headers
    assert "Referer" not in headers


def test_no_host_is_asked_two_things_at_once_or_too_fast(crawled: Crawled) -> None:
    times = [hit.at for hit in crawled.press.hits if hit.host == STRICT]

    assert min(later - earlier for earlier, later in pairwise(times[1:])) >= 0.1


def test_the_archive_holds_sources_and_robots_apart_from_pages(crawled: Crawled) -> None:
    assert crawled.entry(POST, "/feed", Role.SOURCE).status == 200
    assert crawled.entry(STRICT, "/robots.txt", Role.ROBOTS).status == 200
    assert verify_archive(crawled.folder / "archive") == ()


def test_what_sites_say_about_rights_is_kept(crawled: Crawled) -> None:
    signals = read_legal_signals(crawled.folder / "runs/r1" / SIGNALS_FILE)
    said = {(signal.host, signal.signal, signal.value, signal.url is None) for signal in signals}

    assert (STRICT, "robots", "rules", True) in said
    assert (STRICT, "crawl-delay", "0.1", True) in said
    assert (POST, "x-robots-tag", "noarchive", False) in said
    assert (POST, "meta robots", "noindex", False) in said
    assert (POST, "tdm-reservation", "1", False) in said
    assert ("broken.example", "robots", "unreachable (http 503): all refused", True) in said


def test_every_archived_page_has_the_fate_fetched_and_no_other(crawled: Crawled) -> None:
    fetched = {outcome.url for outcome in outcomes_of(crawled.folder).values() if outcome.fate is None}

    assert fetched == {entry.url for entry in iter_entries(crawled.folder / "archive", "r1")}
