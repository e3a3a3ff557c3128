"""The index beside the archive: small, quick to open, and thrown away when in doubt."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.records import Via
from spiders.archive import ArchiveWriter
from spiders.index import INDEX_FILE, ArchiveIndex
from spiders.ledger import Ledger
from spiders.manifest import ManifestEntry, RecordSpan, Role, manifest_of
from spiders.warc import HttpResponse, Visit
from tests.spiders.crawling import full_disk

URL = "http://harbour-post.example/cranes"
NOW = datetime(2024, 1, 29, 8, 15, tzinfo=UTC)


def write_run(
    folder: Path, run_id: str, url: str = URL, hours: int = 0, role: Role = Role.PAGE
) -> ManifestEntry:
    with ArchiveWriter(folder, run_id) as writer:
        visit = Visit(url, Via.FEED, NOW + timedelta(hours=hours), role=role, story="strike")
        return writer.add_response(visit, HttpResponse(URL, 200, (), f"<p>{hours}".encode()))


def newest(folder: Path, url: str = URL, run_id: str = "next") -> ManifestEntry | None:
    with closing(ArchiveIndex(folder, run_id)) as index:
        return index.newest(Role.PAGE, url)


def test_each_run_adds_to_what_is_known(tmp_path: Path) -> None:
    write_run(tmp_path, "r1")
    assert newest(tmp_path) is not None
    second = write_run(tmp_path, "r2", hours=3)
    odd = write_run(tmp_path, "r3", "http://harbour-post.example/\ud800")

    assert newest(tmp_path) == second
    assert newest(tmp_path, odd.url) == odd
    assert newest(tmp_path, "http://harbour-post.example/other") is None


def test_a_clock_that_went_back_makes_nothing_newer(tmp_path: Path) -> None:
    second = write_run(tmp_path, "r1", hours=3)
    write_run(tmp_path, "r2", hours=0)

    assert newest(tmp_path) == second


def test_evidence_of_a_failure_is_no_visit(tmp_path: Path) -> None:
    write_run(tmp_path, "r1", role=Role.EVIDENCE)

    with closing(ArchiveIndex(tmp_path, "next")) as index:
        assert index.newest(Role.EVIDENCE, URL) is None
        assert dict(index.visits_of("strike")) == {}


@pytest.mark.parametrize("damage", [b"", b"not a database at all, but long enough to look like one" * 40])
def test_a_damaged_index_is_built_again(tmp_path: Path, damage: bytes) -> None:
    entry = write_run(tmp_path, "r1")
    newest(tmp_path)
    (tmp_path / INDEX_FILE).write_bytes(damage)

    assert newest(tmp_path) == entry


def test_an_index_of_a_manifest_that_is_gone_is_built_again(tmp_path: Path) -> None:
    write_run(tmp_path, "r1", hours=9)
    second = write_run(tmp_path, "r2")
    newest(tmp_path)
    manifest_of(tmp_path / "r1-00001.warc.gz").unlink()

    assert newest(tmp_path) == second


def test_where_no_index_can_be_written_the_manifests_are_read(tmp_path: Path) -> None:
    entry = write_run(tmp_path, "r1")

    with full_disk(4000):
        assert newest(tmp_path) == entry


def test_memory_stays_flat_however_large_the_archive(tmp_path: Path) -> None:
    entry = write_run(tmp_path, "r1")
    with Ledger(manifest_of(tmp_path / "big-00001.warc.gz")) as manifest:
        for number in range(5_000):
            span = RecordSpan("big-00001.warc.gz", number, 1, "0" * 64)
            manifest.append(replace(entry, url=f"{URL}/{number}", span=span, run_id="big").to_json())

    tracemalloc.start()
    with closing(ArchiveIndex(tmp_path, "next")) as index:
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(index.visits_of("strike")) == 5_001
        found = index.newest(Role.PAGE, f"{URL}/4999")

    assert found is not None
    assert found.span.offset == 4999
    assert held < 300_000
