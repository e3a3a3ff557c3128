"""The forms in which texts name their source: datelines, tails, copyright lines, picture credits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipelines.lexicon import as_strings, as_table, read_data

SPLIT = re.compile(
    r"\s*(?:[,/|;•·&+()\[\]、，；=＝]|\s[-–—]\s"
    r"|\b(?:and|with|via|for|für|pour|para|und|mit|sowie|et|avec|y|con|e|com|och|og|en|met|i|oraz|и|та|ve|և|και|și)\b)\s*",
    re.IGNORECASE,
)
DASH = r"(?:\s*[-–—―‒_]{1,3}|\s*[.:])"
# "HARBOURTOWN, 3 May (Agency) —" and "/Agency/."; the place keeps to one line and has no sentence in it
PLACE = r"(?P<place>[^\W\d_](?:[^()\[\]/\n!?;:]|(?<=\w)/(?=\w)|\[[^\[\]\n]{2,40}\]){1,90}?)"
DATELINE = re.compile(
    rf"^\W{{0,3}}{PLACE}\s*(?:[,.]|(?P<open>[–—-]))?\s*"
    rf"(?:\(\s*(?P<round>[^()]{{2,40}}?)\s*\)|/(?P<slash>[^/]{{2,40}})/|\[(?P<square>[^\[\]]{{2,40}})\](?={DASH}))"
    rf"(?P<close>{DASH})?"
)
AGENCY_FIRST = re.compile(r"^[(\[【（［](?P<inside>[^()\[\]【】（）［］]{2,40})[)\]】）］]")
# "PLACE, 3 May - Agency.", "PLACE. 3 May. AGENCY -", "PLACE, 3 May AGENCY -", "AGENCY -": known agencies only
BARE = r"(?P<bare>[^\W\d_][\w. ]{1,24}?)"
BARE_DATELINE = re.compile(
    rf"^{PLACE}(?:(?:\s+[-–—/]\s+|\.\s+){BARE}(?:\.\s|\s+[-–—]|\s*:)"
    rf"|(?:(?<=\d)\s+|,\s+|/)(?P<caps>[A-Z]{{2,6}})\s+[-–—]\s)"
)
BARE_FIRST = re.compile(rf"^{BARE}(?:\s+[-–—]+|\.-|,\s+[^\W\d_][^.()]{{2,30}}\s+[-–—])\s")
# "新华社云港3月3日电"
RUN_ON = re.compile(
    r"^\W{0,2}[据據]?(?P<run>[\u3400-\u9fff]{2,8}?[社网網])"
    r"[\u3400-\u9fff]{0,12}?\d{0,2}月?\d{0,2}日?(?:[（(][^（）()]{2,30}[）)])?[电電讯訊]"
)
CONTRIBUTED = re.compile(
    r"(?:^|[.;:]\s)(?P<names>[^.;:]{2,160}?)\s+"
    r"(?:(?:has |have )?(?:also )?contributed (?:\w+ )?to (?:this|the) (?:report|story|article)"
    r"|(?:has |have )?contributed reporting|(?:was|were) used in this (?:report|story|article)"
    r"|contributed\.?$)",
)
# Words or marks one of which every line of a form holds: looking for them takes less time than the pattern.
CONTRIBUTED_WORDS = ("contributed", "used in this")
SYNDICATED_WORDS = ("feed", "input")
LABEL_MARKS = (":", "：", "- ")
COPYRIGHT_MARKS = ("©", "ⓒ", "(c)", "copyright", "&copy;")
SYNDICATED = re.compile(
    r"\b(?:syndicated (?P<names>[^.,]{2,30}?) feed|with (?P<inputs>[^.]{2,40}?) inputs?)\b", re.IGNORECASE
)
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
INFORMATION_FROM = re.compile(
    r"^(?:some |additional )?(?:information|material|reporting) (?:from|by) (?:the )?", re.IGNORECASE
)
COPYRIGHT = re.compile(
    r"(?:©|ⓒ|\(c\)|copyright|&copy;)\s*(?:copyright\s*|©\s*)?(?:\d{4}(?:\s*[-–]\s*\d{4})?)?,?\s*(?:by\s+)?"
    r"(?P<names>[^.\n>]{2,90})",
    re.IGNORECASE,
)
VERB = re.compile(r"\s(?:was|were|is|has|have)\s")  # "This report by Agency was first published …"
REPORTING = re.compile(r"\b(?:reporting|writing|editing|compiled|translated) by\b", re.IGNORECASE)
CLOSING_MARK = re.compile(
    r"[(/\[（【<]\s*(?P<names>[^()/\[\]（）【】<>]{2,40})\s*[)/\]）】>]\s*[.。]?(?:\s*(?:[a-z]{2,4}/\s?){1,5})?$"
)
CLOSING_DASH = re.compile(r"(?:^|[.!?…\"”»)]\s*)[-–—]{1,3}\s*(?P<names>[^\s.,;:!?][^.,;:!?]{1,30})\.?$")
DESK_CODES = re.compile(r"^(?P<names>[A-Z]{2,5})(?:\s[A-Z]{2,4}){1,4}$")  # "PTI ANR BDO"
AGENCY_WORD = re.compile(
    r"\b(?:\w*wire|press|presse|prensa|agency|agentur|agence|agencia|agenzia|news service|newswire)\b",
    re.IGNORECASE,
)
PLAIN_NAME = re.compile(r"(?:[^\W\d_][\w.'’&-]*)(?: [^\W\d_][\w.'’&-]*){0,3}")
# "© Agency / Ann Roe" and "© Photo: Agency" stand under pictures
PICTURE_MARK = re.compile(
    r"\s/\s|\b(?:photo|foto|picture|image|imagen|immagine|bild|video|graphic|getty|kuva|zdjęcie|valokuva|фото)",
    re.IGNORECASE,
)
IMAGE_CREDIT = re.compile(
    r"(?:photo|foto|photograph|picture|image|bild|photographie|imagen|фото|写真|사진|صورة|圖|图)\b.{0,60}",
    re.IGNORECASE,
)
NAMES = r"\s*(?P<names>[^.;\n)>]{2,100})"
MAX_REPORT_WORDS = 4  # of a line that only says who reports: "Това съобщава БТА."


@cache
def source_label() -> re.Pattern[str]:
    """A label such as "Source:" and the names behind it."""
    return re.compile(
        rf"(?:^|[.(\[|–—\s*\"-]){_either('labels')}\s*(?:[:：]|-\s)\s*(?P<names>[^.\n)\]]{{2,80}})",
        re.IGNORECASE,
    )


@cache
def with_material() -> re.Pattern[str]:
    """A phrase such as "with inputs from", at the beginning of a line or bracket, and the names behind it.

    A phrase of one word only counts right behind an opening bracket or at the beginning of the line.
    """
    phrases = _words("material")
    long = _join([phrase for phrase in phrases if " " in phrase])
    short = _join([phrase for phrase in phrases if " " not in phrase])
    apart = r"(?:(?<=['’])|\s+)"
    return re.compile(
        rf"(?:(?:^\W{{0,3}}|(?<!\w))(?:{long})|^\W{{0,3}}(?:{short})){apart}{NAMES}", re.IGNORECASE
    )


@cache
def report_line() -> re.Pattern[str]:
    """A whole line that says who reports: the words around the verb are those of no sentence."""
    few = rf"(?:[^\W\d_]+\s+){{0,{MAX_REPORT_WORDS}}}?"
    verb = _either("reports")
    return re.compile(rf"^\W{{0,3}}{few}{verb}\s+(?P<names>[^.,;:!?\n]{{2,40}})[.!]?$", re.IGNORECASE)


@cache
def leading_words() -> re.Pattern[str]:
    """What may stand before an agency's name in a byline."""
    return re.compile(rf"^\W{{0,2}}{_either('leading')}(?:(?<=['’])|\s*[:：]\s*|\s+)", re.IGNORECASE)


@cache
def trailing_role() -> re.Pattern[str]:
    """What may stand behind it: "Staff", "Political Writer", "-Korrespondentin"."""
    adjective = r"(?:[^\W\d_]+\s+)?"
    return re.compile(
        rf"(?:[ ’'‘]s?|’s)?[\s-]+{adjective}{_either('roles')}$|(?:記者|记者|기자)$", re.IGNORECASE
    )


@cache
def writer_follows() -> re.Pattern[str]:
    """What follows an agency's name where one of its people signs."""
    adjective = r"(?:[^\W\d_]+\s+)?"
    elsewhere = r"(?!\s+(?:of|at|for|with|bei|beim|der|des|du|de|del|della|van)\b)"
    return re.compile(
        rf"(?:[’'‘]s?)?(?:[\s-]+{adjective}{_either('roles')}(?!\w){elsewhere}|\s?(?:記者|记者|기자))"
        r"|[’'‘]s?\s+(?-i:[A-Z])[^\W\d_]",
        re.IGNORECASE,
    )


@cache
def unnamed_agencies() -> re.Pattern[str]:
    """Agencies that a line speaks of without a name."""
    return re.compile(rf"(?<!\w){_either('unnamed')}(?!\w)", re.IGNORECASE)


def _either(table: str) -> str:
    return f"(?:{_join(_words(table))})"


def _join(phrases: Sequence[str]) -> str:
    """The phrases as alternatives, longest first, so that a short one cannot cut a long one off."""
    ordered = sorted(set(phrases), key=len, reverse=True)
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered)


@cache
def _words(table: str) -> tuple[str, ...]:
    return tuple(as_strings(as_table(read_data("credits.toml")[table])["words"]))
