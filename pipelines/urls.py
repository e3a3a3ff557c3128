"""Identity of URLs: what two spellings share, which outlet they belong to, which id they give."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import replace
from functools import lru_cache
from urllib.parse import unquote_plus, urlsplit

import tldextract

from pipelines.url_hosts import parse_host
from pipelines.url_syntax import WebUrl, parse_url

# Parameters that name how a reader came, never what is shown. Conservative: unknown ones stay.
TRACKING_PARAMETER = re.compile(
    r"(utm_.*|mtm_.*|pk_(campaign|kwd|source|medium|content)|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid"
    r"|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|vero_id|ref_src|ref_url|at_medium|at_campaign|at_custom\d"
    r"|ns_mchannel|ns_source|ns_campaign|ns_linkname|ns_fee|smid|smtyp|cmpid|ito|wt_mc|xtor|guccounter|guce_.*|__twitter_impression)",
    re.IGNORECASE,
)
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
ARTICLE_ID_DIGITS = 16  # 64 bits: a collision among 10 million articles has odds of 1 in 370,000

# The bundled list only: the default would fetch it from the network.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=16_384)  # the same addresses come by many times in a run
def canonicalize_url(url: str) -> str:
    """The spelling under which a URL is filed; applying it twice changes nothing.

    Drops fragment, tracking parameters, default port and user name; reads scheme, host and path as
    browsers do, and undoes needless percent-encoding. Keeps the order and case of all else, since a
    site may tell pages apart by it. `file:NAME` stays as it is.

    Raises:
        ValueError: not an http(s) or file URL, no host, or a port that is no port.
    """
    cleaned = _strip_url(url)
    if cleaned[:5].lower() == "file:":
        return "file:" + cleaned[5:]
    parsed = requestable_parts(cleaned)
    return str(replace(parsed, path=_fold_escapes(parsed.path), query=_strip_tracking(parsed.query)))


def requestable_url(url: str) -> str:
    """What to ask for: host as in the canonical URL, path and query as the source wrote them.

    A server may tell spellings apart that we file as one.

    Raises:
        ValueError: not an http(s) URL with a host.
    """
    return str(requestable_parts(url))


def requestable_parts(url: str) -> WebUrl:
    """The same in its parts.

    Raises:
        ValueError: not an http(s) URL with a host.
    """
    parsed = parse_url(url)
    if not parsed.host.endswith("."):
        return parsed
    host = parsed.host.rstrip(".")  # the root of all names, which needs no mention
    if not host:
        raise ValueError(f"a URL without a host: {url[:200]!r}")
    return replace(parsed, host=parse_host(host))


def resolve_url(link: str, base_url: str) -> str:
    """The absolute address that a link in a document at `base_url` leads to, as a browser reads it.

    Raises:
        ValueError: no http(s) address.
    """
    try:
        base = parse_url(base_url)
    except ValueError:
        base = None
    return str(parse_url(link, base))


def host_of(url: str) -> str:
    """Host of a canonical URL, without port; empty for `file:` URLs."""
    return urlsplit(url).hostname or ""


@lru_cache(maxsize=4_096)  # a page's own comes by ten times
def outlet_of(url: str) -> str:
    """The registered domain of a URL; the host itself for an address; `file` for local material."""
    if url.startswith("file:"):
        return "file"
    host = host_of(url)
    if _is_address(host):
        return host
    registered = _extract(host).top_domain_under_public_suffix
    # a name under no public suffix (.example, .test, an intranet): its last two labels
    return registered or ".".join(host.split(".")[-2:])


def article_id_of(url: str) -> str:
    """Stable id of the article filed under a canonical URL: 16 hexadecimal digits."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:ARTICLE_ID_DIGITS]


def is_same_site(url: str, other: str) -> bool:
    """Whether two URLs belong to one outlet."""
    return outlet_of(url) == outlet_of(other)


def _strip_url(url: str) -> str:
    return re.sub(r"[\t\r\n]", "", url.strip("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f \t\r\n"))


def _fold_escapes(text: str) -> str:
    """Percent-encoding in capitals, and none for letters, digits and `-._~` (RFC 3986, 6.2.2)."""
    while text != (folded := ESCAPE.sub(_fold_escape, text)):
        text = folded  # `%%36` may make a new one
    return text


def _fold_escape(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if UNRESERVED.fullmatch(letter) else found[0].upper()


def _strip_tracking(query: str | None) -> str | None:
    kept = [
        pair
        for pair in (query or "").split("&")
        if pair and not TRACKING_PARAMETER.fullmatch(unquote_plus(pair.partition("=")[0]))
    ]
    return _fold_escapes("&".join(kept)) or None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
