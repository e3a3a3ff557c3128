"""A run that reads a WARC file, follows links from relevant pages, and is killed on the way."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.records import Via
from spiders.archive import ArchiveWriter
from spiders.warc import HttpResponse, Visit
from tests.flows.conftest import COMMAND, wirecopy, wirecopy_here
from tests.spiders.press import Press, feed, page
from warehouse.master import open_published

POST, TIMES, OLD = "harbour-post.example", "quay-times.example", "old-mill.example"
ABOUT = (
    "Dockers in Harbourtown began a strike on Monday after talks about the new cranes broke down. The port "
    "authority said that two ships had been sent on to another harbour, and that the plan would stand."
)
OTHER = (
    "The mill at Orrin opened its doors to visitors on Monday. Some three hundred people came to see the old "
    "wheel turn, and the miller's family served bread that was baked from the first flour of the year."
)


def article(title: str, text: str, *links: str) -> str:
    linked = "".join(f'<p>{title} goes on: see <a href="{link}">the report</a> there.</p>' for link in links)
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f'<time datetime="2024-01-29T08:15:00Z">29 January 2024</time><p>{title}. {text}</p>{linked}'
        "</article></body></html>"
    )


@dataclass
class Followed:
    folder: Path
    press: Press
    done: subprocess.CompletedProcess[str]

    def fates(self) -> dict[str, tuple[str, str, str | None]]:
        """Fate, via and source of each URL, without origins."""
        with open_published(self.folder / "warehouse/coverage.duckdb") as connection:
            rows = connection.execute(
                "select url, fate, via, source_url from url_fates "
                "where fate <> 'read' and not (via = 'search' and source_url is null)"
            ).fetchall()
        port = f":{self.press.port}"
        return {
            str(url).replace(port, ""): (fate, via, source and str(source).replace(port, ""))
            for url, fate, via, source in rows
        }


def build(press: Press, folder: Path) -> None:
    """Two links away from the feed lies the last report; an off-topic page leads to another."""
    chain = [press.url(TIMES, f"/report-{number}") for number in (1, 2, 3)]
    first = press.add(POST, "/strike", page(article("First day", ABOUT, chain[0], press.url(TIMES, "/mill"))))
    press.add(TIMES, "/report-1", page(article("Second day", ABOUT + " It rained.", chain[1])))
    press.add(TIMES, "/report-2", page(article("Third day", ABOUT + " It snowed.", chain[2])))
    press.add(TIMES, "/report-3", page(article("Fourth day", ABOUT + " It froze.")))
    press.add(TIMES, "/mill", page(article("Old mill", OTHER, press.url(TIMES, "/never"))))
    press.add(TIMES, "/never", page(article("Never", ABOUT)))
    source = press.add(POST, "/feed", feed((first, "Mon, 29 Jan 2024 08:15:00 GMT")))
    write_archive(folder / "warcs", article("From the archive", ABOUT + " It thawed."))
    hosts = ", ".join(f'"{host}" = "{press.address}"' for host in (POST, TIMES, OLD))
    (folder / "story.toml").write_text(
        f"""[story]
name = "strike"
since = 2024-01-28
until = 2024-02-15
[match]
all = ["Harbourtown", "strike"]
[sources]
feeds = ["{source}"]
archives = ["warcs/*.warc.gz"]
searches = ["gdelt"]
search_endpoints = {{ gdelt = "{press.url(POST, "/no-search")}" }}
[fetch]
delay_seconds = 0
follow_links = 2
allow_private_hosts = true
resolve = {{ {hosts} }}
""",
        encoding="utf-8",
    )


def write_archive(folder: Path, html: str) -> None:
    at = datetime(2024, 1, 30, tzinfo=UTC)
    with ArchiveWriter(folder, "cc") as writer:
        for host, taken_at in ((OLD, at), ("later.example", at.replace(year=2019))):
            url = f"http://{host}/report"
            response = HttpResponse(url, 200, (("Content-Type", "text/html"),), html.encode())
            writer.add_response(Visit(url, Via.FEED, taken_at), response)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    folder = tmp_path_factory.mktemp("followed")
    with Press() as press:
        build(press, folder)
        done = wirecopy("run", "story.toml", "--no-prefect", cwd=folder)
        yield Followed(folder, press, done)


def test_links_are_followed_from_relevant_pages_to_the_depth_asked(followed: Followed) -> None:
    assert followed.done.returncode == 0, followed.done.stderr
    assert followed.fates() == {
        f"http://{POST}/strike": ("kept", "feed", f"http://{POST}/feed"),
        f"http://{TIMES}/report-1": ("kept", "link", f"http://{POST}/strike"),
        f"http://{TIMES}/report-2": ("kept", "link", f"http://{TIMES}/report-1"),
        f"http://{TIMES}/mill": ("rejected", "link", f"http://{POST}/strike"),
        f"http://{OLD}/report": ("kept", "archive", f"file:{followed.folder}/warcs/cc-00001.warc.gz"),
        "http://later.example/report": (
            "skipped",
            "archive",
            f"file:{followed.folder}/warcs/cc-00001.warc.gz",
        ),
    }
    assert not {"/never", "/report-3"} & set(followed.press.paths())


def test_a_search_that_is_down_costs_a_line(followed: Followed) -> None:
    assert "\nsearches and archives\n  search gdelt: http_404 (1 request, 0 URLs)\n" in followed.done.stdout


def test_nothing_is_asked_for_twice(followed: Followed) -> None:
    assert len(followed.press.paths()) == len(set(followed.press.paths()))


def test_check_says_what_would_be_read_and_followed(followed: Followed) -> None:
    said = wirecopy_here("check", "story.toml", cwd=followed.folder).stdout

    assert "1 WARC files" in said
    assert "gdelt\twould be asked" in said
    assert "links of relevant pages would be followed, 2 deep" in said


def test_a_run_killed_on_the_way_ends_like_an_undisturbed_one(followed: Followed, tmp_path: Path) -> None:
    build(followed.press, tmp_path)
    links = tmp_path / "warehouse/coverage.duckdb.d/runs/run-000001/links-1.jsonl"
    command = [*COMMAND, "run", "story.toml", "--no-prefect"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    for line in process.stderr:
        if b"following links" in line:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    assert links.exists()

    done = wirecopy("run", "story.toml", "--no-prefect", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    again = Followed(tmp_path, followed.press, done)
    expected = {
        url: (fate, via, source and source.replace(str(followed.folder), str(tmp_path)))
        for url, (fate, via, source) in followed.fates().items()
    }
    assert again.fates() == expected
