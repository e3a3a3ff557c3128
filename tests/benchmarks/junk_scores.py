"""How much of the junk that another tool keeps is gone, and how much more of the gold text is lost for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.benchmarks.page_errors import MATCHED_SHARE, TextIndex, wrong_paragraphs
from tests.benchmarks.page_scores import shingles, tokens


@dataclass(frozen=True, slots=True)
class JunkCount:
    """Counts of one page or, added up, of many."""

    blocks: int = 0  # paragraphs that the other tool keeps and gold text leaves out
    blocks_gone: int = 0
    words: int = 0
    words_gone: int = 0
    gold: int = 0  # shingles of gold text
    lost_by_us: int = 0
    lost_by_other: int = 0

    @property
    def gone_share(self) -> float:
        return self.blocks_gone / self.blocks if self.blocks else 0.0

    @property
    def words_gone_share(self) -> float:
        return self.words_gone / self.words if self.words else 0.0

    @property
    def more_lost_share(self) -> float:
        """Share of gold text that we lose beyond what the other tool loses; negative if we lose less."""
        return (self.lost_by_us - self.lost_by_other) / self.gold if self.gold else 0.0


def count_junk(ours: str, other: str, gold: str, optional: Sequence[str] = ()) -> JunkCount:
    """Compare two readings of a page. Both may keep or leave out `optional` paragraphs."""
    allowed, kept = TextIndex("\n".join((gold, *optional))), TextIndex(ours)
    junk = list(wrong_paragraphs(other, allowed))
    gone = [block for block in junk if kept.share_of(tokens(block.text)) < MATCHED_SHARE]
    wanted = shingles(gold)
    return JunkCount(
        blocks=len(junk),
        blocks_gone=len(gone),
        words=sum(block.words for block in junk),
        words_gone=sum(block.words for block in gone),
        gold=wanted.total(),
        lost_by_us=(wanted - shingles(ours)).total(),
        lost_by_other=(wanted - shingles(other)).total(),
    )


def add_up(counts: Iterable[JunkCount]) -> JunkCount:
    """The counts of many pages as one."""
    pages = list(counts)
    return JunkCount(*(sum(getattr(page, name) for page in pages) for name in JunkCount.__dataclass_fields__))
