"""Which sources of a crawl are left alone for now, by what the archive knows of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pipelines.polling import PollRules, Polls, is_poll_due, next_poll
from spiders.index import ArchiveIndex
from spiders.jobs import CrawlJob

Known = Callable[[str], Polls | None]


@dataclass(frozen=True, slots=True)
class Due:
    """Judges sources as of a run's start, so that a resumed run decides alike."""

    polls_of: Known
    rules: PollRules
    now: datetime

    @classmethod
    def of(cls, job: CrawlJob, index: ArchiveIndex) -> Due:
        """A crawl's own rules; one that asks for all sources, or only looks, leaves none alone."""
        if job.asks_all_sources or job.is_preview:
            return cls.always()
        return cls(lambda source: index.polls_of(job.story.name, source), job.story.polling, job.started_at)

    @classmethod
    def always(cls) -> Due:
        """Every source is due."""
        return cls(lambda _: None, PollRules(), datetime.min)

    def why_not(self, source: str) -> str | None:
        """Why a source isn't asked in this run; None if it is."""
        polls = self.polls_of(source)
        if polls is None or is_poll_due(polls, self.rules, self.now):
            return None
        due = next_poll(polls, self.rules)
        news = _shown(polls.last_news) if polls.last_news else "never"
        return f"read {_shown(polls.last_read)}, news {news}, asked again from {_shown(due)}"


def _shown(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
