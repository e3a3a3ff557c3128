"""The one pass over a text's characters that finds its words and their hashes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.compiled import compiled

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

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
def _is_abbreviating(codes: NDArray[np.uint32], place: int, letters: NDArray[np.uint8]) -> bool:
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
    codes: NDArray[np.uint32],
    table: U64,
    letters: NDArray[np.uint8],
    firsts: I64,
    parts: NDArray[np.uint32],
    room: int,
) -> tuple[U64, I64, I64]:
    """Hashes of the words among `codes`, where each starts, and where it ends (exclusive).

    There must be room for all of them and two more: `len(codes) + 2` is enough but for texts in which
    characters fold into several words; all three arrays are empty then.

    The tables are by code point: `table`, what its letter counts for and, in the lowest three bits, its
    kind; `letters`, how many it folds into (2: several); `firsts`, where those begin in `parts`.
    """
    hashes, starts, ends = np.empty(room, np.uint64), np.empty(room, np.int64), np.empty(room, np.int64)
    starts[0] = 0
    count = np.int64(0)  # words closed; the next one is open if its power isn't one
    total, power = ZERO, ONE
    place = 0
    while place < len(codes):
        value = _look_up(codes[place], table)
        kind = value & KIND_MASK
        if kind < ALONE:
            # no branch on whether a word ends here, which no processor could foretell
            joins = kind & ONE
            count += np.int64((power != ONE) & (joins == ZERO))
            total = (total + value * power) & (ZERO - joins)
            power = power * LETTER_FACTOR if joins else ONE
            hashes[count] = total
            ends[count] = place + 1
            starts[room - 1 if joins else count] = place + 1
            place += 1
            continue
        if kind == DROPPED or (kind == STOP and _is_abbreviating(codes, place, letters)):
            if power == ONE:
                starts[count] = place + 1
            place += 1
            continue
        part, after = 0, 1
        if kind == EXPANDING:
            part, after = firsts[codes[place]], firsts[codes[place] + 1]
            if count + after - part + len(codes) - place + 2 > room:
                return hashes[:0], starts[:0], ends[:0]
        is_alone = False
        while part < after and kind != STOP:
            if kind == EXPANDING:
                value = table[parts[part]]
            part += 1
            if power != ONE and (is_alone or value & KIND_MASK == ALONE):
                count += 1
                total, power = ZERO, ONE
            if power == ONE:
                starts[count] = place
            is_alone = value & KIND_MASK == ALONE
            total += value * power
            power *= LETTER_FACTOR
            hashes[count] = total
            ends[count] = place + 1
        place += 1
        while is_alone and place < len(codes):
            value = _look_up(codes[place], table)
            if value & KIND_MASK == MARK:
                total += value * power
                power *= LETTER_FACTOR
                hashes[count] = total
                ends[count] = place + 1
            elif value & KIND_MASK != DROPPED:
                break
            place += 1
        if kind == STOP or is_alone:
            count += np.int64(power != ONE)
            total, power = ZERO, ONE
            starts[count] = place
    count += np.int64(power != ONE)
    for word in range(count):
        hashes[word] = mix_one(hashes[word])
    return hashes[:count].copy(), starts[:count].copy(), ends[:count].copy()
