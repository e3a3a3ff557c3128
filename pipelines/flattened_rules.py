"""Lines that are junk by their shape or wording, with the name of the rule that says so."""

from __future__ import annotations

import re
from functools import cache

from pipelines.date_text import read_date_line
from pipelines.flattened_lines import is_finished
from pipelines.flattened_pictures import is_picture_line
from pipelines.flattened_words import topic_words, words_of
from pipelines.lexicon import as_strings, as_table, read_data

MAX_CHARS = 600  # a longer line is text, whatever it begins with
SHORT_CHARS = 160  # a plea, a pointer or a label; longer lines are sentences of someone
CUT_LINK_CHARS = 60
TAIL_CHARS = 300  # a biography or an address; a longer line is a paragraph
MIN_ICONS = 4
LONG_NOTICE_WORDS = 2  # words of consent that make a long line with the opening of a notice one
NOTICE_WORDS = 6  # words of consent that make any line one

QUOTE_MARKS = ("“", '"', "„", "«", "»")
_EDGES = " \t.,:;!?|·•*-–—»›>«<→←▸▶►#_…()[]\"“”'’"
_TWO_NUMBERS = re.compile(r"\d\D*\d{4}|\d{4}\D*\d|\d\D{1,3}\d+\D{1,3}\d")
_NUMBER = re.compile(r"\(?\d+\)?$")
_ICON_WORD = re.compile(
    r"(?:icon|chevron|arrow|caret|close|menu|search|share|facebook|twitter|instagram|youtube|linkedin|whatsapp|"
    r"telegram|pinterest|reddit|tiktok|email|mail|print|play|pause|mute|hamburger|burger|user|profile|logo|"
    r"bookmark|camera|check|comment|download|upload|link|left|right|up|down|plus|minus|cross|star|heart|home|"
    r"bell|cart|gear|cog|globe|pin|tag|svg|fb|rss|vk|tw|yt|x)+"
)
_AGO = re.compile(
    r"(?:(?:updated|posted|published)\s)?(?:\d+|an?|one|vor|il y a|hace|há)\s?\w*\s?\w*\s?"
    r"(?:ago|min|mins|stunden?|minuten?|tagen?|heures?|jours?|minutes?|horas?|días?|minutos?|dias?|ore fa|"
    r"giorni fa|geleden|sedan|siden|sitten|temu|назад|önce|lalu|前)"
)
_READING_TIME = re.compile(
    r"(?:\w+(?: \w+){0,2} ?:? )?\d{1,2}(?:-| )?(?:min|mins|minute|minuten|minutes|minuti|minutos)\b"
    r"(?: ?(?:read|lesezeit|de lecture|de lectura|di lettura|de leitura|leestijd))?"
)
_CRUMB = re.compile(r"\s(?:[|›»>/→]|::)\s|›|»")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)


def find_junk_rule(text: str) -> str | None:
    """The rule by which a line is junk wherever it stands; None: no rule says so."""
    if len(text) > MAX_CHARS:
        return "icon_list" if _is_icon_list(text) else None
    if _is_icon_list(text):
        return "icon_list"
    if not any(map(str.isalnum, text)):
        return "no_words"
    plain = text.lower().replace("i\u0307", "i").replace("’", "'").strip(_EDGES)
    bare = _NUMBER.sub("", plain).strip(_EDGES)
    if bare in _whole_lines():
        return _whole_lines()[bare]
    started = _starts("start").match(re.sub(r"[\"“”]", "", plain) or text)
    if started is not None and (len(text) <= SHORT_CHARS or _speaks_of_consent(text, LONG_NOTICE_WORDS)):
        return started.lastgroup
    if _speaks_of_consent(text, NOTICE_WORDS):
        return "cookie_notice"
    if text.startswith(("©", "(c)")) and len(text) <= MAX_CHARS:
        return "copyright"
    if is_picture_line(text):
        return "picture"
    if not text.startswith(QUOTE_MARKS) and _phrases("anywhere").search(plain):
        return "plea"
    return _find_shape_rule(text, plain)


def find_edge_rule(text: str) -> str | None:
    """The rule by which a line beside the article, or at its ends, is junk."""
    if len(text) > SHORT_CHARS:
        return None
    plain = text.lower().replace("’", "'").strip(_EDGES)
    started = _starts("edge").match(plain)
    if started is not None and (not is_finished(text) or started.lastgroup == "plea"):
        return started.lastgroup
    if _is_breadcrumb(text):
        return "breadcrumb"
    return "date_line" if _TWO_NUMBERS.search(text) and read_date_line(text, "text") else None


def find_tail_rule(text: str) -> str | None:
    """The rule by which a line at the article's end is about its author or to its reader."""
    if len(text) > MAX_CHARS or text.startswith(QUOTE_MARKS):
        return None
    found = _phrases("tail").search(text.lower())
    is_fitting = found is not None and (len(text) <= TAIL_CHARS or found.lastgroup == "legal")
    return found.lastgroup if found and is_fitting else None


def has_byline_start(text: str) -> bool:
    """Whether a short line opens as a byline does: "By …", "Von …"."""
    return len(text) <= SHORT_CHARS and _byline_start().match(text.lower()) is not None


def _speaks_of_consent(text: str, least: int) -> bool:
    """Whether a line asks its reader for consent: so many words of the subject, and you, we or us."""
    own = set(words_of(text))
    topics = topic_words()
    is_addressed = bool(own & topics["reader"]) and not text.startswith(QUOTE_MARKS)
    return is_addressed and len(own & topics["consent"]) >= least


def _find_shape_rule(text: str, plain: str) -> str | None:
    if len(text) <= CUT_LINK_CHARS and text.endswith(("(", "($", "[", "(€", "(£")):
        return "cut_link"
    if len(text) <= CUT_LINK_CHARS and _AGO.fullmatch(plain):
        return "time_ago"
    if len(text) <= CUT_LINK_CHARS and _READING_TIME.fullmatch(plain):
        return "reading_time"
    return "address" if _ADDRESS.fullmatch(text) else None


def _is_icon_list(text: str) -> bool:
    """Names of icons, often glued: "icon closeicon menuicon searchicon share"."""
    if is_finished(text) and len(text) < MAX_CHARS:
        return False
    head = text[:MAX_CHARS].lower()
    if head.count("icon") >= MIN_ICONS and head.count("icon") * 24 >= len(head):
        return True
    names = [name for name in re.split(r"[\s,_-]+", head) if name]
    if len(names) < 2 * MIN_ICONS:
        return False
    return sum(_ICON_WORD.fullmatch(name) is not None for name in names) >= 0.7 * len(names)


def _is_breadcrumb(text: str) -> bool:
    """Short names with bars or arrows between them."""
    parts = [part.strip() for part in _CRUMB.split(text)]
    if len(parts) < 2 or is_finished(text) or len(text) > SHORT_CHARS:
        return False
    is_rooted = parts[0].lower() in _whole_lines() or len(parts) > 2
    return is_rooted and all(len(part.split()) <= 8 for part in parts)


@cache
def _whole_lines() -> dict[str, str]:
    table = as_table(read_data("flattened.toml")["whole"])
    return {line: rule for rule, lines in table.items() for line in as_strings(lines)}


@cache
def _starts(kind: str) -> re.Pattern[str]:
    """One pattern for a table of beginnings; its group names are the rules."""
    table = as_table(read_data("flattened.toml")[kind])
    groups = []
    for rule, starts in table.items():
        options = "|".join(re.escape(start.strip()) + _word_end(start) for start in as_strings(starts))
        groups.append(f"(?P<{rule}>{options})")
    return re.compile("|".join(groups))


@cache
def _phrases(kind: str) -> re.Pattern[str]:
    """One pattern for a table of phrases; its group names are the rules."""
    table = as_table(read_data("flattened.toml")[kind])
    groups = []
    for rule, phrases in table.items():
        options = "|".join(re.escape(phrase) + _word_end(phrase) for phrase in as_strings(phrases))
        groups.append(f"(?P<{rule}>{options})")
    return re.compile("|".join(groups))


@cache
def _byline_start() -> re.Pattern[str]:
    starts = as_strings(as_table(read_data("flattened.toml")["byline"])["start"])
    options = "|".join(re.escape(start) + _word_end(start) for start in sorted(starts, key=len, reverse=True))
    return re.compile(rf"[\W_]*(?:{options})\s*[:：]?\s*(?=\S)")


def _word_end(start: str) -> str:
    """A beginning that ends in a letter of a spaced script must end there as a word."""
    last = start.strip()[-1]
    return r"\b" if last.isalnum() and last < "\u2e80" else ""
