from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.folding import fold_words
from pipelines.shingles import (
    containment,
    hash_shingles,
    index_shingles,
    jaccard,
    select_fingerprints,
)

PINNED_WORDS = [16605363854327600655, 2219142502475606145]
PINNED_SHINGLES = [12191984136368481739, 9619137702254049082]

texts = st.lists(
    st.sampled_from(["ferry", "bridge", "mayor", "council", "velmora", "said", "the", "of"]), max_size=60
).map(" ".join)


def words_of(text: str) -> list[str]:
    words = fold_words(text)
    return [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)]


def distinct_shingles(text: str) -> np.ndarray:
    return index_shingles(hash_shingles(fold_words(text).hashes)).values


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
    assert containment(distinct_shingles(text), distinct_shingles(text)) == 1.0


@given(texts, texts)
def test_jaccard_is_symmetric(one: str, other: str) -> None:
    assert jaccard(distinct_shingles(one), distinct_shingles(other)) == jaccard(
        distinct_shingles(other), distinct_shingles(one)
    )


@given(texts, texts)
def test_jaccard_is_that_of_sets_of_word_tuples(one: str, other: str) -> None:
    def tuples(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}

    mine, theirs = tuples(one), tuples(other)
    expected = len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
    assert jaccard(distinct_shingles(one), distinct_shingles(other)) == expected


def test_containment_of_a_text_without_shingles_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than five words"):
        containment(distinct_shingles("four words are few"), distinct_shingles(""))


@given(texts, texts, st.lists(st.integers(0, 9), min_size=12, max_size=30, unique=False))
def test_a_shared_run_of_twelve_words_shares_two_fingerprints(one: str, other: str, run: list[int]) -> None:
    shared = " ".join(f"word{number}x{place}" for place, number in enumerate(run))
    mine, theirs = (
        set(select_fingerprints(hash_shingles(fold_words(f"{text} {shared} {text}").hashes)).tolist())
        for text in (one, other)
    )
    assert len(mine & theirs) >= 2
