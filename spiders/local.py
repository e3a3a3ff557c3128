"""Local material into the archive: files and folders of pages, texts, JSONL and WARC."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from pipelines.records import Fate, Hints, Reason, Rejected, Via
from spiders.archive import ArchiveWriter
from spiders.bodies import MAX_BODY_BYTES
from spiders.journal import UrlOutcome
from spiders.legal import SignalLog, page_signals
from spiders.local_jsonl import read_jsonl
from spiders.local_warc import read_warc
from spiders.manifest import ManifestEntry, Role, iter_entries
from spiders.material import Item
from spiders.warc import HttpResponse, Visit, digest_of

PAGE_TYPES = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}
WARC_SUFFIXES = (".warc", ".warc.gz")
UNWRITABLE = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")


class MissingMaterialError(FileNotFoundError):
    """A path that was named and isn't there; nothing has been touched."""


@dataclass(frozen=True, slots=True)
class LocalMaterial:
    """What came of some paths: a fate for each URL, and the entries to go on with.

    An entry may be of an earlier run: what the archive holds already isn't stored again.
    """

    outcomes: tuple[UrlOutcome, ...]
    entries: tuple[ManifestEntry, ...]


def archive_paths(
    paths: Sequence[Path], writer: ArchiveWriter, now: datetime, story: str | None = None
) -> LocalMaterial:
    """Put files, and folders with all that lies in them, into the archive.

    A file that can't be read, a bad line or a damaged record costs itself only and gives
    a rejection; the rest loads. `now` stands for `fetched_at` where the material has none.

    Raises:
        MissingMaterialError: one of the paths isn't there.
    """
    return load_paths(paths, Loader(writer, now, story), now)


def load_paths(paths: Sequence[Path], loader: Loader, now: datetime) -> LocalMaterial:
    """The same with a loader of one's own."""
    for path in paths:
        if not path.exists():
            raise MissingMaterialError(f"{path}: no such file or folder; check the spelling")
    for path, name in _list_files(paths):
        for found in _read_file(path, name, now):
            loader.add(found, name)
    return loader.take()


def file_url(name: str) -> str:
    """The `file:` URL of a name; characters that no record header can hold are percent-encoded."""
    return "file:" + UNWRITABLE.sub(
        lambda match: " " if match[0] == " " else quote(match[0].encode("utf-8", "surrogatepass")), name
    )


class Loader:
    """Stores each content once, and keeps one fate for each URL: what loaded outweighs what did not.

    What pages say about their use goes to `signals`.
    """

    def __init__(
        self, writer: ArchiveWriter, now: datetime, story: str | None, signals: SignalLog | None = None
    ) -> None:
        self._writer = writer
        self._signals = signals
        self._now = now
        self._story = story
        self._stored = {
            (entry.url, entry.payload_digest, entry.hints): entry
            for entry in iter_entries(writer.folder)
            if entry.via in (Via.FILE, Via.ARCHIVE)
        }
        self._outcomes: dict[str, UrlOutcome] = {}
        self.entries: dict[tuple[str, int], ManifestEntry] = {}

    def add(self, found: Item | Rejected, name: str) -> ManifestEntry | None:
        """Take in what a reader found under a name; returns the record of a page, stored now or before."""
        if isinstance(found, Rejected):
            outcome = self._outcome(found.url, Via.FILE, name)
            rejected = (Fate.REJECTED, found.reason, found.detail)
            self._outcomes.setdefault(found.url, _settled(outcome, *rejected))
        elif found.loss is not None:
            outcome = self._outcome(found.url, found.via, name)
            self._outcomes.setdefault(found.url, _settled(outcome, *found.loss))
        else:
            entry = self._store(found, name)
            if self._signals is not None:
                self._signals.add(page_signals(found.url, _as_response(found), entry.fetched_at))
            self.entries[entry.span.file, entry.span.offset] = entry
            self._outcomes[found.url] = self._outcome(found.url, found.via, name)
            return entry
        return None

    def take(self) -> LocalMaterial:
        """What was added since the last time, as far as it is on the disk."""
        self._writer.flush()
        material = LocalMaterial(self.outcomes(), tuple(self.entries.values()))
        self._outcomes, self.entries = {}, {}
        return material

    def outcomes(self) -> tuple[UrlOutcome, ...]:
        return tuple(self._outcomes[url] for url in sorted(self._outcomes))

    def _store(self, item: Item, name: str) -> ManifestEntry:
        key = (item.url, digest_of(item.body), item.hints)
        entry = self._stored.get(key)
        if entry is None:
            visit = Visit(
                item.url,
                item.via,
                item.fetched_at or self._now,
                file_url(name),
                item.hints,
                Role.PAGE,
                self._story,
            )
            if item.response is not None:
                entry = self._writer.add_response(visit, item.response)
            else:
                entry = self._writer.add_resource(visit, item.content_type, item.body)
            self._stored[key] = entry
        return entry

    def _outcome(self, url: str, via: Via, name: str) -> UrlOutcome:
        return UrlOutcome(url, via, file_url(name), None, None, "", self._now)


def _as_response(item: Item) -> HttpResponse:
    return item.response or HttpResponse(item.url, 200, (("Content-Type", item.content_type),), item.body)


def _settled(outcome: UrlOutcome, fate: Fate, reason: str, detail: str) -> UrlOutcome:
    return UrlOutcome(outcome.url, outcome.via, outcome.source_url, fate, reason, detail, outcome.at)


def _list_files(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Each file with the name it goes by: relative to the folder given; its full path if that is taken."""
    taken: set[str] = set()
    for given in paths:
        folder = given if given.is_dir() else given.parent
        files = sorted(path for path in given.rglob("*") if path.is_file()) if given.is_dir() else [given]
        for path in files:
            relative = path.relative_to(folder)
            if given.is_dir() and any(part.startswith(".") for part in relative.parts):
                continue  # what file managers and version control leave behind
            name = str(relative) if str(relative) not in taken else str(path.absolute())
            taken.add(name)
            yield path, name


def _read_file(path: Path, name: str, now: datetime) -> Iterator[Item | Rejected]:
    lower = path.name.lower()
    try:
        if lower.endswith(WARC_SUFFIXES):
            yield from read_warc(path, file_url(name))
        elif lower.endswith(".jsonl"):
            yield from read_jsonl(path, file_url(name))
        elif path.suffix.lower() in PAGE_TYPES:
            yield _read_page(path, name)
        else:
            known = ", ".join([*PAGE_TYPES, ".jsonl", *WARC_SUFFIXES])
            yield Rejected(file_url(name), Reason.NOT_TEXT, f"unknown kind of file; known are {known}")
    except OSError as error:
        yield Rejected(file_url(name), Reason.UNREADABLE_FILE, error.strerror or str(error))


def _read_page(path: Path, name: str) -> Item | Rejected:
    size = path.stat().st_size
    if size > MAX_BODY_BYTES:
        return Rejected(file_url(name), Reason.TOO_LARGE, f"{size} bytes; the limit is {MAX_BODY_BYTES}")
    return Item(file_url(name), Via.FILE, path.read_bytes(), PAGE_TYPES[path.suffix.lower()], Hints())
