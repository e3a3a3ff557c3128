import gzip
import json
import os
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.archive_filter import CaptureFilter
from pipelines.discovery import Window
from pipelines.records import Capture, Fate, Hints, Reason, Via
from spiders.archive import ArchiveWriter
from spiders.captures import read_capture, verify_archive
from spiders.journal import Journal, UrlOutcome, url_outcomes
from spiders.legal import SignalLog, read_legal_signals
from spiders.local import Loader, LocalMaterial, MissingMaterialError, archive_paths, file_url, load_paths
from spiders.local_archives import ArchiveReader, find_files
from spiders.manifest import iter_entries

NOW = datetime(2024, 3, 1, tzinfo=UTC)


def load(folder: Path, *paths: Path, run_id: str = "i1") -> LocalMaterial:
    with ArchiveWriter(folder / "archive", run_id, sync_every=100) as writer:
        return archive_paths(paths, writer, NOW)


def captures(folder: Path, material: LocalMaterial) -> dict[str, Capture]:
    found = [read_capture(folder / "archive", entry) for entry in material.entries]
    return {capture.url: capture for capture in found if isinstance(capture, Capture)}


def fates(material: LocalMaterial) -> dict[str, tuple[Fate | None, str | None]]:
    return {outcome.url: (outcome.fate, outcome.reason) for outcome in material.outcomes}


def material(folder: Path, **files: bytes) -> Path:
    given = folder / "given"
    for name, content in files.items():
        path = given / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return given


def write_jsonl(folder: Path, *lines: Any) -> Path:
    path = folder / "dump.jsonl"
    encoded = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(encoded) + b"\n")
    return path


GOOD = {"url": "http://a.example/1", "text": "Cranes stand still."}


def test_pages_and_texts_of_a_folder_are_filed_under_their_names(tmp_path: Path) -> None:
    given = material(tmp_path, a_html=b"<p>a", sub__b_txt="Kräne".encode(), c_htm=b"<p>c")

    loaded = load(tmp_path, given)

    found = captures(tmp_path, loaded)
    assert {url: (capture.media_type, capture.body) for url, capture in found.items()} == {
        "file:a.html": ("text/html", b"<p>a"),
        "file:sub/b.txt": ("text/plain", "Kräne".encode()),
        "file:c.htm": ("text/html", b"<p>c"),
    }
    assert found["file:a.html"].fetched_at == NOW
    assert found["file:a.html"].via is Via.FILE


def test_a_single_file_goes_by_its_name(tmp_path: Path) -> None:
    given = material(tmp_path, sub__b_txt=b"text")

    assert set(fates(load(tmp_path, given / "sub/b.txt"))) == {"file:b.txt"}


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    given = material(tmp_path, x__b_txt=b"one", y__b_txt=b"two")

    loaded = load(tmp_path, given / "x/b.txt", given / "y/b.txt")

    assert set(fates(loaded)) == {"file:b.txt", f"file:{given}/y/b.txt"}


def test_a_missing_path_touches_nothing(tmp_path: Path) -> None:
    given = material(tmp_path, a_txt=b"text")

    with pytest.raises(MissingMaterialError, match="nowhere"):
        load(tmp_path, given, tmp_path / "nowhere")

    assert list(iter_entries(tmp_path / "archive")) == []


def test_unknown_and_large_and_unreadable_files_are_rejections(tmp_path: Path) -> None:
    given = material(tmp_path, a_pdf=b"%PDF", big_txt=b"x" * 11_000_000, ok_txt=b"fine")
    (given / "gone.txt").symlink_to(given / "target.txt")
    os.mkfifo(given / "pipe.txt")

    assert fates(load(tmp_path, given)) == {
        "file:a.pdf": (Fate.REJECTED, Reason.NOT_TEXT),
        "file:big.txt": (Fate.REJECTED, Reason.TOO_LARGE),
        "file:ok.txt": (None, None),
    }


def test_a_name_cannot_break_a_record(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "a\r\nWARC-Type: evil.txt").write_bytes(b"text")
    Path(os.fsdecode(bytes(given) + b"/\xff b.txt")).write_bytes(b"text")

    loaded = load(tmp_path, given)

    assert len(captures(tmp_path, loaded)) == 2
    assert all("\n" not in outcome.url for outcome in loaded.outcomes)
    assert verify_archive(tmp_path / "archive") == ()


def test_loading_again_stores_nothing_and_gives_the_same_entries(tmp_path: Path) -> None:
    given = material(tmp_path, a_txt=b"text", d_jsonl=json.dumps(GOOD).encode())
    first = load(tmp_path, given)

    second = load(tmp_path, given, run_id="i2")

    assert second == first
    assert len(list(iter_entries(tmp_path / "archive"))) == 2


def test_an_edited_file_is_stored_again(tmp_path: Path) -> None:
    given = material(tmp_path, a_txt=b"text")
    load(tmp_path, given)
    (given / "a.txt").write_bytes(b"other text")

    (entry,) = load(tmp_path, given, run_id="i2").entries

    assert entry.run_id == "i2"


def test_a_jsonl_line_carries_its_facts(tmp_path: Path) -> None:
    line = {
        "url": "HTTP://A.example/1?utm_source=x",
        "html": "<p>Kräne",
        "title": "T",
        "published_at": "2024-01-29T08:15:00+03:00",
        "fetched_at": "2024-01-30T00:00:00Z",
        "outlet": "Harbour Post",
        "more": [1],
    }

    loaded = load(tmp_path, write_jsonl(tmp_path, line, b"", {**GOOD, "url": "http://a.example/2"}))

    found = captures(tmp_path, loaded)
    capture = found["http://a.example/1"]
    assert (capture.media_type, capture.charset, capture.body.decode()) == ("text/html", "utf-8", "<p>Kräne")
    assert capture.hints == Hints("T", "2024-01-29T08:15:00+03:00", None, "Harbour Post")
    assert capture.fetched_at == datetime(2024, 1, 30, tzinfo=UTC)
    assert found["http://a.example/2"].media_type == "text/plain"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"{not json", "not JSON"),
        (b"[1]", "must be a JSON object, not list"),
        (b'{"url": "http://a.example/\xff", "text": "x"}', "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        ({"text": "x"}, "url is missing"),
        ({"url": 5, "text": "x"}, "url must be a non-empty string"),
        ({"url": "ftp://a.example/", "text": "x"}, "url: only http and https"),
        ({"url": "http://a.example/2"}, "neither html nor text"),
        ({"url": "http://a.example/2", "text": "x", "html": "y"}, "both html and text"),
        ({"url": "http://a.example/2", "text": ["x"]}, "text must be a string, not list"),
        ({"url": "http://a.example/2", "text": "x", "title": 5}, "title must be a string, not int"),
        ({"url": "http://a.example/2", "text": "x\x00y"}, "text has a NUL"),
        ({"url": "http://a.example/2", "text": "x\ud800"}, "half a surrogate pair"),
        ({"url": "http://a.example/2", "text": "x", "published_at": "29.1.2024"}, "is no ISO 8601 date"),
        ({"url": "http://a.example/2", "text": "x", "published_at": "2024-01-29T08:15:00"}, "has no zone"),
        ({"url": "http://a.example/2", "text": "x", "fetched_at": "soon"}, "fetched_at"),
    ],
)
def test_a_bad_line_is_rejected_with_its_place_and_the_rest_loads(
    tmp_path: Path, line: Any, complaint: str
) -> None:
    loaded = load(tmp_path, write_jsonl(tmp_path, GOOD, line, {**GOOD, "url": "http://a.example/3"}))

    (bad,) = (outcome for outcome in loaded.outcomes if outcome.fate is not None)
    assert (bad.fate, bad.reason) == (Fate.REJECTED, Reason.BAD_LINE)
    assert bad.url in ("file:dump.jsonl#line=2", "http://a.example/2")
    assert bad.detail.startswith("dump.jsonl:2: ")
    assert complaint in bad.detail
    assert set(captures(tmp_path, loaded)) == {"http://a.example/1", "http://a.example/3"}


def test_two_lines_of_one_url_are_two_captures_of_it(tmp_path: Path) -> None:
    later = {**GOOD, "text": "Another text.", "fetched_at": "2024-03-01T10:00:00Z"}

    loaded = load(tmp_path, write_jsonl(tmp_path, GOOD, later, GOOD))

    assert fates(loaded) == {"http://a.example/1": (None, None)}
    assert len(loaded.entries) == 2  # the third line is the first again


def test_a_bad_line_does_not_take_the_name_of_a_good_one(tmp_path: Path) -> None:
    loaded = load(tmp_path, write_jsonl(tmp_path, {**GOOD, "title": 5}, GOOD))

    assert fates(loaded) == {
        "http://a.example/1": (None, None),
        "file:dump.jsonl#line=1": (Fate.REJECTED, Reason.BAD_LINE),
    }


def response(
    url: str,
    body: bytes,
    content_type: str = "text/html",
    status: str = "200 OK",
    at: str = "2024-01-30T09:00:00Z",
    **headers: str,
) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    http = StatusAndHeaders(status, [("Content-Type", content_type), *named], protocol="HTTP/1.1")
    record = writer.create_warc_record(
        url,
        "response",
        payload=BytesIO(body),
        http_headers=http,
        warc_headers_dict={"WARC-Date": at},
    )
    writer.write_record(record)
    return out.getvalue()


def write_warc(folder: Path, *members: bytes, name: str = "crawl.warc.gz") -> Path:
    path = folder / name
    path.write_bytes(b"".join(members))
    return path


def test_a_warc_is_filed_under_its_own_urls_and_dates(tmp_path: Path) -> None:
    warc = write_warc(
        tmp_path,
        response("http://a.example/1", b"<p>plain"),
        response("http://a.example/2", gzip.compress(b"<p>zip"), Content_Encoding="gzip"),
        response("http://a.example/3", b"4\r\n<p>c\r\n2\r\nhu\r\n0\r\n\r\n", Transfer_Encoding="chunked"),
        response("http://a.example/4.jpg", b"\xff\xd8", "image/jpeg"),
        response("http://a.example/5", b"", status="404 Not Found"),
        response("dns:a.example", b"1.2.3.4", "text/dns"),
    )

    loaded = load(tmp_path, warc)

    assert fates(loaded) == {
        "http://a.example/1": (None, None),
        "http://a.example/2": (None, None),
        "http://a.example/3": (None, None),
        "http://a.example/4.jpg": (Fate.REJECTED, Reason.NOT_TEXT),
        "http://a.example/5": (Fate.FAILED, "http_404"),
    }
    found = captures(tmp_path, loaded)
    assert [capture.body for _, capture in sorted(found.items())] == [b"<p>plain", b"<p>zip", b"<p>chu"]
    capture = found["http://a.example/1"]
    assert capture.fetched_at == datetime(2024, 1, 30, 9, tzinfo=UTC)
    assert (capture.via, capture.source_url) == (Via.ARCHIVE, "file:crawl.warc.gz")


def test_a_warc_without_compression_is_read(tmp_path: Path) -> None:
    plain = gzip.decompress(response("http://a.example/1", b"<p>1"))

    assert set(captures(tmp_path, load(tmp_path, write_warc(tmp_path, plain, name="crawl.warc")))) == {
        "http://a.example/1"
    }


@pytest.mark.parametrize("lost", [30, 100, 250])
def test_a_torn_warc_loads_up_to_the_tear(tmp_path: Path, lost: int) -> None:
    members = [response(f"http://a.example/{number}", os.urandom(60)) for number in range(3)]
    warc = write_warc(tmp_path, *members)
    warc.write_bytes(warc.read_bytes()[:-lost])

    loaded = load(tmp_path, warc)

    assert set(captures(tmp_path, loaded)) == {"http://a.example/0", "http://a.example/1"}
    (bad,) = (outcome for outcome in loaded.outcomes if outcome.fate is not None)
    assert (bad.fate, bad.reason) == (Fate.REJECTED, Reason.CORRUPT_RECORD)
    assert bad.url == f"file:crawl.warc.gz#offset={len(members[0]) + len(members[1])}"


def test_damage_inside_a_warc_ends_the_reading_there(tmp_path: Path) -> None:
    members = [response(f"http://a.example/{number}", os.urandom(60)) for number in range(3)]
    damaged = bytearray(members[1])
    damaged[len(damaged) // 2] ^= 0xFF

    loaded = load(tmp_path, write_warc(tmp_path, members[0], bytes(damaged), members[2]))

    assert "http://a.example/0" in captures(tmp_path, loaded)
    assert Reason.CORRUPT_RECORD in {outcome.reason for outcome in loaded.outcomes}


@pytest.mark.parametrize("rubbish", [b"", b"not a warc at all", b"\x1f\x8bbroken gzip", b"\x00" * 600])
def test_what_is_no_warc_is_one_rejection(tmp_path: Path, rubbish: bytes) -> None:
    loaded = load(tmp_path, write_warc(tmp_path, rubbish))

    assert loaded.entries == ()
    assert [outcome.reason for outcome in loaded.outcomes] == ([Reason.CORRUPT_RECORD] if rubbish else [])


def test_a_warc_of_ours_is_read_back(tmp_path: Path) -> None:
    given = material(tmp_path, a_txt=b"text", b_html=b"<p>b")
    load(tmp_path, given)

    again = load(tmp_path / "other", *sorted((tmp_path / "archive").glob("*.warc.gz")))

    assert {url: capture.body for url, capture in captures(tmp_path / "other", again).items()} == {
        "file:a.txt": b"text",
        "file:b.html": b"<p>b",
    }


def test_outcomes_say_which_file_they_are_from(tmp_path: Path) -> None:
    (outcome,) = load(tmp_path, write_jsonl(tmp_path, GOOD)).outcomes

    assert outcome == UrlOutcome("http://a.example/1", Via.FILE, "file:dump.jsonl", None, None, "", NOW)


def sifted(folder: Path, *patterns: str, hosts: tuple[str, ...] = (), known: Any = None) -> Journal:
    """The journal of a run that read the WARC files of a story."""
    window = Window(datetime(2024, 1, 28, tzinfo=UTC), datetime(2024, 2, 16, tzinfo=UTC))
    journal = Journal(folder / "frontier.jsonl")
    with ArchiveWriter(folder / "archive", "r1", sync_every=100) as writer:
        loader = Loader(writer, NOW, "strike")
        ArchiveReader(journal, loader, CaptureFilter(hosts, window), known or {}).read(patterns)
    journal.settle_losses()
    journal.close()
    return journal


def outcomes(folder: Path) -> dict[str, UrlOutcome]:
    return {outcome.url: outcome for outcome in url_outcomes(folder / "frontier.jsonl")}


def test_archives_are_sifted_by_host_and_window_before_anything_is_parsed(tmp_path: Path) -> None:
    write_warc(
        tmp_path,
        response("http://www.a.example/1", b"<p>1"),
        response("http://b.example/2", b"<p>2"),
        response("http://a.example/2019/05/07/old", b"<p>old"),
        response("http://a.example/pdf", b"%PDF", "application/pdf"),
        response("http://a.example/early", b"<p>3", at="2023-05-01T00:00:00Z"),
        response("http://a.example/late", b"<p>4", at="2025-05-01T00:00:00Z"),
    )

    sifted(tmp_path, f"{tmp_path}/*.warc.gz", hosts=("a.example",))

    found = outcomes(tmp_path)
    file = found.pop(file_url(f"{tmp_path}/crawl.warc.gz"))
    assert {url: (one.fate, one.reason) for url, one in found.items()} == {
        "http://www.a.example/1": (None, None),
        "http://a.example/2019/05/07/old": (Fate.SKIPPED, Reason.OUT_OF_WINDOW),
        "http://a.example/pdf": (Fate.REJECTED, Reason.NOT_TEXT),
        "http://a.example/early": (Fate.SKIPPED, Reason.OUT_OF_WINDOW),
        "http://a.example/late": (None, None),  # what was captured later may have been published in time
    }
    assert (file.fate, file.via) == (Fate.READ, Via.ARCHIVE)
    assert file.detail.startswith("WARC file: 3 captures taken, 2 outside the window, 1 of other hosts; ")


def test_a_file_that_is_done_is_not_read_again(tmp_path: Path) -> None:
    warc = write_warc(tmp_path, response("http://a.example/1", b"<p>1"))
    sifted(tmp_path, str(warc))
    size = (tmp_path / "frontier.jsonl").stat().st_size

    sifted(tmp_path, str(warc))

    assert (tmp_path / "frontier.jsonl").stat().st_size == size


def test_a_file_that_a_kill_interrupted_is_read_again_and_stored_once(tmp_path: Path) -> None:
    warc = write_warc(
        tmp_path, response("http://a.example/1", b"<p>1"), response("http://a.example/2", b"<p>2")
    )
    sifted(tmp_path, str(warc))
    (tmp_path / "frontier.jsonl").unlink()

    sifted(tmp_path, str(warc))

    assert set(outcomes(tmp_path)) == {"http://a.example/1", "http://a.example/2", file_url(str(warc))}
    assert len(list(iter_entries(tmp_path / "archive"))) == 2


def test_a_file_that_an_earlier_run_read_is_skipped_until_it_changes(tmp_path: Path) -> None:
    warc = write_warc(tmp_path, response("http://a.example/1", b"<p>1"))
    url = file_url(str(warc))
    sifted(tmp_path, str(warc))
    known = {url: outcomes(tmp_path)[url].detail}
    again, changed = tmp_path / "again", tmp_path / "changed"

    sifted(again, str(warc), known=known)
    write_warc(tmp_path, response("http://a.example/1", b"<p>1"), response("http://a.example/2", b"<p>2"))
    sifted(changed, str(warc), known=known)

    assert {(one.fate, one.reason) for one in outcomes(again).values()} == {(Fate.SKIPPED, Reason.NOT_DUE)}
    assert set(outcomes(changed)) == {"http://a.example/1", "http://a.example/2", url}


def test_an_archive_that_is_not_there_is_said(tmp_path: Path) -> None:
    sifted(tmp_path, f"{tmp_path}/none-*.warc.gz", f"{tmp_path}/none.warc")

    assert [(one.fate, one.reason) for one in outcomes(tmp_path).values()] == [
        (Fate.FAILED, Reason.UNREADABLE_FILE)
    ] * 2


def test_a_folder_stands_for_its_warc_files(tmp_path: Path) -> None:
    folder = tmp_path / "warcs [1]"
    folder.mkdir()
    write_warc(folder, response("http://a.example/1", b"<p>1"))
    (folder / "notes.txt").write_text("x")

    assert [path.name for path in find_files(str(folder))] == ["crawl.warc.gz"]
    assert find_files(str(folder / "crawl.warc.gz")) == (folder / "crawl.warc.gz",)


def test_what_local_pages_say_of_their_rights_is_kept(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.html").write_text('<meta name="robots" content="noai"><p>text')
    with (
        ArchiveWriter(tmp_path / "archive", "r1") as writer,
        closing(SignalLog(tmp_path / "signals.jsonl")) as signals,
    ):
        load_paths([tmp_path / "in"], Loader(writer, NOW, "strike", signals), NOW)

    (signal,) = read_legal_signals(tmp_path / "signals.jsonl")
    assert (signal.url, signal.signal, signal.value, signal.at) == ("file:a.html", "meta robots", "noai", NOW)
