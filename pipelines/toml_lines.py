"""Where a key of a TOML file stands: tomllib keeps no positions, so that errors could name the line."""

from __future__ import annotations

import re

HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+")


def line_of(text: str, table: str | None, key: str) -> int | None:
    """The line of a key of a table, or with no table that of a table's header; None if it isn't found."""
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = HEADER.match(line)
        if header:
            current = header[1].strip("\"'")
            first = current if header[1][0] in "\"'" else current.split(".")[0].strip()
            if table is None and first == key:
                return number
        elif re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line) and current == (table or ""):
            return number
    return None
