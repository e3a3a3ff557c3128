"""Where a run keeps its own things, and what they hold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from flows.clean import CleaningJob
from flows.links import LinkRound
from flows.rules import rules_version
from flows.runs import STAGED, Run, newest_definition, read_run
from pipelines.story import CleanRules, Story
from spiders.fetched import fetched_entries, find_entries
from spiders.manifest import ManifestEntry
from warehouse.paths import WarehousePaths


@dataclass(frozen=True, slots=True)
class RunFiles:
    """Where a run keeps its own things."""

    paths: WarehousePaths
    run_id: str
    accepts_loss: bool = False  # of pages whose archive record is gone

    @classmethod
    def of(cls, warehouse: str | Path, run_id: str) -> RunFiles:
        return cls(WarehousePaths.of(warehouse), run_id)

    @property
    def folder(self) -> Path:
        return self.paths.runs / self.run_id

    @property
    def journal(self) -> Path:
        return self.folder / "frontier.jsonl"

    @property
    def legal(self) -> Path:
        return self.folder / "legal_signals.jsonl"

    @property
    def derived(self) -> Path:
        return self.folder / f"derived-{self.rules_version()}.jsonl"

    @property
    def staging(self) -> Path:
        return self.folder / STAGED

    def run(self) -> Run:
        return read_run(self.paths.runs, self.run_id)

    def story(self) -> Story | None:
        definition = self.run().definition
        return Story.from_definition(json.loads(definition)) if definition else None

    def clean_rules(self) -> CleanRules:
        """What the user knows of single sites and agencies, as the newest run of the story was told."""
        story = self.run().story
        definition = newest_definition(self.paths.runs, story) if story else None
        return Story.from_definition(json.loads(definition)).clean if definition else CleanRules()

    def story_now(self) -> Story | None:
        """The run's story as its newest finished run had it."""
        run = self.run()
        definition = newest_definition(self.paths.runs, run.story, "finished") if run.story else None
        return Story.from_definition(json.loads(definition or run.definition)) if run.definition else None

    def rules_version(self) -> str:
        return rules_version(self.clean_rules())

    def entries(self) -> dict[str, tuple[ManifestEntry, ...]]:
        """The archive records of each page, by URL.

        Raises:
            MissingRecordError: one of them is gone, and that isn't accepted.
        """
        if self.accepts_loss:
            return find_entries(self.journal, self.paths.archive)[0]
        return fetched_entries(self.journal, self.paths.archive)

    def cleaning_jobs(self) -> list[CleaningJob]:
        """The pages to derive again, in a fixed order."""
        found, archive, rules = self.entries(), str(self.paths.archive), self.clean_rules()
        return [CleaningJob(archive, entry, rules) for url in sorted(found) for entry in found[url]]

    def link_rounds(self) -> LinkRound:
        return LinkRound(
            self.folder, self.journal, self.paths.archive, self.rules_version(), self.clean_rules()
        )
