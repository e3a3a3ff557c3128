"""The rules version: which text of the rules made a record."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from pipelines.story import CleanRules

DIGEST_DIGITS = 8


def rules_version(rules: CleanRules | None = None) -> str:
    """The release and a digest of all rules, e.g. `0.1.0+3f2a91c0`: any change of a rule shows.

    With a user's own rules for sites or agencies their digest follows: `0.1.0+3f2a91c0.5e19b7d2`.
    """
    own = (rules.site_rules, rules.agencies) if rules is not None else ((), ())
    if not any(own):
        return _own_version()
    digest = sha256(repr(own).encode()).hexdigest()
    return f"{_own_version()}.{digest[:DIGEST_DIGITS]}"


@cache
def _own_version() -> str:
    digest = sha256()
    for name, content in sorted(_rule_files(files("pipelines"), "")):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return f"{version('wirecopy')}+{digest.hexdigest()[:DIGEST_DIGITS]}"


def _rule_files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            found += _rule_files(entry, f"{prefix}{entry.name}/")
        elif entry.is_file() and not entry.name.endswith(".pyc"):
            found.append((prefix + entry.name, entry.read_bytes()))
    return found
