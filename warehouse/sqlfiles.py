"""The package's own SQL texts."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_statement(name: str) -> str:
    """The text of `statements/NAME.sql`."""
    return files("warehouse").joinpath("statements", f"{name}.sql").read_text(encoding="utf-8")


@cache
def read_folder(folder: str) -> dict[str, str]:
    """All SQL texts of a folder by name, in the order of their names."""
    entries = sorted(files("warehouse").joinpath(folder).iterdir(), key=lambda entry: entry.name)
    return {
        entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8")
        for entry in entries
        if entry.name.endswith(".sql")
    }
