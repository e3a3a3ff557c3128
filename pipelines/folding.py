"""Words as the copy finder sees them: folded for matching only, with their place in the stored text.

Case, accents, quotation marks, apostrophes, dashes and white space make no difference; scripts
written without spaces count each character as a word. The text itself is never changed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

TABLE_SIZE = 0x20000  # planes 0 and 1; above them only ideographs are words
IDEOGRAPHS = (0x20000, 0x40000)  # planes 2 and 3
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
APOSTROPHES = frozenset("'’‘‛ʼ′´`＇")
UNDECOMPOSED = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
LETTER_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no power of it is zero
FULL_STOP = 0x2E


class CharacterKind(IntEnum):
    """What a character does to the words around it."""

    SEPARATOR = 0
    JOINING = 1  # part of a word
    ALONE = 2  # a word of its own
    DROPPED = 3  # as if it weren't there
    MARK = 4  # belongs to the character before it


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


@dataclass(frozen=True, slots=True, eq=False)
class _Characters:
    """Lookup tables over code points, and the few characters that fold into several."""

    kinds: NDArray[np.uint8]
    letters: NDArray[np.bool_]
    values: U64
    expanding: NDArray[np.bool_]


def fold_words(text: str) -> Words:
    """The words of `text`, in order."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    places = np.arange(len(codes), dtype=np.int64)
    tables = _characters()
    if tables.expanding[np.minimum(codes, TABLE_SIZE - 1)].any():
        codes, places = _expand(codes, tables)
    kinds = _kinds(codes, tables)
    kept = np.flatnonzero(kinds != CharacterKind.DROPPED)
    if len(kept) < len(codes):
        codes, places, kinds = codes[kept], places[kept], kinds[kept]
    return _cut(codes, places, kinds, tables)


def count_between(firsts: I64, total: int) -> I64:
    """How many places there are from each of `firsts` to the next, and from the last to `total`."""
    counts = np.empty_like(firsts)
    counts[:-1] = firsts[1:] - firsts[:-1]
    counts[-1:] = total - firsts[-1:]
    return counts


def mix(values: U64) -> U64:
    """Spread 64-bit values evenly, one to one: the finalizer of SplitMix64 (Steele, Lea, Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _cut(codes: I64, places: I64, kinds: NDArray[np.uint8], tables: _Characters) -> Words:
    in_word = kinds != CharacterKind.SEPARATOR
    alone = kinds == CharacterKind.ALONE
    opens = in_word.copy()
    opens[1:] &= ~in_word[:-1] | alone[1:] | (alone[:-1] & (kinds[1:] != CharacterKind.MARK))
    inside = np.flatnonzero(in_word)
    first = np.flatnonzero(opens[inside])
    if not len(first):
        return Words(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64))
    lengths = count_between(first, len(inside))
    depth = np.arange(len(inside)) - np.repeat(first, lengths)
    letters = _values(codes[inside], tables) * _powers(1 << int(lengths.max()).bit_length())[depth]
    hashes = mix(np.add.reduceat(letters, first))
    return Words(hashes, places[inside[first]], places[inside[first + lengths - 1]] + 1)


def _kinds(codes: I64, tables: _Characters) -> NDArray[np.uint8]:
    """One kind a character; the full stops inside an abbreviation such as U.S. are dropped."""
    if len(codes) and int(codes.max()) >= TABLE_SIZE:
        kinds = tables.kinds[np.minimum(codes, TABLE_SIZE - 1)]
        kinds[(codes >= IDEOGRAPHS[0]) & (codes < IDEOGRAPHS[1])] = CharacterKind.ALONE
    else:
        kinds = tables.kinds[codes]
    stops = np.flatnonzero(codes == FULL_STOP)
    stops = stops[(stops > 0) & (stops < len(codes) - 1)]
    if len(stops):
        letter = np.zeros(len(codes) + 2, dtype=np.bool_)  # one place more at either end
        letter[1:-1] = tables.letters[np.minimum(codes, TABLE_SIZE - 1)]
        between = letter[stops] & letter[stops + 2]
        single = ~letter[stops - 1] & ~letter[np.minimum(stops + 3, len(letter) - 1)]
        kinds[stops[between & single]] = CharacterKind.DROPPED
    return kinds


def _values(codes: I64, tables: _Characters) -> U64:
    if int(codes.max()) < TABLE_SIZE:
        return tables.values[codes]
    beyond = codes >= TABLE_SIZE
    return np.where(beyond, mix(codes.astype(np.uint64)), tables.values[np.minimum(codes, TABLE_SIZE - 1)])


def _expand(codes: I64, tables: _Characters) -> tuple[I64, I64]:
    """Put what a character folds into in its place; every part keeps the character's offset."""
    parts = np.ones(len(codes), dtype=np.int64)
    spots = np.flatnonzero(tables.expanding[np.minimum(codes, TABLE_SIZE - 1)])
    folded = [[ord(part) for part in _fold(chr(codes[spot]))] for spot in spots]
    parts[spots] = [len(part) for part in folded]
    places = np.repeat(np.arange(len(codes), dtype=np.int64), parts)
    expanded = codes[places]
    offsets = np.cumsum(parts) - parts
    for spot, part in zip(spots, folded, strict=True):
        expanded[offsets[spot] : offsets[spot] + len(part)] = part
    return expanded, places


@cache
def _powers(size: int) -> U64:
    powers = np.full(size, LETTER_FACTOR, dtype=np.uint64)
    powers[:1] = 1
    return np.multiply.accumulate(powers)


@cache
def _characters() -> _Characters:
    """The tables; about 0.2 s, once in a process."""
    categories = [unicodedata.category(chr(code)) for code in range(TABLE_SIZE)]
    kinds = np.array([_KINDS[category] for category in categories], dtype=np.uint8)
    for code in np.flatnonzero(kinds == CharacterKind.MARK).tolist():
        if unicodedata.combining(chr(code)):
            kinds[code] = CharacterKind.DROPPED  # an accent; the others are vowel signs
    letters = np.array([category[0] == "L" for category in categories])
    for first, after in UNSPACED_SCRIPTS:
        kinds[first:after][kinds[first:after] == CharacterKind.JOINING] = CharacterKind.ALONE
    kinds[[ord(apostrophe) for apostrophe in APOSTROPHES]] = CharacterKind.DROPPED
    values = np.arange(TABLE_SIZE, dtype=np.uint64)
    expanding = np.zeros(TABLE_SIZE, dtype=np.bool_)
    for code in np.flatnonzero((kinds == CharacterKind.JOINING) | (kinds == CharacterKind.ALONE)).tolist():
        folded = _fold(chr(code))
        values[code] = ord(folded[0])
        expanding[code] = len(folded) > 1
    return _Characters(kinds, letters, mix(values + np.uint64(1)), expanding)


def _fold(character: str) -> str:
    """The letters that `character` is compared as; never empty."""
    lower = character.casefold()
    decomposed = unicodedata.normalize("NFKD", UNDECOMPOSED.get(lower, lower))
    if decomposed == character:
        return character
    return "".join(part for part in decomposed.casefold() if part.isalnum()) or character


_KINDS = {
    category: kind
    for kind, categories in (
        (CharacterKind.JOINING, "Lu Ll Lt Lm Lo Nd Nl No"),
        (CharacterKind.MARK, "Mn Mc Me"),
        (CharacterKind.DROPPED, "Cf"),
        (CharacterKind.SEPARATOR, "Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cs Co Cn"),
    )
    for category in categories.split()
}
