"""What one hundred new articles cost with rensa, whose index has to be read and written whole.

Run as `PEERS_PYTHON tests/benchmarks/bench_rensa_reload.py SIZE`, in an environment that holds rensa; the
articles are those of `bench_increment`. Estimated pairs, no verification, no passages, no transaction.
"""

from __future__ import annotations

import pickle
import sys
import tempfile
import time
from pathlib import Path

from copy_peers import BANDS, HASHES, THRESHOLD, shingles
from invented_texts import invent_edited, invent_texts
from rensa import RMinHash, RMinHashLSH

NEW = 100
EVERY_COPY = 5


def main() -> None:
    size = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "index"
        index = RMinHashLSH(THRESHOLD, HASHES, BANDS)
        for number in range(size):
            index.insert(number, hash_text(invent_texts(number)))
        file.write_bytes(pickle.dumps(index))
        del index
        measure(file, size)


def measure(file: Path, size: int) -> None:
    started = time.process_time()
    index = pickle.loads(file.read_bytes())
    loaded = time.process_time()
    found = 0
    for number in range(10**9 + size, 10**9 + size + NEW):
        made = hash_text(invent_edited(number, size) if number % EVERY_COPY == 0 else invent_texts(number))
        found += len(index.query(made))
        index.insert(number, made)
    worked = time.process_time()
    file.write_bytes(pickle.dumps(index))
    saved = time.process_time()
    print(
        f"{size:,} stored, {NEW} new: {saved - started:.2f} CPU s (read {loaded - started:.2f}, "
        f"work {worked - loaded:.2f}, write {saved - worked:.2f}); {found} pairs; "
        f"{file.stat().st_size / 1e6:,.0f} MB"
    )


def hash_text(paragraphs: list[str]) -> RMinHash:
    made = RMinHash(HASHES, 42)
    made.update(shingles("\n\n".join(paragraphs)))
    return made


if __name__ == "__main__":
    main()
