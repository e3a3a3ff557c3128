"""An index beside the archive: the newest visit of each URL, found without reading all manifests.

It can be built again from the manifests at any time, so a damaged one is thrown away.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.polling import Polls
from pipelines.records import Via
from pipelines.revisit import Visits
from spiders.ledger import decode_line, read_lines_from
from spiders.manifest import MANIFEST_SUFFIX, ManifestEntry, Role, is_from_web, run_of

INDEX_FILE = "index.sqlite"
INDEX_VERSION = 2  # of the tables below and of what is filed in them
CACHE_KIB = 8192  # of pages that SQLite keeps in memory: the same for an archive of any size
SCHEMA = """
create table if not exists manifests (name text primary key, bytes_read integer not null) without rowid;
create table if not exists newest (
    role text, url text, fetched_at real not null, manifest text not null, line_start integer not null,
    primary key (role, url)
) without rowid;
create table if not exists visits (
    story text, url text, first_seen real not null, last_visit real not null,
    primary key (story, url)
) without rowid;
create table if not exists polls (
    story text, source text, parent text, first_read real not null, last_read real not null, last_news real,
    primary key (story, source)
) without rowid;
"""
KEEP_NEWEST = """
insert into newest values (?, ?, ?, ?, ?)
on conflict do update set fetched_at = excluded.fetched_at, manifest = excluded.manifest,
    line_start = excluded.line_start
where excluded.fetched_at >= newest.fetched_at
"""
KEEP_VISIT = """
insert into visits values (?, ?, ?, ?)
on conflict do update set first_seen = min(visits.first_seen, excluded.first_seen),
    last_visit = max(visits.last_visit, excluded.last_visit)
"""
KEEP_POLL = """
insert into polls values (?, ?, ?, ?, ?, null)
on conflict do update set parent = excluded.parent, first_read = min(polls.first_read, excluded.first_read),
    last_read = max(polls.last_read, excluded.last_read)
"""
# a source's news is news of what led to it
KEEP_NEWS = """
with recursive led_to (source, depth) as (
    select ?, 0
    union all
    select polls.parent, led_to.depth + 1
    from polls inner join led_to using (source)
    where polls.story = ? and polls.parent is not null and led_to.depth < 8
)
update polls set last_news = max(coalesce(last_news, 0), ?)
where story = ? and source in (select source from led_to)
"""


class ArchiveIndex:
    """What runs before `run_id` fetched from the web; local material isn't in it.

    Memory doesn't grow with the archive; opening reads only what was added since.
    """

    def __init__(self, folder: Path, run_id: str) -> None:
        self._folder = folder
        self._run_id = run_id
        self._path = folder / INDEX_FILE
        folder.mkdir(parents=True, exist_ok=True)
        for attempt in (self._open, self._start_again, self._do_without_file):
            try:
                attempt()
            except sqlite3.DatabaseError:
                continue  # damaged, of another version, or the disk is full
            break

    def newest(self, role: Role, url: str) -> ManifestEntry | None:
        """The newest entry of a URL in a role."""
        query = "select manifest, line_start from newest where role = ? and url = ?"
        row = self._connection.execute(query, (role, _storable(url))).fetchone()
        if row is None:
            return None
        with (self._folder / row[0]).open("rb") as manifest:
            manifest.seek(row[1])
            values = decode_line(manifest.readline())
        return ManifestEntry.from_json(values) if values is not None else None

    def visits_of(self, story: str) -> Mapping[str, Visits]:
        """When each page of a story was fetched, by canonical URL; looked up as it is asked for."""
        return _StoryVisits(self._connection, story)

    def polls_of(self, story: str, source: str) -> Polls | None:
        """When a source of a story was read, and when it brought news; None if it never was.

        A source is its canonical URL; a search is `search_source` of where it lies.
        """
        query = "select first_read, last_read, last_news from polls where story = ? and source = ?"
        row = self._connection.execute(query, (story, _storable(source))).fetchone()
        return Polls(*(moment and datetime.fromtimestamp(moment, UTC) for moment in row)) if row else None

    def close(self) -> None:
        self._connection.close()

    def _open(self) -> None:
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        self._connection.execute(f"pragma cache_size = -{CACHE_KIB}")
        is_new = not self._connection.execute("select 1 from sqlite_master").fetchone()
        found = self._connection.execute("pragma user_version").fetchone()[0]
        self._connection.executescript(SCHEMA)
        self._connection.execute(f"pragma user_version = {INDEX_VERSION}")
        if (found != INDEX_VERSION and not is_new) or self._has_lost_manifests():
            self._start_again()
        else:
            self._catch_up()

    def _start_again(self) -> None:
        self._connection.close()
        for file in self._folder.glob(f"{INDEX_FILE}*"):
            file.unlink()
        self._open()

    def _do_without_file(self) -> None:
        """Read all manifests into a temporary database, which goes with the process."""
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.executescript(SCHEMA)
        self._catch_up()

    def _has_lost_manifests(self) -> bool:
        """Whether a manifest that was read is gone or shorter now: what it named may not be there."""
        rows = self._connection.execute("select name, bytes_read from manifests")
        return any(_size_of(self._folder / name) < bytes_read for name, bytes_read in rows)

    def _catch_up(self) -> None:
        known = dict(self._connection.execute("select name, bytes_read from manifests"))
        for manifest in sorted(self._folder.glob(f"*{MANIFEST_SUFFIX}")):
            start = known.get(manifest.name, 0)
            if run_of(manifest) == self._run_id or manifest.stat().st_size == start:
                continue
            self._connection.execute("begin")
            end = self._read(manifest, start)
            self._connection.execute("insert or replace into manifests values (?, ?)", (manifest.name, end))
            self._connection.execute("commit")

    def _read(self, manifest: Path, start: int) -> int:
        """File the lines of a manifest from a byte on. Returns where the last whole one ends."""
        for values, end in read_lines_from(manifest, start):
            entry = ManifestEntry.from_json(values)
            if is_from_web(entry):
                self._file(entry, manifest.name, start)
            start = end
        return start

    def _file(self, entry: ManifestEntry, manifest: str, line_start: int) -> None:
        if entry.role is Role.EVIDENCE:
            return  # no visit that the next one could build on
        url, moment = _storable(entry.url), entry.fetched_at.timestamp()
        if entry.via is not Via.RESCUE:  # a web archive's headers say nothing about the site's own page
            self._connection.execute(KEEP_NEWEST, (entry.role, url, moment, manifest, line_start))
        if entry.story is None:
            return
        if entry.role is Role.SOURCE:
            named = (_source_of(entry), _storable(entry.source_url) if entry.source_url else None)
            self._connection.execute(KEEP_POLL, (entry.story, *named, moment, moment))
        elif entry.role is Role.PAGE:
            self._file_visit(entry.story, entry, moment)

    def _file_visit(self, story: str, entry: ManifestEntry, moment: float) -> None:
        url = _storable(entry.url)
        seen = "select 1 from visits where story = ? and url = ?"
        if entry.source_url and not self._connection.execute(seen, (story, url)).fetchone():
            named_by = _named_by(entry.via, _storable(entry.source_url))
            self._connection.execute(KEEP_NEWS, (named_by, story, moment, story))
        self._connection.execute(KEEP_VISIT, (story, url, moment, moment))


class _StoryVisits(Mapping[str, Visits]):
    def __init__(self, connection: sqlite3.Connection, story: str) -> None:
        self._connection = connection
        self._story = story

    def __getitem__(self, url: str) -> Visits:
        query = "select first_seen, last_visit from visits where story = ? and url = ?"
        row = self._connection.execute(query, (self._story, _storable(url))).fetchone()
        if row is None:
            raise KeyError(url)
        return Visits(datetime.fromtimestamp(row[0], UTC), datetime.fromtimestamp(row[1], UTC))

    def __iter__(self) -> Iterator[str]:
        query = "select url from visits where story = ? order by url"
        with closing(self._connection.execute(query, (self._story,))) as rows:
            for (url,) in rows:
                yield url

    def __len__(self) -> int:
        query = "select count(*) from visits where story = ?"
        return int(self._connection.execute(query, (self._story,)).fetchone()[0])


def search_source(endpoint: str) -> str:
    """What a search counts as, whichever of its addresses is asked: the host on which it lies."""
    return f"search {urlsplit(endpoint).netloc.lower()}"


def _source_of(entry: ManifestEntry) -> str:
    return _named_by(entry.via, _storable(entry.url))


def _named_by(via: Via, source_url: str) -> str:
    return search_source(source_url) if via is Via.SEARCH else source_url


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else -1


def _storable(url: str) -> str:
    """A URL as SQLite can keep it: it has no lone surrogates."""
    return url.encode("utf-8", "backslashreplace").decode("utf-8")
