"""What one hundred new articles cost with rensa, whose index has to be read and written whole, or made again.

Run as `PEERS_PYTHON tests/benchmarks/bench_rensa_reload.py SIZE`, in an environment that holds rensa; the
articles are those of `bench_increment`. Estimated pairs, no verification, no passages, no transaction.
"""

from __future__ import annotations

import pickle
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from copy_peers import BANDS, HASHES, THRESHOLD, shingles
from invented_texts import invent_edited, invent_texts
from rensa import RMinHash, RMinHashLSH

NEW = 100
FIRST_NEW = 10**9
EVERY_COPY = 5
RECENT = 10_000
AT_ONCE = 1_000


def main() -> None:
    size = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        index, signatures = Path(folder) / "index", Path(folder) / "signatures"
        from_texts = build(index, signatures, size)
        reread, found = measure_reload(index, size)
        from_signatures, new = measure_rebuild(signatures), measure_new(size)
        index_mb, signatures_mb = (file.stat().st_size / 1e6 for file in (index, signatures))
        print(
            f"{size:,} stored, {NEW} new, {found} pairs, CPU s: index of {index_mb:,.0f} MB read and written "
            f"again {reread}; made again from {signatures_mb:,.0f} MB of signatures {from_signatures:.2f} + "
            f"{new:.2f}; from texts {from_texts:.1f} + {new:.2f}"
        )


def build(index_file: Path, signature_file: Path, size: int) -> float:
    """Store the index and all signatures; returns what hashing and inserting took, without the inventing."""
    index = RMinHashLSH(THRESHOLD, HASHES, BANDS)
    seconds = 0.0
    with signature_file.open("wb") as file:
        for start in range(0, size, AT_ONCE):
            texts = [invent_texts(number) for number in range(start, min(size, start + AT_ONCE))]
            started = time.process_time()
            made = [hash_text(paragraphs) for paragraphs in texts]
            for number, signature in enumerate(made, start):
                index.insert(number, signature)
            seconds += time.process_time() - started
            pickle.dump(made, file)
    with index_file.open("wb") as file:
        pickle.dump(index, file)
    return seconds


def measure_reload(file: Path, size: int) -> tuple[str, int]:
    texts = list(invent_new(size))
    started = time.process_time()
    with file.open("rb") as stored:
        index = pickle.load(stored)
    loaded = time.process_time()
    found = 0
    for number, paragraphs in enumerate(texts, size):
        made = hash_text(paragraphs)
        found += len(index.query(made))
        index.insert(number, made)
    worked = time.process_time()
    with file.open("wb") as stored:
        pickle.dump(index, stored)
    saved = time.process_time()
    return (
        f"{saved - started:.2f} (read {loaded - started:.2f}, work {worked - loaded:.2f}, "
        f"write {saved - worked:.2f})",
        found,
    )


def measure_rebuild(file: Path) -> float:
    started = time.process_time()
    index = RMinHashLSH(THRESHOLD, HASHES, BANDS)
    number = 0
    with file.open("rb") as stored:
        while stored.peek(1):
            for signature in pickle.load(stored):
                index.insert(number, signature)
                number += 1
    return time.process_time() - started


def measure_new(size: int) -> float:
    """Hashing the new articles, which any way needs."""
    texts = list(invent_new(size))
    started = time.process_time()
    for paragraphs in texts:
        hash_text(paragraphs)
    return time.process_time() - started


def invent_new(size: int) -> Iterator[list[str]]:
    for number in range(FIRST_NEW + size, FIRST_NEW + size + NEW):
        is_copy = number % EVERY_COPY == 0
        yield invent_edited(number, size, RECENT) if is_copy else invent_texts(number)


def hash_text(paragraphs: list[str]) -> RMinHash:
    made = RMinHash(HASHES, 42)
    made.update(shingles("\n\n".join(paragraphs)))
    return made


if __name__ == "__main__":
    main()
