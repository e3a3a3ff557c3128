"""`docs/questions.md`: every ready question with the answer that the demo gives.

`python -m flows.questions_page WAREHOUSE > docs/questions.md`, the demo's, after
`wirecopy import-outlets docs/outlets.csv`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.tables import shorten, show
from warehouse.master import open_published
from warehouse.questions import Parameter, Question, questions

HEAD = """\
# Ready questions

`wirecopy ask` lists them, `wirecopy ask NAME` answers one and prints its SQL, to start your own from.
`--csv`, `--json` and `--parquet FILE` give the answer to other programs. The answers here are those of the
demo (`make demo`), long ones cut short, without addresses, ids and times of fetching.

Two questions need a table of your own: the demo's is [outlets.csv](outlets.csv). It holds a row for each
outlet, and any columns beside `outlet`, `country`, `owner` and `type`; a second import replaces the first.

```
wirecopy import-outlets docs/outlets.csv
```

Made by `python -m flows.questions_page`; `warehouse/questions/` is where to change it, or to add a question:
a file there with a title, a description and its parameters at its head is one.
"""
EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "copies-between-kinds-of-outlet": {"by": "owner"},
    "coverage-before-and-after": {"moment": "2024-01-29T18:00Z"},
    "coverage-by-kind-of-outlet": {"by": "type"},
}
LEFT_OUT = ("url", "source_url", "example", "group_id", "seen_before", "seen_after", "source_changed_at")
MAX_ROWS = 12
MAX_CELL_CHARS = 70


def render_page(warehouse: Path) -> str:
    """The page, answered by this warehouse."""
    with open_published(warehouse) as connection:
        return "\n".join([HEAD, *(line for one in questions() for line in _section(connection, one))])


def _section(connection: Any, question: Question) -> Iterator[str]:
    given = EXAMPLES.get(question.name, {})
    connection.execute(question.sql, {one.name: given.get(one.name) for one in question.parameters})
    columns = [column[0] for column in connection.description]
    rows = connection.fetchall()
    values = "".join(f" {name}={value}" for name, value in given.items())
    yield f"## {question.title}\n"
    yield f"{question.about}\n"
    yield f"```\nwirecopy ask {question.name}{values}\n```\n"
    yield from (_parameter(one) for one in question.parameters)
    yield ""
    yield from _table(columns, rows)
    yield ""


def _parameter(parameter: Parameter) -> str:
    required = ", required" if parameter.is_required else ""
    return f"- `{parameter.name}`{required}: {parameter.about}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    if not rows:
        yield "In the demo: none."
        return
    shown = [number for number, name in enumerate(columns) if name not in LEFT_OUT]
    yield _line(columns[number] for number in shown)
    yield _line("---" for _ in shown)
    for row in rows[:MAX_ROWS]:
        yield _line(shorten(show(row[number]), MAX_CELL_CHARS).replace("|", "\\|") for number in shown)
    if len(rows) > MAX_ROWS:
        yield f"\n… and {len(rows) - MAX_ROWS} more rows."


def _line(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(render_page(Path(sys.argv[1])))
