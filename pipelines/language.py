"""The language of an article, from its text, with the page's own declaration as second signal."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

from pipelines.language_model import compare_with_profiles, known_languages, sample_pieces

UNDETERMINED = "und"
MIN_LETTERS = 60  # below this the detector is confidently wrong
MIN_SHARE = 0.65  # of the sample: below this the text is mixed, or in a language without a profile
MIN_FIT = -0.65  # one text in 300 is so unlike its language; half of those in languages without a profile are
MIN_CLAIM_SHARE = 0.25  # of a mixed sample, for the language that the page declares
IDEOGRAPH_LETTERS = 4  # one Chinese character says about as much as this many letters
DENSE_SCRIPTS = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")

SCRIPT_OF_LANGUAGE = {
    "ARABIC": "ar fa ur ps ckb ug sd",
    "HEBREW": "he yi",
    "CYRILLIC": "ru uk be bg mk sr kk ky mn tg tt uz",
    "GREEK": "el",
    "DEVANAGARI": "hi mr ne sa",
    "BENGALI": "bn as",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "am ti",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh ja",
}
# Older or macro codes, and the written form they name.
SAME_LANGUAGE = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "nb": "no",
    "nn": "no",
    "fil": "tl",
    "yue": "zh",
    "cmn": "zh",
}


def detect_language(text: str, declared: Sequence[str] = ()) -> str:
    """ISO 639-1 code of a text, or "und".

    `declared` are the page's own statements as written ("en-GB", "de_AT"), most trusted first. They decide
    where the text is short or mixed and its script agrees, and for languages that the detector doesn't know.
    """
    pieces = sample_pieces(text)
    script, letters = _script_and_letters("".join(pieces))
    claims = [code for code in map(normalize_language, declared) if code and _may_write(code, script)]
    if letters < MIN_LETTERS:
        return claims[0] if claims and letters else UNDETERMINED
    unknown = [code for code in claims if code not in _known_languages()]
    if unknown:
        return unknown[0]
    found = compare_with_profiles(pieces)
    shares = _by_code(found.shares) if found else {}
    best = next(iter(shares), UNDETERMINED)
    is_like_best = found is not None and (found.fit >= MIN_FIT or script in DENSE_SCRIPTS)
    if shares.get(best, 0.0) >= MIN_SHARE and is_like_best and _may_write(best, script):
        return best
    named = [code for code in claims if shares.get(code, 0.0) >= MIN_CLAIM_SHARE]
    writers = SCRIPT_OF_LANGUAGE.get(script, "").split()
    if len(writers) == 1:
        return writers[0]
    return named[0] if named else UNDETERMINED


@lru_cache(maxsize=1024)
def normalize_language(raw: str) -> str | None:
    """The two-letter code in a declaration such as "en-GB" or "zh_Hant_TW"; None if there is none."""
    code = raw.strip().lower().replace("_", "-").split("-")[0]
    code = SAME_LANGUAGE.get(code, code)
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


@cache
def _known_languages() -> frozenset[str]:
    return frozenset(normalize_language(name) or name for name in known_languages())


def _by_code(shares: dict[str, float]) -> dict[str, float]:
    """The shares with those of a language's several profiles together, in the same order."""
    by_code: dict[str, float] = {}
    for name, share in shares.items():
        code = normalize_language(name) or name
        by_code[code] = by_code.get(code, 0.0) + share
    return by_code


def _script_and_letters(sample: str) -> tuple[str, int]:
    """The script most letters belong to, and how much evidence they are, in letters."""
    scripts = Counter(map(_script_of, filter(str.isalpha, sample)))
    for name in DENSE_SCRIPTS:
        scripts[name] *= IDEOGRAPH_LETTERS
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    if kana > scripts["CJK"] // 10:
        return "HIRAGANA", scripts.total()
    script, letters = scripts.most_common(1)[0]
    return script if letters else "", scripts.total()


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split(maxsplit=1)[0].split("-")[0]


@lru_cache(maxsize=1024)
def _may_write(code: str, script: str) -> bool:
    languages = SCRIPT_OF_LANGUAGE.get(script)
    if languages is not None:
        return code in languages.split()
    others = {name for names in SCRIPT_OF_LANGUAGE.values() for name in names.split()}
    return script == "LATIN" and code not in others - {"sr", "uz", "kk", "az", "tt"}
