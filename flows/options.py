"""Options that many verbs share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class Settings:
    """What stands before the verb."""

    warehouse: Path
    debug: bool


def warehouse_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--warehouse PATH` behind the verb; the one before the verb is the default."""

    @click.option(
        "--warehouse",
        type=click.Path(path_type=Path),
        default=None,  # the environment speaks before the verb, where it can't override what stands there
        help="The DuckDB file that analysts open.  [default: warehouse/coverage.duckdb]",
    )
    @click.pass_context
    @wraps(function)
    def with_warehouse(context: click.Context, /, warehouse: Path | None, **values: Any) -> Any:
        settings = context.find_object(Settings)
        chosen = warehouse or (settings.warehouse if settings else None)
        return function(warehouse=chosen, **values)

    return with_warehouse


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")

prefect_option = click.option(
    "--no-prefect", is_flag=True, help="Run the steps without Prefect's books; the result is the same."
)


def nearest(name: str, known: Iterable[str]) -> str:
    """What a user who wrote `name` may have meant, for the end of an error message."""
    names = list(known)
    near = get_close_matches(name.replace("_", "-"), names, n=3)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"known are {', '.join(names)}" if names else "it takes none"
