from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.alignment import Alignment, align_texts, index_text
from pipelines.chains import count_equal, spans_of
from pipelines.folding import fold_words
from tests.pipelines.copies_material import invent_sentence, invent_word


def align(one: str, other: str) -> Alignment:
    return align_texts(*(index_text(fold_words(text).hashes) for text in (one, other)))


def spans(alignment: Alignment) -> list[tuple[int, ...]]:
    return sorted(map(tuple, spans_of(alignment.chains).tolist()))


def equal_words(alignment: Alignment) -> list[int]:
    return count_equal(alignment.chains).tolist()


def invent(seed: int, words: int) -> list[str]:
    return invent_sentence(random.Random(seed), words).rstrip(".").replace(",", "").lower().split()


def test_a_shared_run_is_found_from_its_first_word_to_its_last() -> None:
    shared = invent(1, 30)
    alignment = align(" ".join(invent(2, 9) + shared + invent(3, 7)), " ".join(invent(4, 40) + shared))
    assert spans(alignment) == [(9, 39, 40, 70)]


def test_a_run_of_eleven_words_is_no_copy() -> None:
    shared = invent(1, 11)
    alignment = align(" ".join(invent(2, 30) + shared), " ".join(shared + invent(3, 30)))
    assert len(alignment.chains) == 0


def test_a_run_of_twelve_words_is_a_copy() -> None:
    shared = invent(1, 12)
    alignment = align(" ".join(invent(2, 30) + shared), " ".join(shared + invent(3, 30)))
    assert equal_words(alignment) == [12]


def test_a_changed_word_is_bridged() -> None:
    words = invent(1, 40)
    edited = [*words[:20], "otherwise", *words[21:]]
    alignment = align(" ".join(words), " ".join(edited))
    assert (spans(alignment), equal_words(alignment)) == ([(0, 40, 0, 40)], [39])


def test_a_dropped_clause_of_twelve_words_is_bridged() -> None:
    words = invent(1, 60)
    assert spans(align(" ".join(words), " ".join(words[:20] + words[32:]))) == [(0, 60, 0, 48)]


def test_an_insertion_of_thirty_words_parts_two_passages() -> None:
    words = invent(1, 60)
    longer = words[:30] + invent(2, 30) + words[30:]
    assert spans(align(" ".join(words), " ".join(longer))) == [(0, 30, 0, 30), (30, 60, 60, 90)]


def test_swapped_parts_are_both_found() -> None:
    first, second = invent(1, 40), invent(2, 40)
    assert spans(align(" ".join(first + second), " ".join(second + first))) == [
        (0, 40, 40, 80),
        (40, 80, 0, 40),
    ]


def test_words_changed_close_to_the_end_do_not_end_the_passage() -> None:
    words = invent(1, 40)
    edited = [*words[:36], "otherwise", *words[37:]]
    assert spans(align(" ".join(words), " ".join(edited))) == [(0, 40, 0, 40)]


def test_a_part_that_one_text_repeats_is_found_at_both_places() -> None:
    part = invent(1, 30)
    twice = " ".join(part + invent(2, 40) + part)
    assert spans(align(twice, " ".join(part))) == [(0, 30, 0, 30), (70, 100, 0, 30)]


def test_one_word_without_end_is_aligned_in_bounded_time() -> None:
    assert max(equal_words(align("ferry " * 20_000, "ferry " * 19_000))) == 19_000


word_lists = st.lists(st.integers(0, 40), max_size=80).map(
    lambda numbers: [invent_word(random.Random(number)) for number in numbers]
)


@settings(deadline=None)
@given(word_lists, word_lists, word_lists)
def test_aligned_words_are_equal_and_in_order(one: list[str], shared: list[str], other: list[str]) -> None:
    mine, theirs = one + shared, shared + other
    chains = align(" ".join(mine), " ".join(theirs)).chains
    for first, after in pairwise(chains.bounds.tolist()):
        chain = chains.blocks[first:after].tolist()
        for start, place, length in chain:
            assert mine[start : start + length] == theirs[place : place + length]
        for (start, place, length), (next_start, next_place, _) in pairwise(chain):
            assert next_start >= start + length
            assert next_place >= place + length


@settings(deadline=None)
@given(word_lists, word_lists, word_lists)
def test_the_longest_run_is_that_of_a_plain_search(
    one: list[str], shared: list[str], other: list[str]
) -> None:
    mine, theirs = one + shared, shared + other
    longest = 0
    for start in range(len(mine)):
        for place in range(len(theirs)):
            length = 0
            while (
                mine[start + length : start + length + 1] == theirs[place + length : place + length + 1] != []
            ):
                length += 1
            longest = max(longest, length)
    assert align(" ".join(mine), " ".join(theirs)).longest_run_words == (longest if longest >= 5 else 0)
