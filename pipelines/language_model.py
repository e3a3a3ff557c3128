"""How likely a text is in each language that langdetect has a profile of.

Its profiles (frequencies of runs of one to three characters) and its normal form of a character are used
as they are. Its own detector multiplies the likelihoods of runs drawn at random, some hundreds of times,
seven times over; here they are multiplied once, for all runs of a sample. So there is nothing to seed, two
runs give the same answer, and it takes a tenth of the time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain
from operator import itemgetter

import numpy as np
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

SMOOTHING = 0.5 / 10_000  # langdetect's: added to every frequency, so that an unseen run is not impossible
PIECE_CHARS = 60  # long enough for one language to stand out
PIECES = 8  # more cost time and gain nothing
ADDRESS = re.compile(r"https?://[!-~]+|(?<![!-~])[!-?A-~]{1,64}@[!-~]+")
CAPITALS = re.compile(r"\b[A-Z]{2,}\b")  # names and shouting: no language writes like that
LATIN_LETTERS = re.compile(r"[A-Za-z]")
OTHER_LETTERS = re.compile("[\u0300-\u1dff\u1f00-\U0010ffff]")  # all but Latin with its accents


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """The logarithms of the profiles' frequencies: a row for each run, a column for each language."""

    languages: tuple[str, ...]
    row_of_run: dict[str, int]
    logs: NDArray[np.float32]
    expected: NDArray[np.float32]  # the mean that a text of each language has


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a sample compares with the profiles.

    `shares` are the shares of the pieces that speak for each profile, together 1.0, most likely profile
    first: a text in one language gives it nearly everything, one in two or in none of them gives none
    much. `fit` is how much likelier its runs are in the most likely profile than those of a text in that
    language, as a mean of logarithms: about 0.0 if the sample is in it, lower in a language without profile.
    """

    shares: dict[str, float]
    fit: float


def known_languages() -> tuple[str, ...]:
    """The codes of langdetect's profiles, such as "en" or "zh-cn", sorted."""
    return _likelihoods().languages


def sample_pieces(text: str) -> tuple[str, ...]:
    """Pieces spread evenly over a text: `PIECES` of `PIECE_CHARS` characters, or fewer that are all of it."""
    if "://" in text or "@" in text:
        text = ADDRESS.sub(" ", text)
    count = min(PIECES, max(1, len(text) // PIECE_CHARS))
    size = PIECE_CHARS if count == PIECES else -(-len(text) // count)
    step = (len(text) - size) / (count - 1) if count > 1 else 0
    return tuple(text[round(i * step) : round(i * step) + size] for i in range(count))


def compare_with_profiles(pieces: Sequence[str]) -> Comparison | None:
    """How well the profiles fit a sample; None if no piece has a run that any profile knows."""
    found = [rows for piece in pieces if (rows := _rows_of(piece))]
    if not found:
        return None
    model = _likelihoods()
    sums = np.array([model.logs[rows].sum(axis=0) for rows in found])
    odds = np.exp(sums - sums.max(axis=1, keepdims=True))
    shares = (odds / odds.sum(axis=1, keepdims=True)).mean(axis=0)
    total = sums.sum(axis=0)
    order = np.argsort(-total, kind="stable")
    mean = total[order[0]] / sum(map(len, found))
    return Comparison(
        shares={model.languages[i]: float(shares[i]) for i in order},
        fit=float(mean - model.expected[order[0]]),
    )


def _rows_of(piece: str) -> list[int]:
    """The rows of the runs in a piece; runs no profile knows are left out."""
    written = _normalize(piece)
    pairs = list(map(str.__add__, written, written[1:]))
    triples = map(str.__add__, pairs, written[2:])
    rows = map(_likelihoods().row_of_run.get, chain(written, pairs, triples))
    return [row for row in rows if row is not None]


def _normalize(piece: str) -> str:
    text = NGram.normalize_vi(CAPITALS.sub(" ", piece)).translate(_NORMAL_FORMS)
    if 2 * len(LATIN_LETTERS.findall(text)) < len(OTHER_LETTERS.findall(text)):
        text = LATIN_LETTERS.sub(" ", text)  # names and quotes inside another script
    return f" {' '.join(text.split())} "


class _NormalForms(dict[int, str]):
    """Each character's normal form in the profiles, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        normal: str = NGram.normalize(chr(code))
        self[code] = normal
        return normal


_NORMAL_FORMS = _NormalForms()


@cache
def _likelihoods() -> Likelihoods:
    """The profiles as one table; it takes a quarter of a second, so once and only when needed."""
    files = (resources.files("langdetect") / "profiles").iterdir()
    profiles = [json.loads(file.read_text("utf-8")) for file in files if not file.name.startswith(".")]
    profiles.sort(key=itemgetter("name"))
    row_of_run: dict[str, int] = {}
    for run in chain.from_iterable(profile["freq"] for profile in profiles):
        row_of_run.setdefault(run, len(row_of_run))
    table = np.zeros((len(row_of_run), len(profiles)), dtype=np.float32)
    for column, profile in enumerate(profiles):
        rows = [row_of_run[run] for run in profile["freq"]]
        table[rows, column] = [n / profile["n_words"][len(run) - 1] for run, n in profile["freq"].items()]
    logs = np.log(table + np.float32(SMOOTHING))
    return Likelihoods(
        languages=tuple(profile["name"] for profile in profiles),
        row_of_run=row_of_run,
        logs=logs,
        expected=(table * logs).sum(axis=0) / table.sum(axis=0),
    )
