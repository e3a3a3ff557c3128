"""The way Scrapy talks HTTP, without what it does on its own account."""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler


class SingleTryHandler(HTTP11DownloadHandler):
    """Asks once: Twisted's pool would ask again by itself, past our pauses and our count of retries."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
