"""Waiting for the disk, once for all responses that came in meanwhile."""

from __future__ import annotations

import asyncio

from spiders.archive import ArchiveWriter


class GroupCommit:
    """Makes an archive's records durable in rounds, while other hosts' responses come in.

    A wait for the disk takes some milliseconds: one for each page would set the speed of
    the whole crawl.
    """

    def __init__(self, archive: ArchiveWriter) -> None:
        self._archive = archive
        self._waiting: list[asyncio.Future[None]] = []
        self._rounds: asyncio.Task[None] | None = None

    async def done(self) -> None:
        """Return when every record added so far counts.

        Raises:
            OSError: the disk is full or failing.
        """
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._commit_in_rounds())
        await waiter

    async def close(self) -> None:
        """Let the round that is under way end."""
        if self._rounds is not None:
            await asyncio.wait({self._rounds})

    async def _commit_in_rounds(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            try:
                await self._commit()
            except OSError as error:
                _settle(waiting, error)
                continue
            _settle(waiting, None)

    async def _commit(self) -> None:
        entries = self._archive.begin_commit()
        await asyncio.to_thread(self._archive.sync_records)
        self._archive.vouch(entries)
        await asyncio.to_thread(self._archive.sync_manifest)


def _settle(waiting: list[asyncio.Future[None]], error: OSError | None) -> None:
    for waiter in waiting:
        if waiter.done():
            continue  # its page was given up meanwhile
        if error is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(error)
