"""One page of a WARC file: read, judged and fingerprinted in a process that can be killed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.clean import clean_capture
from flows.codec import Derived
from flows.judge import relevance_of
from pipelines.folding import U64, fold_words
from pipelines.records import Rejected
from pipelines.shingles import digest_words, select_fingerprints
from pipelines.story import Story
from spiders.journal import UrlOutcome
from spiders.local_captures import capture_item
from spiders.material import Item


@dataclass(frozen=True, slots=True)
class PageJob:
    """A page as it was read, and the story that it may be about."""

    item: Item
    source_url: str
    story: Story
    now: datetime


@dataclass(frozen=True, slots=True, eq=False)
class AboutStory:
    """A page worth keeping, its place in the archive still open, and its text's fingerprints."""

    derived: Derived
    digest: str
    fingerprints: U64


def judge_item(job: PageJob) -> AboutStory | Rejected:
    """What a run would make of the page: the same reading, the same question; runs in a worker."""
    item = job.item
    capture = capture_item(item, job.source_url, job.now)
    if isinstance(capture, Rejected):
        return capture
    article = clean_capture(capture, job.story.clean)
    if isinstance(article, Rejected):
        return article
    outcome = UrlOutcome(item.url, item.via, job.source_url, None, None, "", capture.fetched_at)
    relevance = relevance_of(outcome, article, job.story)
    if isinstance(relevance, Rejected):
        return relevance
    words = fold_words(article.text).hashes
    derived = Derived(item.url, "", 0, capture.media_type, article, None)
    return AboutStory(derived, digest_words(words), select_fingerprints(words))
