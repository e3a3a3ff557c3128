from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.folding import MAX_AT_ONCE, fold_texts, fold_words, split
from pipelines.shingles import (
    containment,
    digest_all,
    digest_words,
    distinct_shingles,
    hash_shingles,
    jaccard,
    select_all,
    select_fingerprints,
)

PINNED_WORDS = [10638798298543139560, 13493971644598472162]
PINNED_SHINGLES = [14788788121934756576, 6057723777844191792]

texts = st.lists(
    st.sampled_from(["ferry", "bridge", "mayor", "council", "velmora", "said", "the", "of"]), max_size=60
).map(" ".join)


def words_of(text: str) -> list[str]:
    words = fold_words(text)
    return [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)]


def shingles_of(text: str) -> np.ndarray:
    return distinct_shingles(fold_words(text).hashes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The MAYOR spoke", "the mayor spoke"),
        ("naïve café in Łódź", "naive cafe in Lodz"),
        ("cafe\u0301", "caf\u00e9"),
        ("the mayor’s “plan”", 'the mayor\'s "plan"'),
        ("the mayor‘s plan", "the mayors plan"),
        ("well-known — and old", "well known and old"),
        ("a  line\n\nbroken\u00a0here", "a line broken here"),
        ("the U.S. vote", "the US vote"),
        ("Straße", "STRASSE"),
        ("o\u00adver\u200bthere", "overthere"),
        ("ﬁnd", "find"),
        ("１２３", "123"),
    ],
)
def test_spelling_that_makes_no_difference_folds_away(one: str, other: str) -> None:
    assert fold_words(one).hashes.tolist() == fold_words(other).hashes.tolist()


@pytest.mark.parametrize(
    ("one", "other"), [("form", "from"), ("aa", "a"), ("3.5", "35"), ("a b", "ab"), ("ab", "ba"), ("ı", "l")]
)
def test_different_words_have_different_hashes(one: str, other: str) -> None:
    assert fold_words(one).hashes.tolist() != fold_words(other).hashes.tolist()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("… — !", []),
        ("“Hello,” she said.", ["Hello", "she", "said"]),
        ("the mayors’ plan", ["the", "mayors", "plan"]),
        ("市長は言った。", list("市長は言った")),
        ("นายก", ["น", "า", "ย", "ก"]),
        ("กิน", ["กิ", "น"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("서울 시장", ["서울", "시장"]),
        ("Ferry🚢sinks", ["Ferry", "sinks"]),
        ("𠀀𠀁", ["𠀀", "𠀁"]),
    ],
)
def test_words_are_cut_where_a_reader_would_cut_them(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_hashes_never_change_between_releases() -> None:
    words = fold_words("The ferry to Velmora left late")
    assert words.hashes[:2].tolist() == PINNED_WORDS
    assert hash_shingles(words.hashes).tolist() == PINNED_SHINGLES


@given(st.text())
def test_offsets_of_any_text_cut_out_words_that_fold_to_the_same_hash(text: str) -> None:
    words = fold_words(text)
    cut = [
        fold_words(text[start:end]).hashes.tolist()
        for start, end in zip(words.starts, words.ends, strict=True)
    ]
    assert [hashes[0] for hashes in cut] == words.hashes.tolist()


@given(st.text(), st.text())
def test_text_before_and_after_changes_no_word(before: str, after: str) -> None:
    whole = fold_words(f"{before} \n Velmora \n {after}").hashes.tolist()
    parts = [fold_words(part).hashes.tolist() for part in (before, "Velmora", after)]
    assert whole == [word for part in parts for word in part]


@given(texts.filter(lambda text: len(text.split()) >= 5))
def test_containment_of_a_text_in_itself_is_one(text: str) -> None:
    assert containment(shingles_of(text), shingles_of(text)) == 1.0


@given(texts, texts)
def test_jaccard_is_symmetric(one: str, other: str) -> None:
    assert jaccard(shingles_of(one), shingles_of(other)) == jaccard(shingles_of(other), shingles_of(one))


@given(texts, texts)
def test_jaccard_is_that_of_sets_of_word_tuples(one: str, other: str) -> None:
    def tuples(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}

    mine, theirs = tuples(one), tuples(other)
    expected = len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
    assert jaccard(shingles_of(one), shingles_of(other)) == expected


def test_containment_of_a_text_without_shingles_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than five words"):
        containment(shingles_of("four words are few"), shingles_of(""))


long_texts = st.lists(st.sampled_from(["ferry", "bridge", "mayor", "council", "velmora"]), max_size=300).map(
    " ".join
)


def fingerprints_around(text: str, length: int) -> set[int]:
    """Of a text with a run of words that is the same in every such text, and occurs nowhere else in it."""
    run = " ".join(f"word{place}" for place in range(length))
    return set(select_fingerprints(fold_words(f"{text} {run} {text}").hashes).tolist())


@given(long_texts, long_texts)
def test_a_shared_run_of_twelve_words_shares_a_fingerprint(one: str, other: str) -> None:
    assert fingerprints_around(one, 12) & fingerprints_around(other, 12)


@given(long_texts, long_texts)
def test_a_shared_run_of_twenty_words_shares_two_fingerprints(one: str, other: str) -> None:
    assert len(fingerprints_around(one, 20) & fingerprints_around(other, 20)) >= 2


@given(st.text())
def test_fingerprints_are_sorted_and_distinct_and_have_forty_bits(text: str) -> None:
    chosen = select_fingerprints(fold_words(text).hashes).tolist()
    assert chosen == sorted(set(chosen))
    assert all(one < 2**40 for one in chosen)


@given(texts, texts)
def test_digests_are_equal_only_for_the_same_words(one: str, other: str) -> None:
    digests = {digest_words(fold_words(text).hashes) for text in (one, other)}
    assert (len(digests) == 1) == (one.split() == other.split())


def test_a_character_that_folds_into_several_words_leaves_room_for_them_all() -> None:
    assert [len(fold_words(text)) for text in ("ヿ" * 50, "ヿ" * 50 + " ferry")] == [100, 101]


@given(st.lists(st.text() | texts, max_size=8))
def test_many_texts_at_once_give_what_each_gives_alone(many: list[str]) -> None:
    folded = fold_texts(many)
    assert [words.tolist() for words in folded] == [fold_words(text).hashes.tolist() for text in many]
    assert [chosen.tolist() for chosen in select_all(folded)] == [
        select_fingerprints(words).tolist() for words in folded
    ]
    assert digest_all(folded) == [digest_words(words) for words in folded]


def test_very_long_texts_are_folded_few_at_a_time() -> None:
    many = ["ferry"] * 70 + ["a" * MAX_AT_ONCE, "b", "c" * MAX_AT_ONCE]
    assert [len(some) for some in split(many)] == [64, 6, 1, 1, 1]
    assert list(split([])) == []
    assert [len(words) for words in fold_texts(many)] == [1] * len(many)


def test_texts_of_more_words_than_characters_are_folded_among_others() -> None:
    many = ["ferry", "ヿ" * 50, "", "𠀀 ferry", "ヿ"]
    assert [len(words) for words in fold_texts(many)] == [1, 100, 0, 2, 2]


@given(texts)
def test_fingerprints_are_the_smallest_shingles_of_each_window(text: str) -> None:
    words = fold_words(text).hashes
    shingles = hash_shingles(words)
    windows = [shingles[at : at + 4].min() for at in range(max(1, len(shingles) - 3)) if len(shingles)]
    assert len(select_fingerprints(words)) == len(set(windows))
