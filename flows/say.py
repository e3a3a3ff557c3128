"""How a run tells the user what it does: one line at a time."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], None]
