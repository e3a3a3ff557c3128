"""One offline HTML file about a story: the answer first, then the evidence."""

from __future__ import annotations

from pathlib import Path


def write_report(warehouse: Path, story: str, output: Path) -> Path:
    """Write the report of a story from the published warehouse; whole or not at all.

    Raises:
        Failure: the warehouse has no such story.
        WarehouseError: there is no warehouse, or it can't be read.
    """
    html = render_report(warehouse, story)
    unfinished = output.with_name(f".{output.name}.tmp")
    unfinished.write_text(html, encoding="utf-8")
    unfinished.replace(output)
    return output


def render_report(warehouse: Path, story: str) -> str:
    """The report as HTML; what came from a page is escaped, and no script runs but the report's own."""
    from flows.report.page import render_story  # the charts' libraries load only where a report is written

    return render_story(warehouse, story)
