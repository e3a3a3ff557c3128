"""How a crawl ends and what it touches: signals, a failing disk, connections to nobody but its hosts."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd
from warcio.archiveiterator import ArchiveIterator

from pipelines.records import Via
from pipelines.story import Sources
from spiders.archive import ArchiveWriter
from spiders.captures import verify_archive
from spiders.crawl import run_crawl
from spiders.manifest import Role, iter_entries
from spiders.warc import HttpResponse, Visit
from tests.spiders.crawling import crawl, make_job, make_story
from tests.spiders.press import Press, coded, cut_gzip, page, redirect, sitemap

HOST = "quay-times.example"
PAGES = 16
MAX_STOP_SECONDS = 30.0
AUDITED = """
import sys
def write_down(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        sys.stderr.write(f"{event} {arguments[1] if event == 'socket.connect' else arguments[0]}\\n")
sys.addaudithook(write_down)
from spiders.crawl import main
sys.exit(main(sys.argv[1:]))
"""


def list_pages(press: Press) -> Sources:
    urls = [press.add(HOST, f"/{number}", page(f"<p>{number}")) for number in range(PAGES)]
    return Sources(sitemaps=(press.add(HOST, "/s.xml", sitemap(*urls)),))


def test_a_crawl_that_is_told_to_end_ends_soon_and_goes_on_later(tmp_path: Path) -> None:
    with Press() as press:
        job = make_job(tmp_path, make_story(press, list_pages(press), delay_seconds=0.05))
        command = [sys.executable, "-m", "spiders.crawl", str(job)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            while len(press.paths(HOST)) < 4:
                time.sleep(0.01)
                assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            assert process.wait(MAX_STOP_SECONDS) == 130
        assert verify_archive(tmp_path / "archive") == ()
        kept = {entry.url for entry in iter_entries(tmp_path / "archive")}
        press.hits.clear()

        assert run_crawl(job).is_finished

        assert not kept & {press.url(HOST, path) for path in press.paths(HOST)}
    assert len(list(iter_entries(tmp_path / "archive"))) == PAGES


def test_a_crawl_connects_to_its_hosts_and_to_nobody_else(tmp_path: Path) -> None:
    with Press() as press:
        sources = list_pages(press)
        job = make_job(tmp_path, make_story(press, sources))
        said = tmp_path / "said"
        command = [sys.executable, "-c", AUDITED, str(job)]
        with (
            said.open("w") as errors,
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors
            ) as process,
        ):
            assert process.wait(100) == 0
        port = press.port

    connected = set(re.findall(r"^socket.connect (.*)$", said.read_text(), re.MULTILINE))
    looked_up = set(re.findall(r"^socket.getaddrinfo (.*)$", said.read_text(), re.MULTILINE))
    assert connected == {f"('127.0.0.1', {port})"}
    assert looked_up == {"127.0.0.1"}


def test_a_record_that_the_disk_did_not_take_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    url = f"http://{HOST}/1"
    visit = Visit(url, Via.SEED, datetime(2024, 1, 29, tzinfo=UTC))
    writer = ArchiveWriter(tmp_path, "r1")
    writer.add_response(visit, HttpResponse(url, 200, (), b"<p>first"))
    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", fail)
        with pytest.raises(OSError, match="Input/output"):
            writer.add_response(visit, HttpResponse(url, 200, (), b"<p>second"))

    assert len(list(iter_entries(tmp_path))) == 1
    with ArchiveWriter(tmp_path, "r1") as again:
        again.add_response(visit, HttpResponse(url, 200, (), b"<p>third"))
    assert verify_archive(tmp_path) == ()
    assert len(list(iter_entries(tmp_path))) == 2


def test_the_archive_of_a_crawl_passes_other_tools(tmp_path: Path) -> None:
    with Press() as press:
        press.add(HOST, "/gone", page("gone", 410))
        for coding, body in (("br", brotli.compress(b"<p>text")), ("zstd", zstd.compress(b"<p>text"))):
            press.add(HOST, f"/{coding}", coded(coding, body))
        press.add(HOST, "/cut", cut_gzip("cranes " * 50))
        press.add(HOST, "/odd", coded("x-odd", b"<p>text"))
        press.add(HOST, "/moved", redirect("/0"))
        sources = list_pages(press)
        seeds = tuple(press.url(HOST, f"/{name}") for name in ("gone", "moved", "br", "zstd", "cut", "odd"))
        crawl(tmp_path, make_story(press, Sources(seeds=seeds, sitemaps=sources.sitemaps)))

    (warc,) = (tmp_path / "archive").glob("*.warc.gz")
    command = [sys.executable, "-m", "warcio.cli", "check", str(warc)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    with warc.open("rb") as stream:
        records = [(record.rec_type, record.http_headers) for record in ArchiveIterator(stream)]
    kinds = [kind for kind, _ in records]
    hops = [headers for kind, headers in records if kind == "response" and headers.get_statuscode() == "302"]

    assert (checked.returncode, checked.stdout.strip()) == (0, "")
    assert [headers.get_header("Location") for headers in hops] == ["/0"]
    assert kinds.count("response") == kinds.count("request") == kinds.count("metadata") + len(hops)
    roles = [entry.role for entry in iter_entries(tmp_path / "archive", role=None)]
    assert kinds.count("metadata") == len(roles) == PAGES + 9  # seeds, sitemap, and two of the host's
    assert set(roles) == set(Role)
