"""Scrapy's settings for a story's crawl: each that differs from the default, with its reason."""

from __future__ import annotations

from typing import Any

from pipelines.story import Story
from spiders.bodies import MAX_BODY_BYTES
from spiders.guard import ALLOW_PRIVATE_SETTING, PRIVATE_HOSTS_SETTING, RESOLVE_SETTING
from spiders.rendering import browser_settings

MAX_PARALLEL_REQUESTS = 32  # over all hosts; 10,000 pages from 200 hosts stay under 200 MB with it
MAX_URL_CHARS = 2083  # longer ones are session state or attacks
MAX_REDIRECTS = 5  # what RFC 9309 asks for robots.txt; real pages need one or two
MAX_HEAD_BYTES = 256 * 1024  # browsers stop there too; without a bound, endless headers fill the memory
FIRST_BYTE_SECONDS = 20.0  # busy servers take seconds to begin; whoever takes longer is not going to
FIRST_BYTE_SETTING = "WIRECOPY_FIRST_BYTE_SECONDS"
DNS_THREADS = 20  # each slow name server holds one

# Scrapy carries the bytes; these of its helpers decide things that `spiders.fetcher` decides for the run.
OFF = (
    "offsite.OffsiteMiddleware",
    "robotstxt.RobotsTxtMiddleware",
    "httpauth.HttpAuthMiddleware",
    "downloadtimeout.DownloadTimeoutMiddleware",
    "defaultheaders.DefaultHeadersMiddleware",
    "useragent.UserAgentMiddleware",
    "retry.RetryMiddleware",
    "redirect.MetaRefreshMiddleware",
    "httpcompression.HttpCompressionMiddleware",
    "redirect.RedirectMiddleware",
    "cookies.CookiesMiddleware",
    "httpproxy.HttpProxyMiddleware",
    "httpcache.HttpCacheMiddleware",
)


def crawl_settings(story: Story, user_agent: str) -> dict[str, Any]:
    """The settings of one crawl.

    Raises:
        ModuleNotFoundError: the story has pages rendered, and the browser extra isn't installed.
    """
    settings = _settings_without_browser(story, user_agent)
    return {**settings, **browser_settings(story.fetch)} if story.fetch.render else settings


def _settings_without_browser(story: Story, user_agent: str) -> dict[str, Any]:
    handler = "spiders.browsing.RenderingHandler" if story.fetch.render else "spiders.downloads.PoliteHandler"
    return {
        "USER_AGENT": user_agent,
        # only the web: file, data, ftp and s3 URLs in a sitemap would read our own disk
        "DOWNLOAD_HANDLERS": {
            **dict.fromkeys(("http", "https"), handler),
            **dict.fromkeys(("file", "data", "ftp", "s3")),
        },
        "DOWNLOADER_MIDDLEWARES": {f"scrapy.downloadermiddlewares.{name}": None for name in OFF},
        "TWISTED_DNS_RESOLVER": "spiders.guard.GuardResolver",
        ALLOW_PRIVATE_SETTING: story.fetch.allow_private_hosts,
        PRIVATE_HOSTS_SETTING: list(story.fetch.private_hosts),
        RESOLVE_SETTING: dict(story.fetch.resolve),
        "REACTOR_THREADPOOL_MAXSIZE": DNS_THREADS,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,  # the default takes any certificate
        "DOWNLOAD_TIMEOUT": story.fetch.timeout_seconds,
        FIRST_BYTE_SETTING: min(FIRST_BYTE_SECONDS, story.fetch.timeout_seconds),
        "DOWNLOAD_MAXSIZE": MAX_BODY_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,  # a body cut short is a failure, never a short page
        "CONCURRENT_REQUESTS": MAX_PARALLEL_REQUESTS,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,  # `spiders.gates` keeps the pauses, back-off included
        "URLLENGTH_LIMIT": MAX_URL_CHARS,
        "COMPRESSION_ENABLED": False,  # the archive keeps bodies as received
        "COOKIES_ENABLED": False,  # a cookie jar can be filled until no request gets through
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "RETRY_ENABLED": False,
        "ROBOTSTXT_OBEY": False,  # Scrapy's own lets queued requests through; `spiders.fetcher` asks
        "HTTPPROXY_ENABLED": False,
        "HTTPCACHE_ENABLED": False,  # pickles
        "JOBDIR": None,  # pickles, and loses most URLs after kill -9
        "TELNETCONSOLE_ENABLED": False,  # both open a port that runs Python
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_LEVEL": "ERROR",
        "STATS_DUMP": False,
    }
