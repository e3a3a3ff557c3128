"""The feeds, sitemaps and robots.txt of the demo press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from flows.demo.content import Outlet, Press, PressArticle
from flows.demo.pages import Address, render_template, write_stamp

SITEMAP_CHILD = "/sitemaps/news-2024-02.xml.gz"  # the gzipped sitemap that an index names


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed or sitemap; times as they are written there, None where left out."""

    url: str
    title: str
    published: str | None = None
    updated: str | None = None
    summary: str | None = None


def render_feed(press: Press, outlet: Outlet, address: Address) -> str:
    """The outlet's RSS or Atom feed, newest first, with the dead ends that it advertises."""
    entries = [_feed_entry(article, address) for article in _newest_first(press.articles_of(outlet))]
    entries += [Entry(address.url(outlet, path), title) for path, title in outlet.broken_links]
    entries += [Entry(f"http://{host}{path}", title) for host, path, title in outlet.dead_links]
    template = "atom.xml.j2" if outlet.feed == "atom" else "rss.xml.j2"
    return render_template(template, site=outlet, base=address.base(outlet), entries=entries)


def render_sitemap(press: Press, outlet: Outlet, address: Address) -> str:
    """What stands at the outlet's sitemap path: its URLs, or the index of the sitemap that has them."""
    if outlet.sitemap == "index":
        child = address.url(outlet, SITEMAP_CHILD)
        return render_template("sitemap-index.xml.j2", child=child)
    return _render_urlset(press, outlet, address)


def render_sitemap_child(press: Press, outlet: Outlet, address: Address) -> str:
    """The news sitemap below an index, before it is gzipped."""
    return _render_urlset(press, outlet, address)


def render_robots(outlet: Outlet, address: Address) -> str:
    """The outlet's robots.txt."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in outlet.disallow or ("",))]
    lines += list(outlet.robots_lines)
    if outlet.sitemap_path:
        lines += ["", f"Sitemap: {address.url(outlet, outlet.sitemap_path)}"]
    return "\n".join(lines) + "\n"


def _render_urlset(press: Press, outlet: Outlet, address: Address) -> str:
    articles = _newest_first(press.articles_of(outlet))
    entries = [_sitemap_entry(article, article.path, address) for article in articles]
    entries += [
        _sitemap_entry(article, article.amp_path, address) for article in articles if article.amp_path
    ]
    bare = [address.url(outlet, path) for path, _ in outlet.listings]
    bare += [address.url(outlet, path) for path in outlet.failing]
    return render_template(
        "sitemap.xml.j2",
        site=outlet,
        entries=entries,
        bare=bare,
        is_news=outlet.sitemap in ("news", "index"),
    )


def _newest_first(articles: tuple[PressArticle, ...]) -> list[PressArticle]:
    return sorted(articles, key=lambda article: str(article.published), reverse=True)


def _feed_entry(article: PressArticle, address: Address) -> Entry:
    outlet = article.outlet
    first = article.subtitle or article.blocks[0].text
    return Entry(
        url=address.url(outlet, article.path + outlet.feed_query),
        title=article.title,
        published=_feed_time(article, article.published),
        updated=_feed_time(article, article.modified or article.published),
        summary=first[:120].rpartition(" ")[0] + " …",
    )


def _feed_time(article: PressArticle, moment: object) -> str | None:
    """A time in the feed's own spelling: RFC 822 in RSS, ISO 8601 in Atom, the day alone, or nothing."""
    outlet = article.outlet
    if outlet.feed == "rss-undated" or moment is None:
        return None
    if outlet.feed == "rss-days" or not isinstance(moment, datetime):
        return str(moment)[:10]
    if outlet.feed == "atom":
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return format_datetime(moment)


def _sitemap_entry(article: PressArticle, path: str, address: Address) -> Entry:
    moment = article.published
    stamp = write_stamp(moment, article.outlet, article.language) if moment else None
    return Entry(
        url=address.url(article.outlet, path), title=article.title, published=stamp.iso if stamp else None
    )
