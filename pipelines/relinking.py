"""When new articles change how stored ones are linked: where not all of many can be compared with all.

Then the stored ones are compared anew, so that the result is that of one comparison of them all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from pipelines.candidates import (
    HUBS,
    MAX_LINKED,
    NO_OUTLET,
    NUMBER_MASK,
    NUMBER_SHIFT,
    STOCK_TEXTS,
    collect_postings,
    find_stock,
)
from pipelines.folding import I64
from pipelines.identical import MAX_CARRIERS, visible_carriers
from pipelines.pairing import Columns, IndexedArticle, group_texts

Key = tuple[str, object]


def find_relinked(
    before: Sequence[IndexedArticle], after: Sequence[IndexedArticle], changed: Collection[str]
) -> frozenset[str]:
    """Ids of unchanged articles whose links with one another differ before and after a change.

    Both hold the unchanged articles that share a fingerprint with a changed one, in its old or new version.
    """
    old, new = dict(_bounds(before)), dict(_bounds(after))
    relinked: set[str] = set()
    for key in old.keys() | new.keys():
        if key not in old or key not in new or old[key][0] != new[key][0]:
            relinked |= set(new.get(key, ((), ()))[1]) | set(old.get(key, ((), ()))[1])
    return frozenset(relinked - set(changed))


def _bounds(articles: Sequence[IndexedArticle]) -> Iterator[tuple[Key, tuple[object, tuple[str, ...]]]]:
    """Wherever links are bounded: what bounds them, and the articles concerned."""
    texts = group_texts(Columns().extend(articles))
    ids = texts.carriers
    for own, digest in zip(ids, texts.digests, strict=True):
        if len(own) > MAX_CARRIERS:
            yield ("text", digest), (visible_carriers(own), own)
    outlets, days = texts.outlets, texts.days
    for fingerprint, numbers in _groups(texts.fingerprints):
        if len(numbers) > MAX_LINKED:
            hubs = tuple(texts.digests[number] for number in numbers[:HUBS].tolist())
            yield ("hubs", fingerprint), (hubs, _concerned(ids, numbers))
        stock = find_stock(outlets[numbers], days[numbers])
        for outlet in np.unique(outlets[numbers[stock]]).tolist():
            own_numbers = numbers[outlets[numbers] == outlet]
            name = texts.outlet_names[outlet] if outlet != NO_OUTLET else ""
            yield ("stock", (fingerprint, name)), (True, _concerned(ids, own_numbers))


def _groups(fingerprints: Sequence[np.typing.NDArray[np.uint64]]) -> Iterator[tuple[int, I64]]:
    """Fingerprints that at least five texts have, with the numbers of these."""
    postings = collect_postings(fingerprints)
    values = postings >> NUMBER_SHIFT
    firsts = np.flatnonzero(np.append(True, values[1:] != values[:-1])) if len(values) else values
    for first, after in zip(firsts.tolist(), [*firsts[1:].tolist(), len(values)], strict=False):
        if after - first >= STOCK_TEXTS:
            yield int(values[first]), (postings[first:after] & NUMBER_MASK).astype(np.int64)


def _concerned(ids: Sequence[tuple[str, ...]], numbers: I64) -> tuple[str, ...]:
    return tuple(article_id for number in numbers.tolist() for article_id in ids[number])
