"""From the pages of one depth to the links of the next: only pages about the story lead on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.clean import NO_RULES, clean_pages
from flows.codec import Derived, read_derived, write_derived
from flows.judge import relevance_of
from flows.workers import Lost, map_in_workers, processes_for
from pipelines.match import Match
from pipelines.records import Candidate, Rejected
from pipelines.story import CleanRules, Story
from spiders.fetched import fetched_entries
from spiders.journal import url_outcomes
from spiders.link_lists import read_links, write_links
from spiders.manifest import ManifestEntry


@dataclass(frozen=True, slots=True)
class LinkJob:
    """One relevant page whose links are wanted."""

    archive: str
    entry: ManifestEntry
    match: Match


@dataclass(frozen=True, slots=True)
class LinkRound:
    """The link lists of a run, and what was derived on the way; each file is written whole or not at all."""

    folder: Path
    journal: Path
    archive: Path
    rules_version: str
    rules: CleanRules = NO_RULES

    def list_of(self, depth: int) -> Path:
        """Where the links lie that are so many links away from the sources."""
        return self.folder / f"links-{depth}.jsonl"

    def plan(self, story: Story, depth: int) -> int:
        """Write the list of a depth unless it is there. Returns the number of links."""
        path = self.list_of(depth)
        if path.exists():
            return len(read_links(path))
        entries = fetched_entries(self.journal, self.archive, depth - 1)
        derived = self._derive(depth - 1, [entry for url in sorted(entries) for entry in entries[url]])
        outcomes = {outcome.url: outcome for outcome in url_outcomes(self.journal)}
        newest = {(found[-1].span.file, found[-1].span.offset): found[-1] for found in entries.values()}
        relevant = [
            newest[record.place]
            for record in derived
            if record.article is not None
            and record.place in newest
            and not isinstance(relevance_of(outcomes[record.url], record.article, story), Rejected)
        ]
        return write_links(path, _links_of(self.archive, relevant, story.match))

    def derived(self) -> dict[tuple[str, int], Derived]:
        """What was derived so far, by the place of its record."""
        return {record.place: record for path in self._derived_files() for record in read_derived(path)}

    def remove_derived(self) -> None:
        """Forget it, once the whole run's is written."""
        for path in self._derived_files():
            path.unlink()

    def _derived_files(self) -> list[Path]:
        return sorted(self.folder.glob(f"derived-{self.rules_version}-depth-*.jsonl"))

    def _derive(self, depth: int, entries: list[ManifestEntry]) -> list[Derived]:
        path = self.folder / f"derived-{self.rules_version}-depth-{depth}.jsonl"
        if not path.exists():
            write_derived(path, clean_pages(self.archive, entries, self.rules))
        return list(read_derived(path))


def _links_of(archive: Path, entries: Iterable[ManifestEntry], match: Match) -> Iterator[Candidate]:
    jobs = [LinkJob(str(archive), entry, match) for entry in entries]
    for result in map_in_workers(read_page_links, jobs, processes_for(len(jobs))):
        if not isinstance(result, Lost):  # its article is kept all the same
            yield from result


def read_page_links(job: LinkJob) -> tuple[Candidate, ...]:
    """The links of one archived page; runs in a worker."""
    from pipelines.links import find_links
    from spiders.captures import read_capture

    capture = read_capture(Path(job.archive), job.entry)
    return () if isinstance(capture, Rejected) else find_links(capture, job.match)
