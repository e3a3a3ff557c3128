"""The `wirecopy` command: verbs, exit codes, errors in one line.

Heavy libraries are imported by the verbs that need them: `wirecopy sql` starts without Prefect or Scrapy.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from importlib.metadata import version
from pathlib import Path
from types import FrameType

import click

from flows.errors import ExitCode, Failure
from flows.options import Settings

VERBS = {
    "ask": "flows.commands.query",
    "backfill": "flows.commands.backfill",
    "backup": "flows.commands.keep",
    "check": "flows.commands.plan",
    "completion": "flows.commands.shell",
    "copies": "flows.commands.look",
    "demo": "flows.commands.work",
    "doctor": "flows.commands.keep",
    "export": "flows.commands.keep",
    "import-outlets": "flows.commands.bring",
    "ingest": "flows.commands.work",
    "new": "flows.commands.plan",
    "report": "flows.commands.look",
    "reprocess": "flows.commands.work",
    "restore": "flows.commands.keep",
    "run": "flows.commands.work",
    "serve": "flows.commands.schedule",
    "sql": "flows.commands.query",
    "why": "flows.commands.look",
}
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class Verbs(click.Group):
    """The verbs, each imported when it is called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(VERBS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        module_name = VERBS.get(name)
        if module_name is None:
            return None
        from importlib import import_module

        command: click.Command = getattr(import_module(module_name), name.replace("-", "_"))
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(context, arguments)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(arguments[0], VERBS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else f" Verbs: {', '.join(sorted(VERBS))}."
            raise click.UsageError(f"{error.format_message().rstrip('.')}.{hint}", context) from error


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("wirecopy"), prog_name="wirecopy")
@click.option(
    "--warehouse",
    type=click.Path(path_type=Path),
    envvar="WIRECOPY_WAREHOUSE",
    default=Path("warehouse/coverage.duckdb"),
    show_default=True,
    help="The DuckDB file that analysts open.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def command(context: click.Context, warehouse: Path, debug: bool) -> None:
    """Follow one news story across the web: who reported it, who copied whom, word for word.

    \b
    Start with:   wirecopy demo
    Your story:   wirecopy new my-story, then wirecopy run my-story.toml
    """
    context.obj = Settings(warehouse, debug)


def main() -> None:
    """Run the command line and exit with its code."""
    debug = "--debug" in sys.argv
    if debug:  # the one flag that may stand anywhere
        sys.argv.remove("--debug")
        sys.argv.insert(1, "--debug")
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = command.main(standalone_mode=False)
        sys.stdout.flush()
    except click.Abort:
        _leave(ExitCode.LOOK, _stopped(), debug)
    except click.ClickException as error:
        error.show()
        raise SystemExit(ExitCode.WRONG) from None
    except KeyboardInterrupt:
        _leave(ExitCode.LOOK, _stopped(), debug)
    except Failure as error:
        _leave(error.code, str(error), debug)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(ExitCode.DONE) from None
    except MemoryError:
        _leave(ExitCode.LOOK, f"there is too little memory; what is done is kept. {_again()}", debug)
    except OSError as error:
        _leave(ExitCode.LOOK, _describe(error), debug)
    except Exception as error:  # noqa: BLE001 - the last line before the user
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        _leave(
            ExitCode.LOOK, f"a defect of wirecopy: {what}; what is stored is whole; --debug shows more", debug
        )
    raise SystemExit(code if isinstance(code, int) else ExitCode.DONE)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """End as on Ctrl-C: the crawl is closed cleanly, and one line says how to go on."""
    raise KeyboardInterrupt


def _stopped() -> str:
    return f"stopped; what is done is kept. {_again()}"


def _again() -> str:
    from flows.tables import how_to_repeat

    return how_to_repeat()


def _describe(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in DISK_FULL:
        return f"the disk is full{where}; free some space and run the same command again: nothing is lost"
    return f"{error.strerror or error}{where}; mend that and run the same command again"


def _leave(code: int, message: str, debug: bool) -> None:
    if debug:
        traceback.print_exc()
    click.echo(f"wirecopy: {message}", err=True)
    raise SystemExit(code)
