"""Which lines of a flattened page are the article's body, by likelihood, rules and neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.flattened_lines import Line, is_finished
from pipelines.flattened_rules import QUOTE_MARKS, find_edge_rule, find_tail_rule
from pipelines.flattened_runs import F64
from pipelines.flattened_segments import choose_run
from pipelines.flattened_title import same_words
from pipelines.flattened_words import words_of

RUN_BAR = 0.5  # lines likelier than this lengthen the article, others cost
EASED_BAR = 0.25  # the same for an article that stands beside a notice
MAX_GAP_COST = 6.0  # a line costs a run no more words than this, so a table doesn't end an article
JUNK_COST = 1.0
KEPT_BAR = 0.4  # inside the article, less likely lines are cut …
SENTENCE_BAR = 0.1  # … unless they are sentences; at its ends, sentences as likely as this join it
QUESTION_BAR = 0.3  # teasers like to end in a question
SKIPPED_BAR = 0.13  # for a sentence behind a picture, an advertisement or a pointer
MIN_WORDS_BEHIND = 4
MAX_BARE_WORDS = 2  # a label as short is rather a heading than another story's headline
MAX_SKIPPED = 6
ITEM_BAR = 0.2
TRAILING_BAR = 0.03  # for a sentence that ends in "…" right below sure text, where no teaser stands
ABOVE_TRAILING_BAR = 0.5
ANSWER_BAR = 0.03  # for a sentence below a question, in an interview
MIN_ASKED = 2  # other questions that were answered within INTERVIEW_REACH lines above
INTERVIEW_REACH = 20
HEADING_BAR = 0.3  # for a short line right above text as likely as SURE_TEXT
SURE_TEXT = 0.8
CLEAN_SHARE = 0.8  # share of whole sentences in a text that was cleaned before
# they interrupt articles as well
WITHIN_ARTICLE = frozenset(
    {"ad", "advertisement", "picture", "read_more", "embed", "plea", "related", "newsletter", "listen"}
)
OFFERS = frozenset({"newsletter", "related", "read_more", "share_bar"})  # a short line above is their heading
OFFER_BAR = 0.6  # unless it is likelier than this
TAIL_BAR = 0.75  # a heading with no text after it is only kept if likelier than this
SURE_BAR = 0.5  # an article holds at least one finished sentence as likely as this
MIN_SENTENCE_WORDS = 6
MAX_WORDS_COUNTED = 60.0
MAX_HEADING_WORDS = 14
MAX_BIO_CHARS = 400
BIO_REACH = 2  # lines below "About the author"
MAX_POINTER_WORDS = 4
MIN_TEASER_WORDS = 4
MIN_QUOTED_WORDS = 8
QUOTE_REACH = 12


def find_rules(lines: Sequence[Line], likely: F64, junk: Sequence[str | None]) -> list[str | None]:
    """For each line the rule that cuts it; None: it is the article's."""
    if _is_clean(lines, junk):
        return [None] * len(lines)
    words = np.array([min(len(words_of(line.text)), MAX_WORDS_COUNTED) for line in lines])
    gains, eased = (_gains(words, likely, junk, bar) for bar in (RUN_BAR, EASED_BAR))
    start, end = _extend(lines, likely, junk, *choose_run(lines, gains, eased, junk))
    rules: list[str | None] = []
    for at, rule in enumerate(junk):
        if not start <= at < end:
            rules.append(rule or find_edge_rule(lines[at].text) or "outside_article")
        else:
            rules.append(rule or (None if _stays(lines, likely, at) else "unlike_article"))
    rules = _cut_beside_junk(lines, likely, rules, start, end)
    return _trim(lines, likely, rules, start, end)


def _gains(words: F64, likely: F64, junk: Sequence[str | None], bar: float) -> F64:
    """What each line adds to an article, in words: less than nothing if it is less likely than `bar`."""
    gains = np.maximum((likely - bar) * (words + 2.0), -MAX_GAP_COST)
    gains[[rule is not None for rule in junk]] = -JUNK_COST
    return gains


def _stays(lines: Sequence[Line], likely: F64, at: int) -> bool:
    """Whether a line within the article is likely enough, by its shape and the line below it."""
    if likely[at] >= _bar(lines[at].text) or (at > 0 and _goes_on(lines, likely, at)):
        return True
    is_above_text = at + 1 < len(lines) and likely[at + 1] >= SURE_TEXT and is_finished(lines[at + 1].text)
    return is_above_text and is_label(lines[at]) and likely[at] >= HEADING_BAR


def _cut_beside_junk(
    lines: Sequence[Line], likely: F64, rules: Sequence[str | None], start: int, end: int
) -> list[str | None]:
    """Cut what only its neighbours show to be junk: labels around a plea, the lines of an author's box."""
    cut = list(rules)
    for at in range(start, end):
        beside = [rules[place] for place in (at - 1, at + 1) if 0 <= place < len(lines)]
        if cut[at] is None and any(beside):
            cut[at] = find_edge_rule(lines[at].text)
        if cut[at] is None and at and cut[at - 1] == "read_more" and _is_teaser(lines[at - 1], lines[at]):
            cut[at] = "read_more"
        below = rules[at + 1] if at + 1 < len(lines) else None
        if cut[at] is None and below in OFFERS and is_label(lines[at]) and likely[at] < OFFER_BAR:
            cut[at] = below
        is_flanked = len(beside) > 1 and all(beside) and _is_question(lines[at])
        if cut[at] is None and is_flanked:
            cut[at] = "read_more"
        box = cut[max(at - BIO_REACH, 0) : at]
        if cut[at] is None and "author_box" in box and len(lines[at].text) <= MAX_BIO_CHARS:
            cut[at] = "bio"
    texts = [None if rule else line.text for line, rule in zip(lines, cut, strict=True)]
    for at in _find_pull_quotes(texts):
        cut[at] = "pull_quote"
    return cut


def _is_question(line: Line) -> bool:
    """Whether a line is a short question, as headlines like to be."""
    return line.text.endswith(("?", "？")) and len(words_of(line.text)) <= MAX_HEADING_WORDS


def _is_teaser(pointer: Line, line: Line) -> bool:
    """Whether a line is the headline that a bare "Read also" above it points to."""
    is_bare = len(words_of(pointer.text)) <= MAX_POINTER_WORDS
    return is_bare and is_label(line) and len(words_of(line.text)) >= MIN_TEASER_WORDS


def _find_pull_quotes(texts: Sequence[str | None]) -> list[int]:
    """Places of lines in quotation marks whose words stand in a longer line near by as well."""
    found = []
    for at, text in enumerate(texts):
        if text is None or not text.startswith(QUOTE_MARKS) or len(words_of(text)) < MIN_QUOTED_WORDS:
            continue
        key = same_words(text)
        near = [other for other in texts[max(at - QUOTE_REACH, 0) : at + QUOTE_REACH] if other]
        longer = [other for other in near if len(other) > len(text) or not other.startswith(QUOTE_MARKS)]
        if any(key in same_words(other) for other in longer):
            found.append(at)
    return found


def _extend(
    lines: Sequence[Line], likely: F64, junk: Sequence[str | None], start: int, end: int
) -> tuple[int, int]:
    """The run with the short sentences at its ends, which a model of single lines gives up too soon."""

    def belongs(at: int) -> bool:
        text = lines[at].text
        is_likely = likely[at] >= _bar(text)
        return junk[at] is None and is_likely and is_finished(text) and not find_edge_rule(text)

    while start < end < len(lines):
        if belongs(end) or (junk[end] is None and _goes_on(lines, likely, end)):
            end += 1
            continue
        after = _skip_interruption(lines, junk, end)
        is_text = belongs(after) and len(words_of(lines[after].text)) >= MIN_WORDS_BEHIND
        if after == end or not is_text or likely[after] < SKIPPED_BAR or find_tail_rule(lines[after].text):
            break
        end = after + 1
    while 0 < start < end and belongs(start - 1):
        start -= 1
    return start, end


def _is_clean(lines: Sequence[Line], junk: Sequence[str | None]) -> bool:
    """Whether a page is nothing but sentences, with perhaps a title among them."""
    finished = sum(is_finished(line.text) for line in lines)
    is_free = not any(junk) and not any(find_edge_rule(line.text) for line in lines)
    return is_free and finished >= CLEAN_SHARE * len(lines)


def _skip_interruption(lines: Sequence[Line], junk: Sequence[str | None], at: int) -> int:
    """The place below what may stand within an article: pictures, pointers, the headlines they point to."""
    after, is_pointed = at, False
    while after < min(at + MAX_SKIPPED, len(lines) - 1):
        is_pointed = is_pointed or junk[after] in WITHIN_ARTICLE
        is_headline = junk[after] is None and (is_label(lines[after]) or _is_question(lines[after]))
        is_pointed = is_pointed or (is_headline and len(words_of(lines[after].text)) <= MAX_BARE_WORDS)
        if not (junk[after] in WITHIN_ARTICLE or is_headline):
            break
        after += 1
    return after if is_pointed else at


def _goes_on(lines: Sequence[Line], likely: F64, at: int) -> bool:
    """Whether a line goes on with a list, answers a question, or ends in "…" right below likely text."""
    if _goes_on_list(lines, likely, at) or _answers(lines, likely, at):
        return True
    is_below_text = likely[at - 1] >= ABOVE_TRAILING_BAR and is_finished(lines[at - 1].text)
    return is_below_text and lines[at].text.endswith(("…", "...")) and likely[at] >= TRAILING_BAR


def _answers(lines: Sequence[Line], likely: F64, at: int) -> bool:
    """Whether a sentence stands below a question, as it does further up: in an interview."""
    if not (is_finished(lines[at].text) and likely[at] >= ANSWER_BAR and _is_asked(lines, likely, at)):
        return False
    asked = (_is_asked(lines, likely, place) for place in range(max(at - INTERVIEW_REACH, 1), at - 1))
    return sum(asked) >= MIN_ASKED


def _is_asked(lines: Sequence[Line], likely: F64, at: int) -> bool:
    """Whether the line above is a question of the article's."""
    return likely[at - 1] >= QUESTION_BAR and _is_question(lines[at - 1])


def _goes_on_list(lines: Sequence[Line], likely: F64, at: int) -> bool:
    """Whether a line is an item of the list that the lines above it open or belong to."""
    above = lines[at - 1]
    is_item = lines[at].is_marked and (above.is_marked or above.text.endswith((":", "：")))
    return is_item and likely[at] >= ITEM_BAR


def _bar(text: str) -> float:
    """How likely a line beside or inside the article must be to stay."""
    if not is_finished(text):
        return KEPT_BAR
    return QUESTION_BAR if text.endswith(("?", "…", "...")) else SENTENCE_BAR


def _trim(
    lines: Sequence[Line], likely: F64, rules: Sequence[str | None], start: int, end: int
) -> list[str | None]:
    """Cut junk at both ends of the article."""
    trimmed = list(rules)
    for at in range(start, end):
        rule = trimmed[at] or find_edge_rule(lines[at].text)
        if rule is None:
            break
        trimmed[at] = rule
    for at in range(end - 1, start - 1, -1):
        text = lines[at].text
        rule = trimmed[at] or find_edge_rule(text) or find_tail_rule(text)
        if rule is None and likely[at] < TAIL_BAR and is_label(lines[at]):
            rule = "trailing_label"
        if rule is None:
            break
        trimmed[at] = rule
    return trimmed


def is_label(line: Line) -> bool:
    """Whether a line looks like a heading or another story's headline, whole or cut off."""
    is_short = len(words_of(line.text)) <= MAX_HEADING_WORDS and not line.is_marked
    return is_short and not is_finished(line.text) and not line.text.endswith((",", ";", "”", '"', "»"))


def holds_article(lines: Sequence[Line], likely: F64, kept: Sequence[int]) -> bool:
    return any(
        likely[at] >= SURE_BAR
        and is_finished(lines[at].text)
        and len(words_of(lines[at].text)) >= MIN_SENTENCE_WORDS
        for at in kept
    )
