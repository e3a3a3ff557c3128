"""What a person may mean who types an address: without scheme, with another one, with tracking parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.urls import canonicalize_url

HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?://|(?![0-9]))", re.IGNORECASE)  # a port is no path
SCHEMES = ("https", "http")


def url_spellings(typed: str) -> tuple[tuple[str, ...], ...]:
    """The URLs that a typed address may stand for, in groups; a later group is a bolder guess.

    The first group is the address itself, as typed and canonical. The second takes scheme, `www.`
    and the slash at the end for what they mostly are, no difference, and a bare name for a local file's.
    """
    text = typed.strip()
    if text.lower().startswith("file:") or not text:
        return ((text,),)
    addresses = (text,) if HAS_SCHEME.match(text) else tuple(f"{scheme}://{text}" for scheme in SCHEMES)
    exact = tuple(dict.fromkeys((text, *filter(None, map(_canonical, addresses)))))
    local = () if HAS_SCHEME.match(text) else (f"file:{text.rpartition('/')[2]}",)
    loose = dict.fromkeys([*(variant for url in exact for variant in _variants(url)), *local])
    return exact, tuple(url for url in loose if url not in exact)


def _variants(url: str) -> Iterator[str]:
    if "://" not in url:
        return
    rest = url.partition("://")[2]
    host, slash, path = rest.partition("/")
    hosts = (host, host.removeprefix("www.") if host.startswith("www.") else f"www.{host}")
    before, mark, query = path.partition("?")
    paths = (path, (before.removesuffix("/") if before.endswith("/") else f"{before}/") + mark + query)
    for scheme in SCHEMES:
        for one in hosts:
            for other in paths:
                yield f"{scheme}://{one}{slash or '/'}{other}"


def _canonical(url: str) -> str | None:
    try:
        return canonicalize_url(url)
    except ValueError:
        return None
