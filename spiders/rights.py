"""Each site's tdmrep.json: asked for once a run, before the first of its pages is filed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pipelines.tdmrep import TDMREP_PATH, TdmRule, read_tdmrep
from spiders.answers import Ask
from spiders.bodies import decoded_body
from spiders.errors import Loss
from spiders.fetcher import Fetcher, origin_of
from spiders.robots import MAX_ROBOTS_BYTES
from spiders.warc import HttpResponse

MAX_TDMREP_BYTES = MAX_ROBOTS_BYTES  # the same kind of file


class RightsDesk:
    """Knows what each site reserves. `load` gives an answer that the run has; `keep` takes a new one."""

    def __init__(
        self, load: Callable[[str], HttpResponse | None], keep: Callable[[str, HttpResponse], Awaitable[None]]
    ) -> None:
        self._load = load
        self._keep = keep
        self._known: dict[str, asyncio.Task[tuple[TdmRule, ...]]] = {}

    async def rules_of(self, url: str, fetcher: Fetcher) -> tuple[TdmRule, ...]:
        """The rules for a page's site, none where it has no such file; asked for once, however many wait."""
        origin = origin_of(url)
        if origin not in self._known:
            self._known[origin] = asyncio.create_task(self._ask(origin + TDMREP_PATH, fetcher))
        return await asyncio.shield(self._known[origin])

    async def _ask(self, url: str, fetcher: Fetcher) -> tuple[TdmRule, ...]:
        response = self._load(url)
        if response is None:
            answer = await fetcher.fetch(Ask(url, max_bytes=MAX_TDMREP_BYTES, max_retries=0))
            response = answer.answer if isinstance(answer, Loss) else answer
            if response is not None:
                await self._keep(url, response)
        if response is None or response.status != 200:
            return ()
        return read_tdmrep(decoded_body(response, MAX_TDMREP_BYTES))
