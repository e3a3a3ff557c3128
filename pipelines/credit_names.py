"""Names in a credit: known agencies, and unknown ones that have the form of one."""

from __future__ import annotations

from pipelines.agencies import AgencyTable
from pipelines.credit_forms import PLAIN_NAME, SPLIT, UNSPACED, unnamed_agencies

MAX_NAME_CHARS = 40
MAX_UNSPACED = 25  # characters of a bracket in a script without spaces


def known_in(raw: str, table: AgencyTable) -> tuple[str, ...]:
    """Known agencies that `raw` consists of: "dpa/AFP", "서울=뉴시스", "ニューヨーク共同通信"."""
    whole = table.named(raw)
    if whole is not None:
        return (whole,)
    is_unspaced = UNSPACED.search(raw) is not None
    pieces = [*SPLIT.split(raw), *(raw.split() if is_unspaced else [])]
    parts = [table.named(piece) for piece in pieces if piece]
    names = tuple(dict.fromkeys(name for name in parts if name is not None))
    if names or not is_unspaced or len(raw) >= MAX_UNSPACED:
        return names
    endings = (table.named(raw.strip()[-length:]) for length in (3, 2))  # "霧港共同"
    return table.mentioned(raw) or tuple(name for name in endings if name is not None)[:1]


def has_form_of_agency(name: str) -> bool:
    """Whether an unknown name has the form of an agency's: few words, each a name."""
    text = name.strip()
    if len(text) > MAX_NAME_CHARS or not PLAIN_NAME.fullmatch(text) or unnamed_agencies().search(text):
        return False
    return all(word[0].isupper() or not word.isascii() for word in text.split()) or len(text) <= 5
