"""The language of an article, from its text, with the page's own declaration as second signal."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

UNDETERMINED = "und"
SAMPLE_CHARS = 500  # more costs time and gains nothing
MIN_LETTERS = 60  # below this the detector is confidently wrong
MIN_SHARE = 0.8  # below this the text is mixed, and the page's own word counts
IDEOGRAPH_LETTERS = 4  # one Chinese character says about as much as this many letters

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
    sample = _middle(text)
    script, letters = _script_and_letters(sample)
    claims = [code for code in map(normalize_language, declared) if code and _may_write(code, script)]
    if letters < MIN_LETTERS:
        return claims[0] if claims and letters else UNDETERMINED
    shares = _language_shares(sample)
    unknown = [code for code in claims if code not in _known_languages()]
    if unknown:
        return unknown[0]
    if not shares:
        return claims[0] if claims else UNDETERMINED
    best, share = shares[0]
    if share >= MIN_SHARE:
        return best
    named = [code for code in claims if any(code == language for language, _ in shares)]
    return named[0] if named else UNDETERMINED


def normalize_language(raw: str) -> str | None:
    """The two-letter code in a declaration such as "en-GB" or "zh_Hant_TW"; None if there is none."""
    code = raw.strip().lower().replace("_", "-").split("-")[0]
    code = SAME_LANGUAGE.get(code, code)
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


@cache
def _detectors() -> DetectorFactory:
    """The detector's profiles; loading takes most of a second, so once and only when needed."""
    DetectorFactory.seed = 0  # unseeded, the same text gets another answer in another run
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    return factory


@cache
def _known_languages() -> frozenset[str]:
    return frozenset(normalize_language(name) or name for name in _detectors().get_lang_list())


def _language_shares(sample: str) -> list[tuple[str, float]]:
    detector = _detectors().create()
    detector.append(sample)
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return []
    shares: dict[str, float] = defaultdict(float)
    for language in found:
        shares[normalize_language(language.lang) or language.lang] += language.prob
    return sorted(shares.items(), key=lambda pair: -pair[1])


def _middle(text: str) -> str:
    if len(text) <= SAMPLE_CHARS:
        return text
    start = (len(text) - SAMPLE_CHARS) // 2
    return text[start : start + SAMPLE_CHARS]


def _script_and_letters(sample: str) -> tuple[str, int]:
    """The script most letters belong to, and how much evidence they are, in letters."""
    scripts = Counter(
        unicodedata.name(char, "UNKNOWN").split(maxsplit=1)[0].split("-")[0]
        for char in sample
        if char.isalpha()
    )
    if not scripts:
        return "", 0
    dense = sum(scripts[name] for name in ("CJK", "HANGUL", "HIRAGANA", "KATAKANA"))
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    script = "HIRAGANA" if kana > scripts["CJK"] // 10 and kana else scripts.most_common(1)[0][0]
    return script, scripts.total() + dense * (IDEOGRAPH_LETTERS - 1)


def _may_write(code: str, script: str) -> bool:
    languages = SCRIPT_OF_LANGUAGE.get(script)
    if languages is not None:
        return code in languages.split()
    others = {name for names in SCRIPT_OF_LANGUAGE.values() for name in names.split()}
    return script == "LATIN" and code not in others - {"sr", "uz", "kk", "az", "tt"}
