"""Which part of the step the CPU time of reading a page goes to, sampled from the outside."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from pipelines.page import read_page
from tests.benchmarks.cleaning_tools import Row, capture_of

SAMPLE_SECONDS = 0.001
# The part a moment counts for: that of the innermost module of ours on the stack. A module not named
# here is a part of its own, so that the table can't hide one.
PARTS = {
    "text engine (trafilatura)": "readings extraction",
    "parsing": "page decoding charsets printable",
    "block model": "block_features block_texts block_surroundings block_readings block_model block_judge",
    "blocks and rules": "blocks block_context boilerplate cut_names standfirst text_shape lexicon"
    " picture_credits editor_notes site_words site_rules live_blog page_kind walls titles folding",
    "metadata": "metadata jsonld people bylines urls url_syntax url_hosts headline",
    "dates": "dates date_text date_clock date_search date_choice calendars page_times",
    "credits": "credits credit_forms credit_names datelines agencies",
    "language": "language language_model",
    "putting together": "page_article page_parts records",
}
PART_OF_MODULE = {module: part for part, modules in PARTS.items() for module in modules.split()}


def print_parts(rows: Sequence[Row]) -> None:
    """The share of each part in the CPU time of reading all rows once."""
    captures = [capture_of(row) for row in rows]
    for capture in captures[:3]:
        read_page(capture)  # loads what is loaded once
    counts: Counter[str] = Counter()
    with sampled(counts):
        for capture in captures:
            read_page(capture)
    modules: Counter[str] = Counter()
    for module, count in counts.items():
        modules[PART_OF_MODULE.get(module, module)] += count
    print(f"\n{len(captures)} pages, {counts.total()} samples\n{'part':<30}{'share':>8}")
    for part, count in modules.most_common():
        print(f"{part:<30}{100 * count / counts.total():7.1f} %")


@contextmanager
def sampled(counts: Counter[str]) -> Iterator[None]:
    """Count, at every tick of the process's CPU clock, the innermost of our modules that is at work."""

    def count(_: int, frame: FrameType | None) -> None:
        counts[_module_at_work(frame)] += 1

    before = signal.signal(signal.SIGPROF, count)
    signal.setitimer(signal.ITIMER_PROF, SAMPLE_SECONDS, SAMPLE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _module_at_work(frame: FrameType | None) -> str:
    while frame is not None:
        package, _, module = str(frame.f_globals.get("__name__", "")).partition(".")
        if package == "pipelines":
            return module
        frame = frame.f_back
    return "benchmark"
