"""DuckDB's values as JSON and back, for the pipe between a query's process and ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any


def encode_cell(value: Any) -> Any:
    """A value as JSON: plain ones as they are, all others as a pair of a tag and their content."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return ["list", [encode_cell(one) for one in value]]
    if isinstance(value, dict):
        return ["dict", [[encode_cell(key), encode_cell(one)] for key, one in value.items()]]
    if isinstance(value, datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, time):
        return ["time", value.isoformat()]
    if isinstance(value, timedelta):
        return ["timedelta", [value.days, value.seconds, value.microseconds]]
    if isinstance(value, Decimal):
        return ["decimal", str(value)]
    if isinstance(value, (bytes, bytearray)):
        return ["bytes", value.hex()]
    return str(value)  # uuid and the like, which people know by their text


def decode_cell(value: Any) -> Any:
    """The value that `encode_cell` was given; zones become UTC, tuples lists.

    Raises:
        KeyError: a tag that `encode_cell` doesn't write.
    """
    if not isinstance(value, list):
        return value
    tag, content = value
    return DECODERS[tag](content)


DECODERS: Mapping[str, Callable[[Any], Any]] = {
    "list": lambda content: [decode_cell(one) for one in content],
    "dict": lambda content: {decode_cell(key): decode_cell(one) for key, one in content},
    "datetime": lambda content: _in_utc(datetime.fromisoformat(content)),
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda content: timedelta(*content),
    "decimal": Decimal,
    "bytes": bytes.fromhex,
}


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def to_json_value(value: Any) -> Any:
    """A value as JSON that DuckDB reads back as the same type."""
    if isinstance(value, dict):
        return {str(key): to_json_value(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json_value(one) for one in value]
    if isinstance(value, (date, time)):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, bytes):
        return "".join(f"\\x{byte:02X}" for byte in value)
    if isinstance(value, timedelta):
        return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"
    return str(value) if isinstance(value, Decimal) else value
