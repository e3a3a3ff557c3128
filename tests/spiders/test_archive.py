import asyncio
import gzip
import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.records import Capture, Hints, Reason, Rejected, Via
from spiders.archive import ArchiveWriter
from spiders.captures import read_capture, split_content_type, verify_archive
from spiders.commits import GroupCommit
from spiders.index import ArchiveIndex
from spiders.manifest import ManifestEntry, Role, cut_torn_tails, iter_entries, manifest_of
from spiders.warc import HttpResponse, Visit
from tests.spiders.crawling import full_disk

URL = "http://harbour-post.example/cranes"
NOW = datetime(2024, 1, 29, 8, 15, 0, 5000, tzinfo=UTC)
HTML = (("Content-Type", "Text/HTML; charset=UTF-8"),)


def visit(url: str = URL, **changes: object) -> Visit:
    values: dict[str, object] = {
        "url": url,
        "via": Via.FEED,
        "fetched_at": NOW,
        "source_url": "http://harbour-post.example/feed",
        "hints": Hints(title="Cränes \ud800", published_raw="Mon"),
        "story": "strike",
    }
    return Visit(**{**values, **changes})  # type: ignore[arg-type]


def answer(
    body: bytes = b"<p>Cranes stand still.",
    url: str = URL,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = HTML,
) -> HttpResponse:
    return HttpResponse(url, status, headers, body)


def capture(folder: Path, entry: ManifestEntry) -> Capture:
    found = read_capture(folder, entry)
    assert isinstance(found, Capture)
    return found


def test_a_response_comes_back_as_a_capture(tmp_path: Path) -> None:
    body = gzip.compress(b"<p>Cranes")
    headers = (*HTML, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
    with ArchiveWriter(tmp_path, "r1") as writer:
        entry = writer.add_response(visit(), answer(body, URL + "?final", headers=headers))

    found = capture(tmp_path, entry)

    assert (found.url, found.final_url, found.status) == (URL, URL + "?final", 200)
    assert (found.media_type, found.charset, found.body) == ("text/html", "utf-8", b"<p>Cranes")
    assert (found.via, found.source_url) == (Via.FEED, "http://harbour-post.example/feed")
    assert found.hints == Hints(title="Cränes \ud800", published_raw="Mon")
    assert found.fetched_at == NOW
    assert (found.archive_file, found.archive_offset) == (entry.span.file, entry.span.offset)


def test_the_manifest_reads_back_what_was_written(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "r1") as writer:
        first = writer.add_response(visit(), answer(headers=(*HTML, ("ETag", '"1"'))))
        second = writer.add_not_modified(visit(), answer(b"", status=304, headers=()), first)

    assert list(iter_entries(tmp_path)) == [first, second]
    assert second.etag == '"1"'


def test_an_unchanged_page_is_kept_once_and_read_through_every_visit(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "r1") as writer:
        first = writer.add_response(visit(), answer())
    with ArchiveWriter(tmp_path, "r2") as writer:
        same = writer.add_response(visit(fetched_at=NOW + timedelta(hours=1)), answer(), first)
        unmodified = writer.add_not_modified(visit(), answer(b"", status=304, headers=()), same)

    assert [same.kind, unmodified.kind] == ["revisit", "revisit"]
    assert same.body_span == unmodified.body_span == first.span
    for entry in (same, unmodified):
        found = capture(tmp_path, entry)
        assert (found.body, found.status, found.media_type) == (b"<p>Cranes stand still.", 200, "text/html")
        assert found.archive_file == first.span.file
    assert capture(tmp_path, same).fetched_at == NOW + timedelta(hours=1)


def test_a_changed_page_is_a_response_again(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "r1") as writer:
        first = writer.add_response(visit(), answer())
        second = writer.add_response(visit(), answer(b"<p>Cranes move."), first)

    assert second.kind == "response"
    assert capture(tmp_path, second).body == b"<p>Cranes move."


def test_a_resource_is_stored_once(tmp_path: Path) -> None:
    local = visit("file:notes.txt", via=Via.FILE, source_url=None)
    with ArchiveWriter(tmp_path, "r1") as writer:
        first = writer.add_resource(local, "text/plain", "Kräne".encode())
        again = writer.add_resource(local, "text/plain", "Kräne".encode(), first)

    assert again == first
    found = capture(tmp_path, first)
    assert (found.media_type, found.charset, found.body.decode()) == ("text/plain", None, "Kräne")
    assert len(list(iter_entries(tmp_path))) == 1


def test_other_tools_read_it_and_find_every_digest_right(tmp_path: Path) -> None:
    headers = (*HTML, ("X-Näme", "line\r\nbreak"), ("Set-Cookie", "café"))
    with ArchiveWriter(tmp_path, "r1") as writer:
        first = writer.add_response(visit(), answer(headers=headers))
        writer.add_response(visit(), answer(), first)
        writer.add_response(visit("http://a.example/empty"), answer(b""))
        writer.add_resource(visit("file:ä b.txt"), "text/plain", b"x")
        path = writer.path

    check = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert check.returncode == 0, check.stdout
    assert check.stdout.count("digest pass") >= 8


def test_files_are_rotated_by_size_and_all_read(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "r1", max_bytes=2000) as writer:
        entries = [
            writer.add_response(visit(f"{URL}/{number}"), answer(b"%d" % number, f"{URL}/{number}"))
            for number in range(6)
        ]

    assert len({entry.span.file for entry in entries}) > 1
    assert list(iter_entries(tmp_path, "r1")) == entries
    assert verify_archive(tmp_path) == ()


def test_entries_are_told_apart_by_run_and_role(tmp_path: Path) -> None:
    for run in ("r1", "r1-1", "r2"):
        with ArchiveWriter(tmp_path, run) as writer:
            writer.add_response(visit(), answer())
            writer.add_response(visit(role=Role.SOURCE), answer(b"feed"))

    assert [entry.run_id for entry in iter_entries(tmp_path)] == ["r1", "r1-1", "r2"]
    assert len(list(iter_entries(tmp_path, "r1", role=None))) == 2


@pytest.mark.parametrize("lost", [1, 100, 400])
def test_a_torn_tail_of_the_file_is_cut_and_writing_goes_on(tmp_path: Path, lost: int) -> None:
    with ArchiveWriter(tmp_path, "r1") as writer:
        first = writer.add_response(visit(), answer())
        writer.add_response(visit("http://a.example/2"), answer())
        path = writer.path
    manifest = manifest_of(path)
    manifest.write_bytes(manifest.read_bytes()[:-lost])  # the second line is torn, or gone

    with ArchiveWriter(tmp_path, "r1") as writer:
        third = writer.add_response(visit("http://a.example/3"), answer())

    assert list(iter_entries(tmp_path)) == [first, third]
    assert verify_archive(tmp_path) == ()
    assert third.span.offset < first.span.offset + first.span.length + 2000


def test_rubbish_at_the_end_of_a_file_is_cut(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "r1") as writer:
        first = writer.add_response(visit(), answer())
        path = writer.path
    path.write_bytes(path.read_bytes() + b"\x1f\x8b torn")

    with ArchiveWriter(tmp_path, "r1") as writer:
        second = writer.add_response(visit(), answer(b"2"))

    assert [capture(tmp_path, entry).body for entry in (first, second)] == [b"<p>Cranes stand still.", b"2"]


def test_records_that_the_file_lost_no_longer_count(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "r1") as writer:
        first = writer.add_response(visit(), answer())
        writer.add_response(visit(), answer(b"2"))
        path = writer.path
    path.write_bytes(path.read_bytes()[:-10])
    assert len(verify_archive(tmp_path)) == 1

    with ArchiveWriter(tmp_path, "r1"):
        pass

    assert list(iter_entries(tmp_path)) == [first]


def test_a_flipped_byte_is_found_and_named(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "r1") as writer:
        entry = writer.add_response(visit(), answer())
        path = writer.path
    data = bytearray(path.read_bytes())
    data[entry.span.offset + 50] ^= 1
    path.write_bytes(bytes(data))

    found = read_capture(tmp_path, entry)

    assert isinstance(found, Rejected)
    assert found.reason is Reason.CORRUPT_RECORD
    assert URL in verify_archive(tmp_path)[0]


def test_a_missing_file_is_a_rejection(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "r1") as writer:
        entry = writer.add_response(visit(), answer())
        writer.path.unlink()

    assert read_capture(tmp_path, entry) == Rejected(
        URL, Reason.CORRUPT_RECORD, f"{entry.span.file}: the file is gone"
    )


@pytest.mark.parametrize(
    ("body", "coding", "reason"),
    [
        (gzip.compress(b"x" * 100, mtime=0)[:-9], "gzip", Reason.TRUNCATED),
        (gzip.compress(b"\x00" * 11_000_000, mtime=0), "gzip", Reason.TOO_LARGE),
        (b"x", "rot13", Reason.BAD_ENCODING),
    ],
)
def test_a_body_that_cannot_be_decoded_is_rejected(
    tmp_path: Path, body: bytes, coding: str, reason: Reason
) -> None:
    with ArchiveWriter(tmp_path, "r1") as writer:
        entry = writer.add_response(visit(), answer(body, headers=(("Content-Encoding", coding),)))

    found = read_capture(tmp_path, entry)

    assert isinstance(found, Rejected)
    assert found.reason is reason


def test_batched_records_count_when_flushed(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "r1", sync_every=10) as writer:
        writer.add_resource(visit("file:a"), "text/plain", b"a")
        assert list(iter_entries(tmp_path)) == []
        writer.flush()
        assert len(list(iter_entries(tmp_path))) == 1
        writer.add_resource(visit("file:b"), "text/plain", b"b")

    assert len(list(iter_entries(tmp_path))) == 2


def test_visits_count_for_their_story_only_and_not_for_the_run_itself(tmp_path: Path) -> None:
    for run, hours in (("r1", 0), ("r2", 5), ("r3", 9)):
        with ArchiveWriter(tmp_path, run) as writer:
            writer.add_response(visit(fetched_at=NOW + timedelta(hours=hours)), answer())
            writer.add_response(visit("http://a.example/other", story="other"), answer())
            writer.add_resource(visit("http://a.example/file", via=Via.FILE), "text/plain", b"x")

    with closing(ArchiveIndex(tmp_path, "r3")) as index:
        visits = index.visits_of("strike")

        assert (set(visits), len(visits)) == ({URL}, 1)
        assert visits[URL].last_visit - visits[URL].first_seen == timedelta(hours=5)
        newest = index.newest(Role.PAGE, URL)
    assert newest is not None
    assert newest.run_id == "r2"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/html", ("text/html", None)),
        ('Text/HTML; Charset="UTF-8"', ("text/html", "utf-8")),
        ("text/html;charset=iso-8859-1; x=y", ("text/html", "iso-8859-1")),
        ("", ("", None)),
        (";;;", ("", None)),
    ],
)
def test_content_types(header: str, expected: tuple[str, str | None]) -> None:
    assert split_content_type(header) == expected


@pytest.mark.parametrize("limit_bytes", [100, 900, 1500, 2100, 3000])
def test_a_full_disk_costs_no_record_that_was_acknowledged(tmp_path: Path, limit_bytes: int) -> None:
    acknowledged = []
    with full_disk(limit_bytes), pytest.raises(OSError), ArchiveWriter(tmp_path, "r1") as writer:
        for number in range(10):
            acknowledged.append(
                writer.add_response(visit(f"{URL}/{number}"), answer(os.urandom(60), f"{URL}/{number}"))
            )

    assert list(iter_entries(tmp_path)) == acknowledged
    with ArchiveWriter(tmp_path, "r1") as writer:
        acknowledged.append(writer.add_response(visit(), answer()))

    assert list(iter_entries(tmp_path)) == acknowledged
    assert verify_archive(tmp_path) == ()


def test_a_run_whose_name_begins_another_ones_finds_its_own_file(tmp_path: Path) -> None:
    for run in ("r1", "r1-1", "r1"):
        with ArchiveWriter(tmp_path, run) as writer:
            writer.add_response(visit(), answer())

    assert sorted(path.name for path in tmp_path.glob("*.warc.gz")) == [
        "r1-00001.warc.gz",
        "r1-1-00001.warc.gz",
    ]


def test_records_of_many_tasks_share_the_wait_for_the_disk(tmp_path: Path) -> None:
    async def add_all(writer: ArchiveWriter) -> list[ManifestEntry]:
        commit = GroupCommit(writer)

        async def add(number: int) -> ManifestEntry:
            entry = writer.add_response(visit(f"{URL}/{number}"), answer(b"%d" % number))
            await commit.done()
            assert entry in list(iter_entries(tmp_path))
            return entry

        added = await asyncio.gather(*(add(number) for number in range(20)))
        await commit.close()
        return added

    with ArchiveWriter(tmp_path, "r1", max_bytes=3000, sync_every=None) as writer:
        added = asyncio.run(add_all(writer))

    assert sorted(iter_entries(tmp_path), key=lambda entry: entry.url) == sorted(added, key=lambda e: e.url)
    assert verify_archive(tmp_path) == ()


def test_a_full_disk_reaches_every_task_that_waits(tmp_path: Path) -> None:
    async def add_two(writer: ArchiveWriter) -> list[BaseException | None]:
        commit = GroupCommit(writer)
        for number in range(2):
            writer.add_response(visit(f"{URL}/{number}"), answer())
        with full_disk(100):
            return await asyncio.gather(commit.done(), commit.done(), return_exceptions=True)

    with ArchiveWriter(tmp_path, "r1", sync_every=None) as writer:
        results = asyncio.run(add_two(writer))

    assert [type(result) for result in results] == [OSError, OSError]


def test_a_torn_tail_that_nobody_opens_again_is_cut_and_a_changed_line_is_not(tmp_path: Path) -> None:
    for run_id in ("r1", "r2"):
        with ArchiveWriter(tmp_path, run_id) as writer:
            writer.add_response(visit(), answer())
            writer.add_response(visit(URL + "/2"), answer(b"<p>Another"))
    torn, changed = (tmp_path / f"{run_id}-00001.manifest" for run_id in ("r1", "r2"))
    whole = torn.read_bytes()
    torn.write_bytes(whole + b'1a2b3c4d {"span":')
    lines = changed.read_bytes()
    changed.write_bytes((b"1" if lines.startswith(b"0") else b"0") + lines[1:])

    assert cut_torn_tails(tmp_path) == ("r1-00001.manifest",)
    assert torn.read_bytes() == whole
    assert [problem.partition(":")[0] for problem in verify_archive(tmp_path)] == ["r2-00001.manifest"]
