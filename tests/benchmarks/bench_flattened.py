"""Scores the flattened-text cleaner on the pages in ../shared, flattened three ways, and times it.

F1 of 4-word shingles, mean over pages. The packaged model was trained on these pages; for figures
on sites never seen, run `train_flattened.py --folds 5`.
"""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path

from flatten_pages import FIRST_SETS, PAGES, flatteners, read_pages, score

from pipelines.flattened import clean_flattened

SETS = (*FIRST_SETS, "newspaper4k-tests", "chinese-news", "web-content-extraction")
DOCUMENTS = Path(__file__).parents[3] / "shared" / "data" / "documents"


def main() -> None:
    if not PAGES.exists():
        print("skipped: ../shared/data/pages is absent")
        return
    ways = flatteners()
    if "inscriptis" not in ways:
        print("inscriptis: skipped, not installed here")
    for set_name in SETS:
        scores: dict[str, list[float]] = {way: [] for way in ways}
        milliseconds: list[float] = []
        for gold in read_pages(set_name):
            for way, flatten in ways.items():
                text = flatten(gold.html)
                start = time.perf_counter()
                page = clean_flattened(text)
                milliseconds.append((time.perf_counter() - start) * 1000)
                scores[way].append(score(gold, page))
        figures = "  ".join(f"{way} {statistics.mean(values):.4f}" for way, values in scores.items())
        times = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]
        print(f"{set_name:30} {figures}  ms a page: median {times[0]:.1f}, 95 % below {times[1]:.1f}")
    _check_documents()


def _check_documents() -> None:
    """How many of the real documents come out exactly."""
    names = sorted(DOCUMENTS.glob("*.txt"))
    exact = 0
    for path in names:
        expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
        page = clean_flattened(path.read_text(encoding="utf-8"))
        exact += [paragraph.text for paragraph in page.paragraphs] == expected["paragraphs"]
    print(f"documents: {exact} of {len(names)} exact")


if __name__ == "__main__":
    main()
