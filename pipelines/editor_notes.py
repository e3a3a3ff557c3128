"""Notes of an editor on the article itself: a correction, a clarification, what an update added."""

from __future__ import annotations

import re

from pipelines.site_words import load_site_words

MAX_NOTE_CHARS = 800
BEFORE = " \t([*_–—-"  # what a note may begin with
LABEL_END = re.compile(r"[^:：]{0,40}[:：]\s*\S")  # a label may be dated: "Correction, May 3, 2024: …"


def is_editor_note(folded: str) -> bool:
    """Whether a folded text opens as such a note: a label, a colon and more, or a sentence of the kind."""
    if len(folded) > MAX_NOTE_CHARS:
        return False
    folded = folded.lstrip(BEFORE)
    site = load_site_words()
    label = site.note_label.match(folded)
    if label is not None and LABEL_END.match(folded, label.end()):
        return True
    return site.note_opening.match(folded) is not None
