"""Scrapy's process around a story's crawl."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess

from spiders.jobs import CrawlJob
from spiders.settings import crawl_settings
from spiders.story_spider import StorySpider

INTERRUPTED = 130  # as shells say it: ended by SIGINT
GRACE_SECONDS = 5.0  # for open downloads to be cancelled; nothing of worth is lost after it
MAX_ADDRESS_BYTES = 4 * 1024**3  # virtual memory: a hostile server must end this process, not the machine


def crawl_story(job: CrawlJob) -> int:
    """Crawl until done. Returns the exit code: 0 finished, 1 failed, 130 interrupted."""
    if not job.story.fetch.render:
        _bound_memory()  # a browser reserves terabytes of address space, and uses few of them
    try:
        settings = crawl_settings(job.story, job.user_agent)
    except ModuleNotFoundError as error:
        sys.stdout.write(f"error: {error}\n")
        return 1
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(StorySpider)

    def listen() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, _interrupt, loop, crawler.spider)

    crawler.signals.connect(listen, signal=signals.spider_opened, weak=False)
    process.crawl(crawler, job=job)
    process.start(install_signal_handlers=False)
    spider: Any = crawler.spider
    if spider is None:
        return 1
    if isinstance(spider.failure, OSError):
        _print_error(spider.failure)
        return 1
    if spider.failure is not None:
        raise spider.failure
    return INTERRUPTED if spider.is_interrupted else 0


def _bound_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MAX_ADDRESS_BYTES if hard == resource.RLIM_INFINITY else min(MAX_ADDRESS_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _interrupt(loop: asyncio.AbstractEventLoop, spider: Any) -> None:
    spider.interrupt()
    loop.call_later(GRACE_SECONDS, os._exit, INTERRUPTED)


def _print_error(error: OSError) -> None:
    where = f" ({error.filename})" if error.filename else ""
    sys.stdout.write(
        f"error: cannot write the archive{where}: {error.strerror or error}; make room and run again\n"
    )
    sys.stdout.flush()
