"""Other tools' near-duplicate pairs for the same articles, in a process of each tool's own environment.

Run by `bench_copies` as `PYTHON copy_peers.py TOOL ARTICLES.jsonl`: prints CPU seconds and pairs as JSON.
Each tool compares sets of five-word shingles of lower-case words at a Jaccard of 0.5 or more, with 128 hashes
in as many bands as its own documentation advises for that.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

WORDS = re.compile(r"\w+")
SHINGLE_WORDS = 5
THRESHOLD = 0.5
HASHES, BANDS = 128, 32

Pairs = set[tuple[int, int]]


def shingles(text: str) -> list[str]:
    words = WORDS.findall(text.lower())
    return list({" ".join(words[start : start + SHINGLE_WORDS]) for start in range(len(words) - 4)})


def run_rensa(texts: Sequence[str]) -> Pairs:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(THRESHOLD, HASHES, BANDS)
    hashed, pairs = [], set()
    for number, text in enumerate(texts):
        made = RMinHash(HASHES, 42)
        made.update(shingles(text))
        for other in index.query(made):
            if made.jaccard(hashed[other]) >= THRESHOLD:
                pairs.add((other, number))
        index.insert(number, made)
        hashed.append(made)
    return pairs


def run_gaoya(texts: Sequence[str]) -> Pairs:
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(32, THRESHOLD, 25, 5, 125, "word", True, (5, 5))
    pairs = set()
    for number, text in enumerate(texts):
        pairs |= {(other, number) for other in index.query(text)}
        index.insert_document(number, text)
    return pairs


def run_datasketch(texts: Sequence[str]) -> Pairs:
    """Shingle by shingle, as its introduction shows it."""

    def update(made: Any, text: str) -> None:
        for one in shingles(text):
            made.update(one.encode())

    return _run_datasketch(texts, update)


def run_datasketch_at_once(texts: Sequence[str]) -> Pairs:
    """All shingles of an article in one call."""

    def update(made: Any, text: str) -> None:
        made.update_batch([one.encode() for one in shingles(text)])

    return _run_datasketch(texts, update)


def _run_datasketch(texts: Sequence[str], update: Callable[[Any, str], None]) -> Pairs:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=HASHES)
    hashed, pairs = [], set()
    for number, text in enumerate(texts):
        made = MinHash(num_perm=HASHES)
        update(made, text)
        for other in index.query(made):
            if made.jaccard(hashed[other]) >= THRESHOLD:
                pairs.add((other, number))
        index.insert(number, made, check_duplication=False)
        hashed.append(made)
    return pairs


def run_datatrove(texts: Sequence[str]) -> Pairs:
    """Its signatures and bands as its pipeline makes them, without the files between its steps."""
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature

    config = MinhashConfig(n_grams=SHINGLE_WORDS, num_buckets=14, hashes_per_bucket=8)
    step = MinhashDedupSignature(output_folder="/tmp", config=config)
    buckets: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    for number, text in enumerate(texts):
        made = step.get_shingles(text)
        if made.size:
            for bucket, signature in enumerate(step.get_signature(made)):
                buckets.setdefault((bucket, tuple(signature)), []).append(number)
    return {pair for numbers in buckets.values() for pair in combinations(numbers, 2)}


TOOLS: dict[str, Callable[[Sequence[str]], Pairs]] = {
    "rensa": run_rensa,
    "gaoya": run_gaoya,
    "datasketch": run_datasketch,
    "datasketch, update_batch": run_datasketch_at_once,
    "datatrove": run_datatrove,
}


def read_texts(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def main() -> None:
    tool, path = TOOLS[sys.argv[1]], Path(sys.argv[2])
    texts = list(read_texts(path))
    tool(texts[:5])  # imports and first calls
    started = time.process_time()
    pairs = tool(texts)
    result: dict[str, Any] = {"seconds": time.process_time() - started, "pairs": sorted(pairs)}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
