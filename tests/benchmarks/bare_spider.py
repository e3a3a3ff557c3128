"""A Scrapy spider that only downloads: `bare_spider.py PORT HOSTS PAGES`. No archive, no robots, no delay."""

from __future__ import annotations

import json
import sys
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess

from spiders.settings import MAX_PARALLEL_REQUESTS


class BareSpider(Spider):
    name = "bare"
    downloaded = 0

    def parse(self, response: Any) -> None:
        BareSpider.downloaded += 1


def main(port: int, hosts: int, pages: int) -> None:
    BareSpider.start_urls = [
        f"http://127.0.0.{host}:{port}/{page}.html" for page in range(pages) for host in range(1, hosts + 1)
    ]
    settings = {
        "CONCURRENT_REQUESTS": MAX_PARALLEL_REQUESTS,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "COOKIES_ENABLED": False,
    }
    process = AsyncCrawlerProcess(settings)
    process.crawl(BareSpider)
    process.start()
    print(json.dumps({"pages": BareSpider.downloaded}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
