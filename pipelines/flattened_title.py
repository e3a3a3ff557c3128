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
BODY_LINES_READ = 15  # enough of the article to know its words

_CREDIT = re.compile(
    r"[:：]$|^(?:\w+ )?(?:foto|photo|image|bild|credit|video|crédit|fuente|source)\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def find_titles(lines: Sequence[Line], first: int) -> tuple[int, ...]:
    """The place of the title and of its copies above or at the text, which begins at `first`."""
    body = lines[first : first + BODY_LINES_READ]
    vocabulary = {word for line in body[1:] for word in _content_words(line.text)}
    opening = set(_content_words(body[0].text)) if body else set()
    keys = [same_words(line.text) for line in lines[: first + 3]]
    counts = Counter(keys)
    longer = [key for key in keys if len(key) > MIN_PREFIX_CHARS][:MAX_LONGER]
    best, best_score = None, MIN_SCORE
    for at in range(max(first - TITLE_REACH, 0), min(first + 1, len(lines))):
        known = vocabulary | (opening if at < first else set())
        score = _score(lines[at].text, known, first - at)
        if score <= NO_TITLE:
            continue
        is_repeated = 1 < counts[keys[at]] <= MAX_COPIES or any(_names_site(key, keys[at]) for key in longer)
        score += 0.6 * is_repeated + 0.4 * _is_followed_by_stamp(lines, at)
        if score > best_score:
            best, best_score = at, score
    if best is None:
        return ()
    return (best, *(at for at, key in enumerate(keys) if key == keys[best] and at != best))


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
    content = _content_words(text)
    overlap = sum(word in known for word in content) / len(content) if content else 0.0
    site_words = topic_words()["share"] | topic_words()["author"] | topic_words()["credit"]
    ideographs = sum(len(word) == 1 and word >= "\u2e80" for word in words)
    score = 1.6 * overlap - 0.025 * distance - 0.03 * max(len(words) - ideographs / 2 - USUAL_WORDS, 0)
    score += 0.5 * (len(words) >= 4) + 0.3 * (len(words) >= 6)
    score -= 1.0 * sum(word in site_words for word in words) / len(words)
    return score - 0.8 * (is_finished(text) and not text.endswith(("?", "!", "…", "”", '"', "»")))


def _is_followed_by_stamp(lines: Sequence[Line], at: int) -> bool:
    below = (lines[place].text for place in range(at + 1, min(at + 1 + STAMP_REACH, len(lines))))
    return any(
        has_byline_start(text) or (_YEAR.search(text) and read_date_line(text, "text")) for text in below
    )


def _names_site(key: str, title: str) -> bool:
    """Whether a line is this title with the site's name after it."""
    is_longer = len(title) < len(key) < len(title) + MAX_SITE_NAME_CHARS
    return is_longer and len(title) > MIN_PREFIX_CHARS and key.startswith(title)


def _content_words(text: str) -> list[str]:
    return [word for word in words_of(text) if len(word) > 3 or word >= "\u2e80"]
