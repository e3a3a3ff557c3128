"""Identity of URLs: what two spellings share, which outlet they belong to, which id they give."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import tldextract

# Parameters that name how a reader came, never what is shown. Conservative: unknown ones stay.
TRACKING_PARAMETER = re.compile(
    r"(utm_.*|mtm_.*|pk_(campaign|kwd|source|medium|content)|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid"
    r"|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|vero_id|ref_src|ref_url|at_medium|at_campaign|at_custom\d"
    r"|ns_mchannel|ns_source|ns_campaign|ns_linkname|ns_fee|smid|smtyp|cmpid|ito|wt_mc|xtor|guccounter|guce_.*|__twitter_impression)",
    re.IGNORECASE,
)
DEFAULT_PORTS = {"http": 80, "https": 443}
SAFE_PATH = "/%:@!$&'()*+,;=~-._"
ARTICLE_ID_DIGITS = 16  # 64 bits: a collision among 10 million articles has odds of 1 in 370,000

# The bundled list only: the default would fetch it from the network.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def canonicalize_url(url: str) -> str:
    """The spelling under which a URL is filed; applying it twice changes nothing.

    Drops fragment, tracking parameters, default port and user name; folds scheme and host; keeps the order
    and case of all else, since a site may tell pages apart by it. `file:NAME` stays as it is.

    Raises:
        ValueError: not an http(s) or file URL, no host, or a port that is no port.
    """
    cleaned = _strip_url(url)
    if cleaned.lower().startswith("file:"):
        return "file:" + cleaned[5:]
    parts = urlsplit(cleaned)
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise ValueError(f"only http and https URLs can be fetched: {url[:200]!r}")
    host = _fold_host(parts.hostname or "", url)
    port = parts.port
    netloc = host if port in (None, DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    path = quote(parts.path or "/", safe=SAFE_PATH)
    return urlunsplit((scheme, netloc, path, _strip_tracking(parts.query), ""))


def host_of(url: str) -> str:
    """Host of a canonical URL, without port; empty for `file:` URLs."""
    return urlsplit(url).hostname or ""


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


def _fold_host(host: str, url: str) -> str:
    if not host:
        raise ValueError(f"a URL without a host: {url[:200]!r}")
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host.partition('%')[0]).compressed}]"
    folded = host.lower().rstrip(".")
    if not folded.isascii():
        folded = _extract_idna(folded)
    if not folded or not re.fullmatch(r"[a-z0-9._~!$&'()*+,;=%-]+", folded):
        raise ValueError(f"a host that no name server knows: {url[:200]!r}")
    return folded


def _extract_idna(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"a host name that cannot be encoded: {host[:100]!r}") from error


def _strip_tracking(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = [(name, value) for name, value in pairs if not TRACKING_PARAMETER.fullmatch(name)]
    return urlencode(kept, errors="surrogateescape")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
