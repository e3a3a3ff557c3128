"""Clean text beside the other open tools, on the gold pages: quality, junk and CPU time, a table each.

Run as `python -m tests.benchmarks.bench_cleaning [--peers-python PATH] [--sample N] [--set NAME]…`. F1 is of
4-word shingles, mean precision against mean recall; `tuned` and `unseen` are two halves split by host. The
packaged block model has learnt from all these pages: `--fold-models FOLDER` takes the models of
`train_blocks --folds N --fold-models FOLDER`, so that each page is read by one that never saw its site.
With `--worst N` it lists instead what wirecopy gets wrong on the worst pages of the tuned half, with
`--behind N` on those where trafilatura is furthest ahead, and with `--parts` it prints the share of each part
of the step in its time.
"""

from __future__ import annotations

import argparse
import logging
import statistics
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from operator import itemgetter
from pathlib import Path

from tests.benchmarks.cleaning_tools import OWN_TOOLS, FoldReader, Reading, Row, read_ours, read_trafilatura
from tests.benchmarks.junk_scores import JunkCount, add_up, count_junk
from tests.benchmarks.page_scores import (
    PageScore,
    is_tuning,
    margin_of,
    need_pages,
    read_pages,
    score_page,
    score_set,
)
from tests.benchmarks.peers import MISSING, TEXT_PEERS, Peers
from tests.benchmarks.step_parts import print_parts
from tests.benchmarks.worst_pages import (
    ReadPage,
    print_behind,
    print_summary,
    print_summary_head,
    print_worst,
    read_pages_with,
)

SETS = (
    "article-extraction-benchmark",
    "fundus-evaluation",
    "fundus-parser-tests",
    "chinese-news",
    "newspaper4k-tests",
    "web-content-extraction",  # its 793 pages of the kind "article"; the other kinds are not in the file
)

Tool = Callable[[Row], Reading]
Readings = dict[str, list[Reading]]
PagePrinter = Callable[[Sequence[ReadPage], Sequence[ReadPage], int], None]


def main() -> None:
    arguments = _arguments()
    need_pages()
    logging.disable(logging.WARNING)
    sets = {name: sample_of(list(read_pages(name)), arguments.sample) for name in arguments.sets or SETS}
    tuning = {name: [row for row in rows if is_tuning(row)] for name, rows in sets.items()}
    if arguments.worst is not None:
        print_errors(tuning, print_worst, arguments.worst)
    elif arguments.behind is not None:
        print_errors(tuning, print_behind, arguments.behind)
    elif arguments.parts:
        print_parts([row for rows in sets.values() for row in rows])
    else:
        with Peers(arguments.peers_python) if arguments.peers_python else nullcontext() as peers:
            print_comparison(sets, tools_with(peers, arguments.fold_models))
        if peers is None:
            print(f"\n{MISSING}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--set", dest="sets", action="append", choices=SETS, help="all if left out; repeatable"
    )
    parser.add_argument("--sample", type=int, help="pages of each set, at even distances")
    parser.add_argument("--worst", type=int, help="list the errors on that many of the worst pages")
    parser.add_argument("--behind", type=int, help="the same where trafilatura is furthest ahead")
    parser.add_argument("--parts", action="store_true", help="the share of each part of the step in its time")
    parser.add_argument(
        "--fold-models", type=Path, help="read each page with the model that never saw its site"
    )
    parser.add_argument("--peers-python", type=Path, help="Python with peers-requirements.txt installed")
    return parser.parse_args()


def sample_of(rows: list[Row], count: int | None) -> list[Row]:
    """`count` rows at even distances, so that a sample has pages of all the sites; all for None."""
    if count is None or count >= len(rows):
        return rows
    return [rows[i * len(rows) // count] for i in range(count)]


def tools_with(peers: Peers | None, fold_models: Path | None) -> dict[str, Tool]:
    """Our own tools, and the peers' if there are any."""
    tools: dict[str, Tool] = dict(OWN_TOOLS)
    if fold_models is not None:
        tools["wirecopy"] = FoldReader(fold_models)
    if peers is not None:
        tools.update({name: partial(_read_with_peer, peers, name) for name in TEXT_PEERS})
    return tools


def _read_with_peer(peers: Peers, name: str, row: Row) -> Reading:
    return Reading(*peers.read_page(name, row["html"], row["url"]))


def print_comparison(sets: dict[str, list[Row]], tools: dict[str, Tool]) -> None:
    """Each page once with each tool; then the tables of quality, junk and time."""
    for row in next(filter(None, sets.values()), [])[:1]:
        read_all([row], tools)  # what a tool loads once is not the page's time
    found: dict[str, Readings] = {}
    for name, rows in filter(itemgetter(1), sets.items()):
        found[name] = read_all(rows, tools)
        print_quality(name, rows, found[name])
    print(f"\n{'junk':<30}{'blocks':>8}{'gone':>7}{'words':>8}{'gone':>7}{'gold text lost: more':>22}")
    for name, readings in found.items():
        print_junk(name, sets[name], readings)
    print(f"\n{'CPU time':<30}{'ours ms':>9}{'theirs':>8}{'median of ratios':>18}{'ratio of sums':>15}")
    for name, readings in found.items():
        print_time(name, readings)


def read_all(rows: list[Row], tools: dict[str, Tool]) -> Readings:
    """Page by page, in an order that turns, so that a busy moment of the machine hits every tool alike."""
    readings: Readings = {name: [] for name in tools}
    names = list(tools)
    for index, row in enumerate(rows):
        turn = index % len(names)
        for name in names[turn:] + names[:turn]:
            readings[name].append(tools[name](row))
    return readings


def print_quality(set_name: str, rows: list[Row], readings: Readings) -> None:
    """Precision, recall and F1 of each tool, whole and by half, pages read word for word, CPU time a page."""
    heads = ("F1", "±", "tuned", "unseen", "P", "R", "same", "ms")
    print(f"\n{set_name}: {len(rows)} pages\n{'tool':<23}" + "".join(f"{head:>8}" for head in heads))
    for name, found in readings.items():
        print(f"{name:<23}" + _columns(list(zip(rows, found, strict=True))), flush=True)


def _columns(readings: list[tuple[Row, Reading]]) -> str:
    scores = [(row, _score(row, reading)) for row, reading in readings]
    whole = score_set(score for _, score in scores)
    tuned = score_set(score for row, score in scores if is_tuning(row))
    unseen = score_set(score for row, score in scores if not is_tuning(row))
    milliseconds = 1000 * sum(reading.seconds for _, reading in readings) / len(readings)
    margin = margin_of([score for _, score in scores])
    return (
        f"{whole.f1:8.4f}{margin:8.3f}{tuned.f1:8.4f}{unseen.f1:8.4f}{whole.precision:8.4f}{whole.recall:8.4f}"
        f"{whole.identical:8.2f}{milliseconds:8.1f}"
    )


def _score(row: Row, reading: Reading) -> PageScore:
    return score_page(reading.text, row["text"], row["optional_paragraphs"])


def print_junk(set_name: str, rows: list[Row], readings: Readings) -> None:
    """Of the blocks that gold text leaves out and trafilatura keeps, how many are gone, and at what cost."""
    pairs = zip(rows, readings["wirecopy"], readings["trafilatura"], strict=True)
    total = add_up(_junk_of(row, ours, theirs) for row, ours, theirs in pairs)
    print(
        f"{set_name:<30}{total.blocks:8}{total.gone_share:7.2f}{total.words:8}{total.words_gone_share:7.2f}"
        f"{100 * total.more_lost_share:20.2f} %"
    )


def _junk_of(row: Row, ours: Reading, theirs: Reading) -> JunkCount:
    return count_junk(ours.text, theirs.text, row["text"], row["optional_paragraphs"])


def print_time(set_name: str, readings: Readings) -> None:
    """The whole step against trafilatura's own extraction with metadata, page by page."""
    ours = [reading.seconds for reading in readings["wirecopy"]]
    theirs = [reading.seconds for reading in readings["trafilatura"]]
    median = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    means = f"{1000 * statistics.mean(ours):9.1f}{1000 * statistics.mean(theirs):8.1f}"
    print(f"{set_name:<30}{means}{median:18.2f}{sum(ours) / sum(theirs):15.2f}")


def print_errors(sets: dict[str, list[Row]], print_pages: PagePrinter, count: int) -> None:
    """The errors on some pages of the half that may be tuned on, and a summary beside trafilatura."""
    for set_name, rows in sets.items():
        ours = read_pages_with(lambda row: read_ours(row).text, rows)
        theirs = read_pages_with(lambda row: read_trafilatura(row).text, rows)
        print(f"\n{set_name}: {len(rows)} pages of the tuned half; = marks what trafilatura does as well")
        print_pages(ours, theirs, count)
        print_summary_head()
        for name, pages in (("wirecopy", ours), ("trafilatura", theirs)):
            print_summary(name, pages)


if __name__ == "__main__":
    main()
