"""`completion`: the shell knows the verbs, their options, the questions and the stories' files."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
VARIABLE = "_WIRECOPY_COMPLETE"  # where click looks for it


@click.command()
@click.argument("shell", type=click.Choice(sorted(SHELLS)))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell, for its start-up file.

    \b
    Examples:
      wirecopy completion bash >> ~/.bashrc
      wirecopy completion zsh >> ~/.zshrc
      wirecopy completion fish > ~/.config/fish/completions/wirecopy.fish
    """
    kind = SHELLS[shell](context.find_root().command, {}, "wirecopy", VARIABLE)
    # click's own `source` starts bash first, to look at its version
    click.echo(kind.source_template % kind.source_vars())
