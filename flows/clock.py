"""The clock."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The clock, read in one place."""
    return datetime.now(UTC)
