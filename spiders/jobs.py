"""What a crawl process is told, as a file."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.story import Story


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One crawl: what, where to, and as whom. The run's folder is the journal's."""

    run_id: str
    story: Story
    archive: Path
    journal: Path
    started_at: datetime  # of the run, not of the process: a resumed run keeps it
    user_agent: str
    is_preview: bool = False  # read sources and robots.txt, ask for no page: a dry run
    depth: int = 0  # how many links away from what the sources list; beyond 0 only `links` is asked for
    links: Path | None = None  # of that depth, as `link_lists` writes them
    asks_all_sources: bool = True  # those too that were quiet and aren't due

    def write(self, path: Path) -> None:
        """Write the job as JSON, whole or not at all."""
        values = {
            "run_id": self.run_id,
            "story": self.story.definition(),
            "archive": str(self.archive.absolute()),
            "journal": str(self.journal.absolute()),
            "started_at": self.started_at.isoformat(),
            "user_agent": self.user_agent,
            "is_preview": self.is_preview,
            "depth": self.depth,
            "links": str(self.links.absolute()) if self.links else None,
            "asks_all_sources": self.asks_all_sources,
        }
        draft = path.with_name(path.name + ".tmp")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(values, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    @classmethod
    def read(cls, path: Path) -> CrawlJob:
        """The job that `write` wrote."""
        values = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            run_id=values["run_id"],
            story=Story.from_definition(values["story"]),
            archive=Path(values["archive"]),
            journal=Path(values["journal"]),
            started_at=datetime.fromisoformat(values["started_at"]),
            user_agent=values["user_agent"],
            is_preview=values["is_preview"],
            depth=values["depth"],
            links=Path(values["links"]) if values["links"] else None,
            asks_all_sources=values["asks_all_sources"],
        )
