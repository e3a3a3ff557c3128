"""Exit codes, and the one exception that the command line shows to people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from flows.prefect_server import PrefectUnavailable
from flows.story_file import UnreadableStory
from pipelines.outlet_table import OutletTableError
from pipelines.story_toml import StoryError
from spiders.fetched import MissingRecordError
from warehouse.errors import (
    ForeignFile,
    MasterLocked,
    MissingWarehouse,
    QueryFailed,
    QueryRefused,
    SchemaTooNew,
    WarehouseBusy,
    WarehouseError,
)

WRONG = (
    StoryError,
    UnreadableStory,
    OutletTableError,
    ForeignFile,
    SchemaTooNew,
    MissingWarehouse,
    QueryRefused,
    QueryFailed,
)
BUSY = (WarehouseBusy, MasterLocked)


class ExitCode(IntEnum):
    DONE = 0
    LOOK = 1  # it ran, and something the user must look at went wrong
    WRONG = 2  # the command or the story file is wrong, and nothing was touched
    BUSY = 75  # another run holds this warehouse


class Failure(Exception):
    """What went wrong, where, and the next step; with the exit code."""

    def __init__(self, message: str, code: ExitCode = ExitCode.LOOK) -> None:
        super().__init__(message)
        self.code = code


@contextmanager
def shown_to_people() -> Iterator[None]:
    """Turn the errors that the rooms raise into failures with their exit codes."""
    try:
        yield
    except WRONG as error:
        raise Failure(str(error), ExitCode.WRONG) from error
    except BUSY as error:
        raise Failure(str(error), ExitCode.BUSY) from error
    except MissingRecordError as error:
        raise Failure(f"{error}; put the archive's files back from a backup: nothing was changed") from error
    except (WarehouseError, PrefectUnavailable) as error:
        raise Failure(str(error), ExitCode.LOOK) from error
