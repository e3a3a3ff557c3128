"""The one pass over the characters of texts that finds their words and these words' hashes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.compiled import compiled

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Codes = NDArray[np.uint16] | NDArray[np.uint32]

# what a character does to the words around it; below ALONE, the lowest bit says whether it is in a word
SEPARATOR = 0
JOINING = 1  # part of a word
MARK = 3  # belongs to the character before it
ALONE = 4  # a word of its own
DROPPED = 5  # as if it weren't there
EXPANDING = 6  # folds into several letters
STOP = 7  # a full stop: dropped inside an abbreviation, otherwise a separator

TABLE_SIZE = 0x20000  # planes 0 and 1; above them only ideographs are words
IDEOGRAPHS_END = 0x40000  # planes 2 and 3
LETTER_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no power of it is zero
ZERO, ONE, KIND_MASK = np.uint64(0), np.uint64(1), np.uint64(7)
FIRST_ALONE = np.uint64(ALONE)
MIX_ONE, MIX_TWO = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SHIFT_30, SHIFT_27, SHIFT_31 = np.uint64(30), np.uint64(27), np.uint64(31)


@compiled
def mix_one(value: np.uint64) -> np.uint64:
    """Spread a 64-bit value evenly, one to one: the finalizer of SplitMix64 (Steele, Lea, Flood 2014)."""
    value = (value ^ (value >> SHIFT_30)) * MIX_ONE
    value = (value ^ (value >> SHIFT_27)) * MIX_TWO
    return value ^ (value >> SHIFT_31)


@compiled
def _look_up(code: int, table: U64) -> np.uint64:
    if code < TABLE_SIZE:
        return np.uint64(table[code])
    if code < IDEOGRAPHS_END:
        return (mix_one(np.uint64(code + 1)) & ~KIND_MASK) | np.uint64(ALONE)
    return ZERO


@compiled
def _is_abbreviating(codes: Codes, place: int, letters: NDArray[np.uint8]) -> bool:
    """Whether the full stop at `place` stands between two single letters, as in U.S."""
    if place == 0 or place + 1 >= len(codes):
        return False
    last = TABLE_SIZE - 1
    if letters[min(codes[place - 1], last)] != 1 or letters[min(codes[place + 1], last)] != 1:
        return False
    if place > 1 and letters[min(codes[place - 2], last)]:
        return False
    return not (place + 2 < len(codes) and letters[min(codes[place + 2], last)])


@compiled
def scan_words(
    codes: Codes,
    bounds: I64,
    tables: tuple[U64, NDArray[np.uint8], I64, NDArray[np.uint32]],
    hashes: U64,
    places: I64 | None,
) -> I64:
    """Find the words of texts that stand one after another in `codes`, each up to the next of `bounds`.

    Fills in the words' hashes and, unless it is None, `places` of shape (room, 2): where each starts in its
    text and where it ends (exclusive). Returns where the words of each text begin, and the end. There must be
    room for all of them and two more: `len(codes) + 2` is enough but for texts in which characters fold into
    several words; nothing is returned then.

    The tables are by code point: what its letter counts for and, in the lowest three bits, its kind; how
    many letters it folds into (2: several); where those begin in the last table.
    """
    table, letters, firsts, parts = tables
    word_bounds = np.zeros(len(bounds), np.int64)
    for text in range(len(bounds) - 1):
        base = word_bounds[text]
        own = codes[bounds[text] : bounds[text + 1]]
        if base + len(own) + 2 > len(hashes):
            return word_bounds[:0]
        if places is None:
            count = _scan(own, table, letters, firsts, parts, hashes[base:], None)
        else:
            count = _scan(own, table, letters, firsts, parts, hashes[base:], places[base:])
        if count < 0:
            return word_bounds[:0]
        word_bounds[text + 1] = base + count
    for word in range(word_bounds[-1]):
        hashes[word] = mix_one(hashes[word])
    return word_bounds


@compiled
def _scan(
    codes: Codes,
    table: U64,
    letters: NDArray[np.uint8],
    firsts: I64,
    parts: NDArray[np.uint32],
    hashes: U64,
    places: I64 | None,
) -> int:
    """How many words there are; -1 if there is no room for them. Their hashes aren't mixed yet."""
    count = ZERO  # words closed; the next one is open if its power isn't one; unsigned numbers are faster
    total, power = ZERO, ONE
    place, after = ZERO, np.uint64(len(codes))
    unused = np.uint64(len(hashes) - 1)
    if places is not None:
        places[0, 0] = 0
    while place < after:
        value = _look_up(codes[place], table)
        kind = value & KIND_MASK
        if kind < FIRST_ALONE:
            # no branch on whether a word ends here, which no processor could foretell
            joins = kind & ONE
            count += np.uint64((power != ONE) & (joins == ZERO))
            total = (total + value * power) & (ZERO - joins)
            power = power * LETTER_FACTOR if joins else ONE
            hashes[count] = total
            place += ONE
            if places is not None:
                places[count, 1] = place
                places[unused if joins else count, 0] = place
            continue
        if kind == DROPPED or (kind == STOP and _is_abbreviating(codes, int(place), letters)):
            place += ONE
            if places is not None and power == ONE:
                places[count, 0] = place
            continue
        part, part_after = 0, 1
        if kind == EXPANDING:
            part, part_after = firsts[codes[place]], firsts[np.int64(codes[place]) + 1]
            if np.int64(count) + part_after - part + np.int64(after - place) + 2 > len(hashes):
                return -1
        is_alone = False
        while part < part_after and kind != STOP:
            if kind == EXPANDING:
                value = table[parts[part]]
            part += 1
            if power != ONE and (is_alone or value & KIND_MASK == ALONE):
                count += ONE
                total, power = ZERO, ONE
            if places is not None and power == ONE:
                places[count, 0] = place
            is_alone = value & KIND_MASK == ALONE
            total += value * power
            power *= LETTER_FACTOR
            hashes[count] = total
            if places is not None:
                places[count, 1] = place + ONE
        place += ONE
        while is_alone and place < after:
            value = _look_up(codes[place], table)
            if value & KIND_MASK == MARK:
                total += value * power
                power *= LETTER_FACTOR
                hashes[count] = total
                if places is not None:
                    places[count, 1] = place + ONE
            elif value & KIND_MASK != DROPPED:
                break
            place += ONE
        if kind == STOP or is_alone:
            count += np.uint64(power != ONE)
            total, power = ZERO, ONE
            if places is not None:
                places[count, 0] = place
    return int(count + np.uint64(power != ONE))
