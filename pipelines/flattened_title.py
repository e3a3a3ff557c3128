"""Which line of a flattened page is the article's title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipelines.date_text import read_date_line
from pipelines.flattened_lines import Line, is_finished, starts_inside
from pipelines.flattened_rules import find_edge_rule, find_junk_rule, has_byline_start
from pipelines.flattened_words import topic_words, words_of

TITLE_REACH = 40  # lines above the text in which the title is sought
TITLE_WORDS = range(3, 45)
USUAL_WORDS = 16  # longer ones are rather standfirsts and captions
MIN_SCORE = 1.0
NO_TITLE = -10.0
MIN_PREFIX_CHARS = 20  # a shorter title may begin another line by chance
MAX_SITE_NAME_CHARS = 40
MAX_COPIES = 4  # a line that stands more often is a label of the site
MAX_LONGER = 200
STAMP_REACH = 5  # byline or date stand this close below a title
RISE_REACH = 3  # lines above a standfirst in which its title is sought
RISE_SCORE = 0.7
SIGNED_RISE_SCORE = 1.0  # above a line with the byline right below it, which is rather the title itself
SURE_SCORE = 3.2  # a line that scores more is the title
RISE_LENGTH = 1.5  # times the standfirst's words
MIN_RISE_WORDS = 5  # a kicker above a title has fewer
MIN_BARE_WORDS = 3
MAX_SITE_WORDS = 5
MAX_SHORT_WORDS = 8
MAX_LINE_CHARS = 300
BODY_LINES_READ = 15  # enough of the article to know its words

_CREDIT = re.compile(
    r"[:：]$|^(?:\w+ )?(?:foto|photo|image|bild|credit|video|crédit|fuente|source)\b", re.IGNORECASE
)
_SUFFIX = re.compile(
    r"(?:\s+(?P<bar>[|｜–—•·«»-])\s+|\s*(?P<tight>[|｜])\s*)(?P<name>(?:(?!\s-\s)[^|｜–—•·«»])+)$"
)
_BARRED = re.compile(r"\s*[|｜–—•·«»:-]")
_CLOCK = re.compile(r"\d[:.h]\d\d(?!\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")


def find_titles(lines: Sequence[Line], first: int) -> tuple[int, ...]:
    """The place of the title and of its copies above or at the text, which begins at `first`."""
    body = lines[first : first + BODY_LINES_READ]
    vocabulary = {word for line in body[1:] for word in _content_words(line.text)}
    opening = set(_content_words(body[0].text)) if body else set()
    keys = [same_words(line.text) for line in lines[: first + 3]]
    counts = Counter(keys)
    longer = [line.text for line in lines[: first + 3] if len(line.text) > MIN_PREFIX_CHARS][:MAX_LONGER]
    best, best_score = None, MIN_SCORE
    scores: dict[int, float] = {}
    for at in range(max(first - TITLE_REACH, 0), min(first + 1, len(lines))):
        known = vocabulary | (opening if at < first else set())
        score = _score(lines[at].text, known, first - at)
        if score <= NO_TITLE:
            continue
        scores[at] = score
        is_repeated = 1 < counts[keys[at]] <= MAX_COPIES or any(
            _names_site(text, lines[at].text) for text in longer
        )
        score += 0.6 * is_repeated + 0.4 * _is_followed_by_stamp(lines, at)
        if score > best_score:
            best, best_score = at, score
    if best is not None:
        best = next(at for at in range(max(best - RISE_REACH, 0), best + 1) if keys[at] == keys[best])
        scores[best] = best_score
        best = _grow(lines, _rise(lines, best, first, scores), first)
    else:
        best = _find_short_title(lines, first)
    if best is None:
        return ()
    if len(keys[best].split()) < TITLE_WORDS.start:
        return (best,)
    return (best, *(at for at, key in enumerate(keys) if key == keys[best] and at != best))


def site_suffix(title: str, lines: Sequence[Line]) -> str:
    """What stands behind a title on its line, with the bar or dash before it: a site's name; else ""."""
    match = _SUFFIX.search(title)
    if match is None:
        return ""
    bare, name = title[: match.start()], match["name"]
    is_short = len(name.split()) <= MAX_SITE_WORDS and len(name) <= MAX_SITE_NAME_CHARS
    if not is_short or len(words_of(bare)) < MIN_BARE_WORDS:
        return ""
    before = site_suffix(bare, lines)
    bar = match["bar"] or match["tight"]
    rest = title[: len(bare) - len(before)]
    # what stands behind a dash may well be the title's own, as in "Bridge to close – minister"
    known = (rest, name) if bar == "-" else (rest,)
    return title[len(rest) :] if bar in "|｜" or before or _stand_alone(known, lines) else ""


def _stand_alone(texts: Sequence[str], lines: Sequence[Line]) -> bool:
    """Whether one of the texts has a line of its own."""
    keys = {same_words(text) for text in texts} - {""}
    return any(len(line.text) <= MAX_LINE_CHARS and same_words(line.text) in keys for line in lines)


def _rise(lines: Sequence[Line], best: int, first: int, scores: dict[int, float]) -> int:
    """The title above the line found, where that one is rather its standfirst."""
    if scores[best] > SURE_SCORE or _has_standfirst(lines, best, first):
        return best
    length = len(words_of(lines[best].text))
    is_signed = best + 1 < len(lines) and is_stamp(lines[best + 1].text)
    least = SIGNED_RISE_SCORE if is_signed else RISE_SCORE
    stamps = 0
    for at in range(best - 1, max(best - 1 - RISE_REACH, -1), -1):
        if is_stamp(lines[at].text) or _YEAR.search(lines[at].text):
            stamps += 1
            least = SIGNED_RISE_SCORE
            continue
        words = words_of(lines[at].text)
        is_title = not is_finished(lines[at].text) or lines[at].text.endswith(("?", "!", "”", '"'))
        is_fitting = MIN_RISE_WORDS <= len(words) <= RISE_LENGTH * length and is_title
        if scores.get(at, 0.0) >= least and is_fitting:
            return at if not stamps or is_stamp(lines[at + 1].text) else best
    return best


def _has_standfirst(lines: Sequence[Line], at: int, first: int) -> bool:
    """Whether a longer, finished line stands right below an unfinished one, above the text."""
    if is_finished(lines[at].text) or at + 1 >= first:
        return False
    below = lines[at + 1].text
    return is_finished(below) and len(words_of(below)) >= len(words_of(lines[at].text))


def _grow(lines: Sequence[Line], best: int, first: int) -> int:
    """The whole title below the line found, where that one is a breadcrumb with its beginning only."""
    for at in range(best + 1, min(best + 1 + RISE_REACH, first)):
        text = lines[at].text
        is_longer = text.startswith(f"{lines[best].text} ") and len(words_of(text)) in TITLE_WORDS
        if is_longer and not is_finished(text) and not _names_site(text, lines[best].text):
            return at
    return best


def _find_short_title(lines: Sequence[Line], first: int) -> int | None:
    """A title of few words: the line right above byline or date."""
    for at in range(max(first - STAMP_REACH, 0), first):
        text = lines[at].text
        is_label = (
            find_junk_rule(text) or find_edge_rule(text) or has_byline_start(text) or _YEAR.search(text)
        )
        if is_label or not 0 < len(words_of(text)) <= MAX_SHORT_WORDS or at + 1 >= len(lines):
            continue
        if is_stamp(lines[at + 1].text):
            return at
    return None


def same_words(text: str) -> str:
    """`text` by its words only, to compare titles."""
    return " ".join(words_of(text))


def _score(text: str, known: set[str], distance: int) -> float:
    """How much a line `distance` lines above the text looks like the title; NO_TITLE: it can't be it."""
    words = words_of(text)
    if len(words) not in TITLE_WORDS or (not distance and (is_finished(text) or starts_inside(text))):
        return NO_TITLE
    if find_junk_rule(text) or find_edge_rule(text) or has_byline_start(text) or _CREDIT.search(text):
        return NO_TITLE
    if _YEAR.search(text) and (_CLOCK.search(text) or read_date_line(text, "text")):
        return NO_TITLE
    content = _content_words(text)
    overlap = sum(word in known for word in content) / (len(content) + 0.7)
    site_words = topic_words()["share"] | topic_words()["author"] | topic_words()["credit"]
    ideographs = sum(len(word) == 1 and word >= "\u2e80" for word in words)
    score = 1.6 * overlap - 0.025 * distance - 0.03 * max(len(words) - ideographs / 2 - USUAL_WORDS, 0)
    score += 0.5 * (len(words) >= 4) + 0.3 * (len(words) >= 6)
    score -= 1.0 * sum(word in site_words for word in words) / len(words)
    return score - 0.8 * (is_finished(text) and not text.endswith(("?", "!", "…", "”", '"', "»")))


def _is_followed_by_stamp(lines: Sequence[Line], at: int) -> bool:
    return any(is_stamp(line.text) for line in lines[at + 1 : at + 1 + STAMP_REACH])


def is_stamp(text: str) -> bool:
    """Whether a line opens as a byline or is a date."""
    return has_byline_start(text) or bool(_YEAR.search(text) and read_date_line(text, "text"))


def _names_site(text: str, title: str) -> bool:
    """Whether a line is this title with the site's name after it."""
    if not len(title) < len(text) < len(title) + MAX_SITE_NAME_CHARS or len(title) <= MIN_PREFIX_CHARS:
        return False
    return text.startswith(title) and _BARRED.match(text, len(title)) is not None


def _content_words(text: str) -> list[str]:
    return [word for word in words_of(text) if len(word) > 3 or word >= "\u2e80"]
