"""What the demo press answers to a request: a pure function of host, path and edition."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from flows.demo.content import Outlet, Press, PressArticle, load_press
from flows.demo.pages import Address, render_amp, render_article, render_index, render_listing
from flows.demo.sources import SITEMAP_CHILD, render_feed, render_robots, render_sitemap, render_sitemap_child

# When each edition went to press; a page that the second one left alone keeps the first one's date.
PRINTED = {1: "Thu, 15 Feb 2024 06:00:00 GMT", 2: "Fri, 16 Feb 2024 06:00:00 GMT"}
HTML = "text/html"
INDEX_HOSTS = ("localhost", "127.0.0.1")
# Browsers take every name under .localhost for this machine, so people can look at the press without set-up.
BROWSER_SUFFIX = ".localhost"


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, before it goes over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def answer(host: str, path: str, edition: int, request: Mapping[str, str]) -> Response:
    """The answer to a GET with these request headers (names in lower case): 304 and gzip where asked for."""
    response = render(host, path, edition)
    if response is None:
        body = b"<!doctype html><title>Not found</title><h1>404</h1><p>There is no such page.</p>"
        return Response(404, (("Content-Type", HTML),), body)
    if response.status != 200:
        return response
    if _is_fresh(response, request):
        kept = tuple(header for header in response.headers if header[0] in ("ETag", "Last-Modified"))
        return Response(304, kept, b"")
    if "gzip" in request.get("accept-encoding", ""):
        return replace(
            response,
            headers=(*response.headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")),
            body=gzip.compress(response.body, mtime=0),
        )
    return response


@lru_cache(maxsize=1024)
def render(host: str, path: str, edition: int) -> Response | None:
    """What stands at a path of a host, or None if nothing does.

    `host` is as in the Host header; its port goes into every link. `path` includes the query.
    """
    name, _, port = host.lower().partition(":")
    press = load_press(edition)
    address = Address(port, BROWSER_SUFFIX if name.endswith(BROWSER_SUFFIX) else "")
    if name in INDEX_HOSTS and path == "/":
        return _page(render_index(press, replace(address, suffix=BROWSER_SUFFIX)), "utf-8", edition)
    outlet = press.outlet_at(name.removesuffix(BROWSER_SUFFIX))
    if outlet is None:
        return None
    response = _render_at(press, outlet, _drop_campaign(path), address)
    if response is None or response.status != 200:
        return response
    return _date(response, _printed_in(host, path, edition, response))


def _printed_in(host: str, path: str, edition: int, response: Response) -> int:
    earlier = render(host, path, edition - 1) if edition > 1 else None
    return edition - 1 if earlier is not None and earlier.body == response.body else edition


def _render_at(press: Press, outlet: Outlet, path: str, address: Address) -> Response | None:
    if path in outlet.failing:
        return Response(500, (("Content-Type", HTML),), b"<h1>Database error</h1>")
    for article in press.articles_of(outlet):
        if path == article.path:
            return _plain_page(render_article(press, article, address), outlet)
        if path == article.amp_path:
            return _plain_page(render_amp(press, article, address), outlet)
        if path == article.old_path:
            return _redirect(article, address)
    return _render_source(press, outlet, path, address) or _render_list(press, outlet, path, address)


def _redirect(article: PressArticle, address: Address) -> Response:
    return Response(301, (("Location", address.url(article.outlet, article.path)),), b"")


def _render_list(press: Press, outlet: Outlet, path: str, address: Address) -> Response | None:
    titles = {"/": outlet.name, **dict(outlet.listings)}
    if path not in titles:
        return None
    return _plain_page(render_listing(press, outlet, path, titles[path], address), outlet)


def _render_source(press: Press, outlet: Outlet, path: str, address: Address) -> Response | None:
    if path == "/robots.txt":
        return _source(render_robots(outlet, address).encode(), "text/plain")
    if path == outlet.feed_path:
        kind = "application/atom+xml" if outlet.feed == "atom" else "application/rss+xml"
        return _source(render_feed(press, outlet, address).encode(), kind)
    if path == outlet.sitemap_path:
        return _source(render_sitemap(press, outlet, address).encode(), "application/xml")
    if outlet.sitemap == "index" and path == SITEMAP_CHILD:
        child = render_sitemap_child(press, outlet, address).encode()
        return _source(gzip.compress(child, mtime=0), "application/gzip")
    return None


def _source(body: bytes, media_type: str) -> Response:
    text = media_type != "application/gzip"
    return Response(200, (("Content-Type", media_type + ("; charset=utf-8" if text else "")),), body)


def _plain_page(page: str, outlet: Outlet) -> Response:
    headers = (("Content-Type", f"{HTML}; charset={outlet.charset}"), *outlet.headers)
    return Response(200, headers, page.encode(outlet.charset, "xmlcharrefreplace"))


def _page(page: str, charset: str, edition: int) -> Response:
    response = Response(200, (("Content-Type", f"{HTML}; charset={charset}"),), page.encode(charset))
    return _date(response, edition)


def _date(response: Response, edition: int) -> Response:
    etag = f'"{hashlib.sha256(response.body).hexdigest()[:16]}"'
    return replace(response, headers=(*response.headers, ("ETag", etag), ("Last-Modified", PRINTED[edition])))


def _is_fresh(response: Response, request: Mapping[str, str]) -> bool:
    if "if-none-match" in request:  # it outranks If-Modified-Since
        tags = [tag.strip().removeprefix("W/") for tag in request["if-none-match"].split(",")]
        return response.header("ETag") in tags or "*" in tags
    return request.get("if-modified-since") == response.header("Last-Modified")


def _drop_campaign(path: str) -> str:
    """The path without utm parameters, which no site looks at."""
    parts = urlsplit("http://press" + path)
    if "utm_" not in parts.query:
        return path
    kept = [(key, value) for key, value in parse_qsl(parts.query) if not key.startswith("utm_")]
    return parts.path + (f"?{urlencode(kept)}" if kept else "")
