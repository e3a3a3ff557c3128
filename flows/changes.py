"""Printing what a reprocessing changed: the numbers, and some texts line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from difflib import SequenceMatcher

from flows.tables import print_json, print_rows, shorten
from warehouse.differences import Differences, TextChange

MAX_LINES = 12  # of one article


def print_changes(changes: Differences, *, as_json: bool) -> None:
    """The numbers before and after, which articles read differently now, and how some of them do."""
    numbers = [
        (name, changes.before.get(name, 0), count, count - changes.before.get(name, 0))
        for name, count in changes.after.items()
    ]
    if as_json:
        columns = ("table", "before", "after", "change")
        print_json(
            {
                **{name: value for name, value in asdict(changes).items() if name not in ("before", "after")},
                "tables": [dict(zip(columns, row, strict=True)) for row in numbers],
            }
        )
        return
    print_rows(("table", "before", "after", "change"), numbers, as_json=False)
    fields = [(f"articles.{name}", count) for name, count in changes.changed_fields.items()]
    pairs = [("copies: new pairs", changes.new_pairs), ("copies: lost pairs", changes.lost_pairs)]
    print_rows(("what differs", "rows"), [*fields, *pairs], as_json=False)
    print_rows(
        ("article", "what changed"),
        [(url, "text or title") for url in changes.changed_articles]
        + [(url, "no article any more") for url in changes.lost_articles],
        as_json=False,
    )
    if changes.samples:
        lines = [(one.url, *line) for one in changes.samples for line in changed_lines(one)]
        print_rows(("sample", "", "paragraph"), lines, as_json=False)


def changed_lines(change: TextChange) -> Iterator[tuple[str, str]]:
    """What went (-) and what came (+), in reading order; the rest of a long list is counted."""
    before = [change.title_before or "", *change.text_before.split("\n\n")]
    after = [change.title_after or "", *change.text_after.split("\n\n")]
    found = []
    for tag, start, end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            found += [("-", shorten(line)) for line in before[start:end]]
            found += [("+", shorten(line)) for line in after[new_start:new_end]]
    yield from found[:MAX_LINES]
    if len(found) > MAX_LINES:
        yield "", f"and {len(found) - MAX_LINES} more"
