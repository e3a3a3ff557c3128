"""The downloader of a crawl that has pages rendered: a browser for these, our own handler for all else."""

from __future__ import annotations

from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from spiders.downloads import PoliteHandler


class RenderingHandler(ScrapyPlaywrightDownloadHandler, PoliteHandler):  # type: ignore[misc]
    """scrapy-playwright's handler, on top of ours instead of Scrapy's own."""
