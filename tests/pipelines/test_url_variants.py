"""AMP and print pages are filed with the plain page, where that is known."""

from __future__ import annotations

import pytest

from pipelines.url_variants import plain_url

KNOWN = {
    "https://www.a.example/news/strike",
    "https://www.a.example/news/walkout.html",
    "https://www.a.example/story?id=7",
    "https://b.example/news/strike",
    "https://www.a.example/print",
}


@pytest.mark.parametrize(
    ("variant", "plain"),
    [
        ("https://www.a.example/news/strike/amp", "https://www.a.example/news/strike"),
        ("https://www.a.example/news/strike/amp/", "https://www.a.example/news/strike"),
        ("https://www.a.example/amp/news/strike", "https://www.a.example/news/strike"),
        ("https://amp.a.example/news/strike", "https://www.a.example/news/strike"),
        ("https://www.a.example/news/strike?amp=1", "https://www.a.example/news/strike"),
        ("https://www.a.example/news/strike?outputType=amp", "https://www.a.example/news/strike"),
        ("https://www.a.example/news/walkout.amp.html", "https://www.a.example/news/walkout.html"),
        ("https://www.a.example/news/walkout.amp", "https://www.a.example/news/walkout.html"),
        ("https://www.a.example/news/strike/print/", "https://www.a.example/news/strike"),
        ("https://www.a.example/print/news/walkout.html", "https://www.a.example/news/walkout.html"),
        ("https://www.a.example/story?id=7&print=1", "https://www.a.example/story?id=7"),
        ("https://www.a.example/story?printable&id=7", "https://www.a.example/story?id=7"),
    ],
)
def test_a_variant_of_a_known_page_is_recognized(variant: str, plain: str) -> None:
    assert plain_url(variant, KNOWN) == plain


@pytest.mark.parametrize(
    "url",
    [
        "https://www.a.example/news/strike",  # the plain page itself
        "https://www.a.example/news/other/amp",  # its plain page is not known
        "https://www.a.example/news/strike?page=2",
        "https://www.a.example/news/amplifier",
        "https://www.a.example/print",
        "https://www.c.example/news/strike/amp",  # another site's
        "file:page.html",
    ],
)
def test_what_only_looks_like_one_is_not(url: str) -> None:
    assert plain_url(url, KNOWN) is None
