"""Which captures of other people's WARC files are worth parsing, told by host and date alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipelines.discovery import Window, period_in_name
from pipelines.story import Story
from pipelines.urls import host_of


class Sieve(StrEnum):
    """What becomes of a capture before anything of it is read."""

    TAKEN = "taken"
    OTHER_HOST = "other_host"
    OUT_OF_WINDOW = "out_of_window"


@dataclass(frozen=True, slots=True)
class CaptureFilter:
    """The hosts and the window of a story; no hosts means all."""

    hosts: tuple[str, ...]
    window: Window

    @classmethod
    def of(cls, story: Story) -> CaptureFilter:
        hosts = tuple(host.lower().strip(". ").removeprefix("www.") for host in story.sources.archive_hosts)
        return cls(hosts, Window(story.since, story.until))

    def sift(self, url: str, taken_at: datetime) -> Sieve:
        """A capture of a canonical URL.

        What was captured before the window can't have been published in it. What was
        captured after it can: then a date in the URL decides, if there is one.
        """
        host = host_of(url).removeprefix("www.")
        if self.hosts and not any(host == wanted or host.endswith(f".{wanted}") for wanted in self.hosts):
            return Sieve.OTHER_HOST
        if self.window.is_before(taken_at):
            return Sieve.OUT_OF_WINDOW
        period = period_in_name(url)
        is_outside = period is not None and self.window.excludes_period(period)
        return Sieve.OUT_OF_WINDOW if is_outside else Sieve.TAKEN
