"""The story file that `wirecopy demo` runs on its press."""

from __future__ import annotations

from flows.demo.content import Press, load_press
from flows.demo.pages import Address, render_template


def demo_story(port: int) -> str:
    """The demo's story file, as TOML text, for a press that answers on this port of 127.0.0.1."""
    press, address = load_press(), Address(str(port))
    dead = [host.partition(":")[0] for outlet in press.outlets for host, _, _ in outlet.dead_links]
    return render_template(
        "story.toml.j2",
        seeds=_seeds(press, address),
        feeds=[address.url(outlet, outlet.feed_path) for outlet in press.outlets if outlet.feed_path],
        sitemaps=[
            address.url(outlet, outlet.sitemap_path) for outlet in press.outlets if outlet.sitemap_path
        ],
        hosts=[outlet.host for outlet in press.outlets] + dead,
    )


def _seeds(press: Press, address: Address) -> list[str]:
    """The agency's story, and an old link to an article that has moved."""
    first = next(article for article in press.articles if article.is_story)
    moved = [(article.outlet, article.old_path) for article in press.articles if article.old_path]
    return [
        address.url(first.outlet, first.path),
        *(address.url(outlet, path) for outlet, path in moved),
    ]
