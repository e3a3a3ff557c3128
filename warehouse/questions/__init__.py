"""Ready questions: SQL files with a title, a description and their parameters in the comment at the head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from warehouse.sqlfiles import read_folder

HEAD_LINE = re.compile(r"-- (Title|About|Parameter ([a-z_]+)( \(required\))?): (.+)")
HEAD_ENTRIES = ("Title", "About")
PLACEHOLDER = re.compile(r"\$([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A `$name` in the SQL; text, or None where it isn't given and may be left out."""

    name: str
    about: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question that `wirecopy ask NAME` answers."""

    name: str
    title: str
    about: str
    parameters: tuple[Parameter, ...]
    sql: str  # without the comment at the head


@cache
def questions() -> tuple[Question, ...]:
    """The whole library, by name.

    Raises:
        ValueError: a file's head can't be read.
    """
    return tuple(_read(name, text) for name, text in read_folder("questions").items())


def _read(name: str, text: str) -> Question:
    head, _, sql = text.partition("\n\n")
    said: dict[str, str] = {}
    parameters = []
    for line in head.splitlines():
        found = HEAD_LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"{name}.sql: the head has a line that is no title, about or parameter: {line}")
        if found[2]:
            parameters.append(Parameter(found[2], found[4], found[3] is not None))
        else:
            said[found[1]] = found[4]
    if {one.name for one in parameters} != set(PLACEHOLDER.findall(sql)) or len(said) != len(HEAD_ENTRIES):
        raise ValueError(f"{name}.sql: the head names other parameters than the query, or no title or about")
    return Question(name.replace("_", "-"), said["Title"], said["About"], tuple(parameters), sql)
