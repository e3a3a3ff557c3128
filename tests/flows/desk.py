"""A small invented newsroom in local files: an agency's text, its copies, and what became of them later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows.run import Request, execute
from flows.run_files import RunFiles
from pipelines.story_toml import parse_story
from warehouse.master import open_published

LEAD = (
    "The lighthouse of Torvik went dark on Sunday night after a storm tore the cable that feeds its lamp, "
    "and three fishing boats had to wait outside the harbour until morning."
)
HURT = (
    "Two men of the harbour watch were hurt when the tower door slammed, the harbour master told reporters."
)
REPAIR = (
    "Divers will look at the cable on Tuesday; until then a lamp on a barge marks the rocks, as it did in "
    "the winter when the tower was painted."
)
OWN = (
    "Our own correspondent rowed out to the barge and found its keeper asleep beside a stove, a dog and the "
    "largest thermos flask on this coast."
)
OTHER = (
    "The council of Torvik voted for a new school roof after a long evening in which nobody agreed about the "
    "colour of the tiles, and the mayor went home by the back door."
)


def item(outlet: str, day: int, *paragraphs: str, title: str = "Lighthouse of Torvik goes dark") -> str:
    """One article as a line for `ingest`."""
    return json.dumps(
        {
            "url": f"https://{outlet}.example/torvik",
            "text": "\n\n".join([title, *paragraphs]),
            "title": title,
            "published_at": f"2024-03-0{day}T08:00:00Z",
            "fetched_at": f"2024-03-0{day}T12:00:00Z",
        }
    )


FIRST_DAY = (
    item("coastwire", 1, LEAD, HURT, REPAIR),
    item("torvik-post", 2, LEAD, HURT, REPAIR, title="Tower dark"),
    item("rower", 3, OWN, LEAD, REPAIR, title="A night on the barge"),
    item("council", 3, OTHER, title="Roof"),
)
SECOND_DAY = (
    item("coastwire", 5, LEAD, REPAIR),
    item("council", 5, OTHER, title="Roof"),
    item("evening", 5, OWN, REPAIR, title="The keeper of the barge"),
)


def ingest(warehouse: Path, lines: Sequence[str], name: str = "dump") -> RunFiles:
    """Bring lines in as the command does, in this process; without a story unless one lies beside."""
    dump = warehouse.parent / f"{name}.jsonl"
    dump.parent.mkdir(parents=True, exist_ok=True)
    dump.write_text("\n".join(lines) + "\n", encoding="utf-8")
    story_file = warehouse.parent / "torvik.toml"
    story = parse_story(story_file.read_bytes(), str(story_file)) if story_file.exists() else None
    request = Request(warehouse, "ingest", story, (dump,), with_prefect=False)
    return execute(request, lambda line: None)


def tables(warehouse: Path, *volatile: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of the published file, row by row, without the columns that are named."""
    with open_published(warehouse) as connection:
        columns = connection.execute(
            """
            select schema_name || '.' || table_name, list('"' || column_name || '"' order by column_index)
            from duckdb_columns()
            semi join duckdb_tables() using (schema_name, table_name)
            where
                (schema_name = 'main' or table_name = 'captures')
                and not list_contains($volatile, column_name)
            group by all
            order by all
            """,
            {"volatile": list(volatile)},
        ).fetchall()
        return {
            name: connection.execute(f"select {', '.join(found)} from {name} order by all").fetchall()
            for name, found in columns
        }
