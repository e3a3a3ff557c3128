"""Words as the copy finder sees them: folded for matching only, with their place in the stored text.

Case, accents, quotation marks, apostrophes, dashes and white space make no difference; scripts
written without spaces count each character as a word. The text itself is never changed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence, Sized
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipelines.word_scan import (
    ALONE,
    DROPPED,
    EXPANDING,
    JOINING,
    KIND_MASK,
    MARK,
    SEPARATOR,
    STOP,
    TABLE_SIZE,
    scan_words,
)

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Item = TypeVar("Item", bound=Sized)

TEXTS_AT_ONCE = 64  # of articles: their words stay in the processor's own memory
MAX_AT_ONCE = 4_000_000  # characters or words: only hostile texts are as long
MAX_PARTS = 18  # that a character folds into: U+FDFA
HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)  # take their parts by rule, not by a table
UNSPACED_SCRIPTS = (
    (0x0E00, 0x0F00),  # Thai, Lao
    (0x1000, 0x10A0),  # Burmese
    (0x1780, 0x1800),  # Khmer
    (0x2E80, 0x2FE0),  # Han radicals
    (0x3005, 0x3008),
    (0x3040, 0x3130),  # Hiragana, Katakana, Bopomofo
    (0x31A0, 0x31C0),
    (0x31F0, 0x3200),
    (0x3400, 0x4DC0),  # Han
    (0x4E00, 0xA000),
    (0xF900, 0xFB00),
    (0xFF66, 0xFFA0),  # half-width Katakana
)
FULL_STOP = ord(".")
APOSTROPHES = frozenset("'’‘‛ʼ′´`＇")
UNDECOMPOSED = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of one text; three arrays of shape (words,).

    `hashes` are the folded words' 64-bit hashes, `starts` and `ends` (exclusive) their
    character offsets in the stored text.
    """

    hashes: U64
    starts: I64
    ends: I64

    def __len__(self) -> int:
        return len(self.hashes)


_Tables = tuple[U64, NDArray[np.uint8], I64, U32]
_Codes = NDArray[np.uint16] | U32


def fold_words(text: str) -> Words:
    """The words of `text`, in order."""
    codes, bounds = _encode([text])
    for room in (len(codes) + 2, MAX_PARTS * len(codes) + 2):
        hashes, places = np.empty(room, np.uint64), np.empty((room, 2), np.int64)
        found = scan_words(codes, bounds, _characters(), hashes, places)
        if len(found):
            break
    count = found[-1]
    return Words(hashes[:count].copy(), places[:count, 0].copy(), places[:count, 1].copy())


class Hashed(NamedTuple):
    """Hashes of the words or shingles of texts, one after another; where each text begins, and the end."""

    hashes: U64
    bounds: I64

    def each(self) -> list[U64]:
        """Those of each text; views, not copies."""
        return [self.hashes[first:after] for first, after in pairwise(self.bounds.tolist())]


def fold_texts(texts: Sequence[str]) -> list[U64]:
    """The hashes of each text's words: as `fold_words` gives them, in a third of its time."""
    return [words for some in split(texts) for words in fold_together(some).each()]


def split(texts: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Parts of so few texts, counted and by their lengths, that what is made of them stays small."""
    first = size = 0
    for place, text in enumerate(texts):
        if place - first == TEXTS_AT_ONCE or (size + len(text) > MAX_AT_ONCE and place > first):
            yield texts[first:place]
            first, size = place, 0
        size += len(text)
    if first < len(texts):
        yield texts[first:]


def fold_together(texts: Sequence[str]) -> Hashed:
    """The words of as many texts as `split` gives."""
    codes, bounds = _encode(texts)
    hashes = np.empty(len(codes) + 2, np.uint64)
    found = scan_words(codes, bounds, _characters(), hashes, None)
    if not len(found):  # characters of several words each
        return join_hashed([fold_words(text).hashes for text in texts])
    return Hashed(hashes[: found[-1]].copy(), found)


def join_hashed(texts: Sequence[U64]) -> Hashed:
    """Of texts that were hashed apart."""
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(words) for words in texts], out=bounds[1:])
    return Hashed(np.concatenate([*texts, np.zeros(0, np.uint64)]), bounds)


def _encode(texts: Sequence[str]) -> tuple[_Codes, I64]:
    """The characters of all texts in one array, and where each text begins, and the end.

    Of two bytes each where that is enough, as it mostly is: they are encoded in half the time.
    """
    sizes = [len(text) for text in texts]
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(sizes, out=bounds[1:])
    joined = "".join(texts)
    encoded = joined.encode("utf-16-le", "surrogatepass")
    if len(encoded) == 2 * bounds[-1]:
        return np.frombuffer(encoded, dtype=np.uint16), bounds
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32), bounds


def mix(values: U64) -> U64:
    """Spread 64-bit values evenly, one to one: the finalizer of SplitMix64 (Steele, Lea, Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@cache
def _characters() -> _Tables:
    """Lookup tables over code points, see `scan_words`; about 0.1 s, once in a process."""
    categories = [unicodedata.category(chr(code)) for code in range(TABLE_SIZE)]
    kinds = np.array([_KINDS[category] for category in categories], dtype=np.uint8)
    for code in np.flatnonzero(kinds == MARK).tolist():
        if unicodedata.combining(chr(code)):
            kinds[code] = DROPPED  # an accent; the others are vowel signs
    letters = np.array([category[0] == "L" for category in categories], dtype=np.uint8)
    for first, after in UNSPACED_SCRIPTS:
        kinds[first:after][kinds[first:after] == JOINING] = ALONE
    kinds[[ord(apostrophe) for apostrophe in APOSTROPHES]] = DROPPED
    kinds[FULL_STOP] = STOP
    values = np.arange(TABLE_SIZE, dtype=np.uint64)
    sizes = np.zeros(TABLE_SIZE + 1, dtype=np.int64)
    parts: list[int] = []
    expanding = []
    dropped = {chr(code) for code in np.flatnonzero(kinds == DROPPED).tolist()}
    for code in np.flatnonzero((kinds == JOINING) | (kinds == ALONE)).tolist():
        folded = [ord(part) for part in _fold(chr(code)) if part not in dropped]
        values[code] = folded[0]
        if len(folded) > 1:
            expanding.append(code)
            sizes[code + 1] = len(folded)
            parts.extend(folded)
    kinds[expanding] = EXPANDING
    letters[expanding] *= 2
    coded = (mix(values + np.uint64(1)) & ~KIND_MASK) | kinds.astype(np.uint64)
    return coded, letters, np.cumsum(sizes), np.array(parts, dtype=np.uint32)


def _fold(character: str) -> str:
    """The letters that `character` is compared as; never empty."""
    lower = character.casefold()
    is_plain = lower == character and not unicodedata.decomposition(character)
    if is_plain and ord(character) not in HANGUL_SYLLABLES and character not in UNDECOMPOSED:
        return character
    decomposed = unicodedata.normalize("NFKD", UNDECOMPOSED.get(lower, lower))
    return "".join(part for part in decomposed.casefold() if part.isalnum()) or character


_KINDS = {
    category: kind
    for kind, categories in (
        (JOINING, "Lu Ll Lt Lm Lo Nd Nl No"),
        (MARK, "Mn Mc Me"),
        (DROPPED, "Cf"),
        (SEPARATOR, "Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cs Co Cn"),
    )
    for category in categories.split()
}
