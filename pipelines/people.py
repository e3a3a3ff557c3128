"""Names of persons in a byline."""

from __future__ import annotations

import re

from pipelines.date_text import read_date_line

MAX_NAME_WORDS = 6
MAX_NAME_CHARS = 60
PREFIX = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|od|przez|written by|words by|story by|posted by|published by|reported by|author|autor|autorin|autore|auteur|autores|texte?|texto"
    r"|автор|текст|بقلم|כתב|מאת|作者|記者|记者|文|oleh)(?:\s*[:：]\s*|\s+)",
    re.IGNORECASE,
)
SPLIT = re.compile(
    r"\s*(?:[,;|/•·&\n，、／]|\s[-–—]\s|\b(?:and|und|et|y|e|og|och|en|i|и|та|ve|with|mit|for|für)\b)\s*",
    re.IGNORECASE,
)
NOT_A_NAME = re.compile(
    r"\d|@|https?:|\bwww\.|\b(?:updated|published|posted|min|read|editor|reporter|correspondent|writer|staff|journalist|desk|newsroom|redaktion|redaktør|redazione|redacción|redação|redactie"
    r"|contributor|columnist|follow|email|share|comments?|chief|bureau|team|admin|guest|special to|opinion|analysis|photo(?:grapher)?|more|by|about|author|profile|agenturen|agencies|agencias|agences"
    r"|редакция|correspondant|korrespondent(?:in)?|redakteur(?:in)?|ministry|news|politics|sports?|business|world|local)\b",
    re.IGNORECASE,
)


def split_names(raw: str) -> list[str]:
    """The names in a line such as "By Ann Roe and Ben Doe, Science Editor"; empty if it holds none."""
    text = " ".join(raw.split())
    for _ in range(2):
        text = PREFIX.sub("", text).strip(" :")
    if read_date_line(text, "text"):
        return []
    names = (part.strip(" .,:()[]*\"'“”|") for part in SPLIT.split(re.sub(r"\([^)]*\)", " ", text)))
    return [_title_case(name) for name in names if _is_name(name)]


def _is_name(part: str) -> bool:
    words = part.split()
    if (
        not 0 < len(words) <= MAX_NAME_WORDS
        or not 2 <= len(part) <= MAX_NAME_CHARS
        or NOT_A_NAME.search(part)
    ):
        return False
    return words[0][:1].isupper() or not part[:1].isascii() or len(words) == 1


def _title_case(name: str) -> str:
    """A name in capitals as it is usually written; any other name as it is."""
    if not name.isupper() or len(name) <= 5:
        return name
    return re.sub(r"[^\W\d_]+", lambda match: match.group().capitalize(), name)
