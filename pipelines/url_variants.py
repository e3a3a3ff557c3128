"""AMP and print pages: other addresses of an article whose plain page is known."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import replace
from urllib.parse import unquote_plus

from pipelines.url_syntax import WebUrl, parse_url
from pipelines.urls import canonicalize_url, is_same_site

VARIANT_QUERY = re.compile(
    r"(amp|isamp)(=(1|true|yes)?)?|(outputtype|output|view|type|layout|format|mode|m)=(amp|print)"
    r"|(print|printable|printer_?friendly|print_?view)(=(1|true|yes)?)?",
    re.IGNORECASE,
)
LAST_SEGMENT = re.compile(r"/(amp|amphtml|print|printable)/?$", re.IGNORECASE)
FIRST_SEGMENT = re.compile(r"^/(amp|print)(?=/.)", re.IGNORECASE)
SUFFIX = re.compile(r"[.](amp|print)(?=([.]s?html?)?$)", re.IGNORECASE)
HOST = re.compile(r"^(amp|print)[.]")


def plain_url(url: str, known: Container[str]) -> str | None:
    """The known address of which a canonical URL is the AMP or print form; None if it is no such form.

    The form alone proves nothing, since a section may be called /print: only where the
    plain address is known as an article of the same site is it believed.
    """
    return next((plain for plain in plain_forms(url) if plain in known), None)


def plain_forms(url: str) -> tuple[str, ...]:
    """The addresses that the plain page of a canonical URL may have, if that is an AMP or print form."""
    try:
        parsed = parse_url(url)
    except ValueError:
        return ()
    forms = dict.fromkeys(canonicalize_url(str(form)) for form in _plain_forms(parsed))
    return tuple(form for form in forms if form != url and is_same_site(form, url))


def _plain_forms(url: WebUrl) -> Iterator[WebUrl]:
    """What the plain address may be, for each mark that the form bears and for all of them."""
    bare = _without_query_mark(url)
    for path in dict.fromkeys(_plain_paths(bare.path)):
        for host in dict.fromkeys((bare.host, HOST.sub("", bare.host), HOST.sub("www.", bare.host))):
            yield replace(bare, host=host, path=path)


def _without_query_mark(url: WebUrl) -> WebUrl:
    pairs = (url.query or "").split("&")
    kept = [pair for pair in pairs if pair and not VARIANT_QUERY.fullmatch(unquote_plus(pair))]
    return replace(url, query="&".join(kept) or None)


def _plain_paths(path: str) -> Iterator[str]:
    yield path
    shortened = LAST_SEGMENT.sub("", path)
    if shortened != path:
        yield from (shortened or "/", shortened + "/", shortened + ".html")
    yield FIRST_SEGMENT.sub("", path)
    unsuffixed = SUFFIX.sub("", path)
    yield unsuffixed
    if unsuffixed != path and not unsuffixed.endswith(("html", "htm")):
        yield unsuffixed + ".html"
