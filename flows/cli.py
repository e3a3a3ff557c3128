"""The `wirecopy` command."""


def main() -> None:
    raise SystemExit("not yet")
